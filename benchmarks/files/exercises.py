"""Exercises: what a user does with a file of each kind, through the public functions."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np

import inkling
from benchmarks.files.sound_files import ROWS, Files, digits
from inkling.classifier import Classifier
from inkling.compatibility import in_classes_of, require_image_size
from inkling.data import Dataset, Source, describe
from inkling.ensembles import ensemble, members
from inkling.model import Model
from inkling.preprocessing import warn_of_other_normalization
from inkling.provenance import leakage_note, unseen
from inkling.recipes import load_recipe
from inkling.recipes.training_set import training_set
from inkling.runs.folder import training_source
from inkling.runs.run import Run
from inkling.training import TrainingState, train

PREDICTED = 4  # images that a model of the corpus predicts


def exercise(kind: str, folder: Path, files: Files) -> None:
    """Use the files of this kind, which lie in the folder, as a user would."""
    _EXERCISES[kind](folder, sorted(files))


def _model(folder: Path, names: list[str]) -> None:
    """`load`, `summary`, `predict`, `read`, `evaluate`, `ensemble`, `save`."""
    path = folder / names[0]
    model = inkling.load_model(path)
    model.summary()
    warn_of_other_normalization(model)
    images = np.zeros((PREDICTED, *model.network.input_shape), np.uint8)
    images[1:] = 255
    model.predict_proba(images)
    model.predict(images[:1], tta=True)
    model.save(folder / "again.safetensors")
    ensemble([model, inkling.load_model(folder / "again.safetensors")])
    if "A" not in model.class_names:
        inkling.read(_drawing(), model=model)
        _evaluate(path, model)


def _evaluate(path: Path, model: Model) -> None:
    data = Dataset(*digits())
    source = Source("digits", data, None)
    members(model.metadata)
    part, _ = unseen(model, source)
    leakage_note(model, source, part)
    require_image_size(model, part)
    in_classes_of(model, part)
    training_source(path, model)


def _recipe(folder: Path, names: list[str]) -> None:
    """One epoch on a few images."""
    recipe = load_recipe(folder / names[0]).override(epochs=1)
    data = Dataset(*digits(40))
    recipe = recipe.fitted_to(data)
    training, validation, _ = recipe.split.apply(data, np.random.default_rng(0))
    state = TrainingState.start(recipe)
    for _ in train(recipe, training_set(recipe, training), validation, state, workers=1):
        pass
    load_recipe(folder / names[0]).to_toml()


def _run(folder: Path, names: list[str]) -> None:
    """Resumed, where the data are those that it was started with."""
    images, labels = digits()
    np.savez(folder / "data.npz", images=images, labels=labels)
    run = Run.resume(folder, data=str(folder / "data.npz"))
    for _ in itertools.islice(run.train(workers=1), 2):
        pass


def _source(folder: Path, names: list[str]) -> None:
    """`load_data` of a file and of the folder, `data info`, `predict`."""
    tiny = inkling.load_model("tiny")
    for place in (folder / names[0], folder):
        source = inkling.load_data(place)
        describe(source)
        for part in source.parts.values():
            images = part.images[:ROWS]
            assert images.dtype == np.uint8
            if part.image_shape == (28, 28):
                tiny.predict_proba(images)


def _picture(folder: Path, names: list[str]) -> None:
    """`read`, and a folder of pictures as data."""
    content = (folder / names[0]).read_bytes()
    (folder / "data" / "3").mkdir(parents=True)
    (folder / "data" / "3" / names[0]).write_bytes(content)
    try:
        inkling.load_data(folder / "data")
    finally:
        inkling.read(folder / names[0])
        inkling.read(content, single=True)


def _onnx(folder: Path, names: list[str]) -> None:
    from inkling.export.onnx.session import load_onnx

    _exported(load_onnx(folder / names[0], threads=1))


def _header(folder: Path, names: list[str]) -> None:
    from inkling.export.c.reading import load_header

    _exported(load_header(folder / names[0]))


def _exported(model: Classifier) -> None:
    """`predict` and `evaluate` of an exported file."""
    images = np.zeros((PREDICTED, *model.input_shape), np.uint8)
    images[1:] = 255
    model.predict_proba(images)
    model.predict(images[:1], tta=True)
    if model.knows_non_digits:
        model.not_a_digit(images)
    data = Dataset(*digits())
    part, _ = unseen(model, Source("digits", data, None))
    leakage_note(model, Source("digits", data, None), part)
    require_image_size(model, part)
    in_classes_of(model, part)


def _drawing() -> np.ndarray:
    drawn = np.full((60, 40), 255, np.uint8)
    drawn[10:50, 18:23] = 0
    return drawn


_EXERCISES: dict[str, Callable[[Path, list[str]], None]] = {
    "models": _model,
    "recipes": _recipe,
    "runs": _run,
    "tables": _source,
    "idx": _source,
    "pictures": _picture,
    "onnx": _onnx,
    "headers": _header,
}
