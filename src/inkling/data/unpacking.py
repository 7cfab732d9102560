"""How much may come out of a packed file: a few megabytes can unpack to more than memory holds.

A file may unpack to 128 MB, and to 100 times its size on disk where that is more, but never to more than 2 GB. Images
as bytes shrink to a fifth, tables of them to a ninth, and tables with 25 characters per number to a 37th; zeros shrink
to a thousandth. EMNIST byclass, the largest published set of such images, has 0.64 GB of IDX and 1.3 GB of CSV.
"""

from __future__ import annotations

import io
import zlib
from gzip import GzipFile

from inkling.errors import DataError, reason

MOST_MEGABYTES = 2000  # A file has at most so many megabytes, packed or not.
FREE_MEGABYTES = 128  # A packed file may unpack to so many megabytes, whatever its own size.
MOST_TIMES = 100  # A packed file may unpack to so many times its own size.
_MB = 10**6
_CHUNK_BYTES = 1 << 20


def check_unpacked(unpacked: int, stored: int, name: str) -> None:
    """DataError where a file of `stored` bytes on disk unpacks to more bytes than it may."""
    most = max(FREE_MEGABYTES * _MB, MOST_TIMES * stored)
    if unpacked > most:
        raise DataError(
            f"{name}: at most {most / _MB:,.0f} MB were expected to come out of {stored / _MB:,.1f} MB (the bound is "
            f"{FREE_MEGABYTES} MB, or {MOST_TIMES} times the size where that is more), found more; if you trust the "
            "file, unpack it yourself"
        )


def check_size(size: int, name: str) -> None:
    """DataError where a file has more megabytes than MOST_MEGABYTES."""
    if size > MOST_MEGABYTES * _MB:
        raise DataError(
            f"{name}: a file of at most {MOST_MEGABYTES:,} MB was expected, found more; divide it into several"
        )


def gunzipped(data: bytes, stored: int, name: str) -> bytes:
    """The content of gzip; DataError where that is damaged, or more than may come out of `stored` bytes on disk."""
    chunks, size = [], 0
    announced = int.from_bytes(data[-4:], "little")  # by a file of one member, RFC 1952
    try:
        if announced < FREE_MEGABYTES * _MB:
            member = zlib.decompressobj(wbits=31)
            content = member.decompress(data, announced + 1)
            if member.eof and not member.unused_data:
                return content
        with GzipFile(fileobj=io.BytesIO(data)) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                size += len(chunk)
                check_size(size, name)
                check_unpacked(size, stored, name)
                chunks.append(chunk)
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(
            f"{name}: complete gzip was expected, but it is cut off or damaged ({reason(error)}); fetch it again"
        ) from None
    return b"".join(chunks)
