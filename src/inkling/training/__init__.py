"""The school, where data, network and descent meet: recipes, the loop, early stopping, checkpoints, run folders."""

from inkling.training.claim import Claim
from inkling.training.loop import EpochReport, TrainingDiverged, train
from inkling.training.recipe import Recipe
from inkling.training.recipe_file import load_recipe, recipe_names
from inkling.training.state import TrainingState
from inkling.training.stopping import LossVariance, Patience

__all__ = [
    "Claim",
    "EpochReport",
    "LossVariance",
    "Patience",
    "Recipe",
    "TrainingDiverged",
    "TrainingState",
    "load_recipe",
    "recipe_names",
    "train",
]
