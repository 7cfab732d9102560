"""`inkling evaluate --robustness`: a model's accuracy on changed images, and the tables of it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from inkling.cli.console import tables
from inkling.cli.progress import count

if TYPE_CHECKING:
    import numpy as np
    from rich.console import Console

    from inkling.data import Dataset
    from inkling.evaluation.robustness import Robustness
    from inkling.model import Model


def try_model(model: "Model", name: str, part: "Dataset", tta: bool) -> "Robustness":
    """The robustness of a model on labelled images, measured with progress on stderr."""
    from inkling.evaluation.pixels import to_float
    from inkling.evaluation.robustness import Robustness
    from inkling.evaluation.robustness_trials import TRIALS, evaluate_robustness

    assert part.labels is not None

    def predict(images: "np.ndarray") -> "np.ndarray":
        """As fractions of white, which mean the same however faint a change makes the images; the bits are the same."""
        return model.predict_proba(to_float(images), tta=tta)

    trials = evaluate_robustness(predict, part.images, part.labels)
    return Robustness(tuple(count(trials, TRIALS, f"robustness of {name}")), name)


def print_robustness(models: "Sequence[Robustness]") -> None:
    """Print accuracy under the corruptions with its means, one column per model; then each sweep, one row per model."""
    from rich.table import Table

    from inkling.evaluation.robustness import AFFINE

    console = tables()
    corruptions = Table("robustness, accuracy %", *(model.name for model in models), box=None)
    corruptions.columns[0].no_wrap = True
    for column in corruptions.columns[1:]:
        column.justify, column.overflow = "right", "fold"
    rows = {"clean": [model.clean for model in models]}
    rows |= {name: [model.corruptions[name].accuracy for model in models] for name in models[0].corruptions}
    rows["mean of these 15"] = [model.mean for model in models]
    rows[f"mean without {', '.join(AFFINE)}"] = [model.mean_without_affine for model in models]
    for name, accuracies in rows.items():
        corruptions.add_row(name, *_percents(accuracies))
    console.print(corruptions)
    for name in models[0].sweeps:
        _print_sweep(console, models, name)


def _print_sweep(console: "Console", models: "Sequence[Robustness]", name: str) -> None:
    from rich.table import Table

    trials = models[0].sweeps[name]
    sweep = Table(f"{name} ({trials[0].unit})", *(f"{trial.strength:g}" for trial in trials), box=None)
    for column in sweep.columns[1:]:
        column.justify = "right"
    for model in models:
        sweep.add_row(
            model.name if len(models) > 1 else "accuracy %", *_percents(t.accuracy for t in model.sweeps[name])
        )
    console.print(sweep)


def _percents(accuracies: Iterable[float]) -> list[str]:
    return [f"{100 * accuracy:.2f}" for accuracy in accuracies]
