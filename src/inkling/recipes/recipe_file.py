"""Recipe files: TOML, bundled with the package or written by a user."""

from __future__ import annotations

import difflib
from importlib.resources import files
from pathlib import Path

from inkling.errors import UsageError
from inkling.recipes.recipe import Recipe
from inkling.toml_files import content_of, decoded, parsed


def load_recipe(name: str | Path) -> Recipe:
    """Read a bundled recipe by its name, or any recipe by the path of its TOML file.

    The file may be in UTF-8 or in UTF-16 with a byte order mark, as Windows' shells write it.

    Raises
    ------
    UsageError
        There is no such recipe or file, the file is no TOML, or an entry cannot work.
    """
    record = parsed(recipe_text(name), name)
    return Recipe.from_dict({"name": Path(name).stem if _is_file_name(name) else str(name), **record})


def recipe_text(name: str | Path) -> str:
    """The text of a recipe's file, with "\\n" for every line end; UsageError where there is none."""
    if _is_file_name(name):
        content = content_of(Path(name), "recipe")
    elif str(name) in recipe_names():
        content = (files("inkling.recipes") / "bundled" / f"{name}.toml").read_bytes()
    elif Path(name).is_file():
        raise UsageError(f"{name}: a recipe was expected, the name of one or a FILE.toml, and this name ends otherwise")
    else:
        close = difflib.get_close_matches(str(name), recipe_names(), n=1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(recipe_names())}, or a FILE.toml"
        raise UsageError(f"unknown recipe {str(name)!r}: {hint}")
    return decoded(content, name)


def _is_file_name(name: str | Path) -> bool:
    return Path(name).suffix.lower() == ".toml"


def recipe_names() -> list[str]:
    """Names of the bundled recipes."""
    folder = files("inkling.recipes") / "bundled"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
