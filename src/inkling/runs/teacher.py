"""A teacher: a trained model whose answers a run learns in place of labels, and the file that it is in."""

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
    """A model with the path of its file, from the root, and the file's hash."""

    path: Path
    sha256: str
    model: Model

    @classmethod
    def read(cls, path: Path) -> Teacher:
        """The model that `load` finds there; DataError where there is none."""
        file = model_file(path.expanduser()).resolve()
        model = load(file)
        return cls(file, hashlib.sha256(file.read_bytes()).hexdigest(), model)

    @classmethod
    def again(cls, record: Mapping[str, str], folder: Path) -> Teacher:
        """The teacher that the run of a folder was started with; DataError where it is gone, or is another."""
        try:
            path, sha256 = Path(record["path"]), record["sha256"]
        except (KeyError, TypeError):
            raise DataError(f"{folder}: what it tells of its teacher is damaged; expected path and sha256") from None
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
        """What a model that it taught tells of it: no path, but the hash, and how it was made itself."""
        return {**self.model.provenance, "sha256": self.sha256}
