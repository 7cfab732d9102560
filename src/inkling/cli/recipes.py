"""`inkling recipes`: what there is to train, and the text of a recipe to copy and edit."""

from typing import Annotated

import typer

from inkling.cli.face import print_json


def recipes(
    name: Annotated[str | None, typer.Argument(help="Print this recipe as TOML.", metavar="[NAME]")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the recipes, or print one to copy and edit."""
    from inkling.training import load_recipe, recipe_names

    if name is not None:
        recipe = load_recipe(name)
        print_json(recipe.to_dict()) if json else print(recipe.to_toml(), end="")
        return
    all_recipes = [load_recipe(each) for each in recipe_names()]
    if json:
        print_json([recipe.to_dict() for recipe in all_recipes])
        return
    width = max(len(recipe.name) for recipe in all_recipes)
    for recipe in all_recipes:
        print(f"{recipe.name:{width}}  {recipe.description}")
    print("\nCopy one and edit it: inkling recipes NAME > mine.toml; inkling train --recipe mine.toml")
