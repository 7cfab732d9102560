"""Ink: from any picture to what is written in it, and from the ink of a digit to MNIST's 28×28."""

from inkling.ink.marks import Ink, Mark, find_ink, soft_ink
from inkling.ink.normalize import PREPROCESSING_VERSION, normalize
from inkling.ink.picture import Picture, open_picture

__all__ = ["PREPROCESSING_VERSION", "Ink", "Mark", "Picture", "find_ink", "normalize", "open_picture", "soft_ink"]
