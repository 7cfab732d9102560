"""What the command line says of a model that can say "not a digit"."""

import json

import numpy as np
import pytest

import inkling
from inkling.data import load
from inkling.nn import Flatten, Linear, Network
from inkling.optim import Adam, ConstantLR
from inkling.recipes import Recipe
from lively import digits


@pytest.fixture(scope="module")
def taught():
    recipe = Recipe(Network(Flatten(), Linear(11)), Adam(), ConstantLR(3e-3), epochs=5, non_digits=0.3)
    return inkling.fit(recipe, digits())


@pytest.fixture
def file(taught, tmp_path):
    taught.save(tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def test_evaluate_prints_the_share_of_refused_digits(file, taught, call):
    test = load("digits").test
    refused = (taught.not_a_digit(test.images) >= 0.5).mean()
    record = json.loads(call("evaluate", file, file, "--data", "digits", "--json").stdout)
    assert record["digits_refused"] == record["rival"]["digits_refused"] == refused
    out = call("evaluate", file, "--data", "digits").stdout
    assert f"digits refused     {100 * refused:.2f} %" in out


def test_predictions_have_a_column_for_none_beside_the_probabilities(file, taught, call):
    header, *rows = call("predict", file, "digits", "--proba").stdout.splitlines()
    assert header == "ImageId,Label,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9,not_a_digit"
    numbers = np.array([row.split(",") for row in rows], float)
    images = load("digits").test.images
    np.testing.assert_allclose(numbers[:, 2:12], taught.predict_proba(images), atol=1e-6)
    np.testing.assert_allclose(numbers[:, 12], taught.not_a_digit(images), atol=1e-6)
    plain = call("predict", file, "digits").stdout
    assert plain == "ImageId,Label\n" + "".join(f"{i},{d}\n" for i, d in enumerate(taught.predict(images), 1))
