"""The plots of a run: its history, and what its model makes of images that it did not learn from."""

from __future__ import annotations

import math

from inkling.evaluation import Evaluation, plots
from inkling.model import Model, load
from inkling.nn import Conv2d, Dropout, Flatten, Linear, chain
from inkling.recipes import Recipe
from inkling.runs.run import Run


def draw(run: Run) -> list[str]:
    """Draw a run that is done: write its plots into its folder as PNG and SVG, and return their names.

    These are curves, confusion, samples and, if the first layer with parameters reads pixels, weights.

    Raises
    ------
    MissingExtraError : if matplotlib is not installed.
    """
    model = load(run.folder)
    shown, of = run.parts.validation, "validation images"
    if not shown:
        shown, of = run.parts.training, "training images"
    assert shown.labels is not None
    probabilities = model.predict_proba(shown.images)
    evaluation = Evaluation(shown.labels, probabilities, run.recipe.name, class_names=model.class_names)
    figures = {
        "curves": plots.curves(run.state.history, _harder_by(run.recipe)),
        "confusion": plots.confusion_matrix(evaluation),
        "samples": plots.samples(shown.images, evaluation, of=of),
    }
    network = model.network
    first = network.first_with_parameters
    if isinstance(network.layers[first], Conv2d):
        figures["weights"] = plots.weights(model.params[first].weight)
    elif isinstance(network.layers[first], Linear) and (shape := _image_shape(model)):
        figures["weights"] = plots.weights(model.params[first].weight, shape)
    for name, figure in figures.items():
        plots.save(figure, run.folder / name)
    return list(figures)


def _harder_by(recipe: Recipe) -> list[str]:
    """What makes images of the training part harder to read than those of the validation part."""
    network = recipe.network
    means = {
        "dropout": any(isinstance(visit.layer, Dropout) for visit in chain.walk(network.layers, network.input_shape)),
        "augmentation": bool(recipe.augment),
        "label smoothing": bool(recipe.label_smoothing),
        "pictures of no digit": bool(recipe.non_digits),
        "drawn digits": bool(recipe.drawn_digits),
    }
    return [name for name, is_used in means.items() if is_used]


def _image_shape(model: Model) -> tuple[int, int] | None:
    """Rows and columns of the image that the first layer with parameters reads as a row of numbers, if it does."""
    network = model.network
    first = network.first_with_parameters
    flattening = [i for i in range(first) if isinstance(network.layers[i], Flatten) and len(network.shapes[i]) == 3]
    if not flattening:
        return None
    height, width, channels = network.shapes[flattening[-1]]
    return (height, width) if channels == 1 and math.prod(network.shapes[first]) == height * width else None
