"""The reference of the command line: what each command says to --help, asked while the site is built."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from unittest import mock

import typer
from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from typer.testing import CliRunner

from inkling.cli.__main__ import app as inkling_app


class Commands(SphinxDirective):
    """`{inkling-commands}`: a section per command, those of a group within the section of the group."""

    def run(self) -> list[nodes.Node]:
        root = typer.main.get_command(inkling_app)
        return [_help(()), *(self._section((name,), each) for name, each in _commands(root))]

    def _section(self, path: tuple[str, ...], command: Any) -> nodes.section:
        title = " ".join(("inkling", *path))
        section = nodes.section("", nodes.title(title, title), _help(path), ids=["-".join(("inkling", *path))])
        section["names"] = [title]
        self.state.document.note_explicit_target(section)
        section += [self._section((*path, name), each) for name, each in _commands(command)]
        return section


def setup(app: Any) -> None:
    app.add_directive("inkling-commands", Commands)


def _commands(command: Any) -> Iterator[tuple[str, Any]]:
    return iter(getattr(command, "commands", {}).items())


def _help(path: tuple[str, ...]) -> nodes.literal_block:
    with mock.patch.dict(os.environ, {"COLUMNS": "80"}):
        result = CliRunner().invoke(inkling_app, [*path, "--help"], prog_name="inkling")
    if result.exit_code:
        raise RuntimeError(f"inkling {' '.join(path)} --help: {result.output}")
    return nodes.literal_block(result.output, result.output.strip(), language="text")
