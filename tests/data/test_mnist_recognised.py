"""MNIST's images are recognised in other arrangements and after JPEG, and nobody else's are taken for them."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkling.data import Dataset, count_mnist_test_images, count_mnist_training_images, describe, fingerprints, load
from inkling.data.mnist import TRAINING_SHA256
from needs import DATA, HANDWRITING, needs_handwriting, needs_mnist


def compressed(images, quality):
    files = [io.BytesIO() for _ in images]
    for image, file in zip(images, files, strict=True):
        Image.fromarray(image).save(file, "JPEG", quality=quality)
    return np.stack([np.asarray(Image.open(file)) for file in files])


@pytest.fixture(scope="module")
def mnist():
    """The images of both parts of MNIST."""
    needs_mnist.or_skip("MNIST's images are recognised in another order and after JPEG")
    source = load(Path(DATA, "mnist"))
    return {"train": source.train, "test": source.test}


COUNTS = {"train": count_mnist_training_images, "test": count_mnist_test_images}


@pytest.mark.parametrize("part", COUNTS)
def test_images_in_another_order_are_counted(mnist, part):
    images = mnist[part].images
    some = np.random.default_rng(0).permutation(images)[:5000]
    assert 4995 <= COUNTS[part](some) <= 5000
    other = next(count for name, count in COUNTS.items() if name != part)
    assert other(some) == 0


@pytest.mark.parametrize("part", COUNTS)
@pytest.mark.parametrize(("quality", "least"), [(75, 0.1), (90, 0.4), (95, 0.6)])
def test_images_are_told_after_jpeg(mnist, part, quality, least):
    some = mnist[part].images[:1000]
    assert COUNTS[part](compressed(some, quality)) > least * len(some)


def test_the_hash_of_the_training_part_is_mnist_s(mnist):
    assert mnist["train"].sha256 == TRAINING_SHA256


@needs_handwriting("other people's handwriting is not taken for MNIST's")
def test_other_handwriting_is_not_taken_for_mnist(tmp_path):
    folder = Path(HANDWRITING, "single", "sudoku_cells")
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            target = tmp_path / row["label"] / Path(row["file"]).name
            target.parent.mkdir(exist_ok=True)
            target.symlink_to(folder / row["file"])
    images = load(tmp_path).train.images
    assert len(images) == 305
    for part in COUNTS:
        prints = fingerprints.ink_fingerprints(images)
        assert np.isin(prints, fingerprints.mnist_ink_fingerprints(part)).sum() <= 1
        assert COUNTS[part](images) == 0


def test_the_embedded_digits_are_nobody_else_s():
    source = load("digits")
    for data in source.parts.values():
        assert [count(data.images) for count in COUNTS.values()] == [0, 0]
    info = describe(source).parts["train"]
    assert (info.mnist_test_rows, info.mnist_training_rows) == (0, 0)


def test_few_images_with_known_ink_may_be_chance_and_are_not_told(monkeypatch):
    images = load("digits").train.images
    known = fingerprints.ink_fingerprints(images)
    monkeypatch.setattr(fingerprints, "mnist_ink_fingerprints", lambda part: known[:3])
    assert count_mnist_training_images(images) == 0
    assert count_mnist_training_images(images[:10]) == 3
    assert count_mnist_training_images(images[:1]) == 0


def test_images_of_another_size_are_not_looked_up():
    images = np.zeros((3, 32, 32), np.uint8)
    assert [count(images) for count in COUNTS.values()] == [0, 0]
    assert describe(load("digits").__class__("x", Dataset(images), None)).parts["train"].mnist_training_rows == 0
