"""IDX, the format MNIST was published in: a magic number, the sizes, then bytes.

    images   00 00 08 03 | N | rows | columns | N · rows · columns bytes      sizes are big-endian 32-bit
    labels   00 00 08 01 | N | N bytes

Source: the description on MNIST's page, http://yann.lecun.com/exdb/mnist. An image file and a label file make
one part of a source; their names say which (`train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz`).
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from inkling.data.emnist import upright
from inkling.data.files import Collection, File, read_bytes, stem
from inkling.data.raw import RawPart, RawSource
from inkling.data.values import numbered, require_same_count
from inkling.errors import DataError

_NAME = re.compile(r"(?P<set>.*?)(?P<what>images|labels)\W?(idx\d)?\W?(ubyte)?")


def read_images(file: File) -> RawPart:
    """The images of an IDX image file, without labels."""
    images, notes = upright(_read_idx(file, dimensions=3, what="images"), file.stem)
    return RawPart(images, None, numbered(file.name), notes=notes)


def _read_idx(file: File, dimensions: int, what: str) -> np.ndarray:
    data, header = file.data, 4 + 4 * dimensions
    magic = bytes([0, 0, 8, dimensions])
    if data[:4] != magic:
        raise DataError(
            f"{file.name}: IDX {what} begin with the bytes {magic.hex(' ')}, found {data[:4].hex(' ') or 'nothing'}; "
            f"is it another file under this name?"
        )
    if len(data) < header:
        raise DataError(f"{file.name}: cut off within its header of {header} bytes; fetch it again")
    shape = [int.from_bytes(data[at : at + 4], "big") for at in range(4, header, 4)]
    expected = header + int(np.prod(shape, dtype=object))  # Python integers: a wrong header must not overflow
    if len(data) != expected:
        raise DataError(
            f"{file.name}: its header announces {shape[0]} {what}, {expected} bytes in all, but {len(data)} bytes "
            f"came; fetch it again"
        )
    return np.frombuffer(data, np.uint8, offset=header).reshape(shape)


def is_idx_name(name: str) -> bool:
    return _NAME.fullmatch(stem(name)) is not None


def find_idx(files: Collection) -> RawSource | None:
    """The training and test part that IDX files make up, or None where there are none.

    Raises
    ------
    DataError
        An image file without labels, labels without images, or anything wrong within.
    """
    pairs: dict[str, dict[str, str]] = {}
    for name in sorted(files.names, key=lambda name: name.endswith(".gz")):  # plain before gzipped
        if match := _NAME.fullmatch(stem(name)):
            pairs.setdefault(_part(match["set"]), {}).setdefault(match["what"], name)
    if not pairs:
        return None
    parts = {part: _read_pair(files, pair) for part, pair in pairs.items()}
    return RawSource(files.name, parts.get("train"), parts.get("test"), ("IDX files",))


def find_idx_beside(path: Path) -> RawSource:
    """The images of one IDX file with the labels beside it, whichever of the two is given.

    Images without labels are images to predict.
    """
    match = _NAME.fullmatch(stem(path.name))
    assert match is not None
    pair = {match["what"]: path.name}
    for name in sorted(entry.name for entry in path.parent.iterdir()):
        other = _NAME.fullmatch(stem(name))
        if other and other["set"] == match["set"]:
            pair.setdefault(other["what"], name)
    files = Collection(str(path.parent), tuple(pair.values()), lambda name: read_bytes(path.parent / name))
    if list(pair) == ["images"]:
        return RawSource.of_one(str(path), read_images(files.read(path.name)))
    return RawSource.of_one(str(path), _read_pair(files, pair))


def _part(prefix: str) -> str:
    return "test" if "t10k" in prefix or "test" in prefix else "train"


def _read_pair(files: Collection, pair: dict[str, str]) -> RawPart:
    for what, other in (("images", "labels"), ("labels", "images")):
        if what not in pair:
            raise DataError(f"{pair[other]} in {files.name}: {other} without {what}; put the file of {what} beside it")
    image_file = files.read(pair["images"])
    images, notes = upright(_read_idx(image_file, dimensions=3, what="images"), image_file.stem)
    label_file = files.read(pair["labels"])
    labels = _read_idx(label_file, dimensions=1, what="labels")
    require_same_count(len(images), len(labels), f"{pair['images']} in {files.name}")
    return RawPart(images, labels, numbered(label_file.name), notes=notes)
