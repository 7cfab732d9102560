"""The row network reads strips of any width, and what two readers propose is judged by both."""

from dataclasses import replace

import numpy as np
import pytest

from inkling.errors import DataError, UsageError
from inkling.ink import Component, Row, open_picture
from inkling.nn import BatchNorm2d, Conv2d, MaxPool2d, Network, ReLU
from inkling.reading.page import read_page
from inkling.reading.path import candidates
from inkling.reading.piece_alignment import PieceAligner
from inkling.reading.plausibility import Plausible
from inkling.reading.reader import limited
from inkling.reading.result import Digit
from inkling.reading.rows.model import BORDER, COLUMNS, RowModel, row_models
from inkling.reading.rows.reread import BEAM, SeenRow, hypotheses, nearest_pieces, see_row, with_alternatives
from inkling.reading.rows.rescoring import TEMPERATURE, Hypothesis, probabilities, rescored
from reading.test_path import HEIGHT, piece


def network(end=12, width=96):
    layers = [Conv2d(4, 5, stride=2, padding=2), BatchNorm2d(), ReLU(), Conv2d(4, 3, padding=1), MaxPool2d(2)]
    layers += [Conv2d(4, 3), Conv2d(4, 3), Conv2d(4, 3), Conv2d(6, 2), Conv2d(end, 1)]
    return Network(*layers, input_shape=(32, width + 2 * BORDER, 1))


@pytest.fixture(scope="module")
def model():
    made = network()
    return RowModel(made, made.init(np.random.default_rng(0)), {"recipe": {"name": "rows"}})


@pytest.fixture(scope="module")
def strip():
    return np.random.default_rng(1).integers(0, 256, (32, 1301), np.uint8)


