"""Training for weights of few bits: what a step does, what is measured and saved, and the same bits on any workers."""

import dataclasses
import sys

import numpy as np
import pytest

from inkling.data import Split
from inkling.errors import UsageError
from inkling.model import load
from inkling.nn import (
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    DepthwiseConv2d,
    Flatten,
    Linear,
    Network,
    Parameters,
    ReLU,
    Residual,
    softmax_cross_entropy,
)
from inkling.optim import SGD, Adam, ConstantLR, CosineAnnealingLR
from inkling.quantization import bits_of, quantized
from inkling.recipes import Recipe, load_recipe
from inkling.runs import run
from inkling.runs.run import Run
from inkling.training import ForkedWorkers, InProcess, SpawnedWorkers, TrainingState, step_job, train
from inkling.training.measure import Measure
from lively import digits
from separate import Separate

NETWORK = Network(
    *(Conv2d(6, 5, stride=3, bias=False), BatchNorm2d(), ReLU()),
    *(Residual(DepthwiseConv2d(3, padding=1, bias=False), BatchNorm2d(), ReLU()), Flatten(), Linear(10)),
)
PLAN = Recipe(
    NETWORK,
    Adam(),
    CosineAnnealingLR(0.01),
    batch_size=100,
    epochs=3,
    ema=0.9,
    weight_bits=(8, 3, 4),
    shards=3,
    seed=5,
)


def trained(plan: Recipe, workers: object = 1) -> TrainingState:
    state = TrainingState.start(plan)
    for _ in train(plan, digits()[:600], digits()[600:700], state, workers=workers):
        pass
    return state


def weights(params: Parameters) -> list[np.ndarray]:
    return [place.view(params.flat) for place in params.layout.weights]


def on_grids(params: Parameters, bits: tuple[int, ...]) -> np.ndarray:
    """θ with each weight on its grid, by the functions that `tests/test_quantization.py` proves."""
    copy = params.copy()
    for weight, each in zip(weights(copy), bits, strict=True):
        weight[...] = quantized(weight, each)
    return copy.flat


def test_weights_are_what_decays_in_the_order_of_the_layers():
    assert [place.shape for place in NETWORK.layout.weights] == [(5, 5, 1, 6), (3, 3, 6), (384, 10)]
    assert [place.name for place in NETWORK.layout.weights] == ["weight", "0.weight", "weight"]


def test_a_step_is_by_the_gradient_at_the_quantised_weights():
    """θ − lr ∇L(Q(θ)), the gradient being that of central differences of the loss of the quantised network."""
    network = Network(Flatten(), Linear(6), ReLU(), Linear(10))
    data = digits()[:50]
    plan = Recipe(network, SGD(), ConstantLR(0.5), batch_size="full", epochs=1, weight_bits=(2, 3), shards=1)
    state = TrainingState.start(plan)
    before = state.params.copy()
    for _ in train(plan, data, state=state):
        pass
    x = data.images[..., None] / np.float64(255)
    moved = (before.flat.astype(np.float64) - state.params.flat) / 0.5
    along, length = moved / np.linalg.norm(moved), np.linalg.norm(moved)
    assert slope(network, on_grids(before, (2, 3)), x, data.labels, along) == pytest.approx(length, rel=1e-4)
    assert abs(slope(network, before.flat, x, data.labels, along) / length - 1) > 0.01  # that at θ would be noticed


def slope(network: Network, flat: np.ndarray, x: np.ndarray, labels: np.ndarray, along: np.ndarray) -> float:
    """The derivative of the loss along a direction, in float64."""
    shifted = (Parameters(network.layout, flat.astype(np.float64) + step * along) for step in (1e-6, -1e-6))
    high, low = (softmax_cross_entropy(network.logits(each, x), labels) for each in shifted)
    return (high - low) / 2e-6


@pytest.mark.parametrize("ema", [None, 0.9])
def test_what_is_measured_and_kept_is_the_quantised_network(ema):
    plan = dataclasses.replace(PLAN, ema=ema, keep="best", split=Split(validation=0.2))
    state = TrainingState.start(plan)
    for report in train(plan, digits()[:600], digits()[600:700], state, workers=1):
        latent = state.params if ema is None else state.average
        kept = state.eval_parameters
        np.testing.assert_array_equal(kept.flat, on_grids(latent, (8, 3, 4)))
        assert [bits_of(weight) for weight in weights(latent)] == [None] * 3
        measured = Measure(NETWORK)(kept, digits()[600:700], "validation")
        assert {k: v for k, v in report.to_dict().items() if k in measured} == measured
    best, _ = state.chosen(plan)
    assert [bits_of(weight) for weight in weights(best)] == [8, 3, 4]


