"""Pictures that a command's arguments stand for (files, folders, patterns, standard input), and drawings of them."""

import glob
import itertools
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from inkling.cli.console import log
from inkling.cli.outputs import PICTURE, check_output
from inkling.errors import UsageError, is_address, printable, some

STDIN = "-"


@dataclass(frozen=True)
class Failure:
    """A file, folder or pattern that could not be read.

    Attributes
    ----------
    file : its name.
    error : the reason, as the second half of a sentence.
    """

    file: str
    error: str

    def __str__(self) -> str:
        return f"{printable(self.file)}: {self.error}"

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


def find_images(arguments: Sequence[str]) -> list[str | Failure]:
    """The pictures in order, or reasons why there are none. Stderr gets the count of each folder's and pattern's.

    A folder stands for the pictures in it, in the natural order of their names, 2 before 10. A pattern, which shells
    may leave as it is, stands for the files that match. The name of a file is returned whether it exists or not.

    Raises
    ------
    UsageError
        No argument stands for a picture.
    """
    images: list[str | Failure] = []
    for argument in arguments:
        if os.path.isdir(argument):  # noqa: PTH112, since Path("") is a folder and Path.is_dir may raise
            found = _in_folder(argument)
        elif glob.has_magic(argument) and not is_address(argument) and not os.path.exists(argument):  # noqa: PTH110
            found = _matching(argument)
        elif argument:
            images.append(argument)
            continue
        else:
            raise UsageError("the name of a picture is empty")
        if isinstance(found, Failure):
            images.append(found)
        else:
            log(f"{printable(argument)}: {len(found):,} {'picture' if len(found) == 1 else 'pictures'}")
            images += found
    if all(isinstance(image, Failure) for image in images):
        raise UsageError("; ".join(map(str, images)))
    return images


def _in_folder(folder: str) -> list[str] | Failure:
    """The pictures in a folder; stderr gets what else is in it."""
    try:
        names = [name for name in os.listdir(folder) if not name.startswith(".")]  # noqa: PTH208, which is for paths
    except OSError as error:
        return Failure(folder, f"cannot be read ({error.strerror})")
    names.sort(key=_natural)
    folders = [name for name in names if Path(folder, name).is_dir()]
    pictures = [name for name in names if name not in folders and _is_picture(Path(folder, name))]
    deeper = f"; '{Path(folder, '**')}' stands for those in all folders below it" if folders else ""
    others = [name for name in names if name not in pictures and name not in folders]
    if not pictures:
        found = f", found {some(others)}" if others else ""
        return Failure(folder, f"pictures were expected in this folder, there are none{found}{deeper}")
    if others:
        log(f"{printable(folder)}: left out: {len(others):,} not readable as pictures ({some(others)})")
    if missed := [name for name in folders if _holds_pictures(Path(folder, name))]:
        log(f"{printable(folder)}: pictures in folders below it are left out ({some(missed)}){deeper}")
    return [str(Path(folder, name)) for name in pictures]


def _is_picture(path: Path) -> bool:
    """Whether a file is a picture by the ending of its name, or by its first bytes where the name has no ending."""
    from inkling.ink import HEAD_BYTES, begins_as_picture, is_picture_name

    try:
        if not path.is_file():  # a named pipe, a broken link
            return False
        if path.suffix:
            return is_picture_name(path.name)
        with path.open("rb") as file:
            return begins_as_picture(file.read(HEAD_BYTES))
    except OSError:
        return False


def _holds_pictures(folder: Path) -> bool:
    from inkling.ink import is_picture_name

    try:
        return any(map(is_picture_name, os.listdir(folder)))  # noqa: PTH208, which is for paths
    except OSError:
        return False


def _matching(pattern: str) -> list[str] | Failure:
    paths = glob.glob(pattern, recursive=True)  # noqa: PTH207, which takes no absolute patterns
    files = [path for path in paths if os.path.isfile(path)]  # noqa: PTH113
    if Path(pattern).name == "**":  # It would stand for whatever lies in the folders; the pictures are meant.
        files = [path for path in files if _is_picture(Path(path))]
    return sorted(files, key=_natural) or Failure(pattern, "no file has a name like this")


def _natural(name: str) -> tuple[list[str | int], str]:
    """The key by which 2 is sorted before 10: every second part is a number."""
    parts = re.split(r"(\d+)", name.casefold())
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], name


def targets_of(show: Path, images: Iterable[str | Failure], force: bool) -> "dict[str | Failure, Path]":
    """The PNG to draw for each picture: `show` itself, or one in the folder `show`, which need not exist yet.

    Raises
    ------
    UsageError
        There are several pictures for one PNG, or a PNG cannot be written, must not be replaced or is itself read.
    """
    if str(show) == "-":
        raise UsageError("standard output takes no picture: give the name of a PNG, or of a folder")
    read = list(dict.fromkeys(image for image in images if isinstance(image, str)))
    if show.suffix and not show.is_dir():
        if show.suffix.lower() != ".png":
            raise UsageError(f"{show}: the picture is a PNG: give a name that ends in .png, or that of a folder")
        if len(read) > 1:
            raise UsageError(f"{show}: a file shows one picture, not {len(read):,}: give the name of a folder")
        paths = [show]
    else:
        if show.exists() and not show.is_dir():
            raise UsageError(f"{show} is a file: give the name of a folder, or one that ends in .png")
        paths = [show / f"{name}.png" for name in _distinct(_stem(image) for image in read)]
    originals = {Path(image).resolve() for image in read}
    for path in paths:
        if path.resolve() in originals:
            raise UsageError(f"{path} is a picture to read: give another name")
        if path.parent.is_dir():
            check_output(path, PICTURE, force)
        elif not show.parent.is_dir():
            raise UsageError(f"{show}: there is no folder {show.parent}")
    return dict(zip(read, paths, strict=True))


def write_drawing(target: Path, drawing: bytes) -> None:
    """Write a drawing to the PNG that `targets_of` names; its folder is made if need be."""
    from inkling.storage import write_atomically

    target.parent.mkdir(exist_ok=True)
    write_atomically(target, drawing)


def _stem(image: str) -> str:
    return "stdin" if image == STDIN else Path(image).stem


def _distinct(names: Iterable[str]) -> list[str]:
    """The same names, numbered where one comes again, be it in capitals: some file systems ignore those."""
    taken: dict[str, str] = {}
    for name in names:
        numbered = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        free = next(each for each in numbered if each.casefold() not in taken)
        taken[free.casefold()] = free
    return list(taken.values())
