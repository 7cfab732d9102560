"""Formulas become MathML, which browsers draw themselves, while the site is built: no script and no font is fetched."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

_log = logging.getLogger(__name__)


def setup(app: Any) -> None:
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))


def _inline(translator: Any, node: Any) -> None:
    translator.body.append(f'<span class="math">{_converted(node, as_block=False)}</span>')
    raise nodes.SkipNode


def _block(translator: Any, node: Any) -> None:
    anchor = f' id="equation-{node["label"]}"' if node.get("label") else ""
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    translator.body.append(f'<div class="math"{anchor}>{_converted(node, as_block=True)}{number}</div>')
    raise nodes.SkipNode


def _converted(node: Any, *, as_block: bool) -> str:
    try:
        return str(tex2mathml(node.astext(), as_block=as_block))
    except MathError as error:
        _log.warning("the formula %r has no MathML: %s", node.astext(), error, location=node)
        return ""
