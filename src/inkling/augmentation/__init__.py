"""Augmentation: random changes of digits that leave them what they are, drawn anew whenever a digit is shown.

Notation as everywhere: `Rotation(10)` is Python, the `repr`, and an entry of a recipe's `augment` list.
"""

from inkling.augmentation.affine import AspectRatio, Rotation, Scale, Shear, Shift
from inkling.augmentation.augmentation import Augmentation
from inkling.augmentation.augmenter import Augmenter
from inkling.augmentation.camera import Blur, Noise
from inkling.augmentation.elastic import Elastic
from inkling.augmentation.light import Contrast, Inversion, Shadow
from inkling.augmentation.paper import Erasing, Patch, Ruling
from inkling.augmentation.strokes import Outline, StrayStroke, Thickness
from inkling.notation import vocabulary

_GEOMETRIC = Shift, Rotation, Scale, AspectRatio, Shear, Elastic
_PHOTOMETRIC = Thickness, Outline, StrayStroke, Erasing, Patch, Ruling, Contrast, Shadow, Inversion, Blur, Noise
AUGMENTATIONS = vocabulary(*_GEOMETRIC, *_PHOTOMETRIC)

__all__ = [
    "AUGMENTATIONS",
    "AspectRatio",
    "Augmentation",
    "Augmenter",
    "Blur",
    "Contrast",
    "Elastic",
    "Erasing",
    "Inversion",
    "Noise",
    "Outline",
    "Patch",
    "Rotation",
    "Ruling",
    "Scale",
    "Shadow",
    "Shear",
    "Shift",
    "StrayStroke",
    "Thickness",
]
