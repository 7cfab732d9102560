"""HTML pages that need no other file: templates, and pictures inside them."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inkling.errors import MissingExtraError

if TYPE_CHECKING:
    from jinja2 import Template


def page_template(path: Path) -> Template:
    """The template in a file, with the filter `percent`; MissingExtraError where jinja2 is not installed."""
    try:
        import jinja2
    except ImportError:
        raise MissingExtraError("jinja2", "report") from None
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["percent"] = _percent
    return environment.from_string(path.read_text(encoding="utf-8"))


def _percent(fraction: float, decimals: int = 2) -> str:
    """A fraction as a percentage whose number and sign stay on one line."""
    return f"{100 * fraction:.{decimals}f}\N{NO-BREAK SPACE}%"


def picture_uri(image: np.ndarray) -> str:
    """A grey image uint8 (H, W), bright ink on black, as a PNG inside the page, dark ink on white."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(255 - image).save(buffer, "PNG", optimize=True)
    return data_uri("image/png", buffer.getvalue())


def data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
