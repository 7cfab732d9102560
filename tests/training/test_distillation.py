"""Distillation: what is learnt is the teacher's answer to the very image that the pupil was shown, and nothing else."""

import dataclasses
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from inkling import Model, ensemble, inference
from inkling.augmentation import Augmenter, Rotation, Shift
from inkling.errors import DataError, UsageError
from inkling.inference import PIXEL_SCALE
from inkling.model import load
from inkling.nn import BatchNorm1d, Flatten, Linear, Network, ReLU, Workspace, softmax, softmax_cross_entropy
from inkling.optim import SGD, ConstantLR
from inkling.recipes import Recipe
from inkling.recipes.training_set import training_set
from inkling.rng import Purpose, make_rng
from inkling.runs import run
from inkling.runs.model_file import ModelFile
from inkling.runs.run import Run
from inkling.training import TrainingState, train
from lively import LIVELY, digits

RATE, BATCH = 0.1, 30
PLAN = Recipe(
    Network(Flatten(), Linear(12), ReLU(), Linear(10)),
    SGD(),
    ConstantLR(RATE),
    batch_size=BATCH,
    epochs=1,
    augment=(Rotation(20), Shift(2)),
    shards=1,
    seed=3,
)


def untrained(network, seed):
    """A model that answers at random, but surely, with statistics of its own."""
    params = network.init(np.random.default_rng(seed))
    params.flat *= 3.0
    params.statistics[...] = np.random.default_rng(seed).uniform(0.5, 2.0, params.statistics.shape)
    return Model(network, params, {"recipe": {"name": "wise"}, "data": {"sha256": "elsewhere"}})


@pytest.fixture(scope="module")
def teacher():
    return ensemble([untrained(Network(Flatten(), Linear(20), BatchNorm1d(), ReLU(), Linear(10)), i) for i in range(2)])


def with_eleven():
    """A teacher that knows what is no digit, and is less sure than its logits."""
    return dataclasses.replace(untrained(Network(Flatten(), Linear(11)), 5), temperature=2.0)


@pytest.fixture
def file(teacher, tmp_path):
    teacher.save(tmp_path / "wise.safetensors")
    return tmp_path / "wise.safetensors"


@pytest.mark.parametrize("other", [None, with_eleven()], ids=["an ensemble", "eleven classes"])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_steps_follow_the_gradient_of_the_teachers_probabilities(teacher, other, smoothing):
    """Batch by batch with SGD, the images changed as the pupil gets them; there are no labels to smooth."""
    teacher = other or teacher
    data, state = digits()[:90], TrainingState.start(PLAN)
    plan = dataclasses.replace(PLAN, label_smoothing=smoothing)
    theta, losses, right = state.params.copy(), [], []
    order, augmenter = make_rng(3, Purpose.SHUFFLE, 0).permutation(90), Augmenter(PLAN.augment)
    draws, workspace, gradient = make_rng(3, Purpose.AUGMENT, 0, 0), Workspace(PLAN.network, BATCH), theta.copy()
    for rows in np.split(order, 3):
        x = data.images[rows, ..., None] * PIXEL_SCALE
        augmenter(x, draws)
        logits = PLAN.network.forward(theta, x, workspace, training=True)
        right.append((logits.argmax(axis=1) == data.labels[rows]).mean())
        dlogits = np.empty_like(logits)
        losses.append(softmax_cross_entropy(logits, teacher.predict_proba(x), dlogits))
        PLAN.network.backward(theta, gradient, dlogits, workspace)
        theta.flat -= RATE * gradient.flat
    (report,) = train(plan, data, state=state, workers=1, teacher=teacher)
    np.testing.assert_allclose(state.params.flat, theta.flat, rtol=1e-4, atol=1e-6)
    assert report.training_loss == pytest.approx(np.mean(losses), rel=1e-5)
    assert report.training_accuracy == pytest.approx(np.mean(right))
    assert np.abs(theta.flat - TrainingState.start(PLAN).params.flat).max() > 0.01


def test_labels_are_not_learnt(teacher):
    data = digits()[:90]
    results = []
    for labels in (data.labels, (data.labels + 1) % 10):
        state = TrainingState.start(PLAN)
        list(train(PLAN, dataclasses.replace(data, labels=labels), state=state, workers=1, teacher=teacher))
        results.append(state.params.flat)
    np.testing.assert_array_equal(*results)


def test_a_pupil_comes_to_agree_with_its_teacher(teacher):
    """As it cannot by chance, for this teacher knows nothing about digits."""
    data, state = digits(), TrainingState.start(PLAN)
    patient = dataclasses.replace(PLAN, epochs=40, augment=())
    list(train(patient, data, state=state, teacher=teacher))
    answers = teacher.predict(data.images)
    assert (Model(PLAN.network, state.params).predict(data.images) == answers).mean() > 0.65
    assert np.bincount(answers).max() / len(answers) < 0.35


def test_any_number_of_workers_gives_the_same_bits(teacher, monkeypatch):
    monkeypatch.setattr(inference, "PIECE", 8)  # so that a shard is several
    plan, results = LIVELY.override(epochs=2, shards=3, keep="last"), []
    for workers in (1, 2, 3):
        state = TrainingState.start(plan)
        list(train(plan, digits()[:500], digits()[500:600], state, workers=workers, teacher=teacher))
        results.append((state.params.flat, state.params.statistics))
    for other in results[1:]:
        for one, same in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, same)


