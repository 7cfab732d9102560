"""The drawing of a reading has each digit's frame where its box is, in the colour of its fate, and what was seen."""

import io

import numpy as np
import pytest
from PIL import Image

from inkling.ink import Picture, open_picture
from inkling.reading import Digit, Reading, read
from inkling.reading.show import draw
from on_paper import written

BLUE, VERMILION = (0, 0x72, 0xB2), (0xD5, 0x5E, 0)


def pixels(drawing):
    return np.asarray(Image.open(io.BytesIO(drawing))).astype(int)


def has(drawn, colour):
    return bool((drawn == colour).all(axis=2).any())


def digit(box=(20, 30, 40, 25), accepted=True, image=None, **others):
    probabilities = np.eye(10, dtype=np.float32)[7]
    return Digit(
        7, box, probabilities, 0.0, accepted, np.full((28, 28), 9, np.uint8) if image is None else image, **others
    )


def reading(*rows, size=(100, 80), name="x.png", warnings=()):
    return Reading(name, rows, size, warnings)


def black(height, width):
    return Picture("x.png", np.zeros((height, width), np.float32), (width, height))


def origin(drawn):
    """Where the black picture begins in what is drawn: row, column."""
    return tuple(axis.min() for axis in np.nonzero((drawn == 0).all(axis=2)))


@pytest.mark.parametrize(
    ("shape", "zoom"),
    [((80, 100), 9), ((16, 20), 12 / 5), ((800, 1000), 9.6)],
    ids=["enlarged", "shrunk when opened, enlarged as far as it goes", "enlarged when opened, shrunk here"],
)
@pytest.mark.parametrize(("accepted", "colour"), [(True, BLUE), (False, VERMILION)])
def test_a_frame_is_drawn_around_the_box(shape, zoom, accepted, colour):
    drawn = pixels(draw(black(*shape), reading((digit(accepted=accepted),))))
    top, left = origin(drawn)
    x, y, width, height = (round(zoom * side) for side in (20, 30, 40, 25))
    inside = drawn[top + y + 2 : top + y + height - 2, left + x + 2 : left + x + width - 2]
    assert (inside == 0).all()
    for row in (top + y - 1, top + y + height + 1):
        assert (drawn[row, left + x : left + x + width] == colour).all()
    for column in (left + x - 1, left + x + width + 1):
        assert (drawn[top + y : top + y + height, column] == colour).all()
    assert not has(drawn, VERMILION if accepted else BLUE)


def test_a_digit_that_fills_the_picture_has_its_frame_too():
    drawn = pixels(draw(black(80, 100), reading((digit(box=(0, 0, 100, 80)),))))
    top, left = origin(drawn)
    for row, column in ((top - 1, left + 450), (top + 721, left + 450), (top + 360, left - 1), (top + 360, left + 901)):
        assert tuple(drawn[row, column]) == BLUE


def test_what_the_network_saw_is_shown_pixel_by_pixel():
    image = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    drawn = pixels(draw(black(80, 100), reading((digit(image=image),))))
    large = 255 - image.repeat(3, axis=0).repeat(3, axis=1)  # dark ink on white, as in all pictures of digits
    strip = drawn[-150:, 14 : 14 + 84, 0]
    assert any((strip[row : row + 84] == large).all() for row in range(len(strip) - 83))


def test_small_pictures_are_enlarged_by_whole_pixels_and_large_ones_shrunk():
    levels = np.random.default_rng(0).integers(1, 255, (27, 97)).astype(np.float32)
    drawn = pixels(draw(Picture("x.png", levels, (97, 27)), reading(size=(97, 27))))
    enlarged = levels.repeat(9, axis=0).repeat(9, axis=1)
    assert (drawn[-16 - 27 * 9 : -16, 16 : 16 + 97 * 9, 0] == enlarged).all()
    assert pixels(draw(black(1200, 1600), reading(size=(1600, 1200)))).shape[1] == 960 + 2 * 16
    assert pixels(draw(black(1, 1600), reading(size=(1600, 1)))).shape[1] == 960 + 2 * 16


def test_many_digits_go_on_in_another_line_and_rows_begin_one():
    def height(*counts):
        return pixels(draw(black(80, 100), reading(*((digit(),) * count for count in counts)))).shape[:2]

    one, width = height(1)
    step = height(1, 1)[0] - one
    assert step > 84
    assert height(9) == (one, width)
    assert height(10)[0] == height(9, 1)[0] == height(18)[0] == one + step
    assert height(40)[0] == one + 4 * step
    assert height(40)[1] <= 960 + 2 * 16


def test_every_warning_is_shown_once():
    odd = digit(warnings=("touches the border",))
    heights = [
        len(pixels(draw(black(80, 100), reading(row, warnings=warnings))))
        for row, warnings in (((digit(),), ()), ((odd, odd), ()), ((odd, odd), ("light on dark", "touches the border")))
    ]
    assert heights[0] < heights[1] < heights[2]
    assert heights[2] - heights[1] == heights[1] - heights[0]


def test_odd_names_and_long_ones():
    for name in ("", "\n", "数字.png", "x" * 5000, "\udcff"):
        assert pixels(draw(black(80, 100), reading((digit(),), name=name))).shape[1] <= 960 + 2 * 16


def test_a_real_reading():
    """All ink of the digits lies within their frames; what is refused, and only that, is vermilion."""
    image = written("2358", times=6, noise=0)
    picture = open_picture(image)
    found = read(picture)
    drawn = pixels(draw(picture, found))
    assert found.text == "2358"
    assert has(drawn, BLUE)
    assert not has(drawn, VERMILION)
    dark = np.asarray(image) < 100
    boxed = np.zeros(dark.shape, bool)
    for each in found.digits:
        x, y, width, height = each.box
        boxed[y : y + height, x : x + width] = True
    assert dark.any()
    assert not (dark & ~boxed).any()
    refused = pixels(draw(picture, read(picture, min_confidence=1)))
    assert has(refused, VERMILION)
    assert not has(refused, BLUE)
