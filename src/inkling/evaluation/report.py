"""The report: an evaluation as one HTML page that needs no other file, to keep, send and print."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inkling.evaluation import glossary, plots
from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.plots.confusion import mistake_strength
from inkling.evaluation.robustness import Robustness
from inkling.evaluation.scores import ConfusedPair
from inkling.html_pages import data_uri, page_template, picture_uri
from inkling.storage import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORST_MISTAKES = 24
CONFUSED_PAIRS = 10
EXAMPLES_PER_PAIR = 6
# Height of every image on the page.
IMAGE_PIXELS = 56


def write_report(
    path: Path,
    evaluation: Evaluation,
    images: np.ndarray,
    *,
    title: str,
    details: Mapping[str, str],
    figures: Mapping[str, Figure] | None = None,
    rival: Evaluation | None = None,
    robustness: Sequence[Robustness] = (),
    command: str = "",
) -> None:
    """Write an evaluation as a self-contained HTML page, with the date and the version of Inkling at its foot.

    Parameters
    ----------
    path : the file to write, whole or not at all.
    images : uint8 array (N, H, W), the images that were evaluated, in the order of the answers.
    title : heading of the page, such as the names of model and data.
    details : entries about model and data, such as recipe, split and seed, in the order to show.
    figures : further plots, such as training curves, by caption.
    rival : another model's answers to the same images, to compare with.
    robustness : the robustness of the model, and of the rival where there is one, if it was measured.
    command : the command line that writes this page, if there is one.

    Raises
    ------
    MissingExtraError : if jinja2 or matplotlib is not installed.
    ValueError : if images or rival belong to other answers.
    """
    if len(images) != evaluation.n_images:
        raise ValueError(f"{len(images)} images but {evaluation.n_images} answers")
    page = page_template(Path(__file__).with_name("report.html.jinja")).render(
        title=title,
        evaluation=evaluation,
        details=details,
        image_size=(round(IMAGE_PIXELS * images.shape[2] / images.shape[1]), IMAGE_PIXELS),
        strength=mistake_strength(evaluation).tolist(),
        mistakes=[
            (mistake, picture_uri(images[mistake.index])) for mistake in evaluation.worst_mistakes(WORST_MISTAKES)
        ],
        pairs=[(pair, _examples(pair, evaluation, images)) for pair in evaluation.confused_pairs(CONFUSED_PAIRS)],
        reliability=_drawing(plots.reliability(evaluation)),
        coverage=_drawing(plots.coverage(evaluation)),
        figures={caption: _drawing(figure) for caption, figure in (figures or {}).items()},
        rival=rival,
        verdict=evaluation.compare(rival).sentence(evaluation.name, rival.name) if rival else "",
        robustness=robustness,
        bars=_drawing(plots.robustness(robustness)) if robustness else "",
        glossary=glossary,
        now=datetime.datetime.now(),
        version=sys.modules["inkling"].__version__,  # importing `inkling` would point down the list of packages
        command=command,
    )
    write_atomically(path, page.encode())


def _examples(pair: ConfusedPair, evaluation: Evaluation, images: np.ndarray) -> list[str]:
    """The first few images of this confused pair."""
    of_pair = (evaluation.labels == pair.label) & (evaluation.predictions == pair.prediction)
    return [picture_uri(images[row]) for row in np.flatnonzero(of_pair)[:EXAMPLES_PER_PAIR]]


def _drawing(figure: Figure) -> str:
    """A figure as an SVG inside the page; an image of its own, since ids are not unique across figures."""
    return data_uri("image/svg+xml", plots.render(figure, "svg", transparent=True))
