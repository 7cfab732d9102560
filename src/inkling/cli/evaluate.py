"""`inkling evaluate`: how good a model is on images that it did not learn from, and which of two models is better."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkling.cli.console import TTA, Quiet, complain, log, print_json
from inkling.cli.evaluation_tables import VIEWS, print_evaluations, refusal
from inkling.cli.outputs import REPORT, check_output
from inkling.cli.progress import waiting
from inkling.cli.robustness import print_robustness, try_model
from inkling.cli.sources import load_source

if TYPE_CHECKING:
    from inkling.classifier import Classifier
    from inkling.data import Dataset, Source
    from inkling.evaluation import Evaluation
    from inkling.evaluation.robustness import Robustness

# Exit code where the accuracy is below --fail-under.
BELOW_THRESHOLD = 4
# An image counts as refused from this probability of "not a digit" on.
REFUSED_FROM = 0.5


def evaluate(
    models: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL [RIVAL]",
            help="Model files, run folders, names of bundled models: reader, tiny; ONNX files, C headers.",
        ),
    ],
    data: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE", help="Data to evaluate on.  [default: the source that the (first) model was trained on]"
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a self-contained report with plots and images.")
    ] = None,
    fail_under: Annotated[
        float | None, typer.Option(metavar="PERCENT", help="Exit with code 4 if the accuracy is lower.")
    ] = None,
    tta: Annotated[bool, typer.Option("--tta", help=TTA)] = False,
    allow_overlap: Annotated[
        bool, typer.Option("--allow-overlap", help="Evaluate on images that a model learnt from, which is said.")
    ] = False,
    robustness: Annotated[
        bool,
        typer.Option(
            "--robustness",
            help="Also measure accuracy on corrupted, shifted, thickened, … images of 28×28; takes minutes.",
        ),
    ] = False,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the report file.")] = False,
) -> None:
    """Evaluate a model on labelled images that it did not learn from.

    Two models are compared on the same images. The classes may be any: digits, letters, clothes. Model and data must
    agree in the names of the classes.
    """
    from inkling.cli.models import load_classifier
    from inkling.evaluation import write_report
    from inkling.orientation import warn_of_orientation

    _check(models, data, report, fail_under, force)
    loaded = [load_classifier(path) for path in models]
    source = _training_source(models[0], loaded[0]) if data is None else load_source(data, to_judge=True)
    part, which = _part(models, loaded, source, allow_overlap)
    judged = [_judge(*each, part, tta) for each in zip(models, loaded, which, strict=True)]
    evaluations, records = [evaluation for evaluation, _ in judged], [record for _, record in judged]
    warn_of_orientation(part, evaluations[0].accuracy)
    trials = [try_model(model, str(path), part, tta) for path, model in zip(models, loaded, strict=True) if robustness]
    if json:
        print_json(_record(evaluations, records, trials, part, tta))
    else:
        print_evaluations(evaluations, records, part.name, tta)
        if trials:
            print_robustness(trials)
    if report is not None:
        details = _details(evaluations, records, part, loaded[0].metadata, tta)
        rival = evaluations[1] if len(models) == 2 else None
        write_report(
            *(report, evaluations[0], part.images),
            title=f"{evaluations[0].name} on {part.name}",
            details=details,
            rival=rival,
            robustness=trials,
            command=shlex.join(["inkling", *sys.argv[1:]]),
        )
        log(f"report in {report}")
    if fail_under is not None and 100 * evaluations[0].accuracy < fail_under:
        complain(f"inkling: accuracy {100 * evaluations[0].accuracy:.2f} % is below {fail_under:g} %")
        raise typer.Exit(BELOW_THRESHOLD)


def _training_source(path: Path, model: "Classifier") -> "Source":
    """The source that the model was trained on; DataError says that --data can name another where it is not found."""
    from inkling.errors import DataError
    from inkling.runs.folder import training_source

    name = training_source(path, model)
    try:
        return load_source(name, to_judge=True)
    except DataError as error:
        raise DataError(
            f"{error}; {path} was trained on images called {name}: say with --data what to evaluate it on"
        ) from None


def _check(models: list[Path], data: str | None, report: Path | None, fail_under: float | None, force: bool) -> None:
    """UsageError, before anything is loaded."""
    from inkling.errors import UsageError

    if len(models) > 2:
        raise UsageError(f"one model to evaluate or two to compare were expected, not {len(models)}")
    if fail_under is not None and not (fail_under == 0 or 1 < fail_under <= 100):
        meant = f": did you mean {100 * fail_under:g}?" if 0 < fail_under <= 1 else ""
        raise UsageError(f"--fail-under takes a percentage, such as 97, not {fail_under:g}{meant}")
    if report is not None:
        check_output(report, REPORT, force, models=models, sources=[] if data is None else [data])


def _part(
    paths: list[Path], models: "list[Classifier]", source: "Source", allow_overlap: bool
) -> "tuple[Dataset, list[str]]":
    """The images to evaluate on, labelled as the models count their classes; and for each model which these are."""
    from inkling.compatibility import in_classes_of, require_image_size, require_same_classes, require_same_image_size
    from inkling.preprocessing import warn_of_other_normalization
    from inkling.provenance import leakage_note, require_unseen, unseen

    if source.normalized:
        for path, model in zip(paths, models, strict=True):
            warn_of_other_normalization(model, str(path))
    require_same_classes(models, "a comparison takes two models")
    require_same_image_size(models, "a comparison takes two models")
    found, kind = unseen(models[0], source)
    notes = [leakage_note(model, source, found) for model in models]
    if not allow_overlap:
        for path, note in zip(paths, notes, strict=True):
            require_unseen(str(path), note)
    which = [kind + note for note in notes]
    require_image_size(models[0], found, str(paths[0]))
    if found.n_classes < models[0].n_classes:
        which = [f"{each} ({found.n_classes} of the model's {models[0].n_classes} classes)" for each in which]
    return in_classes_of(models[0], found, str(paths[0])), which


def _judge(
    path: Path, model: "Classifier", which: str, part: "Dataset", tta: bool
) -> "tuple[Evaluation, dict[str, Any]]":
    """The evaluation of a model, and what tables and JSON tell beside it."""
    from inkling.evaluation import Evaluation

    assert part.labels is not None
    with waiting(f"{path} reads {len(part):,} images"):
        probabilities = model.predict_proba(part.images, tta=tta)
        refused = _refused(model, part, tta)
    evaluation = Evaluation(part.labels, probabilities, str(path), part.rows, model.class_names)
    return evaluation, {"part": which, "temperature": model.temperature, **refused}


def _record(
    evaluations: "list[Evaluation]",
    records: list[dict[str, Any]],
    trials: "list[Robustness]",
    part: "Dataset",
    tta: bool,
) -> dict[str, Any]:
    """What `--json` prints: the figures of the first model and, if there are two, of its rival and their comparison."""
    tried = [{"robustness": each.to_dict()} for each in trials] or [{}] * len(records)
    first, *rivals = (
        {"model": evaluation.name, **record, **evaluation.to_dict(), **robustness}
        for evaluation, record, robustness in zip(evaluations, records, tried, strict=True)
    )
    record = {"model": first["model"], "data": part.name, "part": first["part"], "test_time_augmentation": tta} | first
    if rivals:
        one, other = evaluations
        test = one.compare(other)
        record["rival"] = rivals[0]
        record["mcnemar"] = {"only_first_right": test.only_a_right, "only_second_right": test.only_b_right}
        record["mcnemar"] |= {"p_value": test.p_value, "sentence": test.sentence(one.name, other.name)}
    return record


def _refused(model: "Classifier", part: "Dataset", tta: bool) -> dict[str, float]:
    """The share of these digits that the model refuses as "not a digit", if it can say so."""
    if not model.knows_non_digits:
        return {}
    return {"digits_refused": float((model.not_a_digit(part.images, tta=tta) >= REFUSED_FROM).mean())}


def _details(
    evaluations: "list[Evaluation]", records: list[dict[str, Any]], part: "Dataset", metadata: Any, tta: bool
) -> dict[str, str]:
    """What the report tells about the models, the data and how they were evaluated."""
    first = records[0]
    shown = {"model": evaluations[0].name, **_making(metadata), "temperature": f"{first['temperature']:g}"}
    shown["evaluated on"] = f"{part.name}, {first['part']}"
    if "digits_refused" in first:
        shown["digits refused"] = refusal(first["digits_refused"])
    if tta:
        shown["test-time augmentation"] = VIEWS
    if len(evaluations) == 2:
        shown[f"{evaluations[1].name} on"] = f"{part.name}, {records[1]['part']}"
    return shown


def _making(metadata: Any) -> dict[str, str]:
    """How a model was made. For an ensemble, an entry in which several members agree is given once."""
    from inkling.ensembles import members
    from inkling.errors import printable

    recipes, data = zip(*((each.get("recipe", {}), each.get("data", {})) for each in members(metadata)), strict=True)
    entries = {
        "recipe": (printable(recipe.get("name", "unknown")) for recipe in recipes),
        "network": (printable(", ".join(recipe.get("network", ()))) for recipe in recipes),
        "trained on": (
            f"{printable(each.get('source', 'unknown'))}, {each.get('images', 0):,} images" for each in data
        ),
        "seed": (str(recipe.get("seed", "unknown")) for recipe in recipes),
    }
    return {name: "; ".join(dict.fromkeys(each)) for name, each in entries.items()}
