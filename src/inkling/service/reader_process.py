"""A reader process: pickled questions come in on standard input, pickled answers go out on standard output.

The first message is the model. The process ends with its input, thus also when the service was killed.
"""

from __future__ import annotations

import gc
import os
import pickle
import struct
import sys
import warnings
from typing import Any, BinaryIO

SIZE = struct.Struct("<Q")  # of the message that follows


def main() -> None:
    from inkling.errors import InklingWarning
    from inkling.processor import one_blas_thread
    from inkling.service.records import answer

    incoming, outgoing = _streams()
    warnings.simplefilter("ignore", InklingWarning)  # The service warns once, where it starts.
    model = _receive(incoming)
    _send(outgoing, "ready")
    gc.freeze()  # What is here will stay, and need not be looked at again.
    with one_blas_thread():
        while (question := _receive(incoming)) is not None:
            _send(outgoing, answer(model, question))


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes. What a library prints goes to stderr, so that it cannot end up in an answer."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, outgoing


def _receive(stream: BinaryIO) -> Any:
    head = stream.read(SIZE.size)
    return pickle.loads(stream.read(SIZE.unpack(head)[0])) if len(head) == SIZE.size else None


def _send(stream: BinaryIO, message: Any) -> None:
    stream.write(framed(message))
    stream.flush()


def framed(message: Any) -> bytes:
    """A message and its size before it."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return SIZE.pack(len(content)) + content


if __name__ == "__main__":
    main()
