"""One HTML file with a model and the page that shows what it computes: it opens from disk, without Python or network.

The script, the styles and the worker stand in the file, the weights as base64. A content security policy allows these
and no connection to anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

from inkling.errors import UsageError
from inkling.export.modules import bundle
from inkling.page import PAGE

_STYLE = re.compile(r'^ *<link rel="stylesheet" href="page/([\w./-]+\.css)">\n', re.MULTILINE)
_SCRIPT = re.compile(r'^ *<script type="module" src="page/([\w./-]+)"></script>\n', re.MULTILINE)
_ICON = re.compile(r'href="page/(icon\.svg)"')
_END_OF_SCRIPT = re.compile("</(script)", re.IGNORECASE)


def export_page(model: bytes, name: str) -> str:
    """The page with a model in it.

    Parameters
    ----------
    model : the bytes of a model file, which `inkling.load_model` reads.
    name : of the model, in the page's heading.
    """
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    styles = "".join(_read(sheet) for sheet in _STYLE.findall(text))
    (entry,) = _SCRIPT.findall(text)
    script = _within_script(bundle(PAGE / entry))
    worker = _within_script(bundle(PAGE / "worker.js"))
    text = _ICON.sub(lambda found: f'href="{_data_address(PAGE / found[1])}"', text)
    text = _SCRIPT.sub("", _STYLE.sub("", text))
    policy = (
        f"default-src 'none'; script-src 'sha256-{_sha256(script)}' blob:; worker-src blob:; "
        f"style-src 'sha256-{_sha256(styles)}'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{styles}</style>\n'
    weights = base64.b64encode(model).decode()
    body = (
        f'<script type="text/plain" id="worker-source">{worker}</script>\n'
        f'<script type="text/plain" id="model-data" data-name="{html.escape(name)}">{weights}</script>\n'
        f'<script type="module">{script}</script>\n'
    )
    return text.replace("</head>", f"{head}</head>").replace("</body>", f"{body}</body>")


def _read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _within_script(text: str) -> str:
    """A script as it may stand between tags: "</script" inside it would end it."""
    return _END_OF_SCRIPT.sub(r"<\\/\1", text)


def _data_address(path: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode()}"


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def require_page_model(unknown: list[str]) -> None:
    """UsageError where a model has layers that the page's own engine does not know."""
    if unknown:
        raise UsageError(
            f"the page's engine does not know the layer {', '.join(unknown)}: a page in one file has no server to ask; "
            "use `inkling serve`"
        )
