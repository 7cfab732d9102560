"""The training engine: the loop, its steps, the processes that share them, and the state between two epochs."""

from inkling.training.loop import EpochReport, TrainingDiverged, train
from inkling.training.state import TrainingState

__all__ = ["EpochReport", "TrainingDiverged", "TrainingState", "train"]
