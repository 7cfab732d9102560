"""`read`: its options, refusals, warnings and records."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageDraw

import inkling
from drawn import glyph, glyphs, levels, on_paper, side_by_side
from encoded import encoded
from inkling.errors import DataError, UsageError
from inkling.ink import open_picture
from inkling.model import Model
from inkling.nn import Flatten, Linear, Network
from inkling.reading import CONFIDENCE, IN_A_LINE, UNREAD, Reading, read

RECORD = {"file", "text", "confidence", "digits", "marks", "warnings"}
DIGIT = {"text", "digit", "box", "confidence", "accepted", "not_a_digit", "probabilities", "warnings"}


def number(rows: np.ndarray, gap: float = 10) -> np.ndarray:
    return np.uint8(levels(side_by_side([glyph(int(row)) for row in rows], [gap] * (len(rows) - 1))[0]))


def stacked(rows: np.ndarray, *counts: int) -> np.ndarray:
    """A page whose rows are the first so many of these digits."""
    lines = [number(rows[:count]) for count in counts]
    width = max(line.shape[1] for line in lines)
    return np.concatenate([np.pad(line, ((0, 0), (0, width - line.shape[1])), constant_values=255) for line in lines])


@pytest.fixture(scope="module")
def rows(legible: np.ndarray) -> np.ndarray:
    """Five digits."""
    return legible[[0, 40, 80, 120, 160]]


@pytest.fixture(scope="module")
def text(rows: np.ndarray) -> str:
    return "".join(str(glyphs()[1][row]) for row in rows)


def test_single_takes_all_ink_for_one_digit():
    """Measured over 120 embedded digits by other writers: 98 % right."""
    labels, right = glyphs()[1], 0
    for row in range(0, 360, 3):
        reading = read(np.uint8(levels(np.pad(glyph(row, 60), 30))), single=True, min_confidence=0)
        right += reading.text == str(labels[row])
        assert len(reading.digits) == 1
    assert right >= 0.93 * 120


def test_single_is_one_digit_also_where_there_are_several_components(rows):
    assert len(read(number(rows), single=True).digits) == 1


def test_a_broken_digit_is_one(legible):
    """A pen that lifted: the upper and the lower part, two pixels apart."""
    for row in legible[:10]:
        ink = np.pad(glyph(int(row)), 20)
        broken = np.concatenate([ink[:44], np.zeros((2, ink.shape[1])), ink[44:]])
        assert len(read(np.uint8(levels(broken))).digits) == 1


@pytest.mark.parametrize("digits", [1, 3, 5, 8])
def test_as_many_digits_as_were_announced_or_as_near_as_it_gets(rows, text, digits):
    reading = read(number(rows), digits=digits)
    assert 0 < len(reading.digits) <= max(5, digits)
    if digits == 5:
        assert reading.text == text


def test_a_count_that_is_not_met_gives_a_warning(rows):
    """Question marks count: the text is as long as the warning says."""
    lengths = {}
    for digits in (*range(1, 8), 40):
        reading = read(number(rows), digits=digits)
        lengths[digits] = len(reading.text)
        met = len(reading.text) == digits
        told = [warning for warning in reading.warnings if not warning.startswith("left out: ")]
        assert told == ([] if met else [f"{len(reading.text)} digits, {digits} expected"])
        assert digits < 5 or len(told) == len(reading.warnings)
    assert lengths[1] > 1
    assert lengths[5] == 5
    assert lengths[40] < 40, "there are not so many places to cut"
    one = np.uint8(levels(np.pad(glyph(int(rows[0])), 30)))
    assert read(one, digits=3).warnings == ("1 digit, 3 expected",)
    assert read(one, digits=1, single=True).warnings == ()
    short = read(stacked(rows, 5, 3, 5), lines=True, digits=5)
    assert len(short.lines[1]) < 5
    assert short.warnings == (f"line 2: {len(short.lines[1])} digits, 5 expected",)


@pytest.mark.parametrize("counts", [(5, 3), (2, 1, 3)])
def test_several_lines_are_read_as_lines_of_their_own(rows, text, counts):
    """They were read as one number, from left to right through all lines."""
    page = stacked(rows, *counts)
    reading = read(page)
    assert reading.text.split("\n") == [text[:count] for count in counts]
    assert reading.warnings == (f"{len(counts)} lines, each read by itself",)
    assert read(page, lines=True).warnings == ()


def test_several_digits_that_are_read_as_a_single_one_are_warned_of(rows):
    several = "may be several digits, read as one"
    assert read(number(rows[:2]), single=True).warnings == (several,)
    assert read(stacked(rows, 2, 1), single=True).warnings == (several,)
    assert read(stacked(rows, 1, 1), single=True).warnings == (several,)
    for row in rows:
        assert several not in read(number([row]), single=True).warnings


def test_what_may_be_one_broken_digit_is_not_read_as_lines(rows):
    assert read(stacked(rows, 1, 1)).warnings[0] == "several lines, read as one: --lines reads each"
    assert len(read(stacked(rows, 1, 1)).lines) == 1


def test_ink_that_is_no_digit_at_all_gives_a_warning():
    """A long slanting stroke, cut into dashes."""
    stroke = Image.new("L", (800, 300), 255)
    ImageDraw.Draw(stroke).line((40, 100, 440, 200), 0, 8)
    reading = read(stroke)
    assert (reading.text, reading.warnings) == ("", ("no digits, only dots, commas or dashes", "left out: a stroke"))


def test_the_bar_refuses_and_changes_nothing_else(rows, text):
    picture = number(rows)
    all_read, none_read = read(picture, min_confidence=0), read(picture, min_confidence=1)
    assert all_read.text == text
    assert none_read.text == UNREAD * 5
    assert [digit.digit for digit in none_read.digits] == [digit.digit for digit in all_read.digits]
    bar = np.median([digit.confidence for digit in all_read.digits])
    between = read(picture, min_confidence=bar)
    assert [digit.accepted for digit in between.digits] == [digit.confidence >= bar for digit in all_read.digits]


def test_the_bar_is_lower_in_a_row():
    """The row as a whole has been compared with all else that it may be."""
    assert IN_A_LINE < CONFIDENCE
    accepted = []
    for first in range(6):
        halves = [glyph(row)[:22] for row in range(first, 60, 6)]  # hardly legible
        alone = [read(np.uint8(levels(np.pad(half, 30)))).digits[0] for half in halves[:3]]
        assert all(digit.accepted == (digit.confidence >= CONFIDENCE) for digit in alone)
        row = read(np.uint8(levels(side_by_side(halves, [14] * 9)[0]))).digits
        accepted += [digit.confidence for digit in row if digit.accepted]
        assert all(digit.confidence < IN_A_LINE or digit.not_a_digit > 0.4 for digit in row if not digit.accepted)
    assert IN_A_LINE <= min(accepted) < CONFIDENCE


@pytest.mark.parametrize("level", [0, 200, 255])
@pytest.mark.parametrize("options", [{}, {"single": True}, {"lines": True}, {"digits": 4}], ids=str)
def test_nothing_drawn(level, options):
    reading = read(np.full((60, 90), level, np.uint8), **options)
    assert (reading.text, reading.lines, reading.digits, reading.size) == ("", (), (), (90, 60))
    assert reading.warnings == ("nothing drawn",)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 3), (300, 200)])
def test_noise_alone_is_nothing(size):
    paper = np.uint8(on_paper(np.zeros(size, np.float32), np.random.default_rng(0)))
    assert read(paper).text.strip(UNREAD) == ""
    assert size != (300, 200) or read(paper).warnings == ("nothing drawn",)


def test_warnings_tell_what_is_odd(rows):
    picture = number(rows)
    assert read(picture).warnings == ()
    assert read(255 - picture).warnings == ("light on dark",)
    thin = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(thin).line([(60, 30), (140, 30), (90, 170)], 0, 1)
    assert read(thin).digits[0].warnings == ("very thin strokes",)
    cut = np.uint8(levels(np.pad(glyph(int(rows[0])), 30)))[:, :-40]
    assert read(cut, single=True).digits[0].warnings == ("touches the border",)
    assert all(digit.warnings == () for digit in read(picture).digits)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"single": True, "digits": 2}, "a single digit was announced, and several"),
        ({"single": True, "lines": True}, "a single digit was announced, and several"),
        ({"digits": 0}, "digits is the number of digits per line, at least 1, not 0"),
        ({"digits": -3}, "digits is the number of digits per line, at least 1, not -3"),
        ({"min_confidence": 1.5}, "min_confidence is a probability, 0 to 1, not 1.5"),
        ({"min_confidence": 70}, r"min_confidence is a probability, 0 to 1, not 70: did you mean 0\.7\?"),
        ({"min_confidence": -0.1}, "min_confidence is a probability, 0 to 1, not -0.1"),
        ({"min_confidence": float("nan")}, "min_confidence is a probability, 0 to 1, not nan"),
    ],
)
def test_mistakes_are_found_before_the_picture_is_opened(options, message):
    with pytest.raises(UsageError, match=message):
        read("nowhere.png", **options)


def test_a_picture_that_is_not_there():
    with pytest.raises(DataError, match=r"nowhere\.png: cannot be read"):
        read("nowhere.png")


def test_single_and_one_digit_agree(rows):
    picture = np.uint8(levels(np.pad(glyph(int(rows[0])), 30)))
    assert read(picture, single=True, digits=1).text == read(picture, digits=1).text == read(picture).text


def test_the_record_is_json(rows, text, tmp_path):
    path = tmp_path / "number.png"
    Image.fromarray(number(rows)).save(path)
    record = read(path).to_dict()
    assert json.loads(json.dumps(record)) == record
    assert set(record) == RECORD
    assert (record["file"], record["text"], record["warnings"]) == (str(path), text, [])
    for digit, letter in zip(record["digits"], text, strict=True):
        assert set(digit) == DIGIT
        assert (digit["text"], digit["digit"], digit["accepted"]) == (letter, int(letter), True)
        assert len(digit["probabilities"]) == 10
        assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-3)
        assert np.argmax(digit["probabilities"]) == digit["digit"]
        known = digit["probabilities"][digit["digit"]] * (1 - digit["not_a_digit"])
        assert digit["confidence"] == pytest.approx(known, abs=2e-4)
        assert all(isinstance(value, int) for value in digit["box"])


def test_the_same_picture_however_it_is_handed_over(rows, text, tmp_path):
    picture = number(rows)
    Image.fromarray(picture).save(tmp_path / "x.png")
    ways = [tmp_path / "x.png", str(tmp_path / "x.png"), (tmp_path / "x.png").read_bytes(), Image.fromarray(picture)]
    ways += [picture / 255, np.repeat(picture[..., None], 3, axis=2), open_picture(picture)]
    with (tmp_path / "x.png").open("rb") as stream:
        readings = [read(way) for way in [*ways, stream, picture]]
    assert {reading.text for reading in readings} == {text}
    assert all(_same(reading, readings[0]) for reading in readings)


def _same(one: Reading, other: Reading) -> bool:
    pairs = list(zip(one.digits, other.digits, strict=True))
    return all(a.box == b.box and np.array_equal(a.image, b.image) for a, b in pairs)


def test_no_call_knows_of_the_one_before(rows):
    """Neither options nor pictures leave anything behind, and the caller's array is as it was."""
    picture = number(rows)
    before = picture.copy()
    first = read(picture).to_dict()
    read(255 - picture, digits=2, min_confidence=1)
    read(picture, single=True)
    read(np.full((50, 50), 7, np.uint8), lines=True)
    assert read(picture).to_dict() == first
    assert np.array_equal(picture, before)


