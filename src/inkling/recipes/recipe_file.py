"""Recipe files: TOML, bundled or a user's own."""

from __future__ import annotations

import difflib
import tomllib
from importlib.resources import files
from pathlib import Path

from inkling.errors import UsageError
from inkling.recipes.recipe import Recipe


def load_recipe(name: str | Path) -> Recipe:
    """A recipe by the name of a bundled one, or by the path of a TOML file."""
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
    except (ValueError, RecursionError) as error:  # of TOML, of UTF-8, of numbers with thousands of digits
        raise UsageError(f"{path}: not a TOML file: {error}") from None
    return Recipe.from_dict({"name": stem, **record})


def recipe_names() -> list[str]:
    """Names of the bundled recipes."""
    folder = files("inkling.recipes") / "bundled"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
