"""The embedded digits: scikit-learn's own, and MNIST-like at 28×28."""

import numpy as np
import pytest

from inkling.data import load
from inkling.data.digits import read_digits
from inkling.data.square_digits import enlarge
from needs import needs_sklearn


def test_they_are_scikit_learn_s():
    reason = needs_sklearn.reason("the embedded digits are scikit-learn's")
    original = pytest.importorskip("sklearn.datasets", reason=reason).load_digits()
    images, labels = read_digits()
    assert np.array_equal(images, original.images)
    assert np.array_equal(labels, original.target)


def test_the_last_writers_are_held_out():
    source = load("digits")
    assert (len(source.train), len(source.test)) == (1437, 360)
    labels = np.concatenate([source.train.labels, source.test.labels])
    assert np.array_equal(labels, read_digits()[1])
    assert (source.train.name, source.test.name) == ("digits train", "digits test")
    assert "1797 real digits of 8×8" in source.notes[0]


def test_they_look_like_mnist():
    """MNIST: mean grey 33.3 of 255, ink on 19 % of the pixels, in a frame of 20×20."""
    images = load("digits").train.images
    assert 25 < images.mean() < 36
    assert 0.17 < (images > 0).mean() < 0.27
    assert (images.max(axis=(1, 2)) == 255).all()
    extent = [np.flatnonzero(image.any(axis=1)).size for image in images]
    assert set(extent) <= {18, 19, 20}


def test_enlarging_keeps_each_cell_and_leaves_the_neighbours_alone():
    images, _ = read_digits()
    large = enlarge(images[:50], 4)
    cells = large.reshape(50, 12, 4, 12, 4).mean(axis=(2, 4))[:, 2:10, 2:10]
    assert np.corrcoef(cells.ravel(), images[:50].ravel())[0, 1] > 0.99
    assert np.allclose(large[7], enlarge(images[[20, 7, 30]], 4)[1], atol=1e-4)


def test_who_changes_the_digits_changes_an_own_copy():
    """They are made once per process."""
    changed = load("digits").train
    before = changed.images.copy(), changed.labels.copy()
    changed.images[:], changed.labels[:] = 0, 0
    again = load("digits").train
    assert np.array_equal(again.images, before[0])
    assert np.array_equal(again.labels, before[1])
