"""Checks for layers and networks, public like `numpy.testing`: does a layer keep the contract of `inkling.nn.layer`?"""

from inkling.testing.allocation import check_allocation
from inkling.testing.contract import (
    check_dtypes,
    check_folding,
    check_images_apart,
    check_layer,
    check_predicting,
    check_sharing,
    check_statistics,
)
from inkling.testing.gradients import check_gradients, random_parameters
from inkling.testing.neighbours import Offset, Overwriting, Remembering

__all__ = [
    "Offset",
    "Overwriting",
    "Remembering",
    "check_allocation",
    "check_dtypes",
    "check_folding",
    "check_gradients",
    "check_images_apart",
    "check_layer",
    "check_predicting",
    "check_sharing",
    "check_statistics",
    "random_parameters",
]
