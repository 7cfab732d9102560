"""Recipe files: TOML, bundled with the package or written by a user."""

from __future__ import annotations

import difflib
import tomllib
from importlib.resources import files
from pathlib import Path

from inkling.errors import UsageError, reason
from inkling.recipes.recipe import Recipe


def load_recipe(name: str | Path) -> Recipe:
    """Read a bundled recipe by its name, or any recipe by the path of its TOML file.

    Raises
    ------
    UsageError
        There is no such recipe or file, the file is no TOML, or an entry cannot work.
    """
    folder = files("inkling.recipes") / "bundled"
    path = Path(name)
    if path.suffix == ".toml":
        if not path.is_file():
            raise UsageError(f"{path}: no such recipe file")
        content, stem = path.read_bytes(), path.stem
    elif str(name) in recipe_names():
        content, stem = (folder / f"{name}.toml").read_bytes(), str(name)
    else:
        close = difflib.get_close_matches(str(name), recipe_names(), n=1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(recipe_names())}, or a FILE.toml"
        raise UsageError(f"unknown recipe {str(name)!r}: {hint}")
    try:
        record = tomllib.loads(content.decode())
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not a TOML file: it is no text in UTF-8") from None
    except (ValueError, RecursionError) as error:  # no TOML, or an integer too long for Python
        raise UsageError(f"{path}: not a TOML file: {reason(error)}") from None
    return Recipe.from_dict({"name": stem, **record})


def recipe_names() -> list[str]:
    """Names of the bundled recipes."""
    folder = files("inkling.recipes") / "bundled"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
