"""Inkling: handwritten-digit recognition with neural networks written from scratch in NumPy.

`inkling.read(PICTURE)` reads the number in a picture of any kind. `inkling.fit(RECIPE, DATA)` trains a model,
`inkling.load(FILE)` reads one from a file, `inkling.load_data(SOURCE)` reads data, `inkling.ensemble` makes one model
of several. The packages are `inkling.ink`, `data`, `augmentation`, `synthesis`, `nn`, `optim`, `evaluation`, `recipes`,
`training`, `runs`, `adaptation`, `reading` and `sheet`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Model", "Reading", "ensemble", "fit", "load", "load_data", "load_model", "read", "read_form"]

if TYPE_CHECKING:
    from inkling.data import load as load_data
    from inkling.ensembles import ensemble
    from inkling.model import Model
    from inkling.model import load as load
    from inkling.model import load as load_model
    from inkling.reading import Reading, read
    from inkling.reading.forms import read_form
    from inkling.runs.fitting import fit
else:
    _HOMES = {
        "Model": ("model", "Model"),
        "Reading": ("reading", "Reading"),
        "ensemble": ("ensembles", "ensemble"),
        "fit": ("runs.fitting", "fit"),
        "load": ("model", "load"),
        "load_data": ("data", "load"),
        "load_model": ("model", "load"),
        "read": ("reading", "read"),
        "read_form": ("reading.forms", "read_form"),
    }

    def __getattr__(name):
        """What there is, imported when first asked for: the command line needs only the version."""
        if name not in _HOMES:
            raise AttributeError(f"module 'inkling' has no attribute {name!r}")
        module, attribute = _HOMES[name]
        return getattr(import_module(f"inkling.{module}"), attribute)

    def __dir__():
        return sorted({*globals(), *__all__})
