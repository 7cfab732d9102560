"""The sheet: a page to fill in with digits by hand, and the way back from a scan or photo of it to labelled digits."""

from inkling.sheet.layout import CELLS_PER_DIGIT, PAPERS
from inkling.sheet.page import draw_page
from inkling.sheet.reading import PICTURE_ENDINGS, digits_on_sheet, read_sheet

__all__ = ["CELLS_PER_DIGIT", "PAPERS", "PICTURE_ENDINGS", "digits_on_sheet", "draw_page", "read_sheet"]
