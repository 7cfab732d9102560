"""McNemar's test: against scipy's binomial test, by hand, and in words."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from inkling.evaluation import McNemar, mcnemar


def split(only_a: int, only_b: int, both: int = 3) -> McNemar:
    """The comparison of two models of which each alone is right on so many images."""
    labels = np.full(only_a + only_b + both, 4)
    a, b = labels.copy(), labels.copy()
    b[:only_a] = 9
    a[only_a : only_a + only_b] = 7
    return mcnemar(labels, a, b)


@settings(max_examples=80)
@given(st.integers(0, 300), st.integers(0, 300))
def test_p_value_against_scipy(only_a: int, only_b: int) -> None:
    result = split(only_a, only_b)
    assert (result.only_a_right, result.only_b_right) == (only_a, only_b)
    if only_a + only_b:
        assert result.p_value == pytest.approx(binomtest(only_a, only_a + only_b).pvalue, rel=1e-9)
    assert split(only_b, only_a).p_value == result.p_value


def test_p_value_by_hand() -> None:
    assert split(0, 0).p_value == 1.0
    assert split(1, 0).p_value == 1.0
    assert split(5, 0).p_value == 2 / 32
    assert split(1, 5).p_value == float(Fraction(2 * (1 + 6), 64))
    assert split(4, 4).p_value == 1.0


def test_many_disagreements_are_still_exact() -> None:
    assert split(5100, 4900).p_value == pytest.approx(binomtest(5100, 10_000).pvalue, rel=1e-9)
    assert split(8000, 0).p_value == 0.0


def test_images_both_get_wrong_do_not_count() -> None:
    labels, a, b = np.array([1, 1, 1]), np.array([2, 2, 1]), np.array([3, 2, 1])
    assert mcnemar(labels, a, b) == McNemar(0, 0, 1.0)


@pytest.mark.parametrize(
    ("only_a", "only_b", "sentence"),
    [
        (0, 0, "A and B are right on exactly the same images, so these cannot tell which is better."),
        (
            1,
            1,
            "A is right on 1 image where B is wrong, B on 1 image where A is wrong: "
            "an even split, which favours neither.",
        ),
        (
            31,
            12,
            "A is right on 31 images where B is wrong, B on 12 images where A is wrong; were both equally "
            "good, a split at least this uneven would come by chance in 0.54 % of such comparisons, "
            "so chance alone is an unlikely explanation.",
        ),
        (
            1,
            5,
            "A is right on 1 image where B is wrong, B on 5 images where A is wrong; were both equally good, "
            "a split at least this uneven would come by chance in 22 % of such comparisons, "
            "so these images do not show that either is better.",
        ),
    ],
)
def test_sentence(only_a: int, only_b: int, sentence: str) -> None:
    assert split(only_a, only_b).sentence() == sentence


def test_sentence_with_names_and_extreme_chances() -> None:
    assert "small is right on 1,200 images where large is wrong" in split(1200, 0).sentence("small", "large")
    assert "in less than 0.01 % of such" in split(1200, 0).sentence()
    assert "in 100 % of such" in split(1, 0).sentence()
    assert "in 3.1 % of such" in split(0, 6).sentence()
