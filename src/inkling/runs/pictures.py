"""The pictures of a run: its curves, and what its model does with the images it did not learn from."""

from __future__ import annotations

from inkling.evaluation import Evaluation, plots
from inkling.model import load
from inkling.nn import Conv2d, Linear
from inkling.runs.run import Run


def draw(run: Run) -> list[str]:
    """Write curves, confusion, samples and, of a first layer that reads pixels, weights as PNG and SVG; their names.

    The run is done: its model is the one in the folder. MissingExtraError without matplotlib.
    """
    network = run.recipe.network
    model = load(run.folder)
    shown, of = run.parts.validation, "validation images"
    if not shown:
        shown, of = run.parts.training, "training images"
    assert shown.labels is not None
    evaluation = Evaluation(shown.labels, model.predict_proba(shown.images), run.recipe.name)
    figures = {
        "curves": plots.curves(run.state.history),
        "confusion": plots.confusion_matrix(evaluation),
        "samples": plots.samples(shown.images, evaluation, of=of),
    }
    first = network.first_with_parameters
    if isinstance(network.layers[first], Linear | Conv2d):
        figures["weights"] = plots.weights(model.params[first].weight)
    for name, figure in figures.items():
        plots.save(figure, run.folder / name)
    return list(figures)
