"""`inkling evaluate --robustness`: a model's accuracy on changed images, and the tables of it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from inkling.cli.progress import count
from inkling.cli.tables import print_table

if TYPE_CHECKING:
    import numpy as np

    from inkling.classifier import Classifier
    from inkling.data import Dataset
    from inkling.evaluation.robustness import Robustness


def try_model(model: "Classifier", name: str, part: "Dataset", tta: bool) -> "Robustness":
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
    from inkling.evaluation.robustness import AFFINE

    figures = {"clean": [model.clean for model in models]}
    figures |= {name: [model.corruptions[name].accuracy for model in models] for name in models[0].corruptions}
    figures["mean of these 15"] = [model.mean for model in models]
    figures[f"mean without {', '.join(AFFINE)}"] = [model.mean_without_affine for model in models]
    rows = [(name, *_percents(accuracies)) for name, accuracies in figures.items()]
    print_table(("robustness, accuracy %", *(model.name for model in models)), rows)
    for name in models[0].sweeps:
        _print_sweep(models, name)


def _print_sweep(models: "Sequence[Robustness]", name: str) -> None:
    trials = models[0].sweeps[name]
    rows = [
        (model.name if len(models) > 1 else "accuracy %", *_percents(t.accuracy for t in model.sweeps[name]))
        for model in models
    ]
    print_table((f"{name} ({trials[0].unit})", *(f"{trial.strength:g}" for trial in trials)), rows)


def _percents(accuracies: Iterable[float]) -> list[str]:
    return [f"{100 * accuracy:.2f}" for accuracy in accuracies]
