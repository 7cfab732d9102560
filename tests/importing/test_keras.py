"""Weights that Keras trained: a network of Keras' layers and the imported model give the same logits.

Keras computes with PyTorch here; its weights are laid out in the same way whatever computes.
"""

import os

import numpy as np
import pytest
from safetensors.numpy import save_file

from inkling.importing import import_weights
from inkling.nn import (
    GELU,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    DepthwiseConv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
)
from inkling.optim import Adam
from inkling.recipes import Recipe
from needs import needs_keras, needs_torch

CLAIM = "weights that Keras trained give Keras' logits"
pytestmark = [needs_keras(CLAIM), needs_torch(CLAIM)]


@pytest.fixture(scope="module")
def keras():
    os.environ["KERAS_BACKEND"] = "torch"  # before Keras is imported for the first time
    import keras

    keras.utils.set_random_seed(0)
    return keras


def networks(keras):
    """Keras' layers, and Inkling's with Keras' ε."""
    k, gelu = keras.layers, keras.layers.Activation(lambda x: keras.ops.gelu(x, approximate=True))
    norms = {"eps": 1e-3}
    yield (
        [
            *(k.Conv2D(6, 3, padding="same"), k.BatchNormalization(), k.ReLU(), k.MaxPooling2D(2)),
            *(k.DepthwiseConv2D(3), k.LayerNormalization(), gelu, k.Conv2D(6, 1, use_bias=False)),
            *(k.AveragePooling2D(2, 1), k.Flatten(), k.Dense(9), k.BatchNormalization(), k.LeakyReLU(0.1)),
            *(k.Dropout(0.3), k.Dense(9), k.LayerNormalization(), k.Dense(4)),
        ],
        [
            *(Conv2d(6, 3, padding=1), BatchNorm2d(**norms), ReLU(), MaxPool2d(2)),
            *(DepthwiseConv2d(3), LayerNorm(**norms), GELU(), Conv2d(6, 1, bias=False)),
            *(AvgPool2d(2, 1), Flatten(), Linear(9), BatchNorm1d(**norms), LeakyReLU(0.1)),
            *(Dropout(0.3), Linear(9), LayerNorm(**norms), Linear(4)),
        ],
    )
    yield (
        [k.Conv2D(8, 3, strides=2), k.ReLU(), k.Conv2D(8, 3), k.ReLU(), k.GlobalAveragePooling2D(), k.Dense(4)],
        [Conv2d(8, 3, stride=2), ReLU(), Conv2d(8, 3), ReLU(), GlobalAvgPool(), Linear(4)],
    )


@pytest.mark.thorough
@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.filterwarnings("default")  # Keras and PyTorch warn of each other
def test_a_network_of_keras(keras, number, tmp_path):
    theirs, ours = list(networks(keras))[number]
    model = keras.Sequential([keras.Input((12, 11, 1)), *theirs])
    rng = np.random.default_rng(0)
    x, labels = rng.random((64, 12, 11, 1), np.float32), rng.integers(0, 4, 64)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    model.fit(x, labels, epochs=3, verbose=0)
    arrays = {f"{i}/{w.path}": w.numpy() for i, layer in enumerate(model.layers) for w in layer.weights}
    save_file({name: np.ascontiguousarray(a) for name, a in arrays.items()}, tmp_path / "weights.safetensors")
    network = Network(*ours, input_shape=(12, 11, 1))
    found = import_weights(tmp_path / "weights.safetensors", Recipe(network, Adam()))
    assert found.library == "keras"
    np.testing.assert_allclose(found.model.logits(x), model.predict(x, verbose=0), rtol=1e-5, atol=1e-5)