def test_averaged_statistics_are_those_of_the_quantised_network():
    """One batch and one shard: the mean that is kept is that of what the quantised layer gives."""
    data = digits()[:300]
    network = Network(Flatten(), Linear(12), BatchNorm1d(), ReLU(), Linear(10))
    plan = Recipe(network, Adam(), ConstantLR(0.01), batch_size="full", epochs=4, ema=0.9, weight_bits=2, shards=1)
    state = TrainingState.start(plan)
    for _ in train(plan, data, state=state):
        pass
    kept = state.eval_parameters
    z = data.images.reshape(300, 784) / np.float32(255) @ kept[1].weight + kept[1].bias
    np.testing.assert_allclose(kept[2].running_mean, z.mean(axis=0), rtol=1e-3, atol=1e-4)


def vectors(state: TrainingState) -> dict[str, bytes]:
    return {name: vector.tobytes() for name, vector in state.pack()[0].items()}


def test_the_bits_are_the_same_on_all_workers(monkeypatch):
    monkeypatch.setattr(step_job, "SHARED_UPDATE_PARAMETERS", 1)  # an update in several spans, too
    alone = vectors(trained(PLAN, InProcess()))
    executors = [SpawnedWorkers(2), Separate()]
    for executor in executors + ([ForkedWorkers(2)] if sys.platform == "linux" else []):
        assert vectors(trained(PLAN, executor)) == alone, executor


def test_a_run_goes_on_to_the_same_bytes_and_saves_weights_on_their_grids(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "CHECKPOINT_SECONDS", 0.0)
    for _ in Run.create(tmp_path / "whole", PLAN, "digits").train(workers=1):
        pass
    for _ in Run.create(tmp_path / "broken", PLAN, "digits").train(workers=1):
        break
    for _ in Run.resume(tmp_path / "broken").train(workers=1):
        pass
    files = [tmp_path / which / "model.safetensors" for which in ("whole", "broken")]
    assert files[0].read_bytes() == files[1].read_bytes()
    model = load(files[0])
    assert [bits_of(weight) for weight in weights(model.params)] == [8, 3, 4]
    assert model.metadata["recipe"]["weight_bits"] == [8, 3, 4]
    assert Recipe.from_dict(model.metadata["recipe"]) == PLAN


def test_training_for_two_bits_is_better_than_quantising_afterwards():
    network = Network(Flatten(), Linear(16), ReLU(), Linear(10))
    plan = Recipe(network, Adam(), CosineAnnealingLR(0.01), batch_size=50, epochs=10, weight_bits=2, shards=1)
    late = trained(dataclasses.replace(plan, weight_bits=None)).params
    late.flat[:] = on_grids(late, (2, 2))
    aware = trained(plan).eval_parameters
    measured = [Measure(network)(params, digits()[700:], "x")["x_accuracy"] for params in (late, aware)]
    assert measured[1] > measured[0] + 0.05


def test_a_state_of_other_bits_is_refused():
    state = TrainingState.start(dataclasses.replace(PLAN, weight_bits=4))
    with pytest.raises(UsageError, match="it holds weights of 4 bits, but its weight_bits are \\(8, 3, 4\\)"):
        next(train(PLAN, digits(), state=state))


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (1, "weight_bits must be a whole number from 2 to 8, or a list of one for each weight, not 1"),
        (True, "not True"),
        ([4, 9, 4], "not .4, 9, 4."),
        ("4", "not '4'"),
        ([4, 4], "weight_bits has 2 numbers, but the network has 3 weights"),
    ],
)
def test_wrong_bits_are_a_sentence(bits, words):
    with pytest.raises(UsageError, match=words):
        dataclasses.replace(PLAN, weight_bits=bits)


@pytest.mark.parametrize("bits", [4, (8, 3, 4)])
def test_bits_round_trip_in_a_recipe_file(tmp_path, bits):
    plan = dataclasses.replace(PLAN, weight_bits=bits)
    (tmp_path / "few.toml").write_text(plan.to_toml(), encoding="utf-8")
    assert load_recipe(tmp_path / "few.toml") == plan
