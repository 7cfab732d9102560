"""Sweeps: many trainings of one recipe with other settings, which Optuna chooses, each in a run folder of its own."""
