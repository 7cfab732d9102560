"""The Open Inference Protocol V2: the answers are the model's, in JSON and binary, and tritonclient gets them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from inkling.data import load
from needs import needs_tritonclient

INFER = "/v2/models/reader/infer"
LENGTH = "Inference-Header-Content-Length"


@pytest.fixture(scope="module")
def images():
    return load("digits").labelled_test.images[:70]


@pytest.fixture(scope="module")
def expected(settings, images):
    model = settings.model
    return {"probabilities": model.predict_proba(images), "label": model.predict(images)} | {
        "not_a_digit": model.not_a_digit(images)
    }


def request_for(data, shape, datatype="UINT8", **more):
    return {"inputs": [{"name": "images", "shape": list(shape), "datatype": datatype, "data": data}], **more}


def outputs_of(answer):
    assert answer.status_code == 200, answer.text
    return {each["name"]: np.reshape(each["data"], each["shape"]) for each in answer.json()["outputs"]}


def check(found, expected):
    assert set(found) == set(expected)
    np.testing.assert_array_equal(found["label"], expected["label"])
    for name in ("probabilities", "not_a_digit"):
        np.testing.assert_allclose(found[name], expected[name], atol=1e-5)


def test_health_and_metadata(client):
    assert client.get("/v2/health/live").status_code == 200
    assert client.get("/v2/health/ready").status_code == 200
    for path in ("/v2/models/reader", "/v2/models/reader/versions/1"):
        assert client.get(f"{path}/ready").status_code == 200
        about = client.get(path).json()
        assert (about["name"], about["versions"]) == ("reader", ["1"])
        assert about["inputs"] == [{"name": "images", "datatype": "UINT8", "shape": [-1, 28, 28]}]
        assert [each["name"] for each in about["outputs"]] == ["probabilities", "label", "not_a_digit"]
    assert client.get("/v2").json()["extensions"] == ["binary_tensor_data"]


@pytest.mark.parametrize("flat", [True, False], ids=["flat", "nested"])
@pytest.mark.parametrize("datatype", ["UINT8", "FP32"])
def test_images_in_json_get_the_answers_of_the_model(client, images, expected, datatype, flat):
    numbers = images if datatype == "UINT8" else images / 255
    data = numbers.ravel().tolist() if flat else numbers.tolist()
    answer = client.post(INFER, json=request_for(data, images.shape, datatype, id="seven"))
    assert (answer.json()["id"], answer.json()["model_name"]) == ("seven", "reader")
    check(outputs_of(answer), expected)


def test_an_answer_does_not_depend_on_the_other_images_of_the_request(client, images):
    """A model that looks at a whole array would take levels of 0 and 1 alone for black and white."""
    faint = (images[:1] > 100).astype(np.uint8)
    both = np.concatenate([faint, images[1:2]])
    alone, together = (
        outputs_of(client.post(INFER, json=request_for(each.tolist(), each.shape))) for each in (faint, both)
    )
    np.testing.assert_allclose(alone["probabilities"][0], together["probabilities"][0], atol=1e-6)


def test_only_the_wanted_outputs_come_in_their_order(client, images):
    wanted = [{"name": "label"}, {"name": "probabilities"}]
    answer = client.post(INFER, json=request_for(images[:1].tolist(), (1, 28, 28), outputs=wanted))
    assert [each["name"] for each in answer.json()["outputs"]] == ["label", "probabilities"]


@needs_tritonclient("tritonclient gets the model's answers, in binary and in JSON")
@pytest.mark.parametrize("binary", [True, False], ids=["binary", "JSON"])
@pytest.mark.parametrize("datatype", ["UINT8", "FP32"])
def test_tritonclient(served, images, expected, datatype, binary):
    import tritonclient.http as triton

    with triton.InferenceServerClient(f"127.0.0.1:{served.port}") as client:
        assert client.is_server_live()
        assert client.is_server_ready()
        assert client.is_model_ready("reader")
        assert not client.is_model_ready("writer")
        assert client.get_server_metadata()["name"] == "inkling"
        assert client.get_model_metadata("reader", "1")["platform"] == "inkling"
        given = triton.InferInput("images", list(images.shape), datatype)
        numbers = images if datatype == "UINT8" else images * np.float32(1 / 255)
        given.set_data_from_numpy(numbers, binary_data=binary)
        wanted = [triton.InferRequestedOutput(name, binary_data=binary) for name in expected]
        for outputs in (wanted, None):
            result = client.infer("reader", [given], outputs=outputs, request_id="one")
            assert result.get_response()["id"] == "one"
            check({name: result.as_numpy(name) for name in expected}, expected)
        with pytest.raises(triton.InferenceServerException, match="there is no model writer"):
            client.infer("writer", [given])


ONE = (1, 28, 28)
BLACK = [0] * 784


@pytest.mark.parametrize(
    ("record", "status", "told"),
    [
        ([], 400, "the request is a JSON object, not list"),
        ({}, 400, 'one input, "images", was expected'),
        ({"inputs": [{"name": "pixels"}]}, 400, "called \"images\", not 'pixels'"),
        (request_for(BLACK, ONE, "FP16"), 400, "UINT8 or FP32, not 'FP16'"),
        (request_for(BLACK, (784,)), 400, "shape [N, 28, 28]"),
        (request_for(BLACK, (1, 28, True)), 400, "shape [N, 28, 28]"),
        (request_for(BLACK, (-1, 28, 28)), 400, "shape [N, 28, 28]"),
        (request_for(BLACK, (10**15, 28, 28)), 413, "at most 200 images"),
        (request_for(BLACK[1:], ONE), 400, "784 numbers, and data has 783"),
        (request_for([[0], [0, 1]], ONE), 400, "data is a list of numbers"),
        (request_for(["0"] * 784, ONE), 400, "data is a list of numbers"),
        (request_for([True] * 784, ONE), 400, "data is a list of numbers"),
        (request_for([256] * 784, ONE), 400, "whole numbers from 0 to 255"),
        (request_for([0.5] * 784, ONE), 400, "whole numbers from 0 to 255"),
        (request_for([-1] * 784, ONE), 400, "whole numbers from 0 to 255"),
        (request_for([255] * 784, ONE, "FP32"), 400, "from 0 to 1, not 255 to 255"),
        (request_for([10**400] * 784, ONE, "FP32"), 400, ""),
        (request_for(None, ONE), 400, "a list of numbers, or a binary_data_size"),
        (request_for(BLACK, ONE, id=7), 400, "id of a request is a text"),
        (request_for(BLACK, ONE, outputs=[{"name": "logits"}]), 400, "no output logits"),
        (request_for(BLACK, ONE, outputs=[{"name": "label"}] * 2), 400, "once only"),
        (request_for(BLACK, ONE, outputs="label"), 400, "outputs is a list"),
        (request_for(BLACK, ONE, parameters={"binary_data_output": 1}), 400, "true or false"),
        (request_for(BLACK, ONE, outputs=[{"name": "label", "parameters": {"classification": 3}}]), 400, "classific"),
    ],
)
def test_a_request_that_is_none_is_refused_in_one_sentence(client, record, status, told):
    answer = client.post(INFER, content=json.dumps(record))
    assert answer.status_code == status, answer.text
    assert told in answer.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff" * 10, b'{"inputs": NaN}', b"[" * 100_000], ids=range(5))
def test_what_is_no_json_is_400(client, body):
    assert client.post(INFER, content=body).status_code == 400


@pytest.mark.parametrize("length", ["-1", "x", "٣", "1e3", "99999999999999999999", "100000", ""])
def test_a_wrong_length_of_the_json_is_400(client, length):
    answer = client.post(INFER, content=b"{}", headers=[(LENGTH.encode(), length.encode())])
    assert answer.status_code == 400
    assert LENGTH in answer.json()["error"]


@pytest.mark.parametrize("size", [783, 785, "784", None, -784, True])
def test_binary_data_of_another_size_are_400(client, size):
    tensor = {"name": "images", "shape": list(ONE), "datatype": "UINT8", "parameters": {"binary_data_size": size}}
    head = json.dumps({"inputs": [tensor]}).encode()
    answer = client.post(INFER, content=head + bytes(784), headers={LENGTH: str(len(head))})
    assert answer.status_code == 400


def test_binary_floats_that_are_no_numbers_are_400(client):
    tensor = {"name": "images", "shape": list(ONE), "datatype": "FP32", "parameters": {"binary_data_size": 3136}}
    head = json.dumps({"inputs": [tensor]}).encode()
    for value in (np.nan, np.inf, -1):
        body = head + np.full(784, value, "<f4").tobytes()
        assert client.post(INFER, content=body, headers={LENGTH: str(len(head))}).status_code == 400


def test_another_model_or_version_is_404(client):
    for path in ("/v2/models/writer", "/v2/models/reader/versions/2", "/v2/models/%2e%2e%2freader"):
        assert client.get(path).status_code == 404
    assert client.post("/v2/models/writer/infer", json={}).status_code == 404
