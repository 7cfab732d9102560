"""`inkling adapt`: a personal model, which reads one writer better and other writers no worse."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet, log, print_json
from inkling.cli.outputs import MODEL, check_output
from inkling.cli.sources import load_source
from inkling.cli.tables import print_table
from inkling.errors import printable

_READER = Path("reader")  # The model that comes along is called so, also where a file of that name lies here.

if TYPE_CHECKING:
    from inkling.adaptation import Adaptation, Adapted, Comparison, Fold


def adapt(
    handwriting: Annotated[
        list[Path],
        typer.Argument(metavar="FOLDER|SHEET...", help="Folder of pictures in folders 0 to 9, or scans of sheets."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.safetensors", help="Model file to write.")
    ] = Path("my-handwriting.safetensors"),
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL", help="Start from this model: file, run folder, reader or tiny.  [default: reader]"
        ),
    ] = None,
    rehearse: Annotated[
        str,
        typer.Option(
            metavar="SOURCE", help="Digits of other writers, trained on beside yours: any source that train takes."
        ),
    ] = "auto",
    seed: Annotated[int, typer.Option(envvar="INKLING_SEED", help="Seed of all randomness.")] = 0,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the model file.")] = False,
) -> None:
    """Teach a model the handwriting of one writer.

    This takes about a minute, and measures how much better the model then reads the writer.
    """
    check_output(output, MODEL, force, models=[] if model is None else [model], sources=[*handwriting, rehearse])
    from inkling.adaptation import Adaptation, read_handwriting
    from inkling.runs.model_file import ModelFile

    writer, start = read_handwriting(handwriting, log), ModelFile.read(model)
    source = load_source(rehearse)
    adaptation = Adaptation(start.model, writer, source, start.sha256, seed)
    _introduce(adaptation)
    folds = []
    for fold in adaptation.folds():
        folds.append(fold)
        log(_line(adaptation, fold, len(folds)))
    log(f"Learning from all {len(writer):,} digits.")
    adapted = adaptation.conclude(folds)
    adapted.model.save(output)
    if json:
        print_json(
            {"model": str(output), "from": str(model or _READER), "digits": adaptation.counts, **adapted.to_dict()}
        )
    else:
        _conclude(adapted, model or _READER, output)


def _introduce(adaptation: "Adaptation") -> None:
    missing = [str(digit) for digit, count in enumerate(adaptation.counts) if not count]
    others = adaptation.rehearsal.data.name
    log(
        f"Learning {len(adaptation.writer):,} digits of {adaptation.writer.name} beside {others}: "
        "five times from four fifths of the digits, to be judged on the rest, then from all."
    )
    if missing:
        log(f"There is no {', '.join(missing)} among them: how this writer writes it stays unknown.")


def _line(adaptation: "Adaptation", fold: "Fold", number: int) -> str:
    assert adaptation.writer.labels is not None
    labels = adaptation.writer.labels[fold.rows]
    before, after = (int((proba.argmax(axis=1) == labels).sum()) for proba in (fold.before, fold.after))
    return f"part {number}/5: of {len(labels)} digits it read {before} before, {after} after"


def _conclude(adapted: "Adapted", start: Path, output: Path) -> None:
    headings = ("", "digits", "accuracy before %", "after %", "cross-entropy before", "after")
    compared = (adapted.writer, adapted.others)
    print_table(headings, [(each.name, f"{each.before.n_images:,}", *_figures(each)) for each in compared])
    for line in _sentences(adapted, start, output):
        print(printable(line))


def _figures(compared: "Comparison") -> list[str]:
    evaluations = (compared.before, compared.after)
    accuracies = [f"{100 * each.accuracy:.2f}" for each in evaluations]
    return accuracies + [f"{each.cross_entropy:.4f}" for each in evaluations]


def _sentences(adapted: "Adapted", start: Path, output: Path) -> list[str]:
    from inkling.adaptation.result import MAX_ACCURACY_LOSS

    writer, others = adapted.writer, adapted.others
    bound = f"{'no more than' if adapted.keeps_others else 'MORE than'} {100 * MAX_ACCURACY_LOSS:g}"
    worse = f"{-100 * others.gain:.2f} points worse, {bound}" if others.gain < 0 else "no worse"
    advice = "" if writer.gain > 0 else f" That is no better: {start} may serve this writer as well."
    return [
        f"Each digit of this writer was judged by a model that had not seen it.{advice}",
        f"On {others.name} it is {worse}.",
        f"The model learnt from all {writer.before.n_images:,} digits, and went {100 * adapted.share:.0f} % of the way "
        f"from {start}: {output}",
    ]
