"""What counts as MNIST's form already: size and centre of the ink, beside 28×28 pixels and a dark ground."""

import io

import numpy as np
import pytest
from PIL import Image

import inkling
from inkling.data import load
from inkling.data.mnist_form import in_mnist_form, unlike_mnist
from needs import needs_mnist

COUNT = 60


@pytest.fixture(scope="module")
def digits():
    return load("digits").test[:COUNT]


def moved(images, seed=1):
    """Each image up to four pixels away from the centre in each direction."""
    rng = np.random.default_rng(seed)
    return np.stack([np.roll(image, rng.choice([-4, -3, 3, 4], 2), (0, 1)) for image in images])


def halved(images, seed=1):
    """Each image at half its size, anywhere in the picture."""
    rng, found = np.random.default_rng(seed), np.zeros_like(images)
    for image, small in zip(images, found, strict=True):
        top, left = rng.integers(0, 15, 2)
        small[top : top + 14, left : left + 14] = image.reshape(14, 2, 14, 2).mean(axis=(1, 3))
    return found


def folder(make, path, images, labels, suffix="png"):
    pairs = enumerate(zip(images, labels, strict=True))
    files = {f"{label}/{i:03}.{suffix}": make.picture(image, suffix) for i, (image, label) in pairs}
    return make.folder(path, files)


@pytest.mark.parametrize("changed", [moved, halved])
def test_pictures_off_the_centre_or_of_half_the_size_are_normalised(changed, make, digits, tmp_path):
    """A model that is used to MNIST's form alone reads them as well as the originals."""
    model = inkling.load("tiny")
    source = load(folder(make, tmp_path, changed(digits.images), digits.labels))
    assert source.normalized
    said = "60 pictures: 28×28 pixels, bright on dark, with ink of another size or place than MNIST's: normalised"
    assert any(note.startswith(said) for note in source.notes)
    right = (model.predict(source.train.images) == source.train.labels).mean()
    assert right >= (model.predict(digits.images) == digits.labels).mean() - 0.1
    assert (model.predict(changed(digits.images)) == digits.labels).mean() < right - 0.2


def test_one_odd_digit_does_not_change_a_set_in_mnist_s_form(digits):
    images = digits.images.copy()
    images[7] = moved(images[7:8])[0]
    assert in_mnist_form(images).all()
    assert not in_mnist_form(images[7:8]).any()


@pytest.mark.parametrize("changed", [moved, halved])
def test_arrays_that_are_surely_not_in_mnist_s_form_are_told(changed, make, digits, tmp_path):
    (tmp_path / "x.npz").write_bytes(make.npz(images=changed(digits.images), labels=digits.labels))
    found = load(tmp_path / "x.npz")
    assert [note for note in found.notes if note.startswith("not in MNIST's form: the ink of a digit is ")]
    np.testing.assert_array_equal(found.train.images, changed(digits.images))


def test_inverted_arrays_are_told(make, digits, tmp_path):
    (tmp_path / "x.npz").write_bytes(make.npz(images=255 - digits.images, labels=digits.labels))
    assert "not in MNIST's form: the ground is as bright as the ink" in load(tmp_path / "x.npz").notes[0]


def test_nothing_is_told_of_digits_in_mnist_s_form_or_without_ink(digits):
    assert unlike_mnist(digits.images) == unlike_mnist(np.zeros((9, 28, 28), np.uint8)) == ""


@needs_mnist("MNIST's own pictures, compressed or not, are taken as they are")
@pytest.mark.parametrize("quality", [None, 50, 95])
def test_mnist_s_own_digits_are_in_their_form(quality):
    from needs import DATA

    source = load(f"{DATA}/mnist")
    images = source.train.images[::60]
    if quality is not None:
        images = np.stack([compressed(image, quality) for image in images])
    assert in_mnist_form(images).all()
    alone = [in_mnist_form(image[None])[0] for image in images]
    assert np.mean(alone) > 0.995


def compressed(image, quality):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "jpeg", quality=quality)
    return np.asarray(Image.open(file))
