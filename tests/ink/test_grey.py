"""Whatever the mode, the paper and the pen, the levels show the ink."""

import io

import numpy as np
import pytest
from PIL import Image

from inkling.errors import DataError
from inkling.ink import open_picture

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def stroke() -> np.ndarray:
    """Ink of an L, 1 on 0: not symmetric."""
    ink = np.zeros((40, 30), np.uint8)
    ink[5:35, 8:12] = 1
    ink[31:35, 8:24] = 1
    return ink


def drawn(ground: int, level: int) -> Image.Image:
    return Image.fromarray(np.where(stroke(), level, ground).astype(np.uint8))


def coloured(ground, pen) -> np.ndarray:
    return np.where(stroke()[..., None], pen, ground).astype(np.uint8)


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """A grey image in a mode, also in those to which Pillow does not convert."""
    levels = np.asarray(image)
    if mode.startswith("I;16"):
        numbers = (levels.astype(np.uint16) * 257).astype(">u2" if mode == "I;16B" else "<u2")
        return Image.frombytes(mode, image.size, numbers.tobytes())
    over = {"La": "LA", "RGBa": "RGBA", "PA": "P", "LAB": "RGB"}
    return (image.convert(over[mode]) if mode in over else image).convert(mode)


MODES = ["L", "LA", "La", "P", "PA", "RGB", "RGBX", "RGBA", "RGBa", "CMYK", "YCbCr", "LAB", "HSV", "I", "F"]
MODES += ["I;16", "I;16B", "I;16L", "I;16N"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ground", "level"), [(230, 20), (10, 240), (255, 0)])
def test_every_mode_keeps_its_levels(mode, ground, level):
    image = in_mode(drawn(ground, level), mode)
    assert image.mode == mode
    levels = open_picture(image).levels
    assert levels.dtype == np.float32
    assert levels == pytest.approx(np.where(stroke(), level, ground), abs=2)  # as near as LAB gets


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_becomes_smaller(mode):
    """85 times as large as drawn: 2 to 1 in strips, then by a filter. What differs lies on edges."""
    image = in_mode(drawn(230, 20), mode).resize((2550, 3400), Image.Resampling.NEAREST)
    picture = open_picture(image)
    assert (picture.levels.shape, picture.scale) == ((1600, 1200), (2.125, 2.125))
    assert (np.abs(picture.levels - np.kron(np.where(stroke(), 20, 230), np.ones((40, 40)))) > 2).mean() < 0.01


def test_black_and_white():
    assert np.array_equal(open_picture(Image.fromarray(stroke() == 0)).levels, 255.0 * (1 - stroke()))


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_white_is_the_highest_level_that_the_bits_hold(bits, mode):
    white = 2**bits - 1
    numbers = np.array([[0, white // 5], [white * 2 // 5, white]])
    image = Image.fromarray(numbers.astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]))
    assert image.mode == mode
    assert open_picture(image).levels == pytest.approx(np.array([[0, 51], [102, 255]]), abs=0.3)


def test_dim_16_bits_are_not_taken_for_bright_ones():
    """30000 needs 15 bits."""
    assert open_picture(Image.fromarray(np.array([[0, 30000]], np.uint16))).levels[0, 1] == pytest.approx(
        233.46, abs=0.1
    )


@pytest.mark.parametrize(
    ("numbers", "levels"),
    [([0, 0.2, 1], [0, 51, 255]), ([-1, 0, 1], [0, 127.5, 255]), ([-3, -3], [0, 0]), ([-1e-45, 3e38], [0, 255])],
)
def test_floats_between_other_ends(numbers, levels):
    assert open_picture(Image.fromarray(np.array([numbers], np.float32))).levels[0].tolist() == pytest.approx(levels)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_picture_of_no_numbers_is_refused(bad):
    with pytest.raises(DataError, match="image: a picture of finite numbers was expected"):
        open_picture(Image.fromarray(np.array([[0, bad, 1]], np.float32)))


# Transparency


@pytest.mark.parametrize(("pen", "ground"), [(BLACK, 255), (WHITE, 0), ((20, 40, 120), 255), ((255, 255, 0), 0)])
def test_ink_on_transparency_is_laid_on_its_opposite(pen, ground):
    bands = np.dstack([np.full((40, 30, 3), pen, np.uint8), stroke() * 255])
    levels = open_picture(bands).levels
    assert (levels[stroke() == 0] == ground).all()
    assert (np.abs(levels[stroke() == 1] - ground) > 200).all()


def test_ink_that_fills_a_tight_crop_is_not_taken_for_paper():
    alpha = np.full((30, 8), 255, np.uint8)
    alpha[:6, :3] = 0
    one = np.dstack([np.full((30, 8, 3), 30, np.uint8), alpha])
    assert np.array_equal(open_picture(one).levels, np.where(alpha, 30, 255))


@pytest.mark.parametrize(("paper", "pen"), [((230, 220, 200), (20, 20, 20)), ((30, 30, 30), (240, 240, 240))])
def test_a_hole_in_paper_is_paper(paper, pen):
    alpha = np.full((40, 30), 255, np.uint8)
    alpha[:4] = 0
    levels = open_picture(np.dstack([coloured(paper, pen), alpha])).levels
    assert np.ptp(levels[stroke() == 0]) <= 1
    assert abs(np.median(levels) - levels[stroke() == 1]).min() > 150


def test_nothing_on_transparency_is_white():
    assert (open_picture(Image.new("RGBA", (9, 9), (0, 0, 0, 0))).levels == 255).all()


def test_half_transparent_ink_is_half_as_dark():
    levels = open_picture(np.dstack([np.zeros((40, 30, 3), np.uint8), stroke() * 128])).levels
    assert (levels[stroke() == 1] == 127).all()


@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_a_transparent_colour_of_a_png(mode):
    """Black is declared transparent, so that the ink in dark grey lies on white."""
    file = io.BytesIO()
    drawn(0, 40).convert(mode).save(file, "PNG", transparency=(0, 0, 0) if mode == "RGB" else 0)
    assert np.array_equal(open_picture(file.getvalue()).levels, np.where(stroke(), 40, 255))


# Colours

PENS = {"black": (30, 30, 35), "blue": (35, 60, 190), "cyan": (0, 170, 220), "red": (210, 40, 50)}
PENS |= {"green": (0, 140, 70), "orange": (250, 140, 20), "yellow": (250, 225, 40)}
PAPERS = {"white": (252, 252, 252), "grey": (150, 150, 150), "cream": (245, 235, 205)}
PAPERS |= {"by lamplight": (205, 170, 125), "blue": (150, 175, 215)}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("pen", PENS)
def test_every_pen_shows_on_every_paper(paper, pen):
    """A pigment multiplies what the paper reflects. Luma keeps 17 % of yellow and 38 % of orange."""
    light = np.array(PAPERS[paper])
    levels = open_picture(coloured(light, light * PENS[pen] / 255)).levels
    ground, ink = levels[stroke() == 0], levels[stroke() == 1]
    assert np.ptp(ground) == 0
    assert ground[0] == pytest.approx(light @ (0.299, 0.587, 0.114), abs=1)
    assert ink.max() < 0.25 * ground[0]


@pytest.mark.parametrize("pen", [WHITE, (255, 0, 0), (0, 0, 255), (255, 255, 0)])
@pytest.mark.parametrize("ground", [BLACK, (20, 50, 35)])
def test_every_chalk_shows_on_every_board(ground, pen):
    levels = open_picture(coloured(ground, pen)).levels
    assert levels[stroke() == 1].min() == 255
    assert levels[stroke() == 0].max() == max(ground)


def test_white_chalk_on_a_board_of_middling_grey():
    levels = open_picture(coloured((90, 110, 100), WHITE)).levels
    assert levels[stroke() == 1].min() > levels[stroke() == 0].max() + 100


@pytest.mark.parametrize("quality", [40, 75])
def test_noise_of_jpeg_is_not_much_worse_than_in_luma(quality):
    paper = np.array(PAPERS["cream"]) + np.random.default_rng(5).normal(0, 4, (160, 160, 3))
    file = io.BytesIO()
    Image.fromarray(paper.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    luma = np.asarray(Image.open(file).convert("L"))
    assert open_picture(file.getvalue()).levels.std() < 1.3 * luma.std()
