"""The result of reading a form: a reading per field, by the field's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inkling.reading.marks import Box
from inkling.reading.result import Reading


@dataclass(frozen=True, eq=False, repr=False)
class FormReading(Mapping[str, Reading]):
    """What was read in the fields of a picture: `form["total"].text`.

    Boxes of digits and marks are in pixels of the whole picture, and so is the `size` of each reading.

    Attributes
    ----------
    name : of the picture in messages.
    fields : the reading of each field, in the template's order.
    boxes : (x, y, width, height) of each field in pixels of the picture, upright.
    size : (width, height) of the picture in pixels, upright.
    warnings : about the picture as a whole, such as "another shape than the template's: …".
    """

    name: str
    fields: dict[str, Reading]
    boxes: dict[str, Box]
    size: tuple[int, int]
    warnings: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Reading:
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __repr__(self) -> str:
        texts = ", ".join(f"{name}: {reading.text!r}" for name, reading in self.fields.items())
        return f"FormReading({self.name!r}, {texts})"

    @property
    def all_warnings(self) -> tuple[str, ...]:
        """The warnings about the picture, and about each field with its name."""
        own = (f"{name}: {each}" for name, reading in self.fields.items() for each in reading.all_warnings)
        return (*self.warnings, *own)

    def to_dict(self) -> dict[str, Any]:
        """The JSON record: `file`, `fields` by name, and `warnings` about the picture."""
        fields = {name: _record(reading, self.boxes[name]) for name, reading in self.fields.items()}
        return {"file": self.name, "fields": fields, "warnings": list(self.warnings)}


def _record(reading: Reading, box: Box) -> dict[str, Any]:
    own = {key: value for key, value in reading.to_dict().items() if key != "file"}
    return {"text": own.pop("text"), "confidence": own.pop("confidence"), "box": list(box), **own}
