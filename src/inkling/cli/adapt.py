"""`inkling adapt`: a personal model, better on one hand and no worse on the others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import log, print_json, refuse_to_overwrite, tables

if TYPE_CHECKING:
    from inkling.adaptation.adaptation import Adaptation
    from inkling.adaptation.adapted import Adapted, Comparison, Fold


def adapt(
    hand: Annotated[
        list[Path],
        typer.Argument(metavar="DIR|SHEET...", help="Folder of pictures in folders 0 to 9, or scans of sheets."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.safetensors", help="Model file to write.")
    ] = Path("my-hand.safetensors"),
    model: Annotated[
        Path, typer.Option(metavar="MODEL", help="Where to start: model file, run folder, reader or tiny.")
    ] = Path("reader"),
    rehearse: Annotated[
        str, typer.Option(metavar="SOURCE", help="Digits of others, not to be forgotten: any source that train takes.")
    ] = "auto",
    seed: Annotated[int, typer.Option(envvar="INKLING_SEED", help="Seed of all randomness.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Teach a model the hand of one person, and measure what that is worth: a minute or so."""
    refuse_to_overwrite(output, force)
    from inkling.adaptation.adaptation import Adaptation
    from inkling.adaptation.writer import read_hand
    from inkling.data import load
    from inkling.runs.teacher import Teacher

    digits, start = read_hand(hand), Teacher.read(model)
    source = load(rehearse)
    for note in source.notes:
        log(note)
    adaptation = Adaptation(start.model, digits, source, start.sha256, seed)
    _introduce(adaptation)
    folds = []
    for fold in adaptation.folds():
        folds.append(fold)
        log(_line(adaptation, fold, len(folds)))
    log(f"Learning from all {len(digits):,} digits.")
    adapted = adaptation.conclude(folds)
    adapted.model.save(output)
    if json:
        print_json({"model": str(output), "from": str(model), "digits": adaptation.counts, **adapted.to_dict()})
    else:
        _conclude(adapted, model, output)


def _introduce(adaptation: "Adaptation") -> None:
    missing = [str(digit) for digit, count in enumerate(adaptation.counts) if not count]
    log(
        f"Learning {len(adaptation.hand):,} digits of {adaptation.hand.name} beside {adaptation.rehearsal.data.name}: "
        "first five times from four fifths of them, to be judged on the rest."
    )
    if missing:
        log(f"There is no {', '.join(missing)} among them: how this hand writes it stays unknown.")


def _line(adaptation: "Adaptation", fold: "Fold", number: int) -> str:
    assert adaptation.hand.labels is not None
    labels = adaptation.hand.labels[fold.rows]
    before, after = (int((proba.argmax(axis=1) == labels).sum()) for proba in (fold.before, fold.after))
    return f"part {number}/5: of {len(labels)} digits it read {before} before, {after} after"


def _conclude(adapted: "Adapted", start: Path, output: Path) -> None:
    from rich.table import Table

    table = Table("", "digits", "accuracy before %", "after %", "cross-entropy before", "after", box=None)
    for judged in (adapted.hand, adapted.others):
        table.add_row(judged.name, f"{judged.before.n_images:,}", *_figures(judged))
    console = tables()
    console.print(table)
    for line in _sentences(adapted, start, output):
        console.print(line, soft_wrap=True)


def _figures(judged: "Comparison") -> list[str]:
    accuracies = [f"{100 * each.accuracy:.2f}" for each in (judged.before, judged.after)]
    return accuracies + [f"{each.cross_entropy:.4f}" for each in (judged.before, judged.after)]


def _sentences(adapted: "Adapted", start: Path, output: Path) -> list[str]:
    from inkling.adaptation.adapted import PROMISE

    hand, others = adapted.hand, adapted.others
    kept = "no more than" if adapted.keeps_its_promise else "MORE than"
    worse = f"{-100 * others.gain:.2f} points worse, {kept} {100 * PROMISE:g}" if others.gain < 0 else "no worse"
    help_ = "" if hand.gain > 0 else f" That is no better: {start} may serve this hand as well."
    return [
        f"Each digit of this hand was judged by a model that had not seen it.{help_}",
        f"On {others.name} it is {worse}.",
        f"The model learnt from all {hand.before.n_images:,} digits, and went {100 * adapted.share:.0f} % of the way "
        f"from {start}: {output}",
    ]
