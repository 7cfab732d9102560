"""`inkling recipes`: the list of recipes, and the text of one recipe to copy and edit."""

from typing import Annotated

import typer

from inkling.cli.console import print_json
from inkling.cli.streams import print_file


def recipes(
    name: Annotated[str | None, typer.Argument(help="Print this recipe as TOML.", metavar="[NAME]")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the recipes, or print one to copy and edit."""
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
        "\nWhat a recipe may hold: docs/recipes.md"
    )


def _to_copy(name: str) -> str:
    """The text of the recipe's file without its claims, which are about the original and not about copies."""
    from inkling.recipes.recipe_file import recipe_text

    settings, _, _ = recipe_text(name).partition("\n[[claims]]")  # in TOML, tables follow all other entries
    return settings.rstrip() + "\n"
