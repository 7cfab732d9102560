"""Records: what is read in a picture, as `inkling read --json` prints it, or the refusal of the picture."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from inkling.errors import InklingError, printable
from inkling.ink import open_picture
from inkling.model import Model
from inkling.reading import read
from inkling.service.refusals import of_error

DIGITS_MOST = 1000  # No picture has more digits on a line.


class Question(NamedTuple):
    """A picture and how it is to be read: the arguments of `inkling.read`, plain values for another process."""

    name: str
    content: bytes
    single: bool
    digits: int | None
    lines: bool
    min_confidence: float | None
    megapixels: float


class Answer(NamedTuple):
    """The status of an answer and its record as JSON."""

    status: int
    json: bytes


def answer(model: Model, question: Question) -> Answer:
    """What is read, or {"file", "error"} with the status of a refusal; no picture makes it raise."""
    try:
        picture = open_picture(question.content, printable(question.name), megapixels=question.megapixels)
        reading = read(
            picture,
            model=model,
            single=question.single,
            digits=question.digits,
            lines=question.lines,
            min_confidence=question.min_confidence,
        )
    except InklingError as error:
        refusal = of_error(error, question.content)
        return Answer(refusal.status, _json({"file": question.name, "error": printable(str(refusal))}))
    return Answer(200, _json(reading.to_dict()))


def _json(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_SERIALIZE_NUMPY)
