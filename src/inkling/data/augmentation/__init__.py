"""Augmentation: random changes of digits that leave them what they are, drawn anew whenever a digit is shown.

Notation as everywhere: `Rotation(10)` is Python, the `repr`, and an entry of a recipe's `augment` list.
"""

from inkling.data.augmentation.affine import Rotation, Scale, Shear, Shift, Stretch
from inkling.data.augmentation.augmentation import Augmentation
from inkling.data.augmentation.augmenter import Augmenter
from inkling.data.augmentation.camera import Blur, Noise
from inkling.data.augmentation.elastic import Elastic
from inkling.data.augmentation.light import Contrast, Inversion, Shadow
from inkling.data.augmentation.paper import Erasing, Patch, Ruling
from inkling.data.augmentation.strokes import Hollow, Stroke, Thickness
from inkling.notation import vocabulary

_MOVES = Shift, Rotation, Scale, Stretch, Shear, Elastic
_RETOUCHES = Thickness, Hollow, Stroke, Erasing, Patch, Ruling, Contrast, Shadow, Inversion, Blur, Noise
AUGMENTATIONS = vocabulary(*_MOVES, *_RETOUCHES)

__all__ = [
    "AUGMENTATIONS",
    "Augmentation",
    "Augmenter",
    "Blur",
    "Contrast",
    "Elastic",
    "Erasing",
    "Hollow",
    "Inversion",
    "Noise",
    "Patch",
    "Rotation",
    "Ruling",
    "Scale",
    "Shadow",
    "Shear",
    "Shift",
    "Stretch",
    "Stroke",
    "Thickness",
]
