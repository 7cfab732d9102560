"""An ensemble answers with the mean of its members' logits, and its one file has the metadata of all members."""

import dataclasses

import numpy as np
import pytest

import inkling
from inkling import Model, ensemble
from inkling.errors import UsageError
from inkling.nn import BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, Network, ReLU, softmax

NETWORKS = [
    Network(Conv2d(4, 5, stride=2, bias=False), MaxPool2d(2), BatchNorm2d(), ReLU(), Flatten(), Linear(10)),
    Network(Flatten(), Dropout(0.5), Linear(12), ReLU(), Linear(10)),
    Network(BatchNorm2d(), Conv2d(3, 4), BatchNorm2d(), Flatten(), Linear(10)),
]


@pytest.fixture
def models():
    """With statistics of their own, as trained ones have."""
    rng = np.random.default_rng(0)
    made = []
    for i, network in enumerate(NETWORKS):
        params = network.init(rng)
        params.statistics[...] = rng.uniform(0.5, 2.0, params.statistics.shape)
        made.append(Model(network, params, {"recipe": {"name": f"number {i}"}, "data": {"images": i}}))
    return made


@pytest.fixture
def images():
    return np.random.default_rng(1).integers(0, 256, (70, 28, 28), dtype=np.uint8)


def mean(models, images, **options):
    return np.mean([model.logits(images, **options).astype(np.float64) for model in models], axis=0)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("tta", [False, True])
def test_an_ensemble_answers_with_the_mean_of_the_logits(models, images, count, tta):
    logits = ensemble(models[:count]).logits(images, tta=tta)
    np.testing.assert_allclose(logits, mean(models[:count], images, tta=tta), rtol=1e-5, atol=1e-5)
    assert logits.dtype == np.float32
    np.testing.assert_array_equal(ensemble(models[:count]).predict_proba(images, tta=tta), softmax(logits))


def test_what_is_folded_inside_predicts_the_same(models, images):
    together = ensemble(models)
    folded = together._predictor.network
    assert sum("BatchNorm" in repr(each) for member in folded.layers[0].inner for each in member.inner) == 1
    pixels = images[..., None] * np.float32(1 / 255)
    expected = together.network.logits(together.params, pixels)
    np.testing.assert_allclose(together.logits(images), expected, rtol=1e-4, atol=1e-4)


def test_an_ensemble_is_one_file(models, images, tmp_path):
    together = ensemble(models)
    together.save(tmp_path / "both")
    again = inkling.load(tmp_path / "both")
    np.testing.assert_array_equal(again.logits(images), together.logits(images))
    assert again.network == together.network
    again.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "both").read_bytes()


def test_models_from_files_give_the_same_bytes(models, tmp_path):
    ensemble(models).save(tmp_path / "both")
    for i, model in enumerate(models):
        model.save(tmp_path / str(i))
    ensemble([inkling.load(tmp_path / str(i)) for i in range(3)]).save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "both").read_bytes()


def test_the_metadata_hold_those_of_the_members(models):
    nested = ensemble([ensemble(models[:2]), models[2]])
    metadata = [{**model.metadata, "temperature": 1.0} for model in models]
    assert nested.metadata == {"members": [{"members": metadata[:2], "temperature": 1.0}, metadata[2]]}


@pytest.mark.parametrize(("temperatures", "expected"), [((1.3, 1.3), 1.3), ((1.0, 3.0), 1.5)])
def test_temperatures_are_averaged_as_what_logits_are_multiplied_by(models, images, temperatures, expected):
    calibrated = [dataclasses.replace(m, temperature=t) for m, t in zip(models, temperatures, strict=False)]
    together = ensemble(calibrated)
    assert together.temperature == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(together.logits(images), mean(models[:2], images) / expected, rtol=1e-4, atol=1e-4)
    assert [member["temperature"] for member in together.metadata["members"]] == list(temperatures)


def test_an_ensemble_among_others_counts_as_one(models, images):
    nested = ensemble([ensemble(models[:2]), models[2]])
    one, two, three = (model.logits(images).astype(np.float64) for model in models)
    np.testing.assert_allclose(nested.logits(images), one / 4 + two / 4 + three / 2, rtol=1e-4, atol=1e-4)


def test_members_are_copied(models, images):
    together = ensemble(models)
    before = together.logits(images).copy()
    for model in models:
        model.params.flat.fill(0.0)
    np.testing.assert_array_equal(ensemble([together, together]).logits(images), before)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_models_are_refused(models, count):
    with pytest.raises(UsageError, match=f"an ensemble takes at least two models, not {count}"):
        ensemble(models[:count])


def knowing_non_digits(seed):
    network = Network(Flatten(), Linear(11))
    return Model(network, network.init(np.random.default_rng(seed)))


def test_models_that_know_non_digits_know_them_together(images):
    models = [knowing_non_digits(0), knowing_non_digits(1)]
    eleven = np.mean([m.network.logits(m.params, images[..., None] * np.float32(1 / 255)) for m in models], axis=0)
    np.testing.assert_allclose(ensemble(models).not_a_digit(images), softmax(eleven)[:, 10], rtol=1e-4, atol=1e-6)


def test_models_of_which_only_some_know_non_digits_are_refused(models):
    with pytest.raises(UsageError, match='an ensemble takes models that all can say "not a digit", or none that can'):
        ensemble([*models, knowing_non_digits(0)])


def letters(seed, side=16, class_names=("A", "Ä", "あ")):
    network = Network(Flatten(), Linear(len(class_names)), input_shape=(side, side, 1))
    return Model(network, network.init(np.random.default_rng(seed)), class_names=class_names)


def test_an_ensemble_keeps_the_names_of_its_classes_and_the_size_of_its_images(tmp_path):
    models = [letters(0), letters(1)]
    ensemble(models).save(tmp_path / "both")
    together = inkling.load(tmp_path / "both")
    assert together.class_names == ("A", "Ä", "あ")
    small = np.random.default_rng(1).integers(0, 256, (5, 16, 16), dtype=np.uint8)
    np.testing.assert_allclose(together.logits(small), mean(models, small), rtol=1e-5, atol=1e-5)


def test_models_of_other_classes_or_sizes_are_refused(models):
    with pytest.raises(
        UsageError, match=r"models of the same classes, not of 3 classes \(A, Ä, あ\) and 3 classes \(A, Ä, い\)"
    ):
        ensemble([letters(0), letters(1, class_names=("A", "Ä", "い"))])
    with pytest.raises(UsageError, match="images of one size, not of 16×16 and 28×28 pixels"):
        ensemble([letters(0), letters(1, side=28)])
