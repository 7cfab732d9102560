"""The documentation site: what Sphinx does not bring along, one concept per module.

    python -m tools.site            builds docs/ into build/site/html, with warnings as errors
    python -m tools.site --open     and opens it

`setup` makes it an extension of Sphinx, which docs/conf.py names.
"""

from __future__ import annotations

from typing import Any


def setup(app: Any) -> dict[str, bool]:
    from tools.site import cells, commands, docstrings, drawing, mathml, repository

    for part in (cells, commands, docstrings, drawing, mathml, repository):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
