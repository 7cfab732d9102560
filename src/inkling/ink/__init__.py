"""From any picture to ink: pictures are opened, cleaned until only the pen's strokes are left, and made 28×28."""

from inkling.ink.components import MAX_COMPONENTS, Component, Ink, find_ink
from inkling.ink.crossing import is_crossed
from inkling.ink.decoding import ENDINGS, HEAD_BYTES, MEGAPIXELS, begins_as_picture, is_picture_name
from inkling.ink.image import InkPart, box_of, digit_image, image_of
from inkling.ink.normalization import DIGIT_SHAPE, PREPROCESSING_VERSION, normalize
from inkling.ink.original import Original, open_original
from inkling.ink.picture import LONGEST_SIDE, Picture, open_picture
from inkling.ink.sources import MEGABYTES
from inkling.ink.strip import STRIP_HEIGHT, Row, row_of, strip_of, stroke_depth
from inkling.ink.tight import pad_tight_crop

__all__ = [
    "DIGIT_SHAPE",
    "ENDINGS",
    "HEAD_BYTES",
    "LONGEST_SIDE",
    "MAX_COMPONENTS",
    "MEGABYTES",
    "MEGAPIXELS",
    "PREPROCESSING_VERSION",
    "STRIP_HEIGHT",
    "Component",
    "Ink",
    "InkPart",
    "Original",
    "Picture",
    "Row",
    "begins_as_picture",
    "box_of",
    "digit_image",
    "find_ink",
    "image_of",
    "is_crossed",
    "is_picture_name",
    "normalize",
    "open_original",
    "open_picture",
    "pad_tight_crop",
    "row_of",
    "strip_of",
    "stroke_depth",
]
