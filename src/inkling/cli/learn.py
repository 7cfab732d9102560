"""`inkling learn`: exercises to the pages of docs/learn, and the tests that grade them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import print_json, report_errors
from inkling.cli.outputs import PYTHON, check_output
from inkling.cli.tables import print_table
from inkling.errors import DataError, UsageError, printable

if TYPE_CHECKING:
    from inkling.learning.checking import Result

app = typer.Typer(
    invoke_without_command=True, rich_markup_mode=None, help="Write layers yourself: exercises that are graded."
)
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Of the exercise, as `inkling learn` lists it.")]


@app.callback()
@report_errors
def learn(context: typer.Context) -> None:
    """Write layers yourself: exercises that are graded.

    Without a command: list the exercises. Each belongs to a page of docs/learn, which derives what it asks for.
    """
    if context.invoked_subcommand is not None:
        return
    from inkling.learning.exercises import EXERCISES

    rows = [[str(number), exercise.title, exercise.page] for number, exercise in EXERCISES.items()]
    print_table(["", "exercise", "page of docs/learn"], rows, n_words=3)
    print("\nBegin with one: inkling learn start 1")


@app.command()
@report_errors
def start(
    number: Number,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Folder to write into.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write the file of an exercise, with functions to fill in."""
    from inkling.learning.exercises import find_exercise
    from inkling.learning.texts import functions, starter_text
    from inkling.storage import write_atomically

    exercise = find_exercise(number)
    file = output / _file_name(number)
    check_output(file, PYTHON, force)
    write_atomically(file, starter_text(number, str(file)))
    print(
        f"{printable(file)}: write {_enumerated(functions(number))} in it; docs/learn/{exercise.page} derives it\n"
        f"Then: inkling learn check {number} {printable(file)}"
    )


@app.command()
@report_errors
def check(
    number: Number,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="By default exercise_NUMBER.py here.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Run your file and say what is right, and what is not.

    The file runs in a process of its own, for at most 20 seconds. Exit codes: 0 if all tests are passed, 1 if not.
    """
    from inkling.learning import checking
    from inkling.learning.exercises import find_exercise

    find_exercise(number)
    path = Path(_file_name(number)) if file is None else file
    if not path.exists():
        raise UsageError(f"{path}: no such file; `inkling learn start {number}` writes one to fill in")
    if not path.is_file():
        raise DataError(f"{path} is no file: give the name of the file that `inkling learn start {number}` has written")
    result = checking.check(number, path)
    print_json(vars(result)) if json else _print_result(number, result)
    if result.failed is not None:
        raise typer.Exit(1)


@app.command()
@report_errors
def solution(
    number: Number,
    show: Annotated[bool, typer.Option("--show", help="Print it.")] = False,
) -> None:
    """Print the solution of an exercise."""
    from inkling.learning.texts import solution_text

    text = solution_text(number)
    if not show:
        raise UsageError(
            f"who reads a solution learns less than who writes one: `inkling learn check {number}` says what is wrong "
            "with yours; --show prints the solution"
        )
    print(text, end="")


def _print_result(number: int, result: "Result") -> None:
    if result.printed:
        print("Your code printed:")
        print("\n".join(f"  {printable(line)}" for line in result.printed.splitlines()))
    for name in result.passed:
        print(f"passed   {name}")
    if result.failed is None:
        print(f"Exercise {number} is solved.")
        return
    print(f"FAILED   {result.failed or 'the file can be run'}")
    for line in [result.sentence, *result.details, *([f"Hint: {result.hint}"] if result.hint else [])]:
        print(f"         {printable(line)}")
    if result.not_run:
        print(f"not run  {len(result.not_run)} further {'test' if len(result.not_run) == 1 else 'tests'}")


def _file_name(number: int) -> str:
    return f"exercise_{number}.py"


def _enumerated(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
