"""Styles of digits for rows: those of `foreign_digits.py` and more, each drawn by the pen.

MNIST's writers are from the United States. Elsewhere sevens are crossed, fours open at the top with a curled foot,
nines end like a g, twos have a loop, and a one is a bare stroke.
"""

from __future__ import annotations

from inkling.synthesis.foreign_digits import STYLES

_MORE = {
    1: ("30-08", "20-08", "10-18", "40-08"),
    2: ("~02-20-42-35-07-06-17-38-58", "~01-20-51-44-16-08-06-27-48-68"),
    4: (
        "20-05-65 43-49",
        "~30-13-05-26-65 ~44-47-39-28",
        "~00-02-04-24-44 40-48",
        "30-05-65 55-59",
        "~20-03-05-25-54 ~42-46-38",
        "40-05-55 35-39",
        "~10-03-05-35-54 50-49",
    ),
    7: (
        "00-60-38 16-56",
        "~01-20-60 60-37-39 15-65",
        "00-50-28 04-54",
        "01-50-29 15-45",
        "~02-00-50 50-34-28 05-55",
        "00-60-39",
        "02-00-50-38 24-54",
    ),
    9: ("~52-30-11-13-34-52 ~51-57-38-17", "~50-20-12-24-53 50-58", "~40-20-02-14-43-50 ~50-46-39"),
}
# Digit → its styles, and the share of its digits that is drawn in them.
ROW_STYLES = {digit: (*STYLES.get(digit, ()), *more) for digit, more in _MORE.items()}
DRAWN = {1: 0.3, 2: 0.06, 4: 0.25, 7: 0.2, 9: 0.12}
