"""`inkling sheet` and `inkling adapt`: from a printed page to a personal model."""

import io
import json

import numpy as np
import pytest
from PIL import Image

import inkling
from inkling.data import load
from inkling.sheet import PAPERS
from sheets import filled, photograph


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    """A photo of a sheet with five of each digit."""
    path = tmp_path_factory.mktemp("photos") / "page.png"
    page, _ = filled([12 * digit + column for digit in range(10) for column in (0, 2, 3, 7, 11)])
    Image.fromarray(photograph(page, 90).astype(np.uint8)).save(path)
    return path


def adapt(call, *options):
    return call("adapt", "--model", "tiny", "--rehearse", "digits", *options)


def test_a_sheet_is_drawn_and_never_over_another(call, tmp_path):
    path = tmp_path / "sheet.pdf"
    result = call("sheet", "make", "-o", path)
    assert result.exit_code == 0, result.stderr
    assert path.read_bytes().startswith(b"%PDF")
    assert f"A sheet for 12 of each digit: {path}" in result.stdout
    assert call("sheet", "make", "-o", path).exit_code == 2
    assert call("sheet", "make", "-o", path, "--force").exit_code == 0


@pytest.mark.parametrize("paper", PAPERS)
def test_a_picture_of_the_sheet_has_the_size_of_its_paper(call, tmp_path, paper):
    path = tmp_path / "sheet.png"
    assert call("sheet", "make", "-o", path, "--paper", paper).exit_code == 0
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        np.testing.assert_allclose(np.array(image.size) / 300 * 25.4, PAPERS[paper], atol=0.1)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("-o", "sheet.docx"), "sheet.docx: the name of a sheet ends in .pdf or .png: give such a name"),
        (("--paper", "a5"), "--paper a5: expected a4 or letter"),
    ],
)
def test_sheets_that_cannot_be_drawn(call, options, complaint):
    result = call("sheet", "make", *options)
    assert (result.exit_code, result.stderr) == (2, f"inkling: {complaint}\n")


def test_a_filled_sheet_is_read_into_folders(call, photo, tmp_path):
    folder = tmp_path / "hand"
    result = call("sheet", "read", photo, "-o", folder)
    assert result.exit_code == 0, result.stderr
    assert f"{photo}: 50 digits" in result.stdout
    assert sorted(path.name for path in (folder / "3").iterdir())[-1] == "1-page-12.png"
    hand = load(folder).train
    assert np.bincount(hand.labels).tolist() == [5] * 10
    assert (inkling.load().predict(hand.images) == hand.labels).mean() > 0.9
    assert call("sheet", "read", photo, "-o", folder).exit_code == 2  # what is there may have been looked through


@pytest.mark.parametrize("name", ["scan.pdf", "scan.png", "gone.png"])
def test_scans_that_cannot_be_read(call, tmp_path, name):
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "scan.png").write_text("no picture")
    result = call("sheet", "read", tmp_path / name, "-o", tmp_path / "hand")
    assert result.exit_code == 3
    assert result.stderr.startswith(f"inkling: {tmp_path / name}: ")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "hand").exists()


def test_scans_are_read_into_a_folder_named_handwriting_by_default(call, photo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call("sheet", "read", photo).exit_code == 0
    assert len(list((tmp_path / "handwriting").glob("*/*.png"))) == 50


def test_scans_are_not_read_into_a_file(call, photo, tmp_path):
    (tmp_path / "sheet.pdf").write_bytes(b"%PDF")
    result = call("sheet", "read", photo, "-o", tmp_path / "sheet.pdf")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "already exists and is a file: give another folder with -o" in result.stderr


def test_sheet_alone_shows_what_it_can_do(call):
    result = call("sheet")
    assert {"make", "read"} <= set((result.stdout + result.stderr).split())


def test_a_model_learns_a_photographed_handwriting(call, photo, tmp_path):
    path = tmp_path / "mine.safetensors"
    result = adapt(call, photo, "-o", path, "--json")
    assert result.exit_code == 0, result.stderr
    record = json.loads(result.stdout)
    assert record["digits"] == [5] * 10
    assert record["writer"]["images"] == 50
    assert record["others"]["data"] == "digits test"
    assert "part 5/5: of 10 digits it read" in result.stderr
    metadata = inkling.load(path).metadata["adaptations"][0]
    assert metadata["share"] == record["share"]
    assert len(metadata["from"]) == 64
    assert metadata["learnt"][0]["data"]["source"] == "page.png"
    assert adapt(call, photo, "-o", path).exit_code == 2


def test_a_model_learns_a_folder_and_says_what_that_is_worth(call, tmp_path):
    digits = load("digits").test
    for digit in range(1, 4):
        (tmp_path / "hand" / str(digit)).mkdir(parents=True)
        for i in range(3):
            image = Image.fromarray(digits.images[digits.labels == digit][i])
            image.save(tmp_path / "hand" / str(digit) / f"{i}.png")
    path = tmp_path / "mine.safetensors"
    result = adapt(call, tmp_path / "hand", "-o", path)
    assert result.exit_code == 0, result.stderr
    assert "There is no 0, 4, 5, 6, 7, 8, 9 among them" in result.stderr
    writer, others = result.stdout.splitlines()[1:3]
    assert writer.split()[:2] == ["hand", "9"]
    assert others.split()[:3] == ["digits", "test", "360"]
    assert "Each digit of this writer was judged by a model that had not seen it." in result.stdout
    assert "On digits test it is " in result.stdout
    assert (
        f"learnt from all 9 digits, and went {100 * _share(path):.0f} % of the way from tiny: {path}" in result.stdout
    )


def _share(path):
    return inkling.load(path).metadata["adaptations"][0]["share"]


def test_handwriting_without_labels(call, tmp_path):
    np.savez(tmp_path / "hand.npz", images=np.zeros((5, 28, 28), np.uint8))
    result = adapt(call, tmp_path / "hand.npz", "-o", tmp_path / "mine.safetensors")
    assert result.exit_code == 3
    assert "no labels: put the pictures into folders named after the digit" in result.stderr
