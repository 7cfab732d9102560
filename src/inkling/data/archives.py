"""The files inside a zip. What it claims to unpack to is checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile

from inkling.data.files import Collection, File
from inkling.data.folders import MOST_FILES, check_count
from inkling.data.unpacking import check_size, check_unpacked
from inkling.errors import DataError, printable, reason

_UTF_8_FLAG = 0x800  # The flag of a file in a zip whose name is in UTF-8. Other names are in the IBM PC's cp437.
_ENTRY = b"PK\x01\x02"  # An entry in the directory of a zip begins so.
_LEAST_ENTRY_BYTES = 46  # An entry has at least so many bytes; fewer than 46 MB hold no million of them.


def unzipped(file: File) -> Collection:
    """The files inside a zip; macOS's resource forks and hidden files are left out.

    Raises
    ------
    DataError
        Damaged, or it unpacks to more than `unpacking` allows, or holds more than a million files.
    """
    if len(file.data) > _LEAST_ENTRY_BYTES * MOST_FILES:
        check_count(file.data.count(_ENTRY), file.name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.data))
        members = {_member_name(info): info for info in archive.infolist() if not info.is_dir()}
    except Exception as error:  # zipfile raises anything from BadZipFile to struct.error on damaged bytes
        raise _damaged(file.name, error) from None
    check_unpacked(sum(info.file_size for info in members.values()), file.stored, file.name)

    def read(name: str) -> bytes:
        check_size(members[name].file_size, f"{printable(name)} in {file.name}")
        try:
            return archive.read(members[name])
        except Exception as error:  # also zlib.error, and RuntimeError where a password is asked
            raise _damaged(file.name, error) from None

    visible = (name for name in members if not any(part.startswith((".", "__MACOSX")) for part in name.split("/")))
    return Collection(file.name, tuple(sorted(visible)), read, stored=file.stored)


def _member_name(info: zipfile.ZipInfo) -> str:
    """The name of a file in a zip; some programs write UTF-8 without the flag that says so."""
    if info.flag_bits & _UTF_8_FLAG:
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _damaged(name: str, error: Exception) -> DataError:
    return DataError(
        f"{name}: a complete zip was expected, but it cannot be unpacked ({reason(error)}); fetch it again"
    )
