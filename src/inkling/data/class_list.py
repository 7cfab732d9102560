"""`classes.txt`: the names of the classes, one per line in UTF-8, beside the files whose labels they name."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from inkling.data.files import Collection, File, read_file, stem
from inkling.errors import DataError

CLASS_LIST = "classes.txt"


def find_class_list(files: Collection) -> tuple[str, ...] | None:
    """The names in the uppermost `classes.txt` of a folder or zip, or None where there is none."""
    found = [name for name in files.names if stem(name) == CLASS_LIST]
    return read_class_list(files.read(min(found, key=lambda name: name.count("/")))) if found else None


def class_list_beside(path: Path) -> tuple[str, ...] | None:
    """The names in the `classes.txt` beside a file, or None where there is none."""
    beside = path.with_name(CLASS_LIST)
    return read_class_list(read_file(beside)) if beside.is_file() else None


def read_class_list(file: File) -> tuple[str, ...]:
    """The names, in UTF-8, or in UTF-16 with a byte order mark, as Windows' shells write it."""
    marked = file.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        lines = file.data.decode("utf-16" if marked else "utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise DataError(f"{file.name}: a name per line in UTF-8 was expected, found another encoding") from None
    return tuple(unicodedata.normalize("NFC", line.strip()) for line in lines if line.strip())
