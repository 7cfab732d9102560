"""The page's rule of several digits is Python's, on boxes that lie at random."""

import json
import operator
import subprocess

import numpy as np

from inkling.ink import Component
from inkling.page import PAGE
from inkling.reading import lines
from inkling.reading.lines import are_digits_apart, lines_of
from inkling.reading.pieces import digit_height
from page.node import needs_node, node

pytestmark = needs_node("digits are side by side on the page where they are in Python")

CASES = 6000


def test_random_boxes_are_digits_apart_on_the_page_where_they_are_in_python(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    cases = [components(rng) for _ in range(CASES)]
    expected = [are_digits_apart(case) for case in cases]
    assert 500 < sum(expected) < CASES - 500
    assert apart_on_the_page(cases, tmp_path) == expected
    monkeypatch.setattr(lines, "lines_of", lines_of_high)
    without = [are_digits_apart(case) for case in cases]
    assert sum(map(operator.ne, without, expected)) > 5, "components too low to begin a line count, too"


def components(rng):
    """One to seven boxes in a narrow column, so that they stand above each other as often as side by side.

    In half of the cases, much ink is in the lowest ones, so that those as high as digits differ most in height.
    """
    found, is_mixed = [], rng.random() < 0.5
    for label in range(1, rng.integers(2, 9)):
        height, width = (int(side) for side in rng.integers(3, 50, 2))
        if is_mixed:
            height = int(rng.choice([4, 8, 24]) + rng.integers(3))
        top, left = int(rng.integers(120)), int(rng.integers(60))
        area = height * width if is_mixed else int(rng.integers(1, height * width + 1))
        found.append(Component(label, slice(top, top + height), slice(left, left + width), area, 1.0))
    return found


def lines_of_high(found):
    """The lines without the components that are too low to begin one."""
    least = 0.4 * digit_height(found)
    return [[each for each in line if each.height >= least] for line in lines_of(found)]


def apart_on_the_page(cases, folder):
    boxes = [
        [
            {"box": dict(zip(("top", "bottom", "left", "right"), sides(each), strict=True)), "area": each.area}
            for each in case
        ]
        for case in cases
    ]
    (folder / "boxes.json").write_text(json.dumps(boxes))
    code = f"""import {{ readFileSync }} from "node:fs";
        import {{ areDigitsApart }} from "{(PAGE / "ink" / "digit_lines.js").as_uri()}";
        const cases = JSON.parse(readFileSync({json.dumps(str(folder / "boxes.json"))}, "utf8"));
        console.log(JSON.stringify(cases.map(areDigitsApart)));"""
    (folder / "apart.mjs").write_text(code)
    done = subprocess.run([node(), folder / "apart.mjs"], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def sides(component):
    return component.rows.start, component.rows.stop, component.columns.start, component.columns.stop
