"""A run gives its model the temperature of its recipe, or one fitted on the images that were held out."""

import dataclasses

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from inkling.data import Split
from inkling.errors import UsageError
from inkling.evaluation import fit_temperature
from inkling.inference import Predictor
from inkling.model import Model, load
from inkling.nn import softmax_cross_entropy
from inkling.runs import run
from inkling.runs.calibration import calibrate
from inkling.runs.run import Run
from inkling.training import train
from lively import LIVELY, digits

RECIPE = LIVELY.override(epochs=4, temperature="fit")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A finished run whose temperature was fitted."""
    return finish(Run.create(tmp_path_factory.mktemp("runs") / "whole", RECIPE, "digits"))


def finish(run):
    for _ in run.train():
        pass
    return run


def test_a_number_is_given_to_the_model_as_it_is(tmp_path, fitted):
    given = load(finish(Run.create(tmp_path / "r", RECIPE.override(temperature=2), "digits")).folder)
    assert given.temperature == 2
    assert "calibration" not in given.metadata
    np.testing.assert_array_equal(given.params.flat, load(fitted.folder).params.flat)


def test_a_fitted_temperature_is_the_best_on_the_validation_images(fitted):
    model, held_out = load(fitted.folder), fitted.parts.validation
    assert model.temperature != 1
    assert fit_temperature(model.logits(held_out.images), held_out.labels) == pytest.approx(1, abs=2e-4)
    metadata = model.metadata["calibration"]
    assert metadata["images"] == len(held_out) == 287
    assert metadata["cross_entropy_before"] == pytest.approx(model.metadata["metrics"]["validation_loss"], rel=1e-4)
    assert metadata["cross_entropy_after"] < metadata["cross_entropy_before"]
    after = softmax_cross_entropy(model.logits(held_out.images), held_out.labels)
    assert metadata["cross_entropy_after"] == pytest.approx(after, rel=1e-6)


def test_a_fit_that_was_interrupted_ends_with_the_same_bytes(tmp_path, fitted, monkeypatch):
    monkeypatch.setattr(run, "CHECKPOINT_SECONDS", 0.0)
    for report in Run.create(tmp_path / "r", RECIPE, "digits").train():
        if report.epoch == 2:
            break
    finish(Run.resume(tmp_path / "r"))
    whole = fitted.folder / "model.safetensors"
    assert (tmp_path / "r" / "model.safetensors").read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("images", [40, 200])
def test_a_fit_has_one_blas_thread(monkeypatch, images):
    """Else it has other bits on one core than on two, where the images are too few to be shared out."""
    threads, predict = [], Predictor._predict

    def watched(*arguments):
        blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
        numpys = [pool for pool in blas if "scipy.libs" not in pool["filepath"]]  # SciPy has a BLAS of its own
        threads.extend(pool["num_threads"] for pool in numpys)
        predict(*arguments)

    monkeypatch.setattr(Predictor, "_predict", watched)
    params = RECIPE.network.init(np.random.default_rng(0))
    calibrate(Model(RECIPE.network, params), "fit", digits()[:images])
    assert set(threads) == {1}


def test_a_fit_wants_validation_images():
    with pytest.raises(UsageError, match="temperature = 'fit' need a split with validation images"):
        RECIPE.override(split=Split(), keep="last")
    for useless in (None, digits()[:0], dataclasses.replace(digits(), labels=None)):
        with pytest.raises(UsageError, match="temperature = 'fit' need validation images with labels"):
            next(train(RECIPE.override(keep="last"), digits(), useless))
