"""NumPy: a model as one file of Python that needs NumPy alone, and reads like the network that it is."""

from inkling.export.numpy.file import export_numpy

__all__ = ["export_numpy"]
