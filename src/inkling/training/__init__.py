"""The training engine: the loop, its steps, the executors that run them, and the state between two epochs."""

from inkling.training.executor import Executor, InProcess
from inkling.training.local import ForkedWorkers, SpawnedWorkers
from inkling.training.loop import EpochReport, TrainingDiverged, train
from inkling.training.state import TrainingState

__all__ = [
    "EpochReport",
    "Executor",
    "ForkedWorkers",
    "InProcess",
    "SpawnedWorkers",
    "TrainingDiverged",
    "TrainingState",
    "train",
]
