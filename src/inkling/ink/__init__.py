"""From what people give to ink: pictures of any kind, opened, cleaned until only the pen is left, and made 28×28."""

from inkling.ink.decoding import ENDINGS
from inkling.ink.image import Inked, box_of, digit_image, image_of
from inkling.ink.marks import MOST_MARKS, Ink, Mark, among, find_ink
from inkling.ink.normalize import PREPROCESSING_VERSION, normalize
from inkling.ink.picture import LONGEST_SIDE, Picture, open_picture
from inkling.ink.tight import framed

__all__ = [
    "ENDINGS",
    "LONGEST_SIDE",
    "MOST_MARKS",
    "PREPROCESSING_VERSION",
    "Ink",
    "Inked",
    "Mark",
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
