"""Inkling: handwritten-digit recognition with neural networks written from scratch in NumPy.

`inkling.read(PICTURE)` reads the number in a picture of any kind. `inkling.load(FILE)` gives a model that predicts,
`inkling.ensemble` makes one of several; the rooms are `inkling.ink`, `data`, `nn`, `optim`, `evaluation`, `training`
and `reading`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Model", "Reading", "ensemble", "load", "read"]

if TYPE_CHECKING:
    from inkling.committee import ensemble
    from inkling.model import Model, load
    from inkling.reading import Reading, read

_HOMES = {"ensemble": "committee", "Model": "model", "load": "model", "Reading": "reading", "read": "reading"}


def __getattr__(name: str) -> Any:
    """What there is, imported when first asked for: the command line needs only the version."""
    if name in _HOMES:
        return getattr(import_module(f"inkling.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'inkling' has no attribute {name!r}")
