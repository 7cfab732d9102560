"""An evaluation in words and tables, on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from inkling.cli.tables import print_table, tables

if TYPE_CHECKING:
    from rich.table import Table

    from inkling.evaluation import Evaluation

VIEWS = "logits averaged over each image and its shifts by one pixel up, down, left and right"
# How many of the most confused pairs are printed below a confusion matrix, and in place of one that is too wide.
PAIRS = 5
PAIRS_WITHOUT_MATRIX = 10
WORST_MISTAKES = 5
# Figures, and below all tables what they mean, begin after so many characters.
MEANING_COLUMN = 19
# A width in characters that no table reaches, to measure how wide a table would be.
UNBOUNDED = 1_000_000


def print_evaluations(
    evaluations: Sequence[Evaluation], records: Sequence[Mapping[str, Any]], data: str, tta: bool
) -> None:
    """Print one or two models' evaluations on the same data, and what the figures mean.

    Parameters
    ----------
    records : one per evaluation: "part" of the data, "temperature" of the model, and perhaps "digits_refused".
    data : the name of the data.
    tta : whether there was test-time augmentation.
    """
    from inkling.evaluation.glossary import meanings

    console = tables()
    if tta:
        console.print(f"test-time augmentation: {VIEWS}", soft_wrap=True)
    for e, record in zip(evaluations, records, strict=True):
        console.print(f"{e.name} on {data}, {record['part']}: {e.n_images:,} images", style="bold", soft_wrap=True)
        for line in _numbers(e, record):
            console.print(line, soft_wrap=True)
        _print_scores(e)
        matrix = _confusion(e)
        unbounded = console.options.update(max_width=UNBOUNDED)
        fits = console.measure(matrix, options=unbounded).maximum <= console.width
        if fits:
            console.print(matrix)
        else:
            console.print(f"The confusion matrix of {e.n_classes} classes is too wide: see --report or --json.\n")
        for line in _mistakes(e, PAIRS if fits else PAIRS_WITHOUT_MATRIX):
            console.print(line, soft_wrap=True)
        console.print()
    if len(evaluations) == 2:
        one, other = evaluations
        console.print(one.compare(other).sentence(one.name, other.name) + "\n", soft_wrap=True)
    for name, meaning in meanings(evaluations[0].n_classes).items():
        console.print(f"{name:{MEANING_COLUMN}}{meaning}", style="dim", soft_wrap=True)


def refusal(share: float) -> str:
    """The share of digits that were refused as "not a digit", in words."""
    return f"{100 * share:.2f} %  (probability of no digit ≥ 0.5)"


def _numbers(e: Evaluation, record: Mapping[str, Any]) -> list[str]:
    low, high = e.interval
    sure = e.coverage_curve.at(0.99)
    return [
        f"accuracy           {100 * e.accuracy:.2f} %  (95 % interval {100 * low:.2f} to {100 * high:.2f} %)",
        f"errors             {e.errors:,}",
        f"cross-entropy      {e.cross_entropy:.4f} nats",
        f"calibration error  {100 * e.calibration_error:.2f} %",
        f"temperature        {record['temperature']:g}",
        *([f"digits refused     {refusal(record['digits_refused'])}"] if "digits_refused" in record else []),
        f"at 99 % coverage   error {100 * sure.error:.2f} %  "
        f"({sure.wrong:,} of the {sure.answered:,} answers of {100 * sure.threshold:.2f} % confidence or more)",
    ]


def _print_scores(e: Evaluation) -> None:
    """Precision, recall, F1 and number of images per class."""
    rows = []
    for score in e.per_class:
        shares = (f"{100 * share:.2f}" for share in (score.precision, score.recall, score.f1))
        rows.append((score.class_name, *shares, f"{score.support:,}"))
    print_table((e.class_noun, "precision %", "recall %", "F1 %", "images"), rows)


def _confusion(e: Evaluation) -> Table:
    """The confusion matrix: one row per true class, one column per predicted class."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None)
    for heading in ("true \\ read", *e.class_names):
        table.add_column(Text(heading))
    for name, row in zip(e.class_names, e.confusion.tolist(), strict=True):
        table.add_row(Text(name), *(str(count) if count else "·" for count in row))
    return table


def _mistakes(e: Evaluation, n_pairs: int) -> list[str]:
    """The most confused pairs and the worst mistakes, one line each."""
    names = e.class_names
    pairs = ", ".join(
        f"{names[p.label]} read as {names[p.prediction]} ({p.n_images})" for p in e.confused_pairs(n_pairs)
    )
    worst = ", ".join(
        f"row {m.row}: {names[m.label]} read as {names[m.prediction]} ({100 * m.confidence:.1f} %)"
        for m in e.worst_mistakes(WORST_MISTAKES)
    )
    return [
        f"most confused   {pairs or 'none'}",
        f"worst mistakes  {worst + ' (rows count from 0)' if worst else 'none'}",
    ]
