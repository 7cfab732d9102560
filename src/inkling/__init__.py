"""Inkling: handwritten-digit recognition with neural networks written from scratch in NumPy.

`inkling.load(FILE)` gives a model that predicts, `inkling.ensemble` makes one of several; the rooms are `inkling.data`,
`nn`, `optim`, `evaluation` and `training`.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Model", "ensemble", "load"]

if TYPE_CHECKING:
    from inkling.committee import ensemble
    from inkling.model import Model, load


def __getattr__(name: str) -> Any:
    """What there is, imported when first asked for: the command line needs only the version."""
    if name in __all__:
        from inkling import committee, model

        return getattr(committee if name == "ensemble" else model, name)
    raise AttributeError(f"module 'inkling' has no attribute {name!r}")
