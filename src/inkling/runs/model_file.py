"""A model and its file: the teacher of a run, or the model that a run starts from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkling.errors import DataError
from inkling.model import DEFAULT_FILE, Model, load, model_file


@dataclass(frozen=True)
class ModelFile:
    """A model, the absolute path of its file, and the file's SHA-256 as hex digits."""

    path: Path
    sha256: str
    model: Model

    @classmethod
    def read(cls, path: Path | None) -> ModelFile:
        """Read a model file, a run folder or a bundled model by its name; None is the reader that comes along.

        DataError where there is none.
        """
        file = (DEFAULT_FILE if path is None else model_file(path.expanduser())).resolve()
        model = load(file)
        return cls(file, hashlib.sha256(file.read_bytes()).hexdigest(), model)

    @classmethod
    def again(cls, record: Mapping[str, str], folder: Path, role: str, option: str) -> ModelFile:
        """The model that a run was started with, of its `to_dict`; DataError where the file is gone or changed.

        Parameters
        ----------
        folder : of the run.
        role : what the model is to the run, and `option` that of `inkling train` which names it, for messages.
        """
        path, sha256 = Path(record["path"]), record["sha256"]
        moved = f"to resume with the same file in another place: inkling train --resume {folder} {option} FILE"
        if not path.is_file():
            raise DataError(f"{path}: the {role} of {folder} is not there any more: put it back, or {moved}")
        found = cls.read(path)
        if found.sha256 != sha256:
            raise DataError(
                f"{path}: this is not the {role} that {folder} was started with, whose file has the SHA-256 "
                f"{sha256[:12]}… and not {found.sha256[:12]}…: resuming would mix two models; {moved}"
            )
        return found

    def to_dict(self) -> dict[str, str]:
        """The record of a run folder that `again` takes."""
        return {"path": str(self.path), "sha256": self.sha256}

    @property
    def provenance(self) -> dict[str, Any]:
        """The model in the metadata of one that learnt from it: its own metadata, the hash of its file, and no path."""
        return {**self.model.provenance, "sha256": self.sha256}
