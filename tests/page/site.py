"""A folder with the page and a model that it carries along, for tests without a server; and addresses of its states."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from inkling.model import Model
from inkling.page import PAGE


def write_site(folder: Path, model: Model) -> Path:
    """The folder, with index.html and everything that it asks for."""
    shutil.copytree(PAGE, folder / "page", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    model.save(folder / "model")
    carried = base64.b64encode((folder / "model").read_bytes()).decode()
    html = (folder / "page" / "index.html").read_text(encoding="utf-8")
    element = f'<script id="model-data" type="text/plain" data-name="tested">{carried}</script>'
    (folder / "index.html").write_text(html.replace("</head>", element + "</head>"), encoding="utf-8")
    return folder


def address_of(image: np.ndarray | None = None, **state: object) -> str:
    """What stands in the address behind index.html: an image (28, 28) uint8 that is looked at, and other entries."""
    entries = {name: str(value) for name, value in state.items()}
    if image is not None:
        entries["image"] = base64.urlsafe_b64encode(image.tobytes()).decode().rstrip("=")
    return f"index.html#{urlencode(entries)}"


def open_page(tab, address: str) -> None:
    """Open the page anew, and wait until it has thought for the first time."""
    tab.goto("about:blank")
    tab.goto(address)
    tab.wait_for_selector("html[data-ready]")


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))
