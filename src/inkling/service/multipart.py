"""Multipart bodies: the files of a form, as browsers and `curl -F` send them, taken apart in memory."""

from __future__ import annotations

from typing import NamedTuple

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from inkling.errors import shortened
from inkling.service.refusals import Refusal

MOST_HEADER_BYTES = 4096  # of one part; browsers send some 150
MOST_HEADERS = 8  # of one part; browsers send 2
MORE_PARTS = 16  # that are no files, beside the most files


class Part(NamedTuple):
    """A file of a form: its name as the client tells it, and its bytes."""

    name: str
    content: bytes


def is_multipart(content_type: str) -> bool:
    return content_type.lower().lstrip().startswith("multipart/")


def files_of(content_type: str, body: bytes, most: int) -> list[Part]:
    """The files of a multipart body in their order; parts that are no files are left out.

    Raises a Refusal: 400 where the body is no multipart body, 413 where it has more files than `most`, or
    `MORE_PARTS` more parts than that.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not 1 <= len(boundary) <= 256:
        raise Refusal(400, "a multipart body needs a boundary in its Content-Type: leave the header to your client")
    collector = _Collector(most)
    try:
        parser = MultipartParser(boundary, collector.callbacks())  # type: ignore[arg-type]
        parser.write(body)
        parser.finalize()
    except MultipartParseError:
        raise Refusal(400, "a multipart body was expected, and this one is damaged or cut off") from None
    if not collector.ended:
        raise Refusal(400, "a multipart body was expected, and this one is cut off")
    return collector.files


class _Collector:
    """What the parser finds, as it finds it."""

    def __init__(self, most: int) -> None:
        self.most, self.files, self.ended, self._parts = most, list[Part](), False, 0
        self._headers: dict[bytes, bytes] = {}
        self._header_count = 0  # also of those of one name
        self._field, self._value, self._content = bytearray(), bytearray(), bytearray()

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header(self._field, data[start:end]),
            "on_header_value": lambda data, start, end: self._header(self._value, data[start:end]),
            "on_header_end": self._end_header,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > self.most + MORE_PARTS:
            raise Refusal(413, f"a form has at most {self.most + MORE_PARTS} parts here, and this one has more")
        self._headers, self._header_count = {}, 0
        self._content = bytearray()

    def _header(self, target: bytearray, piece: bytes) -> None:
        target += piece
        if len(target) > MOST_HEADER_BYTES:
            raise Refusal(400, f"the headers of a part have at most {MOST_HEADER_BYTES} bytes, and these have more")

    def _end_header(self) -> None:
        self._header_count += 1
        if self._header_count > MOST_HEADERS:
            raise Refusal(400, f"a part of a form has at most {MOST_HEADERS} headers, and this one has more")
        self._headers[bytes(self._field).lower()] = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def _end(self) -> None:
        options = parse_options_header(self._headers.get(b"content-disposition", b""))[1]
        if b"filename" not in options:
            return
        if len(self.files) >= self.most:
            raise Refusal(413, f"a request has at most {self.most} pictures, and this one has more")
        name = options[b"filename"].decode("utf-8", "replace")
        self.files.append(Part(shortened(name, 200) or "image", bytes(self._content)))

    def _finish(self) -> None:
        self.ended = True
