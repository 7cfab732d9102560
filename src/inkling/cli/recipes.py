"""`inkling recipes`: the list of recipes, the text of one to copy and edit, and the page on what a recipe may hold."""

import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from inkling.cli.console import print_json
from inkling.cli.streams import print_file
from inkling.cli.tables import tables

PAGE = Path(__file__).parents[3] / "docs" / "recipes.md"  # in a checkout


def recipes(
    name: Annotated[str | None, typer.Argument(help="Print this recipe as TOML.", metavar="[NAME]")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what a recipe may hold: every entry, layer, optimizer, …")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the recipe or the list as JSON.")] = False,
) -> None:
    """List the recipes, or print one to copy and edit."""
    if explain:
        _print_page()
        return
    from inkling.recipes import load_recipe, recipe_names

    if name is not None:
        recipe = load_recipe(name)
        print_json(recipe.to_dict()) if json else print_file(_to_copy(name))
        return
    all_recipes = [load_recipe(each) for each in recipe_names()]
    if json:
        print_json([recipe.to_dict() for recipe in all_recipes])
        return
    width = max(len(recipe.name) for recipe in all_recipes)
    for recipe in all_recipes:
        print(f"{recipe.name:{width}}  {recipe.description}")
    print(
        "\nCopy one and edit it: inkling recipes NAME > mine.toml; inkling train --recipe mine.toml"
        "\nWhat a recipe may hold: inkling recipes --explain"
    )


def _print_page() -> None:
    """docs/recipes.md, laid out for a terminal, as it is elsewhere. A wheel has a copy of the page."""
    page = Path(str(files("inkling.recipes") / "recipes.md"))
    text = (page if page.exists() else PAGE).read_text(encoding="utf-8")
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from rich.markdown import Markdown

    tables().print(Markdown(text))


def _to_copy(name: str) -> str:
    """The text of the recipe's file without its claims, which are about the original and not about copies."""
    from inkling.recipes.recipe_file import recipe_text

    settings, _, _ = recipe_text(name).partition("\n[[claims]]")  # in TOML, tables follow all other entries
    return settings.rstrip() + "\n"
