"""The texts of an exercise: its solution, and the file to fill in, which is the solution without what is asked."""

from __future__ import annotations

import ast
from importlib.resources import files

from inkling.learning.exercises import find_exercise

UNWRITTEN = "    raise NotImplementedError\n"


def solution_text(number: int) -> str:
    """The file that solves an exercise."""
    solutions = files("inkling.learning.solutions")
    return (solutions / f"{find_exercise(number).solution}.py").read_text(encoding="utf-8")


def statement(number: int) -> str:
    """What an exercise asks."""
    return ast.get_docstring(ast.parse(solution_text(number))) or ""


def starter_text(number: int, file: str) -> str:
    """The file to fill in: the statement, how to check it, and each function without its body."""
    text = solution_text(number)
    lines, parts = text.splitlines(keepends=True), ast.parse(text).body
    asked = statement(number)
    kept = [f'"""Exercise {number}. {asked}\n\nCheck it: inkling learn check {number} {file}\n"""\n\n']
    kept += [ast.unparse(part) + "\n" for part in parts if isinstance(part, ast.Import | ast.ImportFrom)]
    for part in parts:
        if isinstance(part, ast.FunctionDef):
            docstring = part.body[0]
            kept += ["\n\n", *lines[part.lineno - 1 : docstring.end_lineno], UNWRITTEN]
    return "".join(kept)


def functions(number: int) -> list[str]:
    """The names of the functions to write."""
    return [part.name for part in ast.parse(solution_text(number)).body if isinstance(part, ast.FunctionDef)]
