"""A teacher: a trained model whose answers a run learns in place of labels, and its file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkling.errors import DataError
from inkling.model import Model, load, model_file


@dataclass(frozen=True)
class Teacher:
    """A model, the absolute path of its file, and the file's SHA-256 as hex digits."""

    path: Path
    sha256: str
    model: Model

    @classmethod
    def read(cls, path: Path) -> Teacher:
        """Read a model file, a run folder or a bundled model by its name; DataError where there is none."""
        file = model_file(path.expanduser()).resolve()
        model = load(file)
        return cls(file, hashlib.sha256(file.read_bytes()).hexdigest(), model)

    @classmethod
    def again(cls, record: Mapping[str, str], folder: Path) -> Teacher:
        """The teacher that a run was started with, of its `to_dict`; DataError where the file is gone or changed."""
        try:
            path, sha256 = Path(record["path"]), record["sha256"]
        except (KeyError, TypeError):
            raise DataError(f"{folder}: the record of its teacher is damaged; expected path and sha256") from None
        if not path.is_file():
            raise DataError(f"{path}: the teacher of {folder} is not there any more: put it back to go on")
        teacher = cls.read(path)
        if teacher.sha256 != sha256:
            raise DataError(f"{path}: the teacher changed since {folder} was started; resuming would mix two")
        return teacher

    def to_dict(self) -> dict[str, str]:
        """The record of a run folder that `again` takes."""
        return {"path": str(self.path), "sha256": self.sha256}

    @property
    def provenance(self) -> dict[str, Any]:
        """The teacher in the metadata of its pupil: its own metadata and the hash of its file, but no path."""
        return {**self.model.provenance, "sha256": self.sha256}
