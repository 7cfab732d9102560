"""Files that a command writes: the endings of their names, and what is never replaced, not even with --force.

Every verb that writes a file calls `check_output` before its work begins.
"""

import os
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import NamedTuple

from inkling.errors import UsageError, is_address


class Kind(NamedTuple):
    """What a file holds, in words, and the endings that its name may have."""

    noun: str
    endings: tuple[str, ...]


MODEL = Kind("a model", (".safetensors",))
NUMBERS = Kind("a file of numbers", (".json",))
PAGE = Kind("a page of Markdown", (".md",))
PICTURE = Kind("a picture", (".png",))
PYTHON = Kind("a file of Python", (".py",))
PREDICTIONS = Kind("a table of predictions", (".csv",))
REPORT = Kind("a report", (".html",))
SHEET = Kind("a sheet", (".pdf", ".png"))
TEMPLATE = Kind("a template", (".toml",))

_RUN_ENDINGS = (".json", ".jsonl", ".png", ".safetensors", ".svg", ".toml")
_RUN_STEMS = ("checkpoint", "confusion", "curves", "history", "model", "recipe", "run", "samples", "weights")
_PREDICTIONS_BEGIN = b"ImageId,Label"
# Sources that are looked for in the folder that this variable names.
_NAMED_SOURCES = ("auto", "kaggle", "mnist")
_DATA_FOLDER = "INKLING_DATA"


def check_output(
    path: Path,
    kind: Kind,
    force: bool,
    *,
    models: Iterable[str | Path] = (),
    sources: Iterable[str | Path] = (),
) -> None:
    """Refuse a file that cannot be written, or that must not be replaced.

    Parameters
    ----------
    models : model files and folders that the command reads.
    sources : names of data, and files and folders, that the command reads.

    Raises
    ------
    UsageError
        The name has another ending; a file is already there and `force` is not given; the file is read by the command
        or belongs to a run; there is no such folder.
    OSError
        The system refuses to write there.
    """
    if path.suffix.lower() not in kind.endings:
        raise UsageError(f"{path}: {_wrong_name(path, kind)}")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no file: give the name of a file to write")
    if _belongs_to_a_run(path):
        raise UsageError(f"{path} is a file of the run in {path.parent}, which is not replaced: give another name")
    if any(_same(path, _in_folder(Path(model))) for model in models) or any(_reads(s, path) for s in sources):
        raise UsageError(f"{path} is read by this command, and not replaced even with --force: give another name")
    if path.exists() and not force:
        raise UsageError(f"{path} exists already: give another name, or --force to replace it")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}")
    from inkling.storage import require_writable

    require_writable(path)


def check_new_folder(path: Path, what: str) -> None:
    """UsageError unless this can be the name of a new folder; `what` is written into it, for the message: "a run"."""
    if str(path) == "-" or path.suffix.lower() in MODEL.endings:
        raise UsageError(f"-o {path}: {what} is written into a folder: give the name of a new one")
    if is_address(path):
        raise UsageError(f"-o {path}: {what} is written into a folder of this file system, not to an address")


def _wrong_name(path: Path, kind: Kind) -> str:
    endings = " or ".join(kind.endings)
    if str(path) == "-":
        return f"standard output takes no file such as {kind.noun}: give a name that ends in {endings}"
    instead = ", or - for standard output" if kind is PREDICTIONS else ""
    return f"the name of {kind.noun} ends in {endings}: give such a name{instead}"


def _belongs_to_a_run(path: Path) -> bool:
    """Whether this is the name of a file that training writes, in the folder of a run, be it through a link."""
    for each in (path, path.resolve()):
        name = each.name.lower()  # some file systems ignore capitals
        is_one = name.split(".")[0] in _RUN_STEMS and name.endswith(_RUN_ENDINGS)
        if is_one and (each.parent / "run.json").is_file():
            return True
    return False


def _in_folder(model: Path) -> Path:
    """The model file that stands in a folder, or the path itself."""
    return model / "model.safetensors" if model.is_dir() else model


def _reads(source: str | Path, path: Path) -> bool:
    """Whether the source may hold the file at this path; a table of predictions in a folder of data is none of it."""
    if str(source) in _NAMED_SOURCES and not Path(source).exists():
        place = os.environ.get(_DATA_FOLDER, "")
    else:
        place = os.path.expanduser(source)  # noqa: PTH111 - Path.expanduser raises for an unknown ~user
    if not place or not path.exists():
        return False
    inside = os.path.isdir(place) and Path(place).resolve() in path.resolve().parents  # noqa: PTH112
    return _same(Path(place), path) or (inside and _is_data(path) and not _holds_predictions(path))


def _is_data(path: PurePath) -> bool:
    return path.suffix.lower() in (*PREDICTIONS.endings, *PICTURE.endings)


def _holds_predictions(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PREDICTIONS_BEGIN)) == _PREDICTIONS_BEGIN


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them does not exist
        return False
