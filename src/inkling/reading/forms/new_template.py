"""The text of a new template: TOML with a comment beside all that people will want to change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from inkling.errors import printable
from inkling.reading.forms.boxes import Size
from inkling.reading.forms.proposal import Proposal
from inkling.reading.marks import Box
from inkling.reading.plausibility import MOST_DIGITS

_DECIMALS = 4  # of shares: less than a pixel of most pictures


def template_text(proposals: Sequence[Proposal], name: str, size: Size) -> str:
    """A template with one field per proposal, called field-1, field-2, ….

    Parameters
    ----------
    name : of the picture.
    size : (width, height) of the picture in pixels.
    """
    return "\n".join(_parts(proposals, name, size))


def field_names(proposals: Sequence[Proposal]) -> list[str]:
    return [f"field-{number}" for number in range(1, len(proposals) + 1)]


def _parts(proposals: Sequence[Proposal], name: str, size: Size) -> Iterator[str]:
    yield f"# A template for pictures that look like {printable(name)}."
    yield "# Rename the fields, move their boxes, delete what is no field. A field's name is a column of the table."
    yield "# Then: inkling read --template THIS_FILE PICTURES"
    yield ""
    yield f"size = [{size[0]}, {size[1]}]  # width and height of that picture in pixels"
    yield ""
    yield "# A box is left, top, width and height: shares of the picture from 0 to 1, or whole pixels."
    for number, (field, proposal) in enumerate(zip(field_names(proposals), proposals, strict=True)):
        yield f"[fields.{field}]  # {proposal.text} was read here"
        yield f"box = [{', '.join(_shares(proposal.box, size))}]"
        yield f"# digits = {len(proposal.text)}"
        if not number:
            yield from _more_keys(proposal.text)
        yield ""


def _more_keys(text: str) -> Iterator[str]:
    """The other keys of a field in which this text was read, as comments, which stand below that field."""
    count = min(len(text), MOST_DIGITS)
    examples = {
        "single = true": "there is exactly one digit",
        "lines = true": "there may be several lines",
        "min_confidence = 0.5": "a digit with less becomes ?",
        rf"pattern = '\d{{{len(text)}}}'": "what the number looks like, as a regular expression",
        "min = 0": "the least number",
        f"max = {10**count - 1}": "the greatest number",
        f'previous = "{"0" * count}"': "what the meter showed before, with all its digits: the number is no lower",
        "max_step = 500": "the most that it has moved since",
    }
    yield "# More keys of this field. Take away the # in front of those that you want, or copy such a line below the"
    yield "# field that it is meant for."
    width = max(map(len, examples))
    yield from (f"# {key:{width}}  # {meaning}" for key, meaning in examples.items())


def _shares(box: Box, size: Size) -> Iterator[str]:
    """Left, top, width and height in decimals; rounding takes no pixel from the box, and leaves it in the picture."""
    x, y, width, height = box
    starts = _rounded(math.floor, x / size[0]), _rounded(math.floor, y / size[1])
    stops = _rounded(math.ceil, (x + width) / size[0]), _rounded(math.ceil, (y + height) / size[1])
    lengths = (stop - start for start, stop in zip(starts, stops, strict=True))
    yield from (f"{share / 10**_DECIMALS:.{_DECIMALS}f}" for share in (*starts, *lengths))


def _rounded(function: Callable[[float], int], share: float) -> int:
    return function(round(share * 10**_DECIMALS, 6))
