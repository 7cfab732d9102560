"""Drawing on the page as people do: strokes in units of the drawing (280 × 280) by mouse or finger; what is shown."""

import base64
import io

import numpy as np
from PIL import Image

SEVEN = [[80, 56, 140, 55, 202, 54, 180, 110, 150, 180, 130, 242]]
ONE_AND_SEVEN = [[70, 60, 66, 140, 62, 220], [140, 60, 240, 58, 210, 140, 180, 220]]


def press(tab, name):
    tab.get_by_role("button", name=name, exact=True).click()


def place(tab, x, y):
    """Where a point of the drawing is in the window."""
    box = tab.locator("#pad-canvas").bounding_box()
    return box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280


def draw(tab, strokes):
    for stroke in strokes:
        points = [place(tab, *stroke[i : i + 2]) for i in range(0, len(stroke), 2)]
        tab.mouse.move(*points[0])
        tab.mouse.down()
        for point in points[1:]:
            tab.mouse.move(*point, steps=4)
        tab.mouse.up()


def levels_of(tab, canvas="#pad-canvas"):
    """The grey levels of a canvas, uint8 (H, W)."""
    address = tab.locator(canvas).evaluate("canvas => canvas.toDataURL()")
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as image:
        return np.array(image.convert("RGB"))[:, :, 0]


def seen(tab):
    """The 28×28 that the network sees."""
    return levels_of(tab, ".answer-head canvas")


def seen_in_table(tab):
    """The same 28×28, from the table behind the picture."""
    tab.locator("#answer summary").first.click()
    rows = tab.locator("#answer .heatmap tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => +cell.textContent))"
    )
    return np.array(rows, np.uint8)


def is_blank(tab):
    return not levels_of(tab).any()
