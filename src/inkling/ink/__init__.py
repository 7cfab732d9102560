"""From what people give to ink: pictures of any kind, opened, cleaned until only the pen is left, and made 28×28."""

from inkling.ink.components import MAX_COMPONENTS, Component, Ink, among, find_ink
from inkling.ink.decoding import ENDINGS
from inkling.ink.image import Inked, box_of, digit_image, image_of
from inkling.ink.normalize import DIGIT_SHAPE, PREPROCESSING_VERSION, normalize
from inkling.ink.picture import LONGEST_SIDE, Picture, open_picture
from inkling.ink.tight import framed

__all__ = [
    "DIGIT_SHAPE",
    "ENDINGS",
    "LONGEST_SIDE",
    "MAX_COMPONENTS",
    "PREPROCESSING_VERSION",
    "Component",
    "Ink",
    "Inked",
    "Picture",
    "among",
    "box_of",
    "digit_image",
    "find_ink",
    "framed",
    "image_of",
    "normalize",
    "open_picture",
]
