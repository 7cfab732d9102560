"""int8: rewriting changes no answer, and rounding changes few."""

import numpy as np
import pytest

import inkling
from export.models import distance, of_images, of_rows, random_images
from export.onnx_files import in_runtime
from inkling.data import load as load_data
from inkling.errors import UsageError
from inkling.export.onnx.file import onnx_model
from inkling.export.onnx.first_convolution import space_to_depth
from inkling.export.onnx.int8 import _nodes_in_int8, _rectified_first, quantized
from inkling.nn import (
    GELU,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    DepthwiseConv2d,
    Flatten,
    GlobalAvgPool,
    LayerNorm,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Residual,
)
from needs import needs_mnist
from page.golden import random_model


@pytest.mark.parametrize("size", [(12, 12), (12, 18)])
@pytest.mark.parametrize(("kernel", "stride", "padding"), [(5, 2, 0), (5, 2, 2), (3, 2, 1), (2, 2, 0), (4, 3, 1)])
def test_pixels_of_a_stride_as_channels_give_the_same_logits(size, kernel, stride, padding):
    layers = (Conv2d(4, kernel, stride=stride, padding=padding), ReLU(), Flatten(), Linear(3))
    model = random_model(Network(*layers, input_shape=(*size, 1)))
    proto, images = onnx_model(model, "strided"), random_images(model)
    space_to_depth(proto)
    assert "SpaceToDepth" in {node.op_type for node in proto.graph.node}
    assert distance(model.logits(images), in_runtime(proto).logits(images)) < 1e-5


@pytest.mark.parametrize(
    "layers", [(Conv2d(4, 3), ReLU()), (Conv2d(4, 3, stride=5), ReLU()), (MaxPool2d(2),), (Residual(Conv2d(1, 1)),)]
)
def test_other_beginnings_stay_as_they_are(layers):
    model = random_model(Network(*layers, Flatten(), Linear(3), input_shape=(12, 12, 1)))
    proto = onnx_model(model, "other")
    before = proto.SerializeToString()
    space_to_depth(proto)
    assert proto.SerializeToString() == before


def test_a_rectifier_goes_before_a_maximum():
    model = of_images(8, 8, 3, Conv2d(4, 3), MaxPool2d(2), ReLU(), MaxPool2d(2))
    proto, images = onnx_model(model, "pooled"), random_images(model)
    swapped = _rectified_first(proto)
    kinds = [[node.op_type for node in each.graph.node] for each in (proto, swapped)]
    assert "".join(kinds[0]).count("MaxPoolRelu") == 1
    assert "".join(kinds[1]).count("MaxPoolRelu") == 0
    np.testing.assert_array_equal(in_runtime(swapped).logits(images), model_answers := in_runtime(proto).logits(images))
    assert distance(model.logits(images), model_answers) < 1e-5


def test_what_is_in_int8():
    """Products of several channels, and what only keeps or rectifies their numbers; not what divides by a deviation."""
    layers = (BatchNorm2d(), ReLU(), Conv2d(4, 3), LayerNorm(), Residual(Conv2d(4, 1), ReLU()), GELU(), Flatten())
    names = _nodes_in_int8(onnx_model(of_images(8, 8, 3, *layers), "mixed"))
    assert names == ["2.Conv2d", "4.0.Conv2d", "4.1.ReLU", "7.Linear"]


@pytest.mark.parametrize(
    "model",
    [
        of_rows(ReLU(), Linear(12), GELU(), Linear(8), ReLU()),
        of_images(12, 12, 4, ReLU(), Conv2d(8, 3), MaxPool2d(2), ReLU(), Residual(Conv2d(8, 3, padding=1), ReLU())),
        of_images(12, 12, 4, DepthwiseConv2d(3), ReLU(), Conv2d(6, 1), AvgPool2d(2), Flatten(), ReLU(), Linear(9)),
        of_images(9, 9, 4, Conv2d(8, 3, stride=2), LayerNorm(), GELU(), Conv2d(5, 3), GlobalAvgPool()),
    ],
    ids=["rows", "residual", "depthwise", "norms"],
)
def test_rounding_moves_logits_little(model):
    """By a few per cent of how far they differ from image to image."""
    images = random_images(model, 300)
    small = in_runtime(quantized(onnx_model(model, "drawn"), images[:200], "noise"))
    exact, rounded = model.logits(images), small.logits(images)
    assert not np.array_equal(exact, rounded)
    assert np.abs(rounded - exact).mean() < 0.1 * exact.std(axis=0).mean()


def test_a_network_without_such_layers_is_refused():
    model = random_model(Network(Conv2d(3, 3), GlobalAvgPool(), input_shape=(8, 8, 1)))
    with pytest.raises(UsageError, match="leave out --int8"):
        quantized(onnx_model(model, "one"), random_images(model), "noise")


@needs_mnist("the bundled reader in int8 loses at most .05 points on MNIST's test images")
def test_the_reader_keeps_its_accuracy():
    model, mnist = inkling.load_model(), load_data("mnist")
    small = quantized(onnx_model(model, "reader"), mnist.train.images[:1000], "mnist")
    found = in_runtime(small)
    accuracies = [np.mean(each.predict(mnist.test.images) == mnist.test.labels) for each in (model, found)]
    assert 100 * (accuracies[0] - accuracies[1]) <= 0.05
    assert small.ir_version == 8
    assert [(each.domain, each.version) for each in small.opset_import] == [("", 17)]
    properties = {each.key: each.value for each in small.metadata_props}
    assert "calibrated on 1000 images of mnist" in properties["quantization"]
    assert found.metadata == model.provenance
