"""Files of the repository that pages name: each has a page of the site.

Markdown and notebooks from outside of docs/ are copied to docs/repository/, in the folders that they have in the
repository. A link that leaves docs/ leads to such a copy, or else to a page that shows the file as it is. So one link
serves readers of the site and those of the files.
"""

from __future__ import annotations

import html
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound

ROOT = Path(__file__).parents[2]
COPIES = "repository"  # in docs/, and not in git
COPIED = ("CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md", "notebooks/*.ipynb")
_LINK = re.compile(r"\]\((?!#|[a-z]+:)([^)\s#]+)(#[^)\s]*)?\)")


def setup(app: Any) -> None:
    app.connect("builder-inited", _copy)
    app.connect("source-read", _lead_elsewhere)
    app.connect("html-collect-pages", _shown_files)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)


def _copy(app: Any) -> None:
    """The copies are made anew where a file has changed, and only then, so that unchanged pages stay built."""
    for path in [path for pattern in COPIED for path in sorted(ROOT.glob(pattern))]:
        copy = Path(app.srcdir, COPIES, path.relative_to(ROOT))
        if not copy.is_file() or copy.read_bytes() != path.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _lead_elsewhere(app: Any, docname: str, source: list[str]) -> None:
    """Links of a page as they are on the site; `source` is the list of the page's text that Sphinx wants changed."""
    here = PurePosixPath(docname)
    original = here.relative_to(COPIES) if here.parts[0] == COPIES else PurePosixPath("docs") / here
    shown = _shown(app.env).setdefault(docname, set())

    def lead(found: re.Match[str]) -> str:
        target = os.path.normpath(original.parent / found[1]).replace(os.sep, "/")
        page, anchor = _page(app, target), found[2] or ""
        if page is not None:
            return f"]({_relative(page, here.parent)}{anchor})"
        if not (ROOT / target).exists() or target.startswith("docs/"):
            return found[0]  # pictures; Sphinx tells what is missing
        shown.add(target)
        return f"](<{_relative(f'{COPIES}/{target}.html', here.parent)}>){{.external}}"

    source[0] = _LINK.sub(lead, source[0])


def _page(app: Any, target: str) -> str | None:
    """The source of the page that a file of the repository is on the site, from docs/ on."""
    inside = target.removeprefix("docs/") if target.startswith("docs/") else f"{COPIES}/{target}"
    return inside if Path(app.srcdir, inside).is_file() and inside.endswith((".md", ".ipynb")) else None


def _relative(target: str, folder: PurePosixPath) -> str:
    return os.path.relpath(target, folder).replace(os.sep, "/")


def _shown_files(app: Any) -> Iterator[tuple[str, dict[str, str], str]]:
    for target in sorted(set().union(*_shown(app.env).values())):
        path = ROOT / target
        body = _listing(path) if path.is_dir() else _highlighted(app, path)
        yield f"{COPIES}/{target}", {"title": target, "body": f"<h1>{html.escape(target)}</h1>{body}"}, "page.html"


def _listing(folder: Path) -> str:
    names = [path.name for path in sorted(folder.iterdir()) if path.is_file()]
    return f"<ul>{''.join(f'<li><code>{html.escape(name)}</code></li>' for name in names)}</ul>"


def _highlighted(app: Any, path: Path) -> str:
    try:
        language = get_lexer_for_filename(path.name).aliases[0]
    except ClassNotFound:
        language = "text"
    return str(app.builder.highlighter.highlight_block(path.read_text(encoding="utf-8"), language))


def _shown(env: Any) -> dict[str, set[str]]:
    """By page, the files of the repository that it leads to."""
    if not hasattr(env, "inkling_shown_files"):
        env.inkling_shown_files = {}
    return env.inkling_shown_files


def _forget(app: Any, env: Any, docname: str) -> None:
    _shown(env).pop(docname, None)


def _merge(app: Any, env: Any, docnames: set[str], other: Any) -> None:
    _shown(env).update({name: files for name, files in _shown(other).items() if name in docnames})
