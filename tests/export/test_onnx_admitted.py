"""ONNX files of strangers: other operators, other files, and graphs that take too much end in a sentence."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import inkling
from export.models import of_images
from inkling.errors import DataError
from inkling.export.onnx.admitted import OPERATORS, admitted
from inkling.export.onnx.file import onnx_model
from inkling.export.onnx.session import OnnxModel, model_of_bytes
from inkling.nn import Conv2d, Flatten, Linear, Network, ReLU
from page.golden import random_model

IDENTITY = helper.make_graph([], "inner", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])])


def tiny():
    return onnx_model(inkling.load_model("tiny"), "tiny")


def with_node(op, inputs=("x",), outputs=("z",), domain="", at=3, **attributes):
    """With a node behind the preprocessing."""
    proto = tiny()
    proto.graph.node.insert(at, helper.make_node(op, inputs, outputs, domain=domain, **attributes))
    return proto


def with_constant(array, op, inputs, **attributes):
    proto = with_node(op, inputs, **attributes)
    proto.graph.initializer.append(numpy_helper.from_array(array, "k"))
    return proto


def with_function():
    proto = tiny()
    node = helper.make_node("Relu", ["a"], ["b"])
    proto.functions.append(helper.make_function("own", "F", ["a"], ["b"], [node], [helper.make_opsetid("", 17)]))
    return proto


def with_external(location):
    proto = tiny()
    array = proto.graph.initializer[-1]
    onnx.external_data_helper.set_external_data(array, location)
    array.ClearField("raw_data")
    return proto


def with_array(**fields):
    proto = tiny()
    proto.graph.initializer.append(TensorProto(name="k", **fields))
    return proto


def with_opset(domain, version):
    proto = tiny()
    proto.opset_import.append(helper.make_opsetid(domain, version))
    return proto


def side(*sizes):
    return np.array(sizes, np.int64)


@pytest.mark.parametrize(
    ("proto", "sentence"),
    [
        (lambda: with_node("Loop", body=IDENTITY), "an operator 'Loop', which"),
        (lambda: with_node("ConstantOfShape"), "'ConstantOfShape', which"),
        (lambda: with_node("Relu", domain="com.microsoft"), "domain in its NodeProto, which"),
        (lambda: with_node("Relu", more=IDENTITY), "g in its AttributeProto"),
        (lambda: with_node("Softmax", axis=2**40), "an attribute 'axis' of another form"),
        (lambda: with_opset("com.microsoft", 1), "something else than opset 17"),
        (with_function, "functions in its ModelProto"),
        (lambda: with_external("/etc/passwd"), "(external_data|data_location) in its TensorProto"),
        (lambda: with_array(dims=[2**40], data_type=TensorProto.FLOAT), "an array 'k' of another form"),
        (lambda: with_array(dims=[1], data_type=TensorProto.STRING, string_data=[b"a"]), "string_data in its"),
        (lambda: with_constant(side(-1, 1), "Reshape", ("x", "k")), None),
        (lambda: with_constant(side(2**40, 1), "Reshape", ("x", "k")), "."),
        (lambda: with_node("Conv", ("x", "0.weight"), pads=[2**20] * 4), "."),
        (lambda: with_constant(np.zeros((1, 1, 300, 300), np.float32), "Conv", ("x", "k"), pads=[2000] * 4), "bound"),
        (lambda: with_constant(np.zeros((2**18, 1, 1), np.float32), "Add", ("x", "k")), "205,.* numbers per image"),
        (lambda: with_node("Add", ("x", "nothing")), "."),
        (lambda: with_node("Relu", ()), "."),
    ],
)
def test_what_inkling_does_not_write_is_refused(proto, sentence):
    content = proto().SerializeToString()
    if sentence is None:
        assert isinstance(model_of_bytes(content, "stranger", threads=1), OnnxModel)
        return
    with pytest.raises(DataError, match=f"stranger: .*{sentence}") as refusal:
        model_of_bytes(content, "stranger", threads=1)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("text", ["weight", "class_names", "temperature", "probabilities", "Relu", "0.1.0", "images"])
def test_a_text_that_is_not_utf_8_is_a_sentence(text):
    content = tiny().SerializeToString()
    assert text.encode() in content
    for place in range(content.count(text.encode())):
        parts = content.split(text.encode())
        before, after = (text.encode().join(some) for some in (parts[: place + 1], parts[place + 1 :]))
        with pytest.raises(
            DataError, match="stranger: not a usable ONNX file: a name or a property in it is not UTF-8"
        ):
            model_of_bytes(before + b"\xff" + text.encode()[1:] + after, "stranger", threads=1)


def test_every_operator_that_is_taken_has_a_writer():
    """The other direction is told by all tests that load what was written."""
    from inkling.export.onnx import file, graph, layers, normalization

    texts = [Path(each.__file__).read_text(encoding="utf-8") for each in (file, graph, layers, normalization)]
    added = {"SpaceToDepth", "QuantizeLinear", "DequantizeLinear"}  # of int8
    assert {each for each in OPERATORS if not any(f'"{each}"' in text for text in texts)} == added


def test_a_large_network_gets_fewer_images_per_call():
    layers = (Conv2d(64, 3, padding=1), ReLU(), Flatten(), Linear(3))
    large = onnx_model(random_model(Network(*layers, input_shape=(120, 100, 1))), "large")
    assert 1 < admitted(large.SerializeToString(), "large")[1] < 100
    assert admitted(tiny().SerializeToString(), "tiny")[1] == 256


class Other:
    """A session that answers as no checked file should."""

    def __init__(self, session, answer):
        self.session, self.answer = session, answer

    def get_inputs(self):
        return self.session.get_inputs()

    def run(self, names, feeds):
        return [self.answer(*self.session.run(names, feeds))]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda y: y.astype(np.float64), "answers logits as float64"),
        (lambda y: y[:-1], r"of shape \(4, 3\), and float32 of \(5, 3\) was expected"),
        (lambda y: y * np.float32("nan"), "not finite"),
        (lambda y: [][0], "cannot be computed: list index out of range"),
    ],
)
def test_what_the_runtime_answers_is_checked(answer, sentence):
    model = of_images(6, 6, 2, ReLU())
    good = model_of_bytes(onnx_model(model, "good").SerializeToString(), "good", threads=1)
    about = good.metadata, good.temperature, good.class_names, good.input_shape, good.knows_non_digits
    with pytest.raises(DataError, match=sentence):
        OnnxModel(*about, Other(good.session, answer), good.piece).predict(np.zeros((5, 6, 6), np.uint8))
