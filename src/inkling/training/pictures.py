"""The pictures of a run: its curves, and what its model does with the images it did not learn from."""

from __future__ import annotations

import numpy as np

from inkling.evaluation import Evaluation, plots
from inkling.model import Model
from inkling.training.run import Run


def draw(run: Run) -> None:
    """Write curves, confusion, samples and weights as PNG and SVG; MissingExtraError without matplotlib."""
    model = Model(run.recipe.network, run.state.chosen(run.recipe)[0])  # its facts are in no picture
    shown = run.parts.validation or run.parts.training
    assert shown.labels is not None
    evaluation = Evaluation(shown.labels, model.predict_proba(shown.images), run.recipe.name)
    first = model.params[run.recipe.network.first_with_parameters]
    figures = {
        "curves": plots.curves(run.state.history),
        "confusion": plots.confusion_matrix(evaluation),
        "samples": plots.samples(shown.images, evaluation),
    }
    if len(first.weight) == np.prod(run.recipe.network.input_shape):
        figures["weights"] = plots.weights(first.weight)
    for name, figure in figures.items():
        plots.save(figure, run.folder / name)
