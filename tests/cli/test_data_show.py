"""`inkling data show` and `info`: what a source holds, as pictures and as numbers, whatever its images and classes."""

import numpy as np
import pytest
from PIL import Image

from inkling.augmentation import Augmenter, Rotation, Shift
from inkling.data import load
from inkling.inference import PIXEL_SCALE
from inkling.rng import Purpose, make_rng
from lively import LIVELY, SEEING

PITCH, GAP, AISLE = 28 * 3 + 2, 2, 4  # screen pixels from image to image, between two, and behind the first column


def pictures(path, *, apart=False):
    """The images (R, C, 28, 28) of a sheet, where each pixel is three by three of the screen, and 0 is white."""
    sheet = np.asarray(Image.open(path))
    assert sheet.dtype == np.uint8
    if apart:
        sheet = np.delete(sheet, np.s_[PITCH : PITCH + AISLE], axis=1)
    rows, columns = (np.array(sheet.shape) - GAP) // PITCH
    tiles = sheet[GAP:, GAP:].reshape(rows, PITCH, columns, PITCH).swapaxes(1, 2)
    large = tiles[:, :, : 28 * 3, : 28 * 3].reshape(rows, columns, 28, 3, 28, 3)
    assert (large == large[:, :, :, :1, :, :1]).all()
    assert len(set(tiles[:, :, 28 * 3 :].ravel())) == 1
    return 255 - large[:, :, :, 0, :, 0]


def recipe_file(folder, **settings):
    path = folder / "mine.toml"
    path.write_text(LIVELY.override(**settings).to_toml())
    return path


def test_the_first_images_of_each_digit(call, tmp_path):
    result = call("data", "show", "digits", "-o", tmp_path / "d.png", "-n", 4)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"digits train: as it is, in {tmp_path / 'd.png'}\n"
    train, shown = load("digits").train, pictures(tmp_path / "d.png")
    assert shown.shape == (10, 4, 28, 28)
    for digit in range(10):
        np.testing.assert_array_equal(shown[digit], train.images[train.labels == digit][:4])


def test_beside_each_digit_stands_what_training_is_shown(call, tmp_path):
    augment = (Rotation(20), Shift(3))
    path = recipe_file(tmp_path, augment=augment, seed=9)
    result = call("data", "show", "digits", "--augment", path, "-o", tmp_path / "d.png", "--columns", 5)
    assert result.exit_code == 0
    assert result.stderr == f"digits train: Rotation(20), Shift(3), in {tmp_path / 'd.png'}\n"
    train, shown = load("digits").train, pictures(tmp_path / "d.png", apart=True)
    originals = np.stack([train.images[train.labels == digit][0] for digit in range(10)])
    np.testing.assert_array_equal(shown[:, 0], originals)
    expected = originals.repeat(4, axis=0)[..., None] * PIXEL_SCALE
    Augmenter(augment)(expected, make_rng(9, Purpose.AUGMENT, 0, 0))
    np.testing.assert_array_equal(shown[:, 1:], np.rint(expected * 255).reshape(10, 4, 28, 28))
    assert len({image.tobytes() for image in shown.reshape(-1, 28, 28)}) > 45


@pytest.mark.parametrize("given", [("--seed", 6), ()], ids=["flag", "environment"])
def test_another_seed_draws_other_changes(call, tmp_path, given):
    recipe = recipe_file(tmp_path, augment=SEEING.augment)
    environment = {} if given else {"INKLING_SEED": "6"}
    for name, seed, env in (("a", (), {}), ("b", ("--seed", LIVELY.seed), {}), ("c", given, environment)):
        call("data", "show", "digits", "--augment", recipe, "-o", tmp_path / f"{name}.png", *seed, **env)
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c


def test_images_without_labels_come_in_their_order(call, tmp_path):
    images = load("digits").train.images[:30]
    np.savez(tmp_path / "unlabelled.npz", images=images)
    assert call("data", "show", tmp_path / "unlabelled.npz", "-o", tmp_path / "d.png", "-n", 8).exit_code == 0
    shown = pictures(tmp_path / "d.png").reshape(-1, 28, 28)
    np.testing.assert_array_equal(shown[:30], images)
    assert len(np.unique(shown[30:])) == 1  # paper


def test_the_picture_has_a_name_and_is_not_overwritten_by_chance(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call("data", "show", "digits").exit_code == 0
    first = (tmp_path / "grid.png").read_bytes()
    refused = call("data", "show", "digits", "-n", 3)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "grid.png exists already: give another name, or --force to replace it" in refused.stderr
    assert (tmp_path / "grid.png").read_bytes() == first
    assert call("data", "show", "digits", "-n", 3, "--force").exit_code == 0
    assert (tmp_path / "grid.png").read_bytes() != first


def clothes(folder, names, shape=(16, 12), times=2):
    """An npz file of random images, so many of each class, and its path."""
    count = len(names) * times
    images = np.random.default_rng(0).integers(0, 256, (count, *shape)).astype(np.uint8)
    np.savez(folder / "x.npz", images=images, labels=np.arange(count) % len(names), class_names=np.array(names))
    return folder / "x.npz", images


def test_images_of_another_size_and_classes_with_names(call, tmp_path):
    path, images = clothes(tmp_path, ["Mütze", "Hose", "Hemd"])
    result = call("data", "show", path, "-o", tmp_path / "d.png", "-n", 2)
    assert result.exit_code == 0
    assert result.stderr.endswith("rows from the top: Mütze, Hose, Hemd\n")
    sheet = np.asarray(Image.open(tmp_path / "d.png"))
    assert sheet.shape == (GAP + 3 * (5 * 16 + GAP), GAP + 2 * (5 * 12 + GAP))  # 5 screen pixels per pixel
    np.testing.assert_array_equal(sheet[GAP : GAP + 80 : 5, GAP : GAP + 60 : 5], 255 - images[0])


def test_what_training_is_shown_of_images_of_another_size(call, tmp_path):
    path, _ = clothes(tmp_path, ["Mütze", "Hose", "Hemd"])
    recipe = recipe_file(tmp_path, augment=(Rotation(20), Shift(3)))
    assert call("data", "show", path, "--augment", recipe, "-o", tmp_path / "d.png").exit_code == 0


def test_of_many_classes_the_first_are_shown_and_that_is_said(call, tmp_path):
    path, _ = clothes(tmp_path, [f"c{place}" for place in range(120)], (28, 28))
    result = call("data", "show", path, "-o", tmp_path / "d.png", "-n", 2)
    assert result.stderr.endswith("c98, c99; the first 100 of 120 classes\n")
    assert len(pictures(tmp_path / "d.png")) == 100


def test_info_counts_by_class_in_lines_that_can_be_read(call, tmp_path):
    names = [f"Kleidungsstück {place}" for place in range(12)]
    path, _ = clothes(tmp_path, names)
    lines = call("data", "info", path).stdout.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("  images per class  "))
    assert max(map(len, lines[first : first + 3])) <= 120
    assert " ".join(" ".join(lines[first : first + 3]).split()[3:]) == " ".join(f"{name}: 2" for name in names)
    assert not any("MNIST" in line for line in lines), "MNIST's test images are 28×28"
    assert "  12 classes (Kleidungsstück 0, " in call("data", "info", path).stdout


def test_info_of_digits_is_one_line_of_counts(call):
    out = call("data", "info", "digits").stdout
    assert "  images per digit  0: 143  1: 146  2: 142  3: 146  4: 144  5: 145  6: 144  7: 143  8: 141  9: 143\n" in out
    assert "  MNIST test set    0 of these images are in it\n" in out