def test_another_model_reads(rows):
    """Also one that knows nothing but digits."""
    reading = read(number(rows), model=inkling.load("tiny"))
    assert len(reading.digits) >= 4
    assert all(digit.not_a_digit == 0 for digit in reading.digits)


def test_a_model_may_be_a_name_or_a_path(rows, tmp_path):
    tiny = inkling.load("tiny")
    tiny.save(tmp_path / "model.safetensors")
    expected = read(number(rows), model=tiny).to_dict()
    for model in ("tiny", tmp_path, str(tmp_path / "model.safetensors")):
        assert read(number(rows), model=model).to_dict() == expected
    with pytest.raises(DataError, match="no such file"):
        read(number(rows), model=tmp_path / "none.safetensors")


def test_what_the_network_saw_comes_along(rows):
    for digit in read(number(rows)).digits:
        assert (digit.image.dtype, digit.image.shape, digit.image.max()) == (np.uint8, (28, 28), 255)
        assert (digit.probabilities.shape, digit.probabilities.dtype) == ((10,), np.float32)


def test_threads_read_what_one_reads_after_the_other(rows):
    """Files of several formats and with some noise, so that no two are the same."""
    rng = np.random.default_rng(0)
    page = number(rows).astype(int)
    files = []
    for suffix in ("png", "jpeg", "tiff", "webp") * 3:
        noisy = (page + rng.normal(0, 5, page.shape)).clip(0, 255).astype(np.uint8)
        files.append(encoded(noisy, suffix))
    alone = [read(file).to_dict() for file in files]
    with ThreadPoolExecutor(4) as pool:
        together = [reading.to_dict() for reading in pool.map(read, files)]
    assert together == alone


