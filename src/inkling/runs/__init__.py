"""Runs: trainings from a recipe and data to a model, in a folder that they can be resumed from."""

from inkling.runs.fitting import fit
from inkling.runs.run import Run
from inkling.runs.teacher import Teacher

__all__ = ["Run", "Teacher", "fit"]
