"""From what people give to ink: pictures of any kind, opened, and later cleaned until only the pen is left."""

from inkling.ink.picture import LONGEST_SIDE, Picture, open_picture

__all__ = ["LONGEST_SIDE", "Picture", "open_picture"]
