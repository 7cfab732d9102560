"""`Plausible`: which numbers are allowed and which beginnings lead to one, against Python's `re` and integers."""

import pickle
import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkling.errors import UsageError
from inkling.reading import Plausible

TEXTS = ["".join(digits) for length in range(5) for digits in product("0159", repeat=length)]

atoms = st.sampled_from(["0", "1", "9", r"\d", ".", "[15]", "[^0]", "[0-59]", r"[\d]"])
repeated = st.sampled_from(["?", "*", "+", "{2}", "{1,}", "{0,2}", "{2,3}"])
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, repeated).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=6,
)
limits = st.one_of(st.none(), st.sampled_from([0, 1, 5, 9, 10, 15, 99, 100, 150, 999, 1059, 9999, 12345]))


@settings(max_examples=80)
@given(patterns, limits, limits)
def test_what_is_allowed_is_what_re_and_integers_say(pattern, minimum, maximum):
    def is_right(text):
        fits = re.fullmatch(pattern, text) is not None
        low = minimum is None or (text != "" and int(text) >= minimum)
        return fits and low and (maximum is None or (text != "" and int(text) <= maximum))

    allowed = {text for text in TEXTS if is_right(text)}
    try:
        plausible = Plausible(pattern, minimum, maximum)
    except UsageError:  # no number is allowed
        assert allowed == set()
        return
    assert {text for text in TEXTS if plausible.allows(text)} == allowed
    alive = {text for text in TEXTS if plausible.allows_prefix(text)}
    assert alive >= {text[:length] for text in allowed for length in range(len(text) + 1)}
    for text in alive:  # A beginning that is alive is allowed, or a digit more is alive.
        assert plausible.allows(text) or any(plausible.allows_prefix(text + digit) for digit in "0123456789")


@pytest.mark.parametrize(
    ("limits", "alive", "dead"),
    [
        ({"pattern": r"\d{8}"}, ["", "1", "12345678"], ["123456789"]),
        ({"pattern": "20[12]\\d"}, ["2", "20", "202"], ["1", "21", "203"]),
        ({"maximum": 120}, ["1", "12", "0012", "00120"], ["121", "1200", "00121"]),
        ({"minimum": 500, "pattern": r"\d{3}"}, ["5", "9", "50"], ["4", "49", "0"]),
        ({"previous": "99998", "max_step": 50}, ["9", "99999", "0", "0004"], ["99997", "5", "0005", "1000"]),
    ],
)
def test_beginnings_are_decided_by_what_can_follow(limits, alive, dead):
    plausible = Plausible(**limits)
    assert [prefix for prefix in alive if not plausible.allows_prefix(prefix)] == []
    assert [prefix for prefix in dead if plausible.allows_prefix(prefix)] == []


@pytest.mark.parametrize("digits", [3, 5])
@pytest.mark.parametrize("max_step", [0, 7, 50])
def test_a_meter_goes_on_at_zero(digits, max_step):
    """Against a count that starts at each place near both ends."""
    end = 10**digits
    for previous in (*range(12), *range(end - 12, end)):
        plausible = Plausible(previous=f"{previous:0{digits}}", max_step=max_step)
        shown = {f"{(previous + step) % end:0{digits}}" for step in range(max_step + 1)}
        others = {f"{(previous + step) % end:0{digits}}" for step in (-2, -1, max_step + 1, max_step + 2)}
        assert all(map(plausible.allows, shown))
        assert not any(map(plausible.allows, others - shown))


def test_a_meter_that_has_not_turned():
    assert Plausible(previous=345, max_step=20).allows("00350")
    assert not Plausible(previous=345, max_step=20).allows("00344")
    assert Plausible(previous=345).allows("99999")
    assert not Plausible(previous=99998, max_step=50).allows("0000003"), "the meter has five digits"
    assert not Plausible(previous=5, max_step=50).allows("2"), "it would have turned within a step"


@pytest.mark.parametrize("max_step", [None, 500, 999999])
def test_a_previous_text_tells_how_many_digits_the_meter_has(max_step):
    plausible = Plausible(previous="00042", max_step=max_step)
    assert [text for text in ("00043", "43", "130042", "000043", "00041") if plausible.allows(text)] == (
        ["00043", "00041"] if max_step == 999999 else ["00043"]
    )
    assert not plausible.allows_prefix("000043")
    assert plausible.complaint("130042") == "has not as many digits as the previous number 00042"
    assert Plausible(previous=42).allows("130042"), "a number does not tell"


@pytest.mark.parametrize("previous", ["00", "07", "99"])
@pytest.mark.parametrize("max_step", [99, 100, 101, 150, 5000])
def test_a_meter_that_may_have_turned_once_shows_any_number(previous, max_step):
    plausible = Plausible(previous=previous, max_step=max_step)
    assert all(plausible.allows(f"{number:02}") for number in range(100))
    assert not any(map(plausible.allows, ["", "0", "9", "000", "100"]))
    assert Plausible(maximum=50, previous=previous, max_step=max_step).complaint("51") == "is above the maximum 50"


def test_what_is_no_number_is_told_first():
    assert Plausible().complaint("abc") == "is no text of digits"
    assert Plausible(r"\d{4}", 5).complaint("1 2?") == "is no text of digits"
    assert Plausible().complaint("1?") is None


