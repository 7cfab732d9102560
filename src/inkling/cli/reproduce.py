"""`inkling reproduce`: trains the recipes that make a claim, and prints claim and measurement side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet, log, print_json
from inkling.cli.outputs import NUMBERS, PAGE, check_output
from inkling.cli.sources import load_source

if TYPE_CHECKING:
    from inkling.runs.reproduction import Outcome


def reproduce(
    recipes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RECIPE]...", help="Recipes to train.  [default: all that make a claim]"),
    ] = None,
    data: Annotated[
        str, typer.Option(metavar="SOURCE", help="kaggle, or another source of digits that train takes.")
    ] = "kaggle",
    seeds: Annotated[int, typer.Option(min=1, metavar="N", help="Trainings per recipe, with the seeds 0, 1, …")] = 1,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE.md", help="Page to write; the numbers go beside it as .json."),
    ] = Path("reproduction.md"),
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the page.")] = False,
) -> None:
    """Train the recipes that make claims, and check the claims.

    A claim is an accuracy or a loss that the recipe is said to reach. The exit code is 1 where a claim does not hold.
    """
    import collections

    from inkling.classes import require_digits
    from inkling.cli.progress import follow
    from inkling.errors import InklingError, UsageError
    from inkling.recipes import load_recipe
    from inkling.runs.reproduction import claimed_recipes
    from inkling.runs.reproduction import reproduce as measure

    chosen = [load_recipe(name) for name in recipes] if recipes else claimed_recipes()
    for recipe in chosen:
        if not recipe.claims:
            raise UsageError(f"recipe {recipe.name} makes no claim to reproduce: give one that does, or train it")
    check_output(output, PAGE, force, sources=[data])
    check_output(output.with_suffix(".json"), NUMBERS, force, sources=[data])
    source = load_source(data)
    if source.train is not None:
        require_digits(source.train.class_names, f"{source.name}: reproduce takes data")
    outcomes: list[Outcome] = []
    for recipe in chosen:
        log(f"{recipe.name}: {recipe.epochs} epochs, {seeds} seed{'s' if seeds > 1 else ''}")
        outcomes += measure(recipe, source, seeds, lambda it, epochs: collections.deque(follow(it, epochs), maxlen=0))
        record = {"data": source.name, "seeds": seeds, "outcomes": [outcome.to_dict() for outcome in outcomes]}
        page = _page(outcomes, source.name, seeds)
        _write(output, page, record)  # after each recipe, so that an interruption loses only the running one
    print_json(record) if json else print(page)
    log(f"written to {output} and {output.with_suffix('.json')}")
    failed = [f"{o.recipe} ({', '.join(_claim(o))})" for o in outcomes if not o.holds]
    if failed:
        raise InklingError(f"{len(failed)} of {len(outcomes)} claims do not hold: {'; '.join(failed)}")


def _page(outcomes: "list[Outcome]", data: str, seeds: int) -> str:
    """The table as a Markdown page."""
    lines = [
        "# Reproduction",
        "",
        "The systems that inspired Inkling, each as a recipe, trained from scratch: claims and measurements.",
        f"Mean ± standard deviation over {seeds} seed{'s' if seeds > 1 else ''}, on the labelled images of `{data}`;",
        f"made by `inkling reproduce --data {data} --seeds {seeds}`. Losses are cross-entropies in nats.",
        "",
        "| recipe | metric | claimed | measured | holds | training |",
        "|---|---|---|---|---|---|",
    ]
    for o in outcomes:
        cells = " | ".join(_claim(o))
        lines.append(f"| `{o.recipe}` | {cells} | {'yes' if o.holds else '**no**'} | {o.seconds:.1f} s |")
    sources = dict.fromkeys(f"- `{o.recipe}`: {o.claim.source}" for o in outcomes)
    return "\n".join([*lines, "", "Sources of the claims:", "", *sources, ""])


def _claim(o: "Outcome") -> tuple[str, str, str]:
    """The metric, the bound that was claimed, and the measurement."""
    c = o.claim
    when = f" after {c.epoch} epochs" if c.epoch else " at the end"
    bound = f"≥ {_number(c.metric, c.at_least)}" if c.at_least is not None else f"≤ {_number(c.metric, c.at_most)}"
    measured = _number(c.metric, o.mean) + (f" ± {_number(c.metric, o.deviation)}" if len(o.values) > 1 else "")
    return c.metric.replace("_", " ") + when, bound, measured


def _number(metric: str, value: float | None) -> str:
    assert value is not None
    return f"{100 * value:.2f} %" if metric.endswith("accuracy") else f"{value:.3f}"


def _write(output: Path, page: str, record: object) -> None:
    import json

    from inkling.storage import write_atomically

    write_atomically(output, page)
    write_atomically(output.with_suffix(".json"), json.dumps(record, indent=2) + "\n")