def test_limits_of_the_picture_can_be_lower(rows):
    page = number(rows)
    with pytest.raises(DataError, match=r"at most 0\.01 megapixels were expected"):
        read(page, megapixels=0.01)
    with pytest.raises(DataError, match=r"at most 0\.001 megabytes were expected"):
        read(encoded(page, "bmp"), megabytes=0.001)


def untrained(input_shape: tuple[int, int, int], classes: int, class_names: tuple[str, ...] = ()) -> Model:
    network = Network(Flatten(), Linear(classes), input_shape=input_shape)
    return Model(network, network.init(np.random.default_rng(0)), class_names=class_names)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            untrained((28, 28, 1), 3, ("A", "B", "C")),
            r"read takes a model of the digits 0 to 9, not of 3 classes \(A, B",
        ),
        (untrained((28, 28, 1), 10, tuple("ABCDEFGHIJ")), "read takes a model of the digits 0 to 9, not of 10 classes"),
        (untrained((16, 16, 1), 10), "read takes a model of digits of 28×28 pixels, not of 16×16$"),
    ],
    ids=["letters", "ten letters", "other size"],
)
def test_a_model_of_anything_but_digits_of_28_by_28_is_refused(rows, model, message):
    with pytest.raises(UsageError, match=message):
        read(number(rows), model=model)
