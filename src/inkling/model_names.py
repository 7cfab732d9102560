"""The name of a model, as a page or a service shows it: that of a bundled model, of a file, or of a run's folder."""

from __future__ import annotations

from pathlib import Path

from inkling.model import BUNDLED, DEFAULT, FILE_NAME, RUN_RECORD, model_file

_ENDING = ".safetensors"


def model_name(path: str | Path | None = None) -> str:
    """The name of the model that `inkling.load_model` finds there; DataError where it finds a folder without one."""
    if path is None:
        return DEFAULT
    file = model_file(path)
    if str(path) in BUNDLED:
        return str(path)
    if file.name == FILE_NAME and file.resolve().with_name(RUN_RECORD).is_file():
        return file.resolve().parent.name
    return file.stem if file.suffix == _ENDING else file.name


def address_name(name: str) -> str:
    """A model's name as it may stand in an address."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "-_.") else "-" for each in name)
    return plain.strip(".") or "model"
