"""Downloading: from whichever mirror answers first, each file believed by its SHA-256 alone.

A mirror that is down, forbids, sends a web page, breaks off or is too slow is left for the next one. A file gets its
name when it is complete and checked, so an interrupted download leaves nothing that looks like data.
"""

from __future__ import annotations

import hashlib
import queue
import sys
import threading
import time
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from inkling.data.timeouts import Timeouts
from inkling.errors import DataError, reason
from inkling.storage import write_atomically

_SLOWEST_BYTES_PER_SECOND = 20_000
_CHUNK_BYTES = 1 << 16
_Answer = HTTPResponse | Exception


def download(files: Mapping[str, str], folder: Path, mirrors: Sequence[str], timeouts: Timeouts) -> None:
    """Fetch `files` (name → SHA-256) into `folder` from the first of the mirrors that answers and delivers.

    A file that is there already with this hash is left as it is.

    Raises
    ------
    DataError
        No mirror delivered; the message says what each did.
    """
    deadline = time.monotonic() + timeouts.total
    missing = {name: sha256 for name, sha256 in files.items() if not _is_there(folder / name, sha256)}
    if not missing:
        return
    failures: dict[str, list[str]] = {}  # what went wrong, and at which hosts
    raced = next(iter(missing))
    with closing(_answers(mirrors, raced, timeouts)) as answers:
        for mirror, answer in answers:
            try:
                for name, sha256 in list(missing.items()):
                    response = answer if name == raced else _open(f"{mirror}/{name}", timeouts.stall)
                    _save(folder / name, _content(response, timeouts.stall, deadline), sha256)
                    del missing[name]
                return
            except (OSError, HTTPException) as error:
                failures.setdefault(reason(error), []).append(urlsplit(mirror).netloc)
    told = (f"{', '.join(hosts)}: {what}" for what, hosts in failures.items())
    raise DataError(f"no mirror delivered it ({'; '.join(told)})")


def _is_there(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _save(path: Path, content: bytes, sha256: str) -> None:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise OSError(f"what it sends as {path.name} is another file (wrong SHA-256)")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)


def _answers(mirrors: Sequence[str], name: str, timeouts: Timeouts) -> Generator[tuple[str, _Answer]]:
    """Each mirror with its response to a request for the file `name`, or its error, in the order of their arrival.

    All are asked at once, in threads that die with the program: neither a name server nor a router that swallows
    packets can hold it up for longer than `timeouts.search`.
    """
    deadline = time.monotonic() + timeouts.search
    arrived: queue.Queue[tuple[str, _Answer]] = queue.Queue()
    over = threading.Event()

    def ask(mirror: str) -> None:
        try:
            arrived.put((mirror, _open(f"{mirror}/{name}", min(timeouts.search, timeouts.stall))))
        except (OSError, HTTPException, ValueError) as error:
            arrived.put((mirror, error))
        if over.is_set():
            _close_all(arrived)

    for mirror in mirrors:
        threading.Thread(target=ask, args=(mirror,), daemon=True).start()
    waiting = list(mirrors)
    try:
        while waiting:
            mirror, answer = arrived.get(timeout=max(0.0, deadline - time.monotonic()))
            waiting.remove(mirror)
            yield mirror, answer
    except queue.Empty:
        yield from ((mirror, TimeoutError(f"no answer within {timeouts.search:g} s")) for mirror in waiting)
    finally:
        over.set()
        _close_all(arrived)


def _close_all(arrived: queue.Queue[tuple[str, _Answer]]) -> None:
    """Hang up on the mirrors that answered and are not needed."""
    while not arrived.empty():
        _, answer = arrived.get()
        if isinstance(answer, HTTPResponse):
            answer.close()


def _open(url: str, seconds: float) -> HTTPResponse:
    """The response to a request; OSError where there is none within so many seconds, or one that says no."""
    request = urllib.request.Request(url, headers={"User-Agent": "inkling"})
    opener = urllib.request.build_opener()  # `urlopen` would keep to the proxies of its first call
    try:
        return opener.open(request, timeout=seconds)
    except HTTPError as error:
        error.close()  # it is a response too
        raise OSError(str(error)) from None
    except URLError as error:
        raise (error.reason if isinstance(error.reason, OSError) else OSError(error.reason)) from None


def _content(answer: _Answer, stall: float, deadline: float) -> bytes:
    """The body of a response, counted on stderr where that is a terminal.

    Raises TimeoutError when `deadline` is over, and when less than 20 kB/s came for `stall` seconds; raises what the
    answer is where it is an error.
    """
    if isinstance(answer, Exception):
        raise answer
    content, checked_bytes, checked_at = bytearray(), 0, time.monotonic()
    with answer:
        while chunk := answer.read1(_CHUNK_BYTES):
            content += chunk
            now = time.monotonic()
            if now > deadline:
                raise TimeoutError("not finished in time")
            if now - checked_at > stall:
                speed = (len(content) - checked_bytes) / (now - checked_at)
                if speed < _SLOWEST_BYTES_PER_SECOND:
                    raise TimeoutError(f"too slow ({speed / 1000:.1f} kB/s)")
                checked_bytes, checked_at = len(content), now
            if sys.stderr.isatty():
                print(f"\r{answer.url}: {len(content) / 1e6:.1f} MB ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return bytes(content)
