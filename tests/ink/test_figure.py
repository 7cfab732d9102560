"""Figures: a digit that a plotting library drew on a page is found, with whatever stands around it."""

import io
from collections.abc import Callable

import matplotlib.figure
import numpy as np
import pytest
from PIL import Image

import framed
from drawn import glyph, levels
from inkling.data.digits import load_digits
from inkling.ink import digit_image, normalize, open_picture
from inkling.reading import read

LOOKS: dict[str, Callable] = {
    "axes": lambda figure, axes, drawn: axes.set_title("label: 7"),
    "no axes": lambda figure, axes, drawn: axes.axis("off"),
    "no ticks": lambda figure, axes, drawn: axes.set(xticks=[], yticks=[]),
    "colour bar": lambda figure, axes, drawn: figure.colorbar(drawn),
}


def plotted(image: np.ndarray, colours: str, look: str = "axes", **saving: object) -> Image.Image:
    """The image as `imshow` and `savefig` make a file of it."""
    figure = matplotlib.figure.Figure()
    axes = figure.add_subplot()
    LOOKS[look](figure, axes, axes.imshow(image, cmap=colours))
    buffer = io.BytesIO()
    figure.savefig(buffer, **{"format": "png", **saving})
    return Image.open(buffer)


@pytest.fixture(scope="module")
def digits():
    """One embedded image of each digit."""
    embedded = load_digits().train
    return [embedded.images[np.flatnonzero(embedded.labels == digit)[0]] for digit in range(10)]


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean absolute difference in grey levels."""
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("colours", ["gray", "gray_r", "viridis"])
def test_the_digit_of_a_figure_is_the_digit(digits, colours, look):
    """24 of 60 such pictures were read wrong."""
    for digit in (2, 7):
        found = digit_image(open_picture(plotted(digits[digit], colours, look)).levels)
        assert difference(found, normalize(digits[digit] / 255)) < 7
        assert difference(found, normalize(digits[9 - digit] / 255)) > 18


@pytest.mark.parametrize("saving", [{"format": "jpg"}, {"dpi": 220}, {"bbox_inches": "tight"}, {"facecolor": "0.3"}])
def test_however_it_is_saved(digits, saving):
    found = digit_image(open_picture(plotted(digits[2], "gray", "axes", **saving)).levels)
    assert difference(found, normalize(digits[2] / 255)) < 3


def test_what_was_left_out_is_told_and_places_are_those_of_the_page(digits):
    picture = plotted(digits[2], "gray")
    reading = read(picture)
    assert reading.warnings == ("a picture on a page: what is around it was left out", "light on dark")
    assert reading.size == picture.size == (640, 480)
    x, y, width, height = reading.digits[0].box
    assert 200 < x < x + width < 440
    assert 50 < y < y + height < 430


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(levels(np.pad(glyph(0, 200), 40)), id="drawing"),
        pytest.param(levels(np.pad(np.ones((120, 30), np.float32), 40)), id="a 1 that is a bar"),
        pytest.param(levels(framed.boxed([0, 40])), id="boxes, which are no figure"),
        pytest.param(levels(framed.boxed([0, 40, 80], apart=12)), id="boxes apart, of which none is the picture"),
        pytest.param(levels(framed.boxed([0, 40], room=20, apart=12)), id="large boxes apart"),
        pytest.param(levels(framed.squared([0, 40], 20, 6)), id="squares"),
        pytest.param(np.full((60, 60), 255.0), id="nothing"),
        pytest.param(np.arange(3600.0).reshape(60, 60) % 256, id="no page"),
        pytest.param(np.zeros((1, 1)), id="a pixel"),
    ],
)
def test_other_pictures_are_no_figures(picture):
    assert open_picture(picture.astype(np.uint8)).notes == ()


def test_a_digit_in_the_form_of_boxes_is_no_figure():
    """An 8 as displays show it: two holes, straight sides."""
    eight = np.pad(np.ones((150, 84), np.float32), 40)
    eight[58:106, 58:106] = eight[124:172, 58:106] = 0
    assert open_picture(np.uint8(levels(eight))).notes == ()


@pytest.mark.parametrize("colours", ["gray", "gray_r"])
def test_of_several_plots_none_is_lost(digits, colours):
    """The first of them was read, and the others left out."""
    figure = matplotlib.figure.Figure()
    for place, digit in zip(figure.subplots(1, 2), (2, 7), strict=True):
        place.imshow(digits[digit], cmap=colours)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    assert len(read(buffer.getvalue()).digits) == 2
