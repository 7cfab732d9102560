"""What an inspection finds: rows of a part of the data, each with what is wrong about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

# Each kind of finding, and what it is in words; in the order in which they are told.
KINDS = {
    "duplicates": "images that equal an earlier one",
    "near-duplicates": "images that nearly equal an earlier one",
    "conflicts": "copies that have another label",
    "labels": "labels that a model which did not learn them doubts",
    "orientation": "images that are read as labelled once they are turned, mirrored or inverted",
    "blank": "images without ink",
    "inverted": "images whose ground is bright where that of most is dark, or the other way",
    "off-centre": "images whose ink lies far from where that of most lies",
    "balance": "classes with few images or none",
}


@dataclass(frozen=True)
class Finding:
    """Something that is wrong about an image, or about a class.

    Attributes
    ----------
    kind : one of KINDS.
    part : the name of the part of the data, such as "mnist test".
    row : of the image in its part, from 0; None where the finding is about a class.
    label : the name of the class that the image is labelled with, or that is meant; None without labels.
    says : what is wrong, in words that follow the row.
    score : how sure it is, from 0 to 1; findings of a kind are told in this order, the surest first.
    other : part and row of the image that this one is a copy of.
    """

    kind: str
    part: str
    row: int | None
    label: str | None
    says: str
    score: float = 1.0
    other: tuple[str, int] | None = None


@dataclass(frozen=True, eq=False)
class Inspection:
    """All that was found in some data.

    Attributes
    ----------
    images : number of images of each part, by its name.
    findings : by kind in the order of KINDS, the surest first.
    notes : sentences about the data as a whole, and about what was not looked for.
    pictures : the image (H, W) of each finding that is about one, by part and row; those of `other` too.
    """

    images: Mapping[str, int]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    pictures: Mapping[tuple[str, int], np.ndarray] = field(default_factory=dict, repr=False)

    def of_kind(self, kind: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind == kind]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "images": dict(self.images),
            "notes": list(self.notes),
            "counts": {kind: len(self.of_kind(kind)) for kind in KINDS},
            "findings": [asdict(finding) for finding in self.findings],
        }
