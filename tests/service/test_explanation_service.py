"""POST /explain: the tensors of `inkling.explanation.explain`, for a picture or for the very numbers."""

from __future__ import annotations

import numpy as np
import pytest
import safetensors.numpy

import inkling
from inkling.explanation import explain

RAW = {"Content-Type": "application/octet-stream"}


@pytest.fixture(scope="module")
def image(picture):
    """What the network sees of the picture, uint8 (28, 28)."""
    return inkling.read(picture, single=True).digits[0].image


def check(answer, expected):
    assert answer.status_code == 200, answer.text
    found = safetensors.numpy.load(answer.content)
    assert set(found) == set(expected)
    for name, array in expected.items():
        assert found[name].shape == array.shape
        np.testing.assert_allclose(found[name], array, rtol=1e-5, atol=1e-6 * np.abs(array).max(), err_msg=name)


@pytest.mark.parametrize("label", [0, 2, 10])
def test_the_tensors_are_those_of_explain(client, settings, image, picture, label):
    expected = explain(settings.model, image, label)
    floats = (image * np.float32(1 / 255)).astype("<f4").tobytes()
    parameters = {"label": label}
    check(client.post("/explain", params=parameters, content=image.tobytes(), headers=RAW), expected)
    check(client.post("/explain", params=parameters, content=floats, headers=RAW), expected)
    check(client.post("/explain", params=parameters, content=picture, headers={"Content-Type": "image/png"}), expected)


def test_a_faint_image_is_not_taken_for_black_and_white(client):
    one = np.zeros((28, 28), np.uint8)
    one[3, 4] = 1
    answer = client.post("/explain", params={"label": 1}, content=one.tobytes(), headers=RAW)
    assert safetensors.numpy.load(answer.content)["x"].max() == np.float32(1 / 255)


@pytest.mark.parametrize(
    ("label", "body", "headers", "status", "told"),
    [
        (11, bytes(784), RAW, 422, "a label of this model is a whole number from 0 to 10, not 11"),
        (-1, bytes(784), RAW, 422, "label: input should be greater than or equal to 0"),
        ("seven", bytes(784), RAW, 422, "label: "),
        (7, bytes(783), RAW, 400, "784 bytes, or 3136 as float32, and this body has 783"),
        (7, b"", RAW, 400, "this body has 0"),
        (7, np.full(784, np.nan, "<f4").tobytes(), RAW, 400, "from 0 to 1"),
        (7, np.full(784, 255, "<f4").tobytes(), RAW, 400, "from 0 to 1"),
        (7, b"hello", {}, 415, "a picture was expected"),
    ],
)
def test_what_cannot_be_explained_is_refused(client, label, body, headers, status, told):
    answer = client.post("/explain", params={"label": label}, content=body, headers=headers)
    assert (answer.status_code, told in answer.json()["error"]) == (status, True), answer.text


def test_without_a_label_nothing_is_explained(client):
    assert client.post("/explain", content=bytes(784), headers=RAW).status_code == 422
