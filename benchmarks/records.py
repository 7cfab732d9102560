"""Accuracy records: a recipe trained from several seeds on MNIST's 60,000 images, judged on the test set at the end.

    python benchmarks/records.py RECIPE [--seeds 10] [--held-out] [--folder runs/records] [--json FILE]

A RECIPE is a bundled one or a FILE.toml. With --held-out it trains on 55,000 of the images and is judged on the other
5,000, other ones for every seed: that is where recipes are chosen. Every training is a run folder with checkpoints; a
later call goes on where an earlier one was stopped. README.md has the protocol.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from common import at_least_one, face, machine, rounded, unpin_blas, write_results
from flops import training_flops
from inkling.data import Split
from inkling.errors import UsageError
from inkling.model import FILE_NAME, RUN_FACTS, load
from inkling.training import Recipe, load_recipe
from inkling.training.run import Run
from records_judge import judge

SEEDS = 10
FIRST_HELD_OUT = 100  # seed of the trainings that hold images out; records begin with 0
HELD_OUT = Split(validation=5_000)
WAYS = {"plain": "one view", "tta": "five views"}  # the second is test-time augmentation


@face
def main() -> None:
    unpin_blas()
    asked = _arguments()
    facts = machine("numpy")
    recipe = protocol(load_recipe(asked.recipe), held_out=asked.held_out)
    first = FIRST_HELD_OUT if asked.held_out else 0
    runs = [train(recipe.override(seed=seed), asked.folder) for seed in range(first, first + asked.seeds)]
    rows = [judged(run) for run in runs]  # from here on nothing is trained
    record = summary(recipe, len(runs[0].parts.training), rows)
    print(*lines(record, rows), sep="\n")
    if asked.json:
        write_results(asked.json, facts, rows, **record)


def protocol(recipe: Recipe, *, held_out: bool) -> Recipe:
    """The recipe as a record takes it; UsageError where it would choose among its epochs."""
    if recipe.stopping or recipe.keep == "best":
        raise UsageError(f"recipe {recipe.name}: a record is that of the last epoch: leave out stopping and keep")
    return dataclasses.replace(recipe, split=HELD_OUT if held_out else Split())


def train(recipe: Recipe, folder: Path) -> Run:
    """The run of a recipe with its seed, begun or gone on with, to its end."""
    work = hashlib.sha256(recipe.override(seed=0).to_toml().encode()).hexdigest()[:8]
    place = folder / f"{recipe.name}-{work}" / f"seed-{recipe.seed}"
    run = Run.resume(place) if (place / RUN_FACTS).exists() else Run.create(place, recipe, "mnist")
    for report in run.train():
        progress = f"epoch {report.epoch} of {recipe.epochs}, {report.seconds:.0f} s, loss {report.training_loss:.4f}"
        print(f"{recipe.name}, seed {recipe.seed}: {progress}", flush=True)
    return run


def judged(run: Run) -> dict[str, Any]:
    """What one training came to."""
    held_out, test = run.parts.validation, run.parts.test
    model = load(run.folder / FILE_NAME)
    history = (run.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    found = {}
    for way in WAYS:
        verdict = judge(model, held_out or test, tta=way == "tta", is_test=held_out is None)
        found[way] = dataclasses.asdict(verdict)
    return {"seed": run.recipe.seed, "seconds": rounded(json.loads(history[-1])["seconds"]), **found}


def summary(recipe: Recipe, images: int, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was trained, what one training costs, and means and standard deviations over the seeds."""
    return {
        "recipe": recipe.to_dict(),
        "parameters": recipe.network.layout.size,
        "training_images": images,
        "training_flops": recipe.epochs * images * training_flops(recipe.network),
        "seconds": _moments([row["seconds"] for row in rows]),
        **{way: {name: _moments([row[way][name] for row in rows]) for name in rows[0][way]} for way in WAYS},
    }


def _moments(values: Sequence[float | None]) -> dict[str, float | None]:
    known = [value for value in values if value is not None]
    return {
        "mean": round(statistics.mean(known), 6) if known else None,
        "sd": rounded(statistics.stdev(known)) if len(known) > 1 else None,
    }


def lines(record: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The table: two lines a seed, then the means and the standard deviations."""
    recipe, teraflops = record["recipe"], record["training_flops"] / 1e12
    yield f"{recipe['name']}: {record['parameters']:,} parameters; {recipe['epochs']} epochs, {teraflops:.3g} TFLOP"
    yield f"{'seed':6}{'seconds':>8}{'':14}{'accuracy %':>12}{'without label errors %':>24}{'nats':>9}{'ECE %':>8}"
    moments = [
        {"seed": part, "seconds": record["seconds"][part]}
        | {way: {name: found[part] for name, found in record[way].items()} for way in WAYS}
        for part in ("mean", "sd")
    ]
    for row in (*rows, *moments):
        for way, name in WAYS.items():
            found = row[way]
            without = _number(found["accuracy_without_label_errors"], 100, 24, 3)
            accuracy = _number(found["accuracy"], 100, 12, 3)
            yield (
                f"{row['seed']!s:6}{_number(row['seconds'], 1, 8, 0)}  {name:12}{accuracy}"
                f"{without}{_number(found['cross_entropy'], 1, 9, 4)}{_number(found['calibration_error'], 100, 8, 2)}"
            )


def _number(value: float | None, scale: float, width: int, digits: int) -> str:
    return f"{'–':>{width}}" if value is None else f"{scale * value:{width}.{digits}f}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("recipe", metavar="RECIPE", help="a bundled recipe, or a FILE.toml")
    parser.add_argument("--seeds", type=at_least_one, default=SEEDS, help=f"how many (default {SEEDS})")
    parser.add_argument("--held-out", action="store_true", help="train on 55,000 images, judge on the other 5,000")
    parser.add_argument(
        "--folder", type=Path, default=Path("runs/records"), help="where the trainings are (default runs/records)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
