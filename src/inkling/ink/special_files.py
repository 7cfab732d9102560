"""Files that might never end, or keep their reader waiting for ever: named pipes, sockets and devices."""

from __future__ import annotations

import os
import stat

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_OPEN_PIPES = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")  # Somebody writes to these already, as in `<(zcat x.gz)`.


def special_file(path: str | os.PathLike[str]) -> str | None:
    """What a file is that is no ordinary one: "a named pipe"; None where it can be read to its end.

    Raises OSError where nothing is there, and ValueError for a name that no file can have.
    """
    if os.fspath(path).startswith(_OPEN_PIPES):
        return None
    return _KINDS.get(stat.S_IFMT(os.stat(path).st_mode))  # noqa: PTH116, since a folder's entry is no Path either
