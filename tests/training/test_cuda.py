"""Training on a GPU through CuPy, as far as a double of CuPy shows it: results, transfers, arrays that are made.

`cupy_double.py` says what the double stands for. Where a GPU is at hand, the last test trains on it.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import inkling
from cupy_double import Ledger
from inkling.errors import InklingError, MissingExtraError, UsageError
from inkling.nn import (
    CPU,
    GELU,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Residual,
)
from inkling.optim import SGD, Adam, ConstantLR
from inkling.recipes import Recipe
from inkling.recipes.training_set import training_set
from inkling.runs.checkpoint import load_checkpoint, save_checkpoint
from inkling.runs.run import Run
from inkling.training import TrainingState, train
from inkling.training.cuda import Cuda
from inkling.training.devices import device_named
from inkling.training.examples import Examples
from inkling.training.loop import EpochReport
from inkling.training.step import start_step
from lively import LIVELY, SEEING, digits
from needs import needs_gpu

PERCEPTRON = Recipe(
    Network(Flatten(), Linear(64), ReLU(), Dropout(0.2), Linear(32), ReLU(), Linear(10)), Adam(), ConstantLR(0.01)
)
CONVOLUTIONS = Recipe(
    Network(
        Conv2d(8, 3, padding=1),
        ReLU(),
        MaxPool2d(2),
        Conv2d(8, 3, padding=1, bias=False),
        BatchNorm2d(),
        GELU(),
        Residual(Conv2d(8, 3, padding=1), ReLU()),
        MaxPool2d(2),
        Flatten(),
        Dropout(0.1),
        Linear(10),
    ),
    SGD(momentum=0.9),
    ConstantLR(0.05),
    ema=0.9,
)


def trained(recipe: Recipe, device: str) -> tuple[list[EpochReport], TrainingState]:
    """The reports of two epochs on some digits, validated on others, and the state at their end."""
    data, state = digits(), TrainingState.start(recipe)
    training, validation = data[:300], data[300:500]
    recipe = dataclasses.replace(recipe, epochs=2)
    chosen = training_set(recipe, training)
    return list(train(recipe, chosen, validation, state, workers=1, device=device)), state


@pytest.mark.parametrize("recipe", [PERCEPTRON, LIVELY, SEEING, CONVOLUTIONS], ids=["mlp", "lively", "seeing", "cnn"])
def test_a_training_is_that_of_the_cpu(recipe: Recipe, cupy: Ledger) -> None:
    """But for the order in which sums are rounded; augmentation, batch norm, dropout, averages and Muon included."""
    (expected, on_cpu), (came, on_gpu) = trained(recipe, "cpu"), trained(recipe, "cuda")
    assert cupy.to_device, "the double was at work"
    for one, other in zip(expected, came, strict=True):
        numbers = [{k: v for k, v in each.to_dict().items() if "second" not in k} for each in (one, other)]
        assert numbers[1] == pytest.approx(numbers[0], rel=1e-3, abs=1e-3)
    vectors, vectors_of_gpu = on_cpu.vectors(), on_gpu.vectors()
    assert len(vectors) == len(vectors_of_gpu) > 2
    for ours, theirs in zip(vectors, vectors_of_gpu, strict=True):
        assert type(theirs) is np.ndarray
        np.testing.assert_allclose(theirs, ours, rtol=1e-3, atol=1e-3 * max(1.0, np.abs(ours).max(initial=0.0)))


def one_step(recipe: Recipe, images: int, cupy: Ledger) -> None:
    """A second step on so many images, in the ledger: the first one makes arrays that stay."""
    recipe, data = dataclasses.replace(recipe, batch_size=images), digits()
    examples = Examples.of(data, recipe.network.input_shape)
    step = start_step(recipe, TrainingState.start(recipe), examples, None, None, Cuda())
    step.load()
    step(np.arange(images), 0.01, 0)
    cupy.clear()
    step(np.arange(images), 0.01, 0)


@pytest.mark.parametrize(("recipe", "dropouts"), [(PERCEPTRON, 1), (CONVOLUTIONS, 1)], ids=["mlp", "cnn"])
def test_what_is_moved_in_a_step(recipe: Recipe, dropouts: int, cupy: Ledger) -> None:
    """For each shard, its images, what Dropout draws and the gradient of the logits; back, the logits alone."""
    one_step(recipe, 100, cupy)
    assert len(cupy.to_device) == recipe.shards * (2 + dropouts)
    shard = 100 // recipe.shards
    assert cupy.to_device.count(shard * 28 * 28 * 4) == recipe.shards
    assert cupy.to_host == [shard * 10 * 4] * recipe.shards


@pytest.mark.parametrize("recipe", [PERCEPTRON, CONVOLUTIONS], ids=["mlp", "cnn"])
def test_no_array_that_grows_with_the_batch_is_made_in_a_step(recipe: Recipe, cupy: Ledger) -> None:
    made = []
    for images in (60, 120):
        one_step(recipe, images, cupy)
        made.append(Counter(cupy.made))
    assert made[0] == made[1]
    assert made[0], "a step makes some: the scratch of the optimizer"


def test_cupy_itself_copies_nothing_in_a_step_of_a_perceptron(cupy: Ledger) -> None:
    """It copies what an operation reads and writes through two views; layers in place share one."""
    one_step(PERCEPTRON, 100, cupy)
    assert cupy.copied_inside == []


def test_the_state_is_the_processors_between_two_epochs(cupy: Ledger, tmp_path: Path) -> None:
    """So it is saved as always, and goes on anywhere."""
    recipe, data = dataclasses.replace(CONVOLUTIONS, epochs=2, shards=1), digits()[:200]
    state = TrainingState.start(recipe)
    reports = train(recipe, data, None, state, device="cuda")
    next(reports)
    save_checkpoint(tmp_path, state)
    again = load_checkpoint(tmp_path, recipe)
    next(reports)
    list(train(recipe, data, None, again, device="cpu", workers=1))
    for ours, theirs in zip(state.vectors(), again.vectors(), strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=1e-3, atol=1e-4)


def test_an_epoch_that_ends_early_leaves_no_trace(cupy: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, data = dataclasses.replace(PERCEPTRON, epochs=2), digits()[:200]
    state = TrainingState.start(recipe)
    before, reports = [vector.copy() for vector in state.vectors()], train(recipe, data, None, state, device="cuda")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("inkling.training.loop.Step.store", interrupt)
        with pytest.raises(KeyboardInterrupt):
            next(reports)
    for expected, vector in zip(before, state.vectors(), strict=True):
        np.testing.assert_array_equal(vector, expected)


def test_the_model_tells_where_it_was_trained(cupy: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = LIVELY.override(epochs=2)
    assert inkling.fit(recipe, digits(), device="cuda").metadata["devices"] == ["cuda"]
    assert "devices" not in inkling.fit(recipe, digits(), workers=1).metadata
    monkeypatch.setattr("inkling.runs.run.CHECKPOINT_SECONDS", 0.0)
    next(Run.create(tmp_path / "run", recipe, "digits", device="cuda").train())
    for _ in Run.resume(tmp_path / "run", "cpu").train():
        pass
    assert inkling.load(tmp_path / "run").metadata["devices"] == ["cuda", "cpu"]
    assert json.loads((tmp_path / "run" / "run.json").read_text())["devices"] == ["cuda", "cpu"]


@pytest.mark.parametrize(
    ("settings", "arguments", "sentence"),
    [
        ({}, {"workers": 2}, "training on cuda takes no workers, not 2: one process keeps the GPU busy"),
        ({"weight_bits": 2}, {}, "(weight_bits) are trained on the cpu alone, not on cuda"),
        ({}, {"device": "gpu"}, "a device is cpu or cuda, not 'gpu'"),
        ({}, {"device": None}, "a device is cpu or cuda, not None"),
    ],
)
def test_what_is_refused(
    settings: dict[str, object], arguments: dict[str, object], sentence: str, cupy: Ledger
) -> None:
    recipe = dataclasses.replace(PERCEPTRON, **settings)
    with pytest.raises(UsageError) as caught:
        list(train(recipe, digits(), **{"device": "cuda", **arguments}))
    assert sentence in str(caught.value)


def test_without_cupy_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(
        MissingExtraError, match=r"this needs cupy-cuda12x\[ctk\], which is not installed: pip install .*cuda"
    ):
        device_named("cuda")


def test_without_a_gpu_cudas_reason_is_told(cupy: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("cudaErrorInsufficientDriver: CUDA driver version is\ninsufficient")

    monkeypatch.setattr(sys.modules["cupy"], "zeros", refuse)
    with pytest.raises(InklingError) as caught:
        device_named("cuda")
    assert str(caught.value) == (
        "--device cuda needs a GPU of NVIDIA, its driver and the libraries of CUDA 12: cudaErrorInsufficientDriver: "
        "CUDA driver version is insufficient; without them, train on the cpu"
    )


def test_the_processor_is_the_default_and_needs_no_cupy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    assert device_named("cpu") is CPU
    next(train(dataclasses.replace(PERCEPTRON, epochs=1), digits()[:100], workers=1))


@needs_gpu("a training on a GPU has the results of the processor")
@pytest.mark.parametrize("recipe", [PERCEPTRON, LIVELY, SEEING, CONVOLUTIONS], ids=["mlp", "lively", "seeing", "cnn"])
def test_a_training_on_a_gpu(recipe: Recipe) -> None:
    expected, came = trained(recipe, "cpu")[0][-1], trained(recipe, "cuda")[0][-1]
    assert came.validation_loss == pytest.approx(expected.validation_loss, abs=0.1)
    assert came.validation_accuracy == pytest.approx(expected.validation_accuracy, abs=0.05)
