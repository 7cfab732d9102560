"""Ink out of pictures of any mode, polarity and turn."""

import numpy as np
import pytest
from PIL import Image

from inkling.data.ink import grey_of, ink_of


@pytest.fixture
def stroke() -> np.ndarray:
    """Ink of an L, 1 on 0: not symmetric, so turns show."""
    ink = np.zeros((40, 30), np.uint8)
    ink[5:35, 8:12] = 1
    ink[31:35, 8:24] = 1
    return ink


@pytest.mark.parametrize(("ground", "level"), [(255, 0), (0, 255), (200, 60), (40, 220)])
@pytest.mark.parametrize("mode", ["L", "RGB", "P", "CMYK", "I", "F", "I;16"])
def test_ink_is_what_differs_from_the_ground(stroke, ground, level, mode):
    image = Image.fromarray(np.where(stroke, level, ground).astype(np.uint8))
    if mode == "I;16":  # which Pillow cannot convert to
        image = Image.fromarray(np.asarray(image, np.uint16) * 257)
    ink = ink_of(image if image.mode == mode else image.convert(mode))
    assert ink.dtype == np.float32
    assert np.array_equal(ink > 0, stroke > 0)
    assert ink.max() == pytest.approx(abs(level - ground), abs=2)


@pytest.mark.parametrize("level", [0, 255])
def test_ink_drawn_on_transparency(stroke, level):
    bands = [Image.fromarray(np.full_like(stroke, level))] * 3 + [Image.fromarray(stroke * 255)]
    assert np.array_equal(ink_of(Image.merge("RGBA", bands)) > 0, stroke > 0)


def test_a_hole_in_opaque_paper_is_ground(stroke):
    alpha = np.full_like(stroke, 255)
    alpha[:4] = 0
    paper = Image.fromarray(np.where(stroke, 20, 230).astype(np.uint8))
    assert np.array_equal(ink_of(Image.merge("LA", [paper, Image.fromarray(alpha)])) > 0, stroke > 0)


def test_a_fully_transparent_picture_has_no_ink():
    assert not ink_of(Image.new("RGBA", (9, 9), (0, 0, 0, 0))).any()


@pytest.mark.parametrize(("tag", "turn"), [(1, 0), (3, 2), (6, 3), (8, 1), (0, 0)])
def test_pictures_are_turned_upright_as_their_tag_says(stroke, tag, turn):
    image = Image.fromarray(255 - stroke * 255)
    image.getexif()[0x0112] = tag
    assert np.array_equal(ink_of(image) > 0, np.rot90(stroke, turn) > 0)


def test_faint_texture_of_paper_is_ground(stroke):
    paper = 210 + np.random.default_rng(3).normal(0, 8, stroke.shape)
    image = Image.fromarray(np.where(stroke, 50, paper).clip(0, 255).astype(np.uint8))
    assert np.array_equal(ink_of(image) > 0, stroke > 0)


def test_one_colour_has_no_ink():
    assert not ink_of(Image.new("RGB", (30, 30), "orange")).any()


def test_16_bits_keep_their_proportions():
    levels = np.array([[0, 13107], [26214, 65535]], np.uint16)
    assert grey_of(Image.fromarray(levels)).tolist() == pytest.approx(np.array([[0, 51], [102, 255]]))