def test_the_teacher_stays_as_it_is(teacher):
    before = teacher.params.copy()
    list(train(PLAN, digits()[:90], workers=1, teacher=teacher))
    np.testing.assert_array_equal(teacher.params.flat, before.flat)
    np.testing.assert_array_equal(teacher.params.statistics, before.statistics)


def taught(folder, file, epochs=None):
    """A run in a folder, dropped after some epochs, or at its end."""
    plan = LIVELY.override(epochs=4)
    for report in Run.create(folder, plan, "digits", teacher=file).train():
        if report.epoch == epochs:
            break
    return folder


@pytest.fixture
def checkpoint_every_epoch(monkeypatch):
    monkeypatch.setattr(run, "CHECKPOINT_SECONDS", 0.0)


def test_a_dropped_run_goes_on_with_its_teacher_to_the_same_bytes(tmp_path, file, monkeypatch, checkpoint_every_epoch):
    whole = taught(tmp_path / "whole", file)
    monkeypatch.chdir(tmp_path)
    dropped = taught(tmp_path / "dropped", file.relative_to(tmp_path), epochs=2)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    resumed = Run.resume(dropped)
    assert resumed.state.epoch == 2
    assert len(list(resumed.train())) == 2
    assert (dropped / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()


def test_a_model_names_its_teacher_but_no_place(tmp_path, file, teacher):
    model = load(taught(tmp_path / "r", file))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert model.metadata["teacher"] == {"sha256": digest, **teacher.provenance}
    assert str(tmp_path).encode() not in (tmp_path / "r" / "model.safetensors").read_bytes()
    assert json.loads((tmp_path / "r" / "run.json").read_text())["teacher"] == {"path": str(file), "sha256": digest}


def test_a_run_folder_may_teach(tmp_path, file):
    first = taught(tmp_path / "first", file)
    second = load(taught(tmp_path / "second", first))
    assert second.metadata["teacher"]["recipe"]["name"] == "lively"
    assert second.metadata["teacher"]["teacher"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("place", ["~/home-run", "~/home-run/model.safetensors"])
def test_a_teacher_may_lie_at_home(tmp_path, teacher, monkeypatch, place):
    """No shell expands the ~ in --teacher=~/home-run."""
    (tmp_path / "home-run").mkdir()
    teacher.save(tmp_path / "home-run" / "model.safetensors")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert ModelFile.read(Path(place)).path == tmp_path / "home-run" / "model.safetensors"


def test_a_teacher_that_comes_along_is_known_by_its_name():
    assert ModelFile.read(Path("tiny")).model.metadata["recipe"]["name"] == "tiny"


def test_another_teacher_is_noticed(tmp_path, file, teacher, checkpoint_every_epoch):
    folder = taught(tmp_path / "r", file, epochs=2)
    ensemble([teacher, teacher]).save(file)
    with pytest.raises(
        DataError, match=r"wise\.safetensors: this is not the teacher that .*r was started with.*: resuming would"
    ):
        Run.resume(folder)
    file.unlink()
    with pytest.raises(DataError, match=r"wise\.safetensors: the teacher of .*r is not there any more: put it back"):
        Run.resume(folder)


@pytest.mark.parametrize("record", ["wise", {"path": "wise.safetensors"}], ids=["no record", "no hash"])
def test_a_damaged_record_of_a_teacher_is_told(tmp_path, file, record):
    folder = taught(tmp_path / "r", file, epochs=1)
    metadata = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(metadata | {"teacher": record}))
    with pytest.raises(DataError, match="the record of its teacher is damaged; expected path and sha256"):
        Run.resume(folder)


def test_a_run_from_before_there_were_teachers_goes_on(tmp_path, file):
    folder = taught(tmp_path / "r", None, epochs=1)
    metadata = json.loads((folder / "run.json").read_text())
    assert metadata.pop("teacher") is None
    (folder / "run.json").write_text(json.dumps(metadata))
    assert Run.resume(folder).teacher is None


ELEVEN = dataclasses.replace(PLAN, network=Network(Flatten(), Linear(11)), non_digits=0.2, augment=())


def test_what_is_no_digit_is_learnt_of_a_teacher_too():
    """From the eleven probabilities of the teacher, for pictures of either sort."""
    teacher, state = with_eleven(), TrainingState.start(ELEVEN)
    start = state.params.copy()
    whole = dataclasses.replace(ELEVEN, batch_size="full")
    examples = training_set(whole, digits()[:60])
    (report,) = train(whole, examples, state=state, workers=1, teacher=teacher)
    images = examples.images[..., None]
    assert len(images) == 72
    x = images * PIXEL_SCALE
    targets = softmax(teacher.network.logits(teacher.params, x) / np.float32(2.0))
    assert report.training_loss == pytest.approx(
        softmax_cross_entropy(whole.network.logits(start, x), targets), rel=1e-5
    )


def test_a_teacher_without_the_eleventh_class_is_refused_before_anything_is_written(tmp_path, file, teacher):
    message = "recipe unnamed: its teacher knows no eleventh class for what is no digit: leave non_digits out, or give"
    with pytest.raises(UsageError, match=message):
        next(train(ELEVEN, training_set(ELEVEN, digits()), teacher=teacher))
    with pytest.raises(UsageError, match=message):
        Run.create(tmp_path / "r", ELEVEN, "digits", teacher=file)
    assert not (tmp_path / "r").exists()
