"""How this copy of Inkling was installed, and the command that adds the packages of an extra to it.

The distribution is called `inkling-digits`. The name `inkling` belongs to somebody else's package on PyPI, so that no
hint may name it.
"""

from __future__ import annotations

import json
import re
import shlex
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

DISTRIBUTION = "inkling-digits"


def install_command(extra: str, package: str) -> str:
    """The command that installs the packages of an extra, `package` among them, whatever the current folder.

    A copy from a folder with its source is installed again with the extra. For any other copy, from a wheel or from a
    package index, the command names the packages of the extra.
    """
    checkout = Path(__file__).parents[2]
    if Path(__file__).parent == checkout / "src" / "inkling" and (checkout / "pyproject.toml").is_file():
        return f"pip install --editable {shlex.quote(f'{checkout}[{extra}]')}"
    try:
        installed = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # copied by hand
        return f"pip install {shlex.quote(package)}"
    if folder := _source_folder(installed.read_text("direct_url.json")):
        return f"pip install {shlex.quote(f'{folder}[{extra}]')}"
    return f"pip install {shlex.join(_packages(installed.requires or [], extra) or [package])}"


def _source_folder(direct_url: str | None) -> Path | None:
    """The folder that pip installed from, by the record that pip keeps; None where it was no folder or is gone."""
    record = json.loads(direct_url or "{}")
    if "dir_info" not in record:
        return None
    folder = Path(url2pathname(urlsplit(record["url"]).path))
    return folder if (folder / "pyproject.toml").is_file() else None


def _packages(requirements: list[str], extra: str) -> list[str]:
    """The names in requirements such as 'scipy>=1.11; extra == "report"', with their own extras in brackets."""
    of_extra = [line for line in requirements if re.search(rf"extra == ['\"]{extra}['\"]", line)]
    return [match[0] for line in of_extra if (match := re.match(r"[\w.-]+(\[[\w,.-]+\])?", line))]
