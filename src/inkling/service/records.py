"""Records: what is read in a picture, as `inkling read --json` prints it, or the refusal of the picture.

A process that reads pictures is asked for a record, or for the one digit of a picture as the network sees it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from inkling.errors import DataError, InklingError, printable
from inkling.ink import open_picture
from inkling.model import Model
from inkling.reading import Plausible, read
from inkling.service.refusals import of_error

DIGITS_MOST = 1000  # No picture has more digits on a line.
ALTERNATIVES_MOST = 100  # of each line


class Asked(NamedTuple):
    """How pictures are to be read: arguments of `inkling.read`, and how many numbers that each line may be are told."""

    single: bool
    digits: int | None
    lines: bool
    min_confidence: float | None
    plausible: Plausible
    alternatives: int


class Question(NamedTuple):
    """A picture and how it is to be read, plain values for another process."""

    name: str
    content: bytes
    asked: Asked
    megapixels: float


class DigitQuestion(NamedTuple):
    """A picture of one digit, of which the image is wanted that the network sees."""

    name: str
    content: bytes
    megapixels: float


class Answer(NamedTuple):
    """The status of an answer and its content: a record as JSON or, for a `DigitQuestion`, grey levels, 28·28 bytes."""

    status: int
    content: bytes


def answer(model: Model, question: Question | DigitQuestion) -> Answer:
    """What is asked for, or {"file", "error"} with the status of a refusal; no picture makes it raise."""
    try:
        if isinstance(question, DigitQuestion):
            return Answer(200, _digit(model, question))
        picture = open_picture(question.content, printable(question.name), megapixels=question.megapixels)
        asked = question.asked._asdict()
        alternatives = asked.pop("alternatives")
        reading = read(picture, model=model, **asked)
    except InklingError as error:
        refusal = of_error(error, question.content)
        return Answer(refusal.status, _json({"file": question.name, "error": printable(str(refusal))}))
    return Answer(200, _json(reading.to_dict(alternatives)))


def _digit(model: Model, question: DigitQuestion) -> bytes:
    picture = open_picture(question.content, printable(question.name), megapixels=question.megapixels)
    found = read(picture, model=model, single=True).digits
    if not found:
        raise DataError("nothing is drawn in this picture")
    return found[0].image.tobytes()


def _json(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_SERIALIZE_NUMPY)
