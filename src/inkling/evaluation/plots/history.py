"""The history of a training run: loss and accuracy against the epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from inkling.errors import UsageError
from inkling.evaluation.plots.look import look, new_figure
from inkling.palette import BLUE, GREEN, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"training": BLUE, "validation": VERMILION, "test": GREEN}
# Epochs are marked with dots up to this number of them; more dots would hide the line.
MOST_DOTS = 30
# The axis of losses is logarithmic where the largest is more than this many times the smallest.
LOG_AXIS_RATIO = 30


@look()
def curves(history: Sequence[Mapping[str, Any]]) -> Figure:
    """Loss and accuracy of the training, validation and test part, as far as the records have them.

    Parameters
    ----------
    history : one record per epoch: `epoch`, and any of `training_loss`, `validation_loss`, `test_loss` (nats)
        and `training_accuracy`, `validation_accuracy`, `test_accuracy` (fractions).

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
    return figure


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
