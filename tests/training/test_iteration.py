"""`train` is a generator: what is never iterated over does nothing, and says so."""

import gc
import inspect
import warnings

import pytest

from inkling.errors import InklingWarning, UsageError
from inkling.training import train
from lively import LIVELY, digits

RECIPE = LIVELY.override(epochs=2, keep="last")
SENTENCE = r"^train\(\) has done nothing: iterate over the reports that it returns, or use inkling\.fit$"


def test_a_training_without_a_loop_warns_at_the_line_that_dropped_it():
    """Regression test: `train(recipe, data)` trained nothing, and said nothing."""
    with pytest.warns(InklingWarning, match=SENTENCE) as caught:
        train(RECIPE, digits())
    assert caught[0].filename == __file__


@pytest.mark.parametrize("use", [list, next, lambda reports: reports.close()], ids=["to its end", "once", "closed"])
def test_what_is_iterated_over_or_closed_does_not_warn(use):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        use(train(RECIPE, digits()[:200], workers=1))
        gc.collect()


def test_a_mistake_is_told_when_the_first_report_is_asked_for():
    with pytest.raises(UsageError, match="at least 1"):
        next(train(RECIPE, digits(), workers=0))


def test_signature_and_docstring_are_those_of_the_function():
    assert list(inspect.signature(train).parameters)[:2] == ["recipe", "training"]
    assert "Raises" in train.__doc__
