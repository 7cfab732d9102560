"""The pages of docs/learn: their cells, and what these show when they are executed as a reader would."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from needs import ROOT

FOLDER = ROOT / "docs" / "learn"
PAGES = sorted((path for path in FOLDER.glob("*.md") if path.stem != "index"), key=lambda p: int(p.stem.split("-")[0]))
CELL = re.compile(r"^```\{code-cell\} ipython3\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OPTION = re.compile(r"^:.*\n", re.MULTILINE)


def cells(page: Path) -> list[str]:
    """The code of a page, cell by cell."""
    return [OPTION.sub("", code) for code in CELL.findall(page.read_text(encoding="utf-8"))]


@cache
def executed() -> dict[str, list[Any]]:
    """The outputs of the cells of all pages, by the page; one kernel runs them, and forgets each page's names."""
    notebook = nbformat.v4.new_notebook()
    for page in PAGES:
        codes = ["%reset -f", *cells(page)]
        notebook.cells += [nbformat.v4.new_code_cell(code, metadata={"page": page.stem}) for code in codes]
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(FOLDER)}}).execute()
    outputs: dict[str, list[Any]] = {page.stem: [] for page in PAGES}
    for cell in notebook.cells:
        outputs[cell.metadata.page] += cell.outputs
    return outputs
