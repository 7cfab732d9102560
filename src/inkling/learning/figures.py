"""Figures of the course that can be changed: HTML with the script that it needs, for notebooks and for the pages.

The scripts are modules of `page/learn`; they compute with the page's engine, which is tested against NumPy.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.export.modules import bundle
from inkling.page import PAGE

_DECIMALS = 6
FIGURES = ("convolution", "gradient", "softmax")


@dataclass(frozen=True)
class Figure:
    """What a notebook shows as a figure: it asks for no file and no network."""

    name: str
    content: str

    def _repr_html_(self) -> str:
        instead = "This figure is computed by JavaScript, which is switched off or was not trusted here."
        return (
            f'<div class="inkling-figure" data-name="{self.name}" data-content="{html.escape(self.content)}">'
            f"{instead}</div>\n<script>{{\n{_script(self.name)}\n}}</script>"
        )


def figure(name: str, **content: Any) -> Figure:
    """A figure of the course.

    Parameters
    ----------
    name : "gradient", "softmax" or "convolution".
    content : its numbers and arrays, as the script of this name declares them.
    """
    if name not in FIGURES:
        raise UsageError(f"the figures are {', '.join(FIGURES)}, and there is none named {name!r}")
    return Figure(name, json.dumps(content, default=_plain))


def _plain(array: Any) -> Any:
    """An array as lists of numbers with six decimals; NumPy's own numbers as Python's."""
    rounded = np.asarray(array)
    return (rounded.round(_DECIMALS) if rounded.dtype.kind == "f" else rounded).tolist()


@cache
def _script(name: str) -> str:
    return bundle(PAGE / "learn" / f"{name}.js").replace("</script", "<\\/script")
