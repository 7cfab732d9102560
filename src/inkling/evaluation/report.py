"""The report: an evaluation as one HTML page that needs nothing else, to keep, send and print."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inkling.errors import MissingExtraError
from inkling.evaluation import plots
from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.plots.answers import mistake_strength
from inkling.evaluation.robustness import Robustness
from inkling.evaluation.scores import ConfusedPair
from inkling.storage import write_atomically

if TYPE_CHECKING:
    from jinja2 import Template
    from matplotlib.figure import Figure

WORST_MISTAKES = 24
CONFUSED_PAIRS = 10
EXAMPLES_OF_A_PAIR = 6


def write_report(
    path: Path,
    evaluation: Evaluation,
    images: np.ndarray,
    *,
    title: str,
    facts: Mapping[str, str],
    figures: Mapping[str, Figure] | None = None,
    rival: Evaluation | None = None,
    robustness: Sequence[Robustness] = (),
) -> None:
    """Write an evaluation as a self-contained HTML page.

    Parameters
    ----------
    path : the file to write, whole or not at all.
    images : uint8 array (N, 28, 28), the images that were evaluated, in the order of the answers.
    title : heading of the page.
    facts : what was evaluated on what: model, data, split and the like, in the order to show.
    figures : further pictures, such as training curves, by caption.
    rival : another model's answers to the same images, to compare with.
    robustness : the trials of the model, and of the rival where there is one, if they were tried.

    Raises
    ------
    MissingExtraError : if jinja2 or matplotlib is not installed.
    """
    if len(images) != evaluation.images:
        raise ValueError(f"{len(images)} images but {evaluation.images} answers")
    page = _template().render(
        title=title,
        evaluation=evaluation,
        facts=facts,
        strength=mistake_strength(evaluation).tolist(),
        mistakes=[(mistake, _picture(images[mistake.index])) for mistake in evaluation.worst_mistakes(WORST_MISTAKES)],
        pairs=[(pair, _examples(pair, evaluation, images)) for pair in evaluation.confused_pairs(CONFUSED_PAIRS)],
        reliability=_drawing(plots.reliability(evaluation)),
        coverage=_drawing(plots.coverage(evaluation)),
        figures={caption: _drawing(figure) for caption, figure in (figures or {}).items()},
        rival=rival,
        verdict=evaluation.compare(rival).sentence(evaluation.name, rival.name) if rival else "",
        robustness=robustness,
        bars=_drawing(plots.robustness(robustness)) if robustness else "",
    )
    write_atomically(path, page.encode())


def _template() -> Template:
    try:
        import jinja2
    except ImportError:
        raise MissingExtraError("jinja2", "report") from None
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["percent"] = _percent
    return environment.from_string(Path(__file__).with_name("report.html.jinja").read_text(encoding="utf-8"))


def _percent(fraction: float, decimals: int = 2) -> str:
    """A fraction as a percentage whose number and sign stay on one line."""
    return f"{100 * fraction:.{decimals}f}\N{NO-BREAK SPACE}%"


def _examples(pair: ConfusedPair, evaluation: Evaluation, images: np.ndarray) -> list[str]:
    """The first few images that were confused in this way."""
    alike = (evaluation.labels == pair.label) & (evaluation.predictions == pair.prediction)
    return [_picture(images[row]) for row in np.flatnonzero(alike)[:EXAMPLES_OF_A_PAIR]]


def _picture(image: np.ndarray) -> str:
    """A grey image as a PNG that is part of the page."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", optimize=True)
    return _data_uri("image/png", buffer.getvalue())


def _drawing(figure: Figure) -> str:
    """A figure as an SVG that is part of the page; as an image of its own, for its ids are not unique."""
    return _data_uri("image/svg+xml", plots.render(figure, "svg", transparent=True))


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
