"""Golden files: models, images and what `explain` says of them, written for the page's engine to be compared with.

The numbers of bundled models come from digits; those of others are random: what is zero at first would hide errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

import numpy as np
from safetensors.numpy import save_file

from inkling import storage
from inkling.classes import class_names_for
from inkling.explanation import explain
from inkling.model import Model
from inkling.nn import Network
from page.node import run_node

TOLERANCE = 1e-4  # of the largest magnitude in a tensor


def random_model(network: Network, seed: int = 0) -> Model:
    """A model with random parameters and statistics, of as many classes as the network has logits."""
    rng = np.random.default_rng(seed)
    params = network.init(rng)
    params.flat += rng.normal(0.0, 0.1, params.flat.shape).astype(np.float32)
    params.statistics[:] = rng.uniform(0.5, 1.5, params.statistics.shape)
    return Model(network, params, class_names=class_names_for(network.shapes[-1][0]))


def random_image(model: Model, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random(model.network.input_shape, np.float32)


def write_case(folder: Path, number: int, model: Model, image: np.ndarray, label: int) -> dict[str, str | int]:
    """The two files of a case, and what the script has to know of it."""
    with mock.patch.object(storage.os, "fsync"):  # hundreds of files, none of which has to outlive a crash
        model.save(folder / f"{number}.model")
    save_file(explain(model, image, label), folder / f"{number}.golden")
    return {"model": f"{number}.model", "golden": f"{number}.golden", "label": label, "about": str(model.network)}


def mismatches(folder: Path, cases: Iterable[tuple[Model, np.ndarray, int]]) -> list[str]:
    """A line for each tensor that the engine computes otherwise than `explain`."""
    written = [write_case(folder, number, *case) for number, case in enumerate(cases)]
    (folder / "cases.json").write_text(json.dumps({"tolerance": TOLERANCE, "cases": written}), encoding="utf-8")
    answer = json.loads(run_node("compare.mjs", str(folder)))
    assert answer["cases"] == len(written) > 0
    assert answer["tensors"] >= 20 * len(written)  # even the smallest network has so many
    return list(answer["mismatches"])
