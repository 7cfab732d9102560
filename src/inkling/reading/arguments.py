"""The arguments of `read`, checked: a mistake is told in a sentence before a picture is opened."""

from __future__ import annotations

import numpy as np

from inkling.classes import require_digits
from inkling.errors import UsageError, described
from inkling.ink import DIGIT_SHAPE
from inkling.model import Model
from inkling.notation import is_whole_number
from inkling.reading.plausibility import Plausible


def check_question(
    single: bool,
    digits: int | None,
    lines: bool,
    min_confidence: float | None,
    plausible: Plausible | None = None,
) -> None:
    """UsageError unless these arguments of `read` are of their kinds, in their ranges, and agree with each other."""
    for name, flag in (("single", single), ("lines", lines)):
        if not isinstance(flag, bool | np.bool_):
            raise UsageError(f"{name} is True or False, not {described(flag)}")
    if digits is not None and not is_whole_number(digits):
        raise UsageError(f"digits is the number of digits per line, a whole number, not {described(digits)}")
    if min_confidence is not None and not _is_real(min_confidence):
        raise UsageError(f"min_confidence is a probability, 0 to 1, not {described(min_confidence)}")
    if single and (digits not in (None, 1) or lines):
        raise UsageError("a single digit was announced, and several: leave out single, or digits and lines")
    if not isinstance(plausible, Plausible | None):
        raise UsageError(f"plausible is a Plausible, not {described(plausible)}")
    if digits is not None and digits < 1:
        raise UsageError(f"digits is the number of digits per line, at least 1, not {digits}")
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        meant = f": did you mean {min_confidence / 100:g}?" if 1 < min_confidence <= 100 else ""
        raise UsageError(f"min_confidence is a probability, 0 to 1, not {min_confidence:g}{meant}")


def check_limits(megapixels: float, megabytes: float) -> None:
    """UsageError unless the limits of a picture are numbers above 0."""
    for name, limit in (("megapixels", megapixels), ("megabytes", megabytes)):
        if not (_is_real(limit) and limit > 0):
            raise UsageError(f"{name} is a number above 0, the most that a picture may have, not {described(limit)}")


def require_digit_model(model: Model) -> None:
    """UsageError unless the model recognises the digits 0 to 9 in images of 28×28."""
    require_digits(model.class_names, "read takes a model")
    height, width, _ = model.network.input_shape
    if (height, width) != DIGIT_SHAPE:
        raise UsageError(f"read takes a model of digits of 28×28 pixels, not of {height}×{width}")


def _is_real(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
