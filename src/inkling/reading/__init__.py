"""Reading: any picture of handwriting becomes digits, each with where it stands and how sure the network is."""

from inkling.reading.marks import Mark
from inkling.reading.page_warnings import is_incomplete
from inkling.reading.pipeline import CONFIDENCE, IN_A_LINE, read
from inkling.reading.plausibility import Plausible
from inkling.reading.result import UNREAD, Digit, Reading

__all__ = [
    "CONFIDENCE",
    "IN_A_LINE",
    "UNREAD",
    "Digit",
    "Mark",
    "Plausible",
    "Reading",
    "is_incomplete",
    "read",
]
