"""The folder of a run: the names of its files, and the source of the data that its model was trained on."""

from __future__ import annotations

import json
from pathlib import Path

from inkling.ensembles import members
from inkling.errors import UsageError
from inkling.model import Model

RECIPE = "recipe.toml"
RUN = "run.json"
HISTORY = "history.jsonl"


def training_source(path: Path, model: Model) -> str:
    """The source that a model was trained on, from the run folder that it lies in or else from its metadata.

    Raises
    ------
    UsageError
        The members of an ensemble were trained on several sources.
    """
    try:
        folder = path if path.is_dir() else path.parent
        if "members" not in model.metadata:  # an ensemble may lie in a run folder, but was not trained there
            return str(json.loads((folder / RUN).read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    sources = dict.fromkeys(str(each.get("data", {}).get("source", "auto")) for each in members(model.metadata))
    if len(sources) > 1:
        raise UsageError(f"{path}: its members were trained on {' and '.join(sources)}: say with --data what to take")
    return next(iter(sources))
