"""Downloading: from whichever mirror answers, each file believed by its SHA-256 alone.

A mirror that is down, forbids, sends a web page, breaks off or dawdles is left for the next one. Files get their
name when they are complete and checked, so an interrupted download leaves nothing that looks like data.
"""

from __future__ import annotations

import queue
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inkling.errors import DataError, reason

if TYPE_CHECKING:
    from inkling.data.mnist import Timeouts

_SLOWEST = 20_000  # bytes a second


def download(files: Mapping[str, str], folder: Path, mirrors: Sequence[str], timeouts: Timeouts) -> None:
    """Fetch `files` (name → SHA-256) into `folder` from the first of the mirrors that answers and delivers.

    Raises
    ------
    DataError
        No mirror delivered; the message says what each did.
    """
    deadline = time.monotonic() + timeouts.total
    failures = []
    for mirror, failure in _answers(mirrors, timeouts.search):
        try:
            if failure is None:
                for name, sha256 in files.items():
                    _fetch(f"{mirror}/{name}", sha256, folder, timeouts, deadline)
                return
        except (OSError, HTTPException) as error:
            failure = reason(error)
        failures.append(f"{urlsplit(mirror).netloc}: {failure}")
    raise DataError(f"no mirror delivered it ({'; '.join(failures)})")


def _answers(mirrors: Sequence[str], seconds: float) -> Iterator[tuple[str, str | None]]:
    """Each mirror and None when it answers, the quickest first, or what is wrong with it.

    All are knocked at together, in threads that die with the program: neither a name server nor a router that
    swallows packets can hold it up for longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    answers: queue.Queue[tuple[str, str | None]] = queue.Queue()
    for mirror in mirrors:
        threading.Thread(target=lambda at=mirror: answers.put((at, _can_connect(at, seconds))), daemon=True).start()
    waiting = list(mirrors)
    while waiting:
        try:
            mirror, failure = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        waiting.remove(mirror)
        yield mirror, failure
    yield from ((mirror, f"no answer within {seconds:g} s") for mirror in waiting)


def _can_connect(mirror: str, seconds: float) -> str | None:
    """None if the mirror, or the proxy on the way to it, accepts a connection; else what is wrong."""
    try:
        socket.create_connection(_first_hop(mirror), timeout=seconds).close()
    except (OSError, ValueError) as error:
        return str(error)
    return None


def _first_hop(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.netloc):
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80)


def _fetch(url: str, sha256: str, folder: Path, timeouts: Timeouts, deadline: float) -> None:
    """Fetch to a temporary name, check, rename; a file already there with this hash is left as it is."""
    import pooch  # type: ignore[import-untyped]

    def copy(url: str, target: str, _pooch: object) -> None:
        with Path(target).open("wb") as file:
            for chunk in _chunks(url, timeouts.stall, deadline):
                file.write(chunk)

    pooch.get_logger().setLevel("WARNING")
    try:
        pooch.retrieve(url, known_hash=sha256, fname=url.rsplit("/", 1)[1], path=folder, downloader=copy)
    except ValueError:
        raise OSError(f"what it sends as {url.rsplit('/', 1)[1]} is another file (wrong SHA-256)") from None


def _chunks(url: str, stall: float, deadline: float) -> Iterator[bytes]:
    """The body of `url` as it arrives, counted on stderr where that is a terminal.

    Raises TimeoutError when `deadline` is over, and when less than 20 kB/s came for `stall` seconds.
    """
    request = urllib.request.Request(url, headers={"User-Agent": "inkling"})
    start = time.monotonic()
    opener = urllib.request.build_opener()  # `urlopen` would keep to the proxies of its first call
    with opener.open(request, timeout=max(0.01, min(stall, deadline - start))) as answer:
        total = recent = 0
        while chunk := answer.read1(1 << 16):
            yield chunk
            total, recent, now = total + len(chunk), recent + len(chunk), time.monotonic()
            if now > deadline:
                raise TimeoutError("not finished in time")
            if now - start > stall:
                if recent < _SLOWEST * stall:
                    raise TimeoutError(f"too slow ({recent / stall / 1000:.1f} kB/s)")
                start, recent = now, 0
            if sys.stderr.isatty():
                print(f"\r{url}: {total / 1e6:.1f} MB ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
