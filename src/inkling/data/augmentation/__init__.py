"""Augmentation: random changes of digits that leave them what they are, drawn anew whenever a digit is shown.

Notation as everywhere: `Rotation(10)` is Python, the `repr`, and an entry of a recipe's `augment` list.
"""

from inkling.data.augmentation.affine import Rotation, Scale, Shear, Shift
from inkling.data.augmentation.augmentation import Augmentation
from inkling.data.augmentation.augmenter import Augmenter
from inkling.data.augmentation.elastic import Elastic
from inkling.data.augmentation.retouch import Erasing, Thickness
from inkling.notation import vocabulary

AUGMENTATIONS = vocabulary(Shift, Rotation, Scale, Shear, Elastic, Thickness, Erasing)

__all__ = [
    "AUGMENTATIONS",
    "Augmentation",
    "Augmenter",
    "Elastic",
    "Erasing",
    "Rotation",
    "Scale",
    "Shear",
    "Shift",
    "Thickness",
]
