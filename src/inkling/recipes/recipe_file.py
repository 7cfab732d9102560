"""Recipe files: TOML, bundled with the package or written by a user."""

from __future__ import annotations

import codecs
import difflib
import tomllib
from importlib.resources import files
from pathlib import Path

from inkling.errors import UsageError, reason
from inkling.recipes.recipe import Recipe

MOST_BYTES = 2**20  # of a recipe


def load_recipe(name: str | Path) -> Recipe:
    """Read a bundled recipe by its name, or any recipe by the path of its TOML file.

    The file may be in UTF-8 or in UTF-16 with a byte order mark, as Windows' shells write it.

    Raises
    ------
    UsageError
        There is no such recipe or file, the file is no TOML, or an entry cannot work.
    """
    text = recipe_text(name)
    try:
        record = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # no TOML, or an integer too long for Python
        raise UsageError(f"{name}: not a TOML file: {reason(error)}") from None
    return Recipe.from_dict({"name": Path(name).stem if _is_file_name(name) else str(name), **record})


def recipe_text(name: str | Path) -> str:
    """The text of a recipe's file, with "\\n" for every line end; UsageError where there is none."""
    if _is_file_name(name):
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"{path}: no such recipe file")
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: a recipe has at most {MOST_BYTES:,} bytes, this file has more")
        content = path.read_bytes()
    elif str(name) in recipe_names():
        content = (files("inkling.recipes") / "bundled" / f"{name}.toml").read_bytes()
    else:
        close = difflib.get_close_matches(str(name), recipe_names(), n=1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(recipe_names())}, or a FILE.toml"
        raise UsageError(f"unknown recipe {str(name)!r}: {hint}")
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: not a TOML file: it is no text in UTF-8 or UTF-16 ({error.reason})") from None
    return text.replace("\r\n", "\n")


def _is_file_name(name: str | Path) -> bool:
    return Path(name).suffix.lower() == ".toml"


def recipe_names() -> list[str]:
    """Names of the bundled recipes."""
    folder = files("inkling.recipes") / "bundled"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
