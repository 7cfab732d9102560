"""Error against coverage: by hand, with ties, and laws that hold for any answers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.errors import UsageError
from inkling.evaluation import CoverageCurve, CoveragePoint, Evaluation


def curve(*answers: tuple[float, bool]) -> CoverageCurve:
    """The curve of (confidence, right) pairs."""
    confidences, right = (np.array(column) for column in zip(*answers, strict=True))
    return CoverageCurve.of(confidences, right)


FIVE = curve((0.6, False), (0.9, True), (0.5, True), (0.9, False), (0.95, True))
some_answers = st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.75, 0.9, 0.99, 1.0]), st.booleans()), min_size=1)


def test_by_hand() -> None:
    assert FIVE.thresholds.tolist() == [0.95, 0.9, 0.6, 0.5]
    assert FIVE.answered.tolist() == [1, 3, 4, 5]
    assert FIVE.wrong.tolist() == [0, 1, 2, 2]
    assert FIVE.coverage.tolist() == [0.2, 0.6, 0.8, 1.0]
    assert FIVE.error.tolist() == [0, 1 / 3, 1 / 2, 2 / 5]
    assert FIVE.area == pytest.approx((0 + 1 / 3 + 1 / 3 + 1 / 2 + 2 / 5) / 5)


@pytest.mark.parametrize(
    ("coverage", "k"), [(1e-9, 0), (0.2, 0), (0.21, 1), (0.4, 1), (0.6, 1), (0.8, 2), (0.81, 3), (1, 3)]
)
def test_a_coverage_is_reached_by_whole_ties(coverage: float, k: int) -> None:
    """0.9 occurs twice: 40 % cannot be answered, so that 60 % are."""
    point = FIVE.at(coverage)
    assert point.threshold == FIVE.thresholds[k]
    assert point == CoveragePoint(
        *(each[k].item() for each in (FIVE.thresholds, FIVE.answered, FIVE.wrong, FIVE.coverage, FIVE.error))
    )


@pytest.mark.parametrize("images", [100, 1000, 10_000, 10_007, 60_000])
def test_99_percent_is_not_missed_by_rounding(images: int) -> None:
    even = CoverageCurve.of(np.arange(images) / images, np.ones(images, bool))
    assert even.at(0.99).answered == math.ceil(99 * images / 100 - 1e-9) == -(-99 * images // 100)


@pytest.mark.parametrize("wrong", [0, -0.5, 1.01, 99, math.nan])
def test_what_is_no_coverage_is_refused(wrong: float) -> None:
    with pytest.raises(UsageError, match="a share of the images above 0, at most 1, not"):
        FIVE.at(wrong)


@given(some_answers, st.floats(0.001, 1))
def test_laws(answers: list[tuple[float, bool]], share: float) -> None:
    found, errors = curve(*answers), sum(not right for _, right in answers)
    assert (np.diff(found.thresholds) < 0).all()
    assert (np.diff(found.coverage) > 0).all()
    assert (np.diff(found.wrong) >= 0).all()
    assert found.error[-1] == errors / len(answers)
    assert found.coverage[-1] == 1
    assert 0 <= found.area <= 1
    point = found.at(share)
    assert point.coverage >= share - 1e-9
    assert point.answered == sum(confidence >= point.threshold for confidence, _ in answers)
    assert point.wrong == sum(confidence >= point.threshold and not right for confidence, right in answers)
    shuffled = curve(*reversed(answers))
    np.testing.assert_array_equal(shuffled.error, found.error)


@given(st.integers(1, 60), st.integers(0, 60))
def test_a_perfect_ranking_errs_only_where_it_must(right: int, wrong: int) -> None:
    """All mistakes are the least sure: as long as a right answer is left, none is made."""
    images = right + wrong
    found = CoverageCurve.of(np.arange(images) / images, np.arange(images) >= wrong)
    assert found.at(right / images).error == 0
    np.testing.assert_allclose(found.error, np.maximum(0, found.answered - right) / found.answered)
    worst = CoverageCurve.of(-np.arange(images) / images, np.arange(images) >= wrong)
    assert found.area < worst.area if wrong else found.area == worst.area == 0


def test_confidence_that_says_nothing_has_the_error_rate_as_area() -> None:
    """All ties: there is one point, and no order to pretend."""
    flat = curve(*[(0.5, True)] * 7, *[(0.5, False)] * 3)
    assert (flat.answered.tolist(), flat.area) == ([10], pytest.approx(0.3))


def test_an_evaluation_has_the_curve_of_its_answers(evaluation: Evaluation) -> None:
    found = evaluation.coverage_curve
    sure, whole = found.at(0.9), found.at(1)
    answered = evaluation.confidences >= sure.threshold
    assert answered.sum() == sure.answered == 270
    assert sure.error == pytest.approx((~evaluation.correct[answered]).mean())
    assert whole.error == pytest.approx(1 - evaluation.accuracy)
    assert sure.error < whole.error
    record = evaluation.to_dict()
    assert record["at_99_percent_coverage"] == found.at(0.99)._asdict()
    assert record["area_under_coverage_curve"] == found.area