def test_limits_apply_together():
    plausible = Plausible(r"\d{5}", 100, 99990, previous="99970", max_step=200)
    assert [text for text in ("99980", "99995", "00099", "00150", "00171") if plausible.allows(text)] == [
        "99980",
        "00150",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("0123", None),
        ("012", r"does not match the pattern \d{4}"),
        ("0?2", r"does not match the pattern \d{4}"),
        ("0?20", None),
        ("0009", "is below the minimum 10"),
        ("0901", "is above the maximum 900"),
        ("?901", "is above the maximum 900"),
        ("0050", "is below the previous number 100, or more than 700 above it"),
        ("????", None),
    ],
)
def test_a_complaint_says_what_does_not_fit(text, complaint):
    plausible = Plausible(r"\d{4}", 10, 900, 100, 700)
    assert plausible.complaint(text) == complaint
    assert plausible.allows_some(text) == (complaint is None)


def test_limits_that_fit_alone_and_not_together():
    assert (
        Plausible("1?0|55", 20, 90).complaint("?0")
        == "is not allowed by pattern 1?0|55, minimum 20, maximum 90 together"
    )


def test_without_limits_every_text_of_digits_is_allowed_and_nothing_else():
    plausible = Plausible()
    assert all(map(plausible.allows, ["", "0", "0123456789" * 30]))
    assert not any(map(plausible.allows, ["a", "1 ", "١", "1?", "\n"]))
    assert plausible.allows_prefix("12")
    assert not plausible.allows_prefix("1?")


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"pattern": "1a"}, "the pattern 1a has 'a' in it (character 2): digits, "),
        ({"pattern": r"\w"}, r"has '\\w' in it (character 1)"),
        ({"pattern": "(1"}, "lacks a ) (character 3)"),
        ({"pattern": "1)"}, "has a ) without a ( (character 2)"),
        ({"pattern": "[1"}, "lacks a ]"),
        ({"pattern": "[]"}, "has a class without a digit"),
        ({"pattern": "[x]"}, "has 'x' in a class"),
        ({"pattern": "[5-2]"}, "has the range 5-2, which is empty"),
        ({"pattern": "1{x}"}, "lacks a number or a } behind its {"),
        ({"pattern": "1{3,2}"}, "has {3,2}, which is empty"),
        ({"pattern": "1{101}"}, "repeats more than 100 times"),
        ({"pattern": "1+?"}, "has '?' behind a repetition"),
        ({"pattern": "1$2"}, "goes on after its end $"),
        ({"pattern": "*1"}, "has '*' in it"),
        ({"pattern": "(1{60}){60}"}, "is too large: with its repetitions it comes to 3,"),
        ({"pattern": "1" * 1001}, "a pattern has at most 1,000 characters, not 1,001"),
        ({"pattern": "(" * 51 + "1" + ")" * 51}, "has more than 50 groups inside one another"),
        ({"pattern": 8}, r"pattern is a text such as '\d{8}', not 8"),
        ({"minimum": -1}, "minimum is a whole number of at least 0, not -1"),
        ({"maximum": 1.5}, "maximum is a whole number of at least 0, not 1.5"),
        ({"maximum": True}, "maximum is a whole number of at least 0, not True"),
        ({"maximum": 10**20}, "maximum has at most 20 digits"),
        ({"previous": "12a"}, "previous is what the meter showed, 1 to 20 digits, not '12a'"),
        ({"previous": ""}, "previous is what the meter showed"),
        ({"max_step": 5}, "max_step is the most that a meter has moved since previous: give previous, too"),
        ({"minimum": 5, "maximum": 4}, "no number is allowed by minimum 5, maximum 4: change one of them"),
        ({"pattern": r"\d{2}", "minimum": 100}, r"no number is allowed by pattern \d{2}, minimum 100"),
    ],
)
def test_a_mistake_is_one_sentence(limits, sentence):
    with pytest.raises(UsageError) as caught:
        Plausible(**limits)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("pattern", ["^12?$", "12?", "^12?", "(?:1|12)", "[1]2{,1}", "1(|2)"])
def test_ways_to_write_the_same(pattern):
    assert [text for text in ("", "1", "12", "122", "2") if Plausible(pattern).allows(text)] == ["1", "12"]


def test_every_pattern_comes_to_an_end():
    """`re` would not come to an end with the first of these."""
    assert not Plausible(r"(\d+)+0").allows("1" * 2000)
    assert Plausible(r"(\d?){39}", 10**10, previous="9" * 20, max_step=10**19).allows("00" + "5" * 18)
    with pytest.raises(UsageError, match="no number is allowed"):
        Plausible("([0-8]?){39}", 99 * 10**18, 10**20 - 1)
    assert Plausible(r"(1|\d)*1\d{20}").allows_prefix("2" * 200)


def test_it_can_be_sent_to_another_process():
    plausible = Plausible(r"\d{3}", maximum=500)
    assert plausible.allows("123")
    copy = pickle.loads(pickle.dumps(plausible))
    assert copy == plausible
    assert copy.allows("500")
    assert not copy.allows("501")


def test_a_copy_for_another_process_has_the_arguments_alone():
    """The automaton, which grows with the texts that it was asked for, is made anew there."""
    meter = Plausible(r"\d{5}", previous="00042", max_step=50)
    before = pickle.dumps(meter)
    assert all(meter.allows_prefix(f"{number:05}"[:digits]) is not None for number in range(200) for digits in range(6))
    assert pickle.dumps(meter) == before
    assert pickle.loads(before) == meter
    assert pickle.loads(before).allows("00092")
