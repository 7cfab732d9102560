"""Written rows: the same seed writes the same rows, each shows its text, and packing loses none."""

import numpy as np
import pytest

from inkling.classes import ROW_SYMBOLS
from inkling.data import load
from inkling.synthesis.rows import paper, written_row
from inkling.synthesis.rows.hand import Hands
from inkling.synthesis.rows.strips import packed, written_strips

WIDTH, BORDER = 192, 14


@pytest.fixture(scope="module")
def hands():
    return Hands(load("digits").train[:400])


@pytest.mark.parametrize("kind", list(paper.KINDS))
def test_each_kind_of_paper_is_written_on(hands, kind):
    row = written_row(hands, "2075", np.random.default_rng(1), kind)
    height, width = row.levels.shape
    assert (row.text, row.kind, row.levels.dtype) == ("2075", kind, np.uint8)
    assert row.boxes.shape == (4, 4)
    assert (row.boxes[:, :2] >= 0).all()
    assert (row.boxes[:, 2] <= width + 1).all()
    assert (row.boxes[:, 3] <= height + 1).all()
    assert (np.diff(row.boxes[:, 0]) > 0).all()


def test_digits_are_darker_than_the_paper_beside_them(hands):
    darker = 0
    for seed in range(10):
        row = written_row(hands, "8888", np.random.default_rng(seed), "plain")
        left, top, right, bottom = row.boxes[1].round().astype(int)
        darker += row.levels[top:bottom, left:right].min() < np.median(row.levels) - 10
    assert darker >= 9


def test_the_same_seed_writes_the_same(hands):
    one, same, other = (written_strips(hands, 3, WIDTH, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all((a == b).all() for a, b in zip(one, same, strict=True))
    assert (one[0] != other[0]).any()


def test_packing_shows_every_strip_once(hands):
    strips, labels = written_strips(hands, 30, WIDTH, np.random.default_rng(3))
    images, texts = packed(strips, labels, BORDER, np.random.default_rng(4))
    assert len(images) < len(strips)
    assert images.shape[1:] == (32, WIDTH + 2 * BORDER, 1)
    assert images.sum(dtype=np.int64) == strips.sum(dtype=np.int64)
    assert np.array_equal(np.sort(texts[texts >= 0]), np.sort(labels[labels >= 0]))
    assert labels.max() < len(ROW_SYMBOLS)
    assert not images[:, :, :BORDER].any()
    assert not images[:, :, -BORDER:].any()
