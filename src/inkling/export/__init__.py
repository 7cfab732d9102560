"""Export: a model in the form that other tools take."""

from inkling.export.page import export_page

__all__ = ["export_page"]
