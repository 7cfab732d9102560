"""Cells that run the command line: on a page they are shell blocks, with what the commands printed below.

A cell begins with IPython's `%%sh -e`, which fails where a command fails. Nobody types that line in a shell.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from docutils import nodes
from jupyter_cache.executors import utils as execution
from nbclient import execute

_MAGIC = "%%sh -e\n"


def setup(app: Any) -> None:
    # What a command prints arrives in pieces that end anywhere. MyST-NB's `nb_merge_streams` puts line ends between.
    execution.executenb = partial(execute, coalesce_streams=True)
    app.connect("doctree-read", _as_shell)


def _as_shell(app: Any, doctree: Any) -> None:
    for block in list(doctree.findall(nodes.literal_block)):
        if block.astext().startswith(_MAGIC):
            text = block.astext().removeprefix(_MAGIC)
            block.replace_self(nodes.literal_block(text, text, language="sh"))