def test_a_wide_strip_is_answered_as_its_parts_are(model, strip):
    """Columns that are far from the ends of a part see the same pixels."""
    (whole,) = model.log_probabilities(strip[np.newaxis])
    assert whole.shape == (-(-strip.shape[1] // COLUMNS), 12)
    assert np.exp(whole).sum(axis=1) == pytest.approx(np.ones(len(whole)))
    (around_a_joint,) = model.log_probabilities(strip[np.newaxis, :, 448:576])
    far = slice(8, -8)
    assert whole[112:144][far] == pytest.approx(around_a_joint[far], abs=1e-4)


def test_the_file_has_a_byte_per_weight(model, strip, tmp_path):
    model.save(tmp_path / "rows.safetensors")
    loaded = RowModel.load(tmp_path / "rows.safetensors")
    assert loaded.metadata["recipe"] == {"name": "rows"}
    assert not any(isinstance(layer, BatchNorm2d) for layer in loaded.network.layers)
    assert loaded.log_probabilities(strip[np.newaxis]) == pytest.approx(
        model.log_probabilities(strip[np.newaxis]), abs=0.5
    )
    (tmp_path / "rows.safetensors").write_bytes(b"no model")
    with pytest.raises(DataError, match=r"rows\.safetensors"):
        RowModel.load(tmp_path / "rows.safetensors")


def test_other_networks_are_refused():
    with pytest.raises(UsageError, match=r"ends in \(1, T, 12\)"):
        RowModel(network(end=11), network(end=11).init(np.random.default_rng(0)), {})


def shown(text, certainty=0.9, columns=40):
    """Log-probabilities of columns that show a text, a symbol every four columns."""
    answers = np.full((columns, 12), (1 - certainty) / 11)
    answers[:, 11] = certainty
    for number, symbol in enumerate(text):
        answers[4 * number + 2] = (1 - certainty) / 11
        answers[4 * number + 2, "0123456789?".index(symbol)] = certainty
    return np.log(answers)


def aligner(*probable):
    """Pieces side by side, each of which is probably the digit that is given."""
    pieces = [piece(number + 1, 60 * number, 20) for number in range(len(probable))]
    choices = candidates(pieces, HEIGHT)
    known = np.full((len(choices), 11), 0.01)
    for number, each in enumerate(choices):
        if len(each.pieces) == 1:
            known[number, int(probable[each.first])] = 0.9
    return PieceAligner(pieces, HEIGHT, choices, known)


def best_of(*arguments):
    answers, *others = arguments
    return sorted(rescored([answers], *others), key=lambda each: -each.score)


def test_both_judge_what_either_proposes():
    """The network is torn between 4 and 9, the pieces are sure; and the other way round."""
    torn = shown("44")
    torn[2, [4, 9]] = np.log([0.46, 0.46])
    assert best_of(torn, aligner("9", "4"), ["44", "94"])[0].text == "94"
    assert best_of(torn, aligner("4", "4"), ["44", "94"])[0].text == "44"
    sure = best_of(shown("44", 0.999), aligner("4", "4"), ["44", "47", "4"])
    assert [each.text for each in sure] == ["44", "47", "4"]


def test_a_text_that_the_pieces_cannot_spell_needs_a_sure_network():
    judged = best_of(shown("444", 0.99), aligner("4", "4"), ["444", "44"])
    assert {each.text: each.alignment is None for each in judged} == {"444": True, "44": False}
    assert judged[0].text == "44"


def seen(text, certainty=0.9):
    return SeenRow(Row(0.0, 100.0, 20.0, 0.0, 40.0), (shown(text, certainty),))


def judged(row, pieces, own, digits=None, plausible=None):
    return hypotheses(row, pieces, [own], digits, plausible)


def test_the_number_of_digits_and_what_is_plausible_choose_among_texts():
    pieces = aligner("1", "4", "7")
    assert judged(seen("147"), pieces, "147")[0].text == "147"
    assert {len(each.text) for each in judged(seen("147"), pieces, "17", digits=2)} == {2}
    asked = judged(seen("147", 0.999), pieces, "147", digits=4)
    assert asked[0].text == "147", "a digit that is not there is not made up"
    row = seen("147")
    row.answers[0][2, [1, 7]] = np.log([0.6, 0.3])
    torn = aligner("7", "4", "7")
    free, limited = (judged(row, torn, "747", plausible=known) for known in (None, Plausible(maximum=500)))
    assert (free[0].text, limited[0].text) == ("747", "147")
    assert probabilities(limited)[0] < 0.99, "the one that is not allowed keeps a share"
    never = judged(seen("147", 0.999), pieces, "147", plausible=Plausible(r"\d{5}"))
    assert never[0].text == "147", "what cannot be is not made of what is clearly written"
    assert len(judged(seen("147"), pieces, "147")) <= BEAM + 1


def test_a_digit_alone_is_chosen_among_those_that_it_can_be():
    known = np.full(10, 0.01, np.float32)
    known[[1, 7]] = 0.31, 0.61
    digit = Digit(7, (0, 0, 1, 1), known, 0.1, True, np.zeros((28, 28), np.uint8))
    low = limited(digit, Plausible(maximum=3))
    assert (low.digit, low.not_a_digit > 0.1) == (1, True)
    assert low.probabilities.sum() == pytest.approx(1)
    assert low.probabilities[1] > 0.85
    for other in (None, Plausible(minimum=5), Plausible(r"\d{2}")):
        assert limited(digit, other).digit == 7
    clear = replace(digit, probabilities=np.eye(10, dtype=np.float32)[7])
    assert limited(clear, Plausible(maximum=3)).digit == 7, "what cannot be is not made of what is clearly written"


def test_alternatives_share_the_probability():
    found = [Hypothesis(text, None, TEMPERATURE * np.log(odds)) for text, odds in (("14", 4), ("17", 2), ("4", 1))]
    assert probabilities(found) == pytest.approx(np.array([4, 2, 1]) / 7, rel=0.003)
    even = Digit(0, (0, 0, 1, 1), np.full(10, 0.1, np.float32), 0.0, True, np.zeros((28, 28), np.uint8))
    one, four = with_alternatives([even, even], found)
    assert (one.digit, four.digit) == (1, 4)
    assert four.probabilities[[4, 7]] == pytest.approx([5 / 7, 2 / 7], abs=0.02)
    assert one.probabilities[1] == pytest.approx(6 / 7 + 0.1 / 7, abs=2e-3)
    other, _ = with_alternatives([even, replace(even)], [Hypothesis("?4", None, 0.0)])
    assert other.text == "?"
    assert other.not_a_digit > 0.99
    letter = replace(even, not_a_digit=0.97)
    torn, _ = with_alternatives(
        [letter, even], [Hypothesis("14", None, 0.0), Hypothesis("?4", None, TEMPERATURE * np.log(3))]
    )
    assert torn.not_a_digit == pytest.approx(0.75, abs=0.01), "what the others say of the ink stays known"


def test_ink_of_two_symbols_or_none_goes_to_the_nearest():
    pieces = [piece(1, 0, 20), piece(2, 60, 20), piece(3, 90, 20)]
    owned = nearest_pieces(pieces, [10.0, 35.0, 80.0], slant=0.0, middle=0.0)
    assert [[each.label for each in own] for own in owned] == [[1], [], [2, 3]]


def test_a_row_that_is_too_wide_is_not_seen_whole(model):
    page = read_page(open_picture(np.full((60, 60), 255, np.uint8)))
    far = [Component(n + 1, slice(10, 22), slice(left, left + 8), 100, 1.0) for n, left in enumerate((0, 5_000))]
    assert see_row(page, far, [model]) is None


def test_the_row_networks_that_come_along_are_read_once():
    assert len(row_models()) == 2
    assert row_models() is row_models()


def test_what_two_networks_see_is_averaged():
    """One is sure of a 4, the other prefers a 9 a little; alone, each has its way."""
    sure, torn = shown("44", 0.99), shown("94", 0.5)
    pieces = aligner("4", "4")
    alone = [rescored([each], pieces, ["44", "94"]) for each in (sure, torn)]
    together = rescored([sure, torn], pieces, ["44", "94"])
    for place, each in enumerate(together):
        assert each.score == pytest.approx((alone[0][place].score + alone[1][place].score) / 2)
    assert max(together, key=lambda each: each.score).text == "44"


def test_both_networks_propose_texts():
    row = SeenRow(Row(0.0, 100.0, 20.0, 0.0, 40.0), (shown("44"), shown("17")))
    found = {each.text for each in judged(row, aligner("4", "4"), "44")}
    assert {"44", "17"} <= found
