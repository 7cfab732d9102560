"""Recipes: everything that decides a training except the data, as frozen records and TOML files."""

from inkling.recipes.claim import Claim
from inkling.recipes.recipe import Recipe
from inkling.recipes.recipe_file import load_recipe, recipe_names
from inkling.recipes.stopping import LossVariance, Patience

__all__ = ["Claim", "LossVariance", "Patience", "Recipe", "load_recipe", "recipe_names"]
