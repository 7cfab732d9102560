"""The execution of cells: where outputs are kept, and an environment that is the same on every machine."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path


def cache_folder(root: Path) -> Path:
    """A folder of its own for each state of the package and of these tools: outputs of another are never shown."""
    digest = hashlib.sha256()
    for path in sorted([*(root / "src" / "inkling").rglob("*"), *Path(__file__).parent.iterdir()]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return root / "build" / "site" / "cells" / digest.hexdigest()[:16]


def isolate(environment: MutableMapping[str, str]) -> None:
    """Cells find no data but the embedded digits, the command line of this copy, and compute on one thread."""
    environment.pop("INKLING_DATA", None)
    programs = Path(sys.executable).parent  # where `inkling` is, also where nobody activated the environment
    environment |= {
        "COLUMNS": "90",
        "TTY_COMPATIBLE": "0",  # the kernel asks commands for colours
        "OMP_NUM_THREADS": "1",
        "PATH": f"{programs}{os.pathsep}{environment.get('PATH', '')}",
    }
