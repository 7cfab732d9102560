"""The execution of cells: where outputs are kept, and an environment that is the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from pathlib import Path


def cache_folder(root: Path) -> Path:
    """A folder of its own for each state of the package: outputs of another state are never shown."""
    digest = hashlib.sha256()
    for path in sorted((root / "src" / "inkling").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return root / "build" / "site" / "cells" / digest.hexdigest()[:16]


def isolate(environment: MutableMapping[str, str]) -> None:
    """Cells find no data but the embedded digits, draw without a screen, and compute on one thread."""
    environment.pop("INKLING_DATA", None)
    environment |= {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "COLUMNS": "100", "NO_COLOR": "1"}
