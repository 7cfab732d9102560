"""Quiet decoders: while Inkling decodes, Pillow's warnings and libtiff's messages do not reach its users.

A file that cannot be decoded raises an exception, which becomes a sentence (decoding.py). Neither a lock nor a
redirected file descriptor is needed, so that threads decode side by side and whatever they print arrives.
"""

from __future__ import annotations

import ctypes
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

logging.getLogger("PIL").addHandler(logging.NullHandler())  # else Python prints Pillow's log where none is set up

_thread = threading.local()  # `decoding` is true while the thread is inside `ignored_warnings`


class _OnlyWhileDecoding(type):
    """Makes every warning a subclass, as far as a thread is concerned that decodes."""

    def __subclasscheck__(cls, category: type) -> bool:
        return getattr(_thread, "decoding", False)


class _DecoderWarning(Warning, metaclass=_OnlyWhileDecoding):
    """What the filter of warnings names. `warnings.catch_warnings` would change the filters of all threads."""


@contextmanager
def ignored_warnings() -> Iterator[None]:
    """No warning is heard from this thread, whatever filters the process has; other threads' warnings are."""
    if not warnings.filters or warnings.filters[0][2] is not _DecoderWarning:  # the first filter that fits decides
        warnings.simplefilter("ignore", _DecoderWarning)
    outer = getattr(_thread, "decoding", False)
    _thread.decoding = True
    try:
        yield
    finally:
        _thread.decoding = outer


@cache
def silence_libtiff() -> None:
    """From now on libtiff writes nothing to stderr, in the whole process; Pillow raises what is an error.

    The library is reached through Pillow's extension module, so that it is the one that Pillow calls. Where it is
    linked into that module statically (Pillow for Windows), it cannot be reached and goes on writing.
    """
    from PIL import _imaging

    pillow = ctypes.CDLL(_imaging.__file__)
    for setter in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
        with suppress(AttributeError):
            getattr(pillow, setter)(None)
