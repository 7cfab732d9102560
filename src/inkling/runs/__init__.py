"""Runs: trainings from a recipe and data to a model, in a folder that they can be resumed from."""

from inkling.runs.fitting import fit
from inkling.runs.model_file import ModelFile
from inkling.runs.run import Run

__all__ = ["ModelFile", "Run", "fit"]
