"""Real handwriting by unseen writers is read (`INKLING_HANDWRITING`): every fifth picture, against looser bounds than
benchmarks/reading.py reports.
"""

import csv
import os
from pathlib import Path

import pytest

from inkling.ink import open_picture
from inkling.reading import UNREAD, read
from inkling.reading.lines import are_several
from inkling.reading.page import read_page
from needs import needs_handwriting

FOLDER = Path(os.environ.get("INKLING_HANDWRITING", ""))
pytestmark = needs_handwriting("real handwriting is read as well as docs/reading.md says")


def pictures(folder: str) -> list[tuple[str, Path]]:
    """What is written, and where, for every fifth picture."""
    with (FOLDER / folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::5]
    assert len(rows) > 10
    return [(row.get("label") or row.get("content", ""), FOLDER / folder / row["file"]) for row in rows]


def readings(folder: str, single: bool) -> list[tuple[str, str]]:
    """What is written and what was read."""
    return [(label, read(path, single=single).text) for label, path in pictures(folder)]


@pytest.mark.parametrize(
    ("folder", "right", "refused"),
    [("own_digits", 0.95, 0.07), ("scanned_sheets", 0.96, 0.08), ("sudoku_cells", 0.93, 0.07)],
)
def test_single_digits(folder, right, refused):
    """`right` of those that are not refused, and a share of `refused` at most."""
    found = readings(f"single/{folder}", single=True)
    accepted = [(label, text) for label, text in found if text != UNREAD]
    assert len(found) - len(accepted) <= refused * len(found)
    assert sum(label == text for label, text in accepted) >= right * len(accepted)


@pytest.mark.parametrize(
    ("folder", "right"), [("eight_digit_photos", 0.75), ("lined_paper", 0.75), ("cheque_amounts", 0.55)]
)
def test_whole_numbers(folder, right):
    found = readings(f"numbers/{folder}", single=False)
    assert sum(label == text for label, text in found) >= right * len(found)


def test_what_is_no_digit_is_refused():
    found = readings("not_a_digit", single=True)
    assert sum(text in ("", UNREAD) for _, text in found) >= 0.85 * len(found)


@pytest.mark.parametrize("folder", ["eight_digit_photos", "lined_paper", "cheque_amounts"])
def test_one_number_is_hardly_ever_taken_for_several_rows(folder):
    """Measured: never, whatever remains of other lines."""
    components = [read_page(open_picture(path)).ink.components for _, path in pictures(f"numbers/{folder}")]
    assert sum(are_several(each) for each in components) <= 0.02 * len(components)
