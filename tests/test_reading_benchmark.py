"""benchmarks/reading/handwriting.py: its shares, on readings and folders made here, are those counted by hand."""

import csv
import importlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inkling.reading import Digit, Reading
from needs import needs_benchmarks
from on_paper import written
from scripts import run_script

pytestmark = needs_benchmarks("the benchmark of handwriting counts what is right and refused")
words = st.text("0123?", max_size=5)


@pytest.fixture(scope="module")
def metrics():
    return importlib.import_module("benchmarks.reading.handwriting_metrics")


def reading(*digits):
    """Of digits, each with its confidence, accepted from 0.5 on."""
    found = []
    for digit, confidence in digits:
        sure = np.eye(10, dtype=np.float32)[digit]
        image = np.zeros((28, 28), np.uint8)
        found.append(Digit(digit, (0, 0, 1, 1), sure, 1 - confidence, confidence >= 0.5, image))
    return Reading("x.png", (tuple(found),) if found else (), (9, 9))


def test_singles(metrics):
    readings = [("3", [(3, 0.99)]), ("3", [(3, 0.3)]), ("4", [(9, 0.8)]), ("5", [])]
    answers = [metrics.Answer.of(label, reading(*digits)) for label, digits in readings]
    assert metrics.single_metrics(answers) == {"right": 0.5, "refused": 0.5, "right_of_accepted": 0.5}
    assert metrics.single_metrics(answers[3:])["right_of_accepted"] is None


def test_numbers(metrics):
    readings = [
        ("12", [(1, 0.95), (2, 0.95)]),
        ("120", [(1, 0.95), (2, 0.95)]),  # wrong, and believed
        ("120", [(1, 0.95), (2, 0.6), (2, 0.95), (0, 0.95)]),  # wrong, and not quite sure
        ("1234", [(1, 0.95), (2, 0.4), (3, 0.95), (4, 0.95)]),
        ("7", []),
    ]
    answers = [metrics.Answer.of(label, reading(*digits)) for label, digits in readings]
    assert metrics.number_metrics(answers) == {
        "exactly_right": 0.2,
        "digit_error_rate": (0 + 1 + 1 + 1 + 1) / (2 + 3 + 3 + 4 + 1),
        "refused": 0.4,
        "confident": 0.4,
        "right_of_confident": 0.5,
    }


def test_non_digits(metrics):
    as_single = [metrics.Answer.of("", reading(*digits)) for digits in ([(1, 0.2)], [(4, 0.9)], [])]
    as_number = [metrics.Answer.of("", reading(*digits)) for digits in ([(1, 0.9), (2, 0.1)], [(1, 0.2)], [])]
    found = metrics.non_digit_metrics(as_single, as_number)
    assert found == {"refused": 2 / 3, "digits_in_text_unless_single": 1 / 3}


def test_a_higher_min_confidence_refuses_more(metrics):
    readings = [("3", [(3, 0.99)]), ("3", [(3, 0.4)]), ("4", [(9, 0.6)]), ("5", [])]
    points = metrics.by_min_confidence([metrics.Answer.of(label, reading(*digits)) for label, digits in readings])
    at = {point["min_confidence"]: (point["refused"], point["right_of_accepted"]) for point in points}
    assert list(at) == [*(k / 20 for k in range(20)), 0.99]
    assert at[0.0] == (0.25, 2 / 3), "where nothing was found, every min_confidence refuses"
    assert (at[0.5], at[0.95]) == ((0.5, 0.5), (0.75, 1.0))


def test_of_no_digit_nothing_can_be_right(metrics):
    points = metrics.by_min_confidence(
        [metrics.Answer.of("", reading((4, 0.9))), metrics.Answer.of("", reading((1, 0.2)))]
    )
    assert {tuple(point) for point in points} == {("min_confidence", "refused")}
    assert [point["refused"] for point in points if point["min_confidence"] in (0.0, 0.5, 0.95)] == [0, 0.5, 1]


