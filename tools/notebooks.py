"""Execute the notebooks and store their outputs in them: `make outputs`, or

    python -m tools.notebooks [NAME …]

in an environment whose INKLING_DATA has MNIST and the competition's files. A digest of the cells is stored too; a test
compares it with the cells, so that outputs of other cells are noticed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

FOLDER = Path(__file__).parents[1] / "notebooks"
COLOURS = 128  # of a stored figure: a file half as large, and no difference to the eye


def main(names: list[str]) -> None:
    for path in sorted(FOLDER.glob("*.ipynb")):
        if not names or path.stem in names:
            notebook = nbformat.read(path, as_version=4)
            with tempfile.TemporaryDirectory() as folder:
                where = {"metadata": {"path": folder}}
                NotebookClient(notebook, resources=where, record_timing=False, coalesce_streams=True).execute()
            for cell in notebook.cells:
                for output in cell.get("outputs", ()):
                    _compress(output.get("data", {}))
                    if "text" in output:
                        output.text = output.text.replace(os.environ.get("INKLING_DATA") or "\0", "$INKLING_DATA")
            notebook.metadata = {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
                "cells_sha256": digest(notebook),
            }
            nbformat.write(notebook, path)
            print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


def digest(notebook: Any) -> str:
    """Hex digest of the sources of the code cells."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()


def _compress(data: Any) -> None:
    """Store the figure of an output, if it is one, in few colours."""
    if "image/png" in data:
        buffer = io.BytesIO()
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        data["image/png"] = base64.b64encode(buffer.getvalue()).decode()


if __name__ == "__main__":
    main(sys.argv[1:])
