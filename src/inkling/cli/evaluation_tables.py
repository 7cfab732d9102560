"""An evaluation in words and tables, on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from inkling.cli.console import tables

if TYPE_CHECKING:
    from rich.table import Table

    from inkling.evaluation import Evaluation

VIEWS = "logits averaged over each image and its shifts by one pixel up, down, left and right"


def print_evaluations(
    evaluations: Sequence[Evaluation], records: Sequence[Mapping[str, Any]], data: str, tta: bool
) -> None:
    """One or two models on the same data; records tell which part of it, the temperature, what share was refused."""
    console = tables()
    if tta:
        console.print(f"test-time augmentation: {VIEWS}", soft_wrap=True)
    for e, record in zip(evaluations, records, strict=True):
        console.print(f"{e.name} on {data}, {record['part']}: {e.images:,} images", style="bold", soft_wrap=True)
        for line in _numbers(e, record):
            console.print(line, soft_wrap=True)
        console.print(_scores(e))
        console.print(_confusion(e))
        for line in _mistakes(e):
            console.print(line, soft_wrap=True)
        console.print()
    if len(evaluations) == 2:
        one, other = evaluations
        console.print(one.compare(other).sentence(one.name, other.name), soft_wrap=True)


def refusal(share: float) -> str:
    """The share of digits that were held for none, in words."""
    return f"{100 * share:.2f} %  (probability of no digit ≥ 0.5)"


def _numbers(e: Evaluation, record: Mapping[str, Any]) -> list[str]:
    low, high = e.interval
    sure = e.coverage_curve.at(0.99)
    return [
        f"accuracy           {100 * e.accuracy:.2f} %  (95 % interval {100 * low:.2f} to {100 * high:.2f} %)",
        f"errors             {e.errors:,}",
        f"cross-entropy      {e.cross_entropy:.4f} nats",
        f"calibration error  {100 * e.calibration_error:.2f} %  (temperature {record['temperature']:g})",
        *([f"digits refused     {refusal(record['digits_refused'])}"] if "digits_refused" in record else []),
        f"at 99 % coverage   error {100 * sure.error:.2f} %  "
        f"({sure.wrong:,} of the {sure.answered:,} answers of {100 * sure.threshold:.2f} % confidence or more)",
    ]


def _scores(e: Evaluation) -> Table:
    from rich.table import Table

    table = Table("digit", "precision %", "recall %", "F1 %", "images", box=None, title_justify="left")
    for score in e.per_digit:
        shares = (f"{100 * share:.2f}" for share in (score.precision, score.recall, score.f1))
        table.add_row(str(score.digit), *shares, f"{score.support:,}")
    return table


def _confusion(e: Evaluation) -> Table:
    from rich.table import Table

    table = Table("true \\ read", *map(str, range(10)), box=None)
    for digit, row in enumerate(e.confusion.tolist()):
        table.add_row(str(digit), *(str(count) if count else "·" for count in row))
    return table


def _mistakes(e: Evaluation) -> list[str]:
    pairs = ", ".join(f"{p.label} read as {p.prediction} ({p.images})" for p in e.confused_pairs(5))
    worst = ", ".join(
        f"row {m.row}: {m.label} read as {m.prediction} ({100 * m.confidence:.1f} %)" for m in e.worst_mistakes(5)
    )
    return [
        f"most confused   {pairs or 'none'}",
        f"worst mistakes  {worst + ' (rows count from 0)' if worst else 'none'}",
    ]
