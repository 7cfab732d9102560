"""The ground: which side of it the ink is on, and how deep the ink is, in even and uneven light."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from drawn import fading, glyph, levels, on_paper
from inkling.ink.ground import ink_depth

HEIGHT = 60


def page(row: int, margin: int = 30) -> np.ndarray:
    """Ink of an embedded digit with room around."""
    return np.pad(glyph(row, HEIGHT), margin)


def lights(shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Shares of the full light (H, W): evenly, from one side, round a lamp, half in a hard shadow."""
    down, right = np.linspace(0, 1, shape[0])[:, None], np.linspace(0, 1, shape[1])
    return {
        "even": np.ones(shape),
        "linear": fading(shape, 0.5),
        "radial": 1 - 0.6 * np.hypot(down - 0.4, right - 0.4),
        "shadow": np.where(right + 0.5 * down > 0.9, 0.6, 1.0),
    }


LIGHTS = ["even", "linear", "radial", "shadow"]


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("thin", [False, True])
def test_dark_and_light_ink_are_told_apart_in_any_light(light, thin):
    """Measured: all of 120 right on paper and on board; a hard shadow's edge may be taken for ink by one of them."""
    rng, wrong = np.random.default_rng(0), 0
    for row in range(0, 360, 12):
        ink = page(row)
        ink = np.where(ink > 0.9, ink, 0) if thin else ink
        seen = on_paper(ink, rng, lights(ink.shape)[light])
        wrong += (not ink_depth(seen)[2]) + ink_depth(255 - seen)[2]
    assert wrong <= (2 if light == "shadow" else 0)


@given(st.integers(0, 359), st.integers(8, 40), st.integers(0, 300), st.integers(0, 300), st.integers(16, 255))
@settings(max_examples=50)
def test_a_drawing_has_its_ground_at_the_border(row, margin, below, right, black):
    drawing = levels(np.pad(page(row, margin) * (black / 255), ((0, below), (0, right))))
    depth, noise, dark = ink_depth(drawing)
    assert (noise, dark) == (0, True)
    assert np.allclose(depth, (255 - drawing) / 255, atol=1e-6)
    depth, noise, dark = ink_depth(255 - drawing)
    assert (noise, dark) == (0, False)
    assert np.allclose(depth, (255 - drawing) / 255, atol=1e-6)


@pytest.mark.parametrize("frame", [2, 5, 9])
@pytest.mark.parametrize(("level", "dark"), [(60, True), (5, False)])
def test_a_dark_frame_around_says_nothing(frame, level, dark):
    rng = np.random.default_rng(1)
    for row in range(0, 360, 24):
        ink = page(row)
        seen = on_paper(ink, rng) if dark else 255 - on_paper(ink, rng)
        inner = seen[frame:-frame, frame:-frame]
        assert ink_depth(np.pad(inner, frame, constant_values=level))[2] == dark


@pytest.mark.parametrize("place", [(2, 2), (2, 230), (130, 240)])
def test_a_small_digit_in_a_corner_is_enough(place):
    rng = np.random.default_rng(2)
    for row in range(0, 360, 24):
        ink, digit = np.zeros((200, 300), np.float32), glyph(row, HEIGHT)
        ink[place[0] : place[0] + HEIGHT, place[1] : place[1] + digit.shape[1]] = digit[:, : 300 - place[1]]
        assert ink_depth(on_paper(ink, rng))[2]
        assert not ink_depth(255 - on_paper(ink, rng))[2]


@pytest.mark.parametrize("light", LIGHTS)
def test_ink_is_as_deep_in_the_shade_as_in_the_light(light):
    """A soft fall of light is undone; beside the edge of a hard shadow some ground looks like faint ink."""
    image = Image.new("L", (200, 140))
    draw = ImageDraw.Draw(image)
    for left in range(20, 180, 40):
        draw.line([(left, 30), (left + 10, 110)], 255, 8)
    ink = np.asarray(image) / 255
    depth, _, dark = ink_depth(on_paper(ink, np.random.default_rng(3), lights(ink.shape)[light]))
    assert dark
    assert depth.dtype == np.float32
    strokes = [np.median(depth[:, left : left + 12][ink[:, left : left + 12] == 1]) for left in range(20, 180, 40)]
    assert strokes == pytest.approx([0.7] * 4, abs=0.1)
    assert np.percentile(depth[ink == 0], 90) < (0.35 if light == "shadow" else 0.1)


@pytest.mark.parametrize("sigma", [1, 4, 8])
@pytest.mark.parametrize("shape", [(60, 60), (150, 400), (700, 500)])
def test_noise_is_measured_whatever_the_size(sigma, shape):
    paper = 200 + np.random.default_rng(4).normal(0, sigma, shape).astype(np.float32)
    depth, noise, _ = ink_depth(paper)
    assert noise == pytest.approx(sigma / 200, rel=0.25)
    assert np.median(depth) == pytest.approx(0, abs=0.2 * noise)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (3, 2), (2, 300)])
@pytest.mark.parametrize("level", [0.0, 77.0, 255.0])
def test_of_next_to_nothing_nothing_is_deep(shape, level):
    depth, noise, _ = ink_depth(np.full(shape, level, np.float32))
    assert depth.shape == shape
    assert not depth.any()
    assert noise == 0
