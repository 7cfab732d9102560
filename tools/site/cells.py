"""Cells that run the command line: on a page they are shell blocks, with what the commands printed below.

A cell begins with IPython's `%%sh -e`, which fails where a command fails. Nobody types that line in a shell.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes

_MAGIC = "%%sh -e\n"


def setup(app: Any) -> None:
    app.connect("doctree-read", _as_shell)


def _as_shell(app: Any, doctree: Any) -> None:
    for block in list(doctree.findall(nodes.literal_block)):
        if block.astext().startswith(_MAGIC):
            text = block.astext().removeprefix(_MAGIC)
            block.replace_self(nodes.literal_block(text, text, language="sh"))
