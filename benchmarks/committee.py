"""A committee: recipes trained from several seeds, averaged to one model, its temperature fitted on held-out images.

    python benchmarks/committee.py RECIPE [RECIPE ...] -o FILE.safetensors [--seeds 5] [--json FILE]

First all members are trained on the last 55,000 training images and averaged; the temperature is the one that fits
this committee to the first 5,000. Then all are trained on the 60,000, averaged, given that temperature, and judged on
the test set, once. Trainings that records.py has made already are taken from its folder.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from common import at_least_one, face, machine, rounded, unpin_blas, write_results
from inkling import ensemble
from inkling.data import Dataset, Split
from inkling.model import Model
from inkling.training import load_recipe
from inkling.training.run import Run
from inkling.training.temper import tempered
from records_judge import judge
from records_table import lines
from records_training import costs, seconds, train, trained_model

SEEDS = 5
HELD_OUT = Split(validation=5_000, shuffled=False)  # the same images for all members


@face
def main() -> None:
    unpin_blas()
    asked = _arguments()
    facts = machine("numpy")
    recipes = [load_recipe(name) for name in asked.recipes]
    members = [recipe.override(seed=seed) for recipe in recipes for seed in range(asked.seeds)]
    trials = [train(member, HELD_OUT, asked.folder) for member in members]
    runs = [train(member, Split(), asked.folder) for member in members]
    held_out, test = trials[0].parts.validation, runs[0].parts.test
    assert held_out is not None
    assert test is not None
    trial = tempered(ensemble([trained_model(run) for run in trials]), "fit", held_out)
    committee = dataclasses.replace(ensemble([trained_model(run) for run in runs]), temperature=trial.temperature)
    committee.save(asked.output)
    rows = [_row("held-out", trial, trials, held_out), _row("test", committee, runs, test)]
    print(f"{len(members)} members, {committee.network.layout.size:,} parameters: {asked.output}")
    print(*lines(rows), sep="\n")
    if asked.json:
        told = [{"recipe": run.recipe.name, "seed": run.recipe.seed, **costs(run)} for run in runs]
        size, flops = committee.network.layout.size, sum(costs(run)["training_flops"] for run in (*trials, *runs))
        write_results(asked.json, facts, rows, parameters=size, training_flops=flops, members=told)


def _row(name: str, model: Model, runs: Sequence[Run], images: Dataset) -> dict[str, Any]:
    took = {"seconds": rounded(sum(map(seconds, runs))), "temperature": model.temperature}
    return {"name": name, **took, **judge(model, images, is_test=name == "test")}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("recipes", nargs="+", metavar="RECIPE", help="bundled recipes, or FILE.toml")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where the committee goes")
    parser.add_argument("--seeds", type=at_least_one, default=SEEDS, help=f"of each recipe (default {SEEDS})")
    parser.add_argument(
        "--folder", type=Path, default=Path("runs/records"), help="where the trainings are (default runs/records)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
