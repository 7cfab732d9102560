"""The drawing page on a page of the site: the file that `inkling export page` writes, in a frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from inkling.export.page import export_page
from inkling.model_names import model_file

FILE = "drawing.html"  # beside index.html
_FRAME = '<iframe class="drawing" src="{address}" title="Draw a digit, and see what the network computes"></iframe>'


class Drawing(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        depth = self.env.docname.count("/")
        return [nodes.raw("", _FRAME.format(address="../" * depth + FILE), format="html")]


def setup(app: Any) -> None:
    app.add_directive("drawing-page", Drawing)
    app.connect("build-finished", _export)


def _export(app: Any, failure: Exception | None) -> None:
    if failure is None and app.builder.format == "html":
        text = export_page(model_file("reader").read_bytes(), "reader")
        Path(app.outdir, FILE).write_text(text, encoding="utf-8")
