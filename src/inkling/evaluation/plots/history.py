"""The history of a training run: loss and accuracy against the epoch."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from inkling.errors import UsageError
from inkling.evaluation.plots.look import look, new_figure
from inkling.palette import BLUE, GREEN, GREY, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"training": BLUE, "validation": VERMILION, "test": GREEN}
# Epochs are marked with dots up to this number of them; more dots would hide the line.
MOST_DOTS = 30
# The axis of losses is logarithmic where the largest is more than this many times the smallest.
LOG_AXIS_RATIO = 30
# The note below the curves has at most so many characters per line.
NOTE_CHARACTERS = 140


@look()
def curves(history: Sequence[Mapping[str, Any]], harder_by: Sequence[str] = ()) -> Figure:
    """Loss and accuracy of the training, validation and test part, as far as the records have them.

    Where validation is better than training in any epoch, a line below says why that is no mistake.

    Parameters
    ----------
    history : one record per epoch: `epoch`, and any of `training_loss`, `validation_loss`, `test_loss` (nats)
        and `training_accuracy`, `validation_accuracy`, `test_accuracy` (fractions).
    harder_by : what makes training images harder to read than others, such as "dropout" and "augmentation".

    Raises
    ------
    UsageError : if there is no record.
    """
    if not history:
        raise UsageError("the training history has no epoch to draw: expected at least one, so train first")
    figure = new_figure(10, 3.8)
    loss, accuracy = figure.subplots(1, 2)
    _draw(loss, history, "loss", 1, "{:.4f}")
    losses = [y for line in loss.lines for y in line.get_ydata()]
    steep = 0 < LOG_AXIS_RATIO * min(losses) < max(losses)
    loss.set(title="Loss", ylabel="loss (nats, logarithmic)" if steep else "loss (nats)")
    if steep:
        loss.set_yscale("log")
    _draw(accuracy, history, "accuracy", 100, "{:.2f} %")
    accuracy.set(title="Accuracy", ylabel="accuracy (%)")
    if any(map(_validation_is_better, history)):
        figure.supxlabel(_why_better(harder_by), size=9, color=GREY, x=0.01, ha="left")
    return figure


def _validation_is_better(record: Mapping[str, Any]) -> bool:
    """Whether validation has the lower loss or the higher accuracy in this epoch."""
    loss, accuracy = record.get("validation_loss"), record.get("validation_accuracy")
    lower = loss is not None and loss < record.get("training_loss", -math.inf)
    return lower or (accuracy is not None and accuracy > record.get("training_accuracy", math.inf))


def _why_better(harder_by: Sequence[str]) -> str:
    means = " and ".join(filter(None, (", ".join(harder_by[:-1]), *harder_by[-1:])))
    with_means, without = (f", with {means}", ", without") if means else ("", "")
    sentence = f"Training is measured during an epoch{with_means}; validation after it{without}: so it can be better."
    return textwrap.fill(sentence, NOTE_CHARACTERS)


def _draw(axes: Axes, history: Sequence[Mapping[str, Any]], quantity: str, scale: float, last: str) -> None:
    """One line per part that has the quantity; the legend gives its value in the last epoch."""
    from matplotlib.ticker import MaxNLocator

    for part, colour in COLOURS.items():
        key = f"{part}_{quantity}"
        points = [(record["epoch"], scale * record[key]) for record in history if record.get(key) is not None]
        if points:
            epochs, values = zip(*points, strict=True)
            style = "o-" if len(points) <= MOST_DOTS else "-"
            axes.plot(epochs, values, style, color=colour, label=f"{part} {last.format(values[-1])}")
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1))
    axes.legend(title="in the last epoch", alignment="left")
