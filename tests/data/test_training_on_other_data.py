"""From files of other sizes and classes to a model that tells these classes apart: a thin check from end to end."""

import numpy as np
import pytest

import inkling
from inkling.augmentation import Rotation, Shift
from inkling.data import load
from inkling.nn import Flatten, Linear, Network, ReLU
from inkling.optim import Adam, ConstantLR
from inkling.recipes import Recipe

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def shapes(n_classes, times, side, seed=0):
    """Images with a bright bar per class, at a place of its own, on noise; and their classes."""
    rng, labels = np.random.default_rng(seed), np.tile(np.arange(n_classes), times)
    images = rng.integers(0, 60, (len(labels), side, side)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = divmod(int(label), 6)
        image[1 + row * 3 : 3 + row * 3, 1 + column * 2 : 3 + column * 2] = 255
    return images, labels


@pytest.fixture
def recipe():
    network = Network(Flatten(), Linear(32), ReLU(), Linear(10))
    return Recipe(
        network, Adam(), ConstantLR(0.01), batch_size=32, epochs=12, augment=(Rotation(3), Shift(1, p=0.2)), shards=1
    )


def test_digits_of_16_by_16_in_npz(make, tmp_path, recipe):
    images, labels = shapes(10, 40, 16)
    (tmp_path / "usps.npz").write_bytes(make.npz(images=images, labels=labels))
    source = load(tmp_path / "usps.npz")
    model = inkling.fit(recipe, source, workers=1)
    assert (model.predict(source.train.images) == labels).mean() > 0.95


def test_folders_of_letters(make, tmp_path, recipe):
    images, labels = shapes(26, 20, 28)
    images = np.roll(images, (4, 4), (1, 2))
    images[:, [4, 4, 23, 23], [4, 23, 4, 23]] = 255  # in MNIST's form, which stays as it is: 20 pixels, centred
    files = {f"{LETTERS[label]}/{i}.png": make.picture(images[i]) for i, label in enumerate(labels)}
    source = load(make.folder(tmp_path, files))
    model = inkling.fit(recipe, source, workers=1)
    assert model.class_names == LETTERS
    assert (model.predict(source.train.images) == source.train.labels).mean() > 0.9


def test_clothes_in_mnist_s_format_with_a_list_of_their_names(make, tmp_path, recipe):
    images, labels = shapes(4, 40, 28)
    names = ("T-shirt", "Hose", "Mütze", "Schuh")
    files = {"train-images-idx3-ubyte": make.idx(images), "train-labels-idx1-ubyte": make.idx(labels)}
    source = load(make.folder(tmp_path, files | {"classes.txt": "\n".join(names).encode()}))
    model = inkling.fit(recipe, source, workers=1)
    assert model.class_names == names
    assert (model.predict(images) == labels).mean() > 0.95
