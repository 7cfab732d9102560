"""Template files: TOML with one table per field."""

from __future__ import annotations

from pathlib import Path

from inkling.errors import UsageError, described
from inkling.reading.forms.template import Template
from inkling.toml_files import content_of, decoded, parsed


def load_template(path: str | Path) -> Template:
    """Read a template from its file; UsageError, which names the file, where there is none or something cannot work."""
    if not isinstance(path, str | Path):
        raise UsageError(f"a template is a Template or the path of its file, not {described(path)}")
    path = Path(path).expanduser()
    record = parsed(decoded(content_of(path, "template"), path), path)
    try:
        return Template.from_dict(record)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
