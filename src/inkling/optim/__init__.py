"""Optimizers: immutable rules that move θ against its gradient. What they remember is explicit state."""

from inkling.notation import vocabulary
from inkling.optim.muon import Muon
from inkling.optim.optimizer import Matrix, Optimizer, OptimizerState
from inkling.optim.rules import SGD, Adam, AdamW, RMSprop
from inkling.optim.schedules import (
    ChangedLR,
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    OneCycleLR,
    Schedule,
    StepLR,
)

OPTIMIZERS = vocabulary(SGD, RMSprop, Adam, AdamW, Muon)
SCHEDULES = vocabulary(ConstantLR, ExponentialLR, StepLR, CosineAnnealingLR, OneCycleLR, ChangedLR)

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "SGD",
    "Adam",
    "AdamW",
    "ChangedLR",
    "ConstantLR",
    "CosineAnnealingLR",
    "ExponentialLR",
    "Matrix",
    "Muon",
    "OneCycleLR",
    "Optimizer",
    "OptimizerState",
    "RMSprop",
    "Schedule",
    "StepLR",
]