def test_at_the_default_min_confidence_the_curve_agrees_with_the_readings(metrics):
    rng = np.random.default_rng(0)
    readings = [(str(rng.integers(2)), [(int(rng.integers(2)), round(float(rng.random()), 2))]) for _ in range(50)]
    answers = [metrics.Answer.of(label, reading(*digits)) for label, digits in readings]
    point = next(each for each in metrics.by_min_confidence(answers) if each["min_confidence"] == 0.5)
    figures = metrics.single_metrics(answers)
    assert point["refused"] == pytest.approx(figures["refused"])
    assert point["right_of_accepted"] == pytest.approx(figures["right_of_accepted"])


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("", "", 0),
        ("123", "123", 0),
        ("", "123", 3),
        ("13", "123", 1),
        ("1?3", "123", 1),
        ("2123", "123", 1),
        ("321", "123", 2),
    ],
)
def test_edit_distance(metrics, one, other, errors):
    assert metrics.edit_distance(one, other) == metrics.edit_distance(other, one) == errors


@given(one=words, other=words)
def test_edit_distance_is_the_least_over_all_ways_to_align(metrics, one, other):
    def least(a, b):
        if not a or not b:
            return len(a) + len(b)
        return min(least(a[1:], b[1:]) + (a[0] != b[0]), least(a[1:], b) + 1, least(a, b[1:]) + 1)

    assert metrics.edit_distance(one, other) == least(one, other)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two sets of one kind, one of another, and blank paper."""
    folder = tmp_path_factory.mktemp("handwriting")
    blank = Image.fromarray(np.full((60, 60), 230, np.uint8))
    store(folder / "single" / "neat", {str(digit): written(str(digit)) for digit in (2, 7)})
    store(folder / "numbers" / "neat", {"27": written("27"), "3456": written("3456")})
    store(folder / "not_a_digit", {"": blank}, column="content")
    return folder


def store(place, pictures, column="label"):
    (place / "img").mkdir(parents=True)
    with (place / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", column, "source", "note"])
        for number, (label, picture) in enumerate(pictures.items()):
            picture.save(place / "img" / f"secret{number}.png")
            table.writerow([f"img/secret{number}.png", label, "our own", ""])


def run(*arguments):
    return run_script("benchmarks.reading.handwriting", *arguments)


def test_each_set_has_a_row_of_shares_and_no_picture_is_named(folder, tmp_path):
    target, picture = tmp_path / "reading.json", tmp_path / "curve.png"
    done = run("--folder", folder, "--json", target, "--picture", picture)
    assert done.returncode == 0, done.stderr
    assert "secret" not in done.stdout + target.read_text()
    assert str(folder) not in target.read_text()
    rows = {row["work"]: row for row in json.loads(target.read_text())["rows"]}
    assert list(rows) == ["single/neat", "numbers/neat", "not_a_digit", "UCI digits of 8×8 pixels"]
    assert (rows["single/neat"]["right"], rows["single/neat"]["pictures"]) == (1, 2)
    assert (rows["numbers/neat"]["exactly_right"], rows["numbers/neat"]["digit_error_rate"]) == (1, 0)
    assert (rows["not_a_digit"]["refused"], rows["not_a_digit"]["goals"]) == (1, {"refused": 0.93})
    assert "not_a_digit, 1 pictures: refused 100.0 % (goal ≥ 93 %, met)" in done.stdout
    assert rows["UCI digits of 8×8 pixels"]["right"] > 0.9
    with Image.open(picture) as drawn:
        assert drawn.size == (1600, 640)


def test_a_folder_without_sets(tmp_path):
    done = run("--folder", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        f"handwriting.py: {tmp_path}: single, numbers, not_a_digit with pictures and labels.csv were expected, "
        "but none is there\n"
    )


def test_no_folder(monkeypatch):
    monkeypatch.delenv("INKLING_HANDWRITING", raising=False)
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("handwriting.py: INKLING_HANDWRITING is not set")
