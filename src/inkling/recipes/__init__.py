"""Recipes: all that decides a training, as one frozen record and as a TOML file to copy and edit."""

from inkling.recipes.claim import Claim
from inkling.recipes.recipe import Recipe
from inkling.recipes.recipe_file import load_recipe, recipe_names
from inkling.recipes.stopping import LossVariance, Patience

__all__ = ["Claim", "LossVariance", "Patience", "Recipe", "load_recipe", "recipe_names"]
