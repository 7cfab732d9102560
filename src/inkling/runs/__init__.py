"""Runs: trainings from a recipe and data to a model, in a folder that they can be resumed from."""
