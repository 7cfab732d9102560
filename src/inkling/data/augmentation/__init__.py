"""Augmentation: random changes of digits that leave them what they are, drawn anew whenever a digit is shown.

Notation as everywhere: `Rotation(10)` is Python, the `repr`, and an entry of a recipe's `augment` list.
"""

from inkling.data.augmentation.affine import Rotation, Scale, Shear, Shift
from inkling.data.augmentation.augmentation import Augmentation
from inkling.data.augmentation.augmenter import Augmenter
from inkling.data.augmentation.camera import Blur, Noise
from inkling.data.augmentation.elastic import Elastic
from inkling.data.augmentation.light import Contrast, Inversion, Shadow
from inkling.data.augmentation.marks import Spots, Stroke
from inkling.data.augmentation.paper import Erasing, Patch, Ruling
from inkling.data.augmentation.strokes import Hollow, Thickness
from inkling.notation import vocabulary

_OF_STROKES = Thickness, Hollow
_OF_MARKS_AND_PAPER = Spots, Stroke, Erasing, Patch, Ruling
_OF_LIGHT_AND_CAMERA = Contrast, Inversion, Shadow, Blur, Noise
AUGMENTATIONS = vocabulary(
    Shift, Rotation, Scale, Shear, Elastic, *_OF_STROKES, *_OF_MARKS_AND_PAPER, *_OF_LIGHT_AND_CAMERA
)

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
    "Spots",
    "Stroke",
    "Thickness",
]
