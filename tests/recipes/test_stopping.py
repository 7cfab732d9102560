"""Early stopping, exact on histories made by hand."""

import pytest

from inkling.errors import UsageError
from inkling.recipes import LossVariance, Patience


def stops_after(rule, losses):
    """The epoch after which the rule first says stop, from 1; None where it never does."""
    history = [{"validation_loss": loss} for loss in losses]
    return next((n for n in range(len(losses) + 1) if rule.should_stop(history[:n])), None)


@pytest.mark.parametrize(
    ("losses", "epoch"),
    [
        ([3, 2, 1, 1, 1, 1], 5),  # an equal loss is no new minimum
        ([3, 2, 1, 1.5, 0.9, 1, 1, 1], 7),
        ([1, 2, 3], 3),
        ([5, 4, 3, 2, 1, 0], None),
        ([1, 2], None),
        ([], None),
    ],
)
def test_patience_of_two_epochs(losses, epoch):
    assert stops_after(Patience(2), losses) == epoch


@pytest.mark.parametrize(
    ("losses", "epoch"),
    [
        ([1.0, 1.0, 1.0], 3),
        ([9.0, 1.0, 1.3, 1.0, 1.1, 1.2], 6),  # variances of threes: 12.5, .02, .0156, .0067
        ([1.0, 1.0], None),
        ([1.0, 2.0, 3.0, 4.0], None),
        ([], None),
    ],
)
def test_variance_of_three_epochs_below_a_hundredth(losses, epoch):
    assert stops_after(LossVariance(epochs=3, threshold=0.01), losses) == epoch


def test_the_variance_is_that_of_the_population():
    losses = [1.0, 2.0]  # variance 1/4, of a sample 1/2
    assert stops_after(LossVariance(epochs=2, threshold=0.2501), losses) == 2
    assert stops_after(LossVariance(epochs=2, threshold=0.25), losses) is None


@pytest.mark.parametrize(
    "make", [lambda: Patience(0), lambda: LossVariance(epochs=1), lambda: LossVariance(threshold=0.0)]
)
def test_rules_that_cannot_work_are_refused(make):
    with pytest.raises(UsageError, match="at least"):
        make()
