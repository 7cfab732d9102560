"""`fit`: a recipe and data in, a trained model out, with all that the recipe asks for."""

from __future__ import annotations

import platform
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import inkling
from inkling.data import (
    PREPROCESSING_VERSION,
    Dataset,
    Parts,
    Source,
    count_mnist_test_images,
    count_mnist_training_images,
    load,
)
from inkling.data.class_counts import notes_on_training
from inkling.errors import InklingWarning, UsageError, described
from inkling.model import Model
from inkling.nn import Device
from inkling.recipes import Recipe, load_recipe
from inkling.recipes.training_set import training_set
from inkling.runs.calibration import calibrate
from inkling.runs.model_file import ModelFile
from inkling.runs.preparation import prepare
from inkling.training.checks import require_workers
from inkling.training.devices import device_for
from inkling.training.executor import Executor
from inkling.training.loop import EpochReport, train
from inkling.training.state import TrainingState


def fit(
    recipe: Recipe | str | Path,
    data: Source | Dataset | str | Path,
    *,
    teacher: Model | ModelFile | str | Path | None = None,
    start: Model | ModelFile | str | Path | None = None,
    workers: int | Executor | None = None,
    on_epoch: Callable[[EpochReport], object] | None = None,
    device: str | Device = "cpu",
) -> Model:
    """Train a model as the recipe says: split, early stopping, best or last epoch, averaged weights, temperature.

    Parameters
    ----------
    recipe : a recipe, the name of a bundled one, or the path of a TOML file. Its network is fitted to the size of the
        images and the number of classes.
    data : a source that `load_data` takes or has read, or labelled images. The recipe's split is held out of it.
    teacher : a model, or where its file is; its answers are learnt in place of the labels.
    start : a model, or where its file is; training starts from its parameters in place of random ones. It has the
        layers of the recipe's network, and the classes of the data.
    workers : processes, by default as many as there are cores, or an executor; the bits are the same with all of them.
    on_epoch : is called with the report of each epoch, such as `print`.
    device : "cpu", or "cuda" for a GPU of NVIDIA through CuPy, as in `inkling.training.train`.

    Returns
    -------
    Model
        Its metadata tell `inkling evaluate` which rows it learnt from.

    Raises
    ------
    UsageError
        The recipe does not fit the data, the teacher or the model to start from does not fit them, or an argument is
        of another type.
    DataError
        The data cannot be read, or have no labels.
    TrainingDiverged
        The loss is no longer finite.
    """
    require_workers(workers)
    if on_epoch is not None and not callable(on_epoch):
        raise UsageError(f"on_epoch is a function that is given a report, such as print, not {described(on_epoch)}")
    recipe = load_recipe(recipe) if isinstance(recipe, str | Path) else recipe
    place = device_for(device, recipe, workers)
    source = _source(data)
    taught_by, answers = _read_model(teacher)
    started_from, beginning = _read_model(start)
    recipe, parts = prepare(recipe, source, answers, start=beginning)
    harmless = parts.notes if parts.copies else ()  # copies that were put together do no harm
    for note in notes_on_training(parts, said=harmless):
        warnings.warn(f"{source.name}: {note}", InklingWarning, stacklevel=2)
    state = TrainingState.start(recipe, None if beginning is None else beginning.params)
    examples = training_set(recipe, parts.training)
    for report in train(recipe, examples, parts.validation, state, teacher=answers, workers=workers, device=place):
        if on_epoch is not None:
            on_epoch(report)
    learnt_from = {"teacher": taught_by, "start": started_from}
    return trained_model(recipe, state, parts, source.name, learnt_from, [place.name])


def _read_model(model: Any) -> tuple[Any, Any]:
    """What was given, a file being read, and the model alone; what is neither stays, and is refused later."""
    known = ModelFile.read(Path(model)) if isinstance(model, str | Path) else model
    return known, known.model if isinstance(known, ModelFile) else known


def trained_model(
    recipe: Recipe,
    state: TrainingState,
    parts: Parts,
    source: str,
    learnt_from: Mapping[str, Model | ModelFile | None],
    devices: Sequence[str] = ("cpu",),
) -> Model:
    """The model of the epoch that the recipe keeps, calibrated, with metadata on its making and no clock time.

    Parameters
    ----------
    recipe, state, parts : of the training, which is done.
    source : the name or path of the data.
    learnt_from : the models that shaped this one, by what they were to it: "teacher" or "start".
    devices : where it was trained, one after the other; the metadata do not name the processor where it was alone.
    """
    params, epoch = state.chosen(recipe)
    timeless = {"seconds", "images_per_second"}
    metrics = {k: v for k, v in state.history[epoch - 1].items() if k not in timeless} if epoch else {}
    metadata = {
        "recipe": recipe.to_dict(),
        "data": {
            "source": Path(source).name,  # no folder: the same data give the same file wherever they lie
            "sha256": parts.sha256,
            "images": len(parts.training),
            "mnist_test_images": count_mnist_test_images(parts.training.images),
            "mnist_training_images": count_mnist_training_images(parts.training.images),
            **({"copies": parts.copies} if parts.copies else {}),  # which says how `provenance` splits them again
        },
        "versions": {"inkling": inkling.__version__, "numpy": np.__version__, "python": platform.python_version()},
        "preprocessing": PREPROCESSING_VERSION,
        "metrics": metrics,
    }
    if [*devices] != ["cpu"]:
        metadata["devices"] = [*devices]
    metadata |= {role: model.provenance for role, model in learnt_from.items() if model is not None}
    model = Model(recipe.network, params, metadata, class_names=parts.training.class_names)
    return calibrate(model, recipe.temperature, parts.validation)


def _source(data: Source | Dataset | str | Path) -> Source:
    if isinstance(data, Source):
        return data
    if isinstance(data, Dataset):
        return Source(data.name, data, None)
    if isinstance(data, str | Path):
        return load(data)
    raise UsageError(
        f"data is a source, its name or path, or a Dataset, not {described(data)}: "
        "Dataset(images, labels) makes one of arrays"
    )
