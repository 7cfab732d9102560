"""The engine's functions and its readers of files, under `node --test`: Python writes what they need."""

import json
import re
import shutil
from dataclasses import dataclass

import numpy as np
import pytest
from safetensors.numpy import save_file

from inkling import storage
from inkling.data import load as load_data
from inkling.errors import UsageError
from inkling.model import WEIGHTS, Model
from inkling.nn import LAYERS, Flatten, Layer, Linear, Network, Sequential, read_network
from page.golden import random_model, write_case
from page.node import needs_node, run_tests
from page.test_engine import IMAGES, ROWS, cases, of_images, of_rows

pytestmark = needs_node("the page computes what NumPy computes")

IMAGE, ROW = (8, 7, 2), (9,)

NO_ACTIVATIONS = {  # layers that are no functions of each number by itself; an activation that is added is in no list
    *("Linear", "Conv2d", "DepthwiseConv2d", "MaxPool2d", "AvgPool2d", "GlobalAvgPool", "CenterCrop", "Flatten"),
    *("Dropout", "BatchNorm1d", "BatchNorm2d", "LayerNorm", "Residual", "Ensemble", "Sequential"),
}
OF_ROWS = """
    Linear|Linear()|Linear(10|Linear(10))|Linear(10) Linear(10)|Linear(1.5)|Linear(True)|Linear('3')|Linear(None)
    Linear(0)|Linear(-3)|Linear(10, 10)|Linear(10, bias=True)|Linear(3, init=Foo())|Linear(3, out_features=3)
    Linear(init=Normal(1), 3)|Linear(1e999)|Linear(10,,)|[Linear(3)]|Linear[3]|10|lambda: 1|Linear(10).x|Linear((1)
    Dropout(1)|Dropout(-0.1)|LeakyReLU(negative_slope=2)|GELU(3)|ReLU(x=1)|BatchNorm2d()|Conv2d(3, 3)|MaxPool2d(2)
    GlobalAvgPool()|CenterCrop(2)|Residual()|Residual(3)|Residual(Linear(3))|Residual([Linear(9)])|Ensemble()
    Ensemble(Linear(3), Linear(4))|Sequential(layers=Linear(3))"""
OF_IMAGES = """
    Linear(3)|BatchNorm1d()|Conv2d(3)|Conv2d(3, 9)|Conv2d(0, 3)|Conv2d(3, 3, padding=3)|Conv2d(3, 3, stride=0)
    Conv2d(3, (3, 3))|MaxPool2d(0)|MaxPool2d(8)|AvgPool2d(2, stride=0)|CenterCrop(8)|BatchNorm2d(eps=0)
    BatchNorm2d(momentum=0)|Residual(Conv2d(2, 3))|DepthwiseConv2d(8)|LayerNorm(eps=0)"""
MISTAKES = [  # what is wrong in Python is wrong on the page
    *(([text], ROW) for text in re.split(r"[|\n]\s*", OF_ROWS.strip())),
    *(([text], IMAGE) for text in re.split(r"[|\n]\s*", OF_IMAGES.strip())),
    ([""], ROW),
    (["Linear(\x00)"], ROW),
    (["LayerNorm()"], (4, 4, 1)),
    (["Residual(" * 30 + "ReLU()" + ")" * 30], ROW),
    (["Residual(" * 20_000], ROW),
    (["(" * 100_000], ROW),
    (["Linear(10, " * 20_000], ROW),
    (["Linear(" + "1" * 300_000 + ")"], ROW),
    (["ReLU()"] * 5000, ROW),
    (["Linear(16777216)", "Linear(16777216)"], ROW),
    (["Conv2d(65536, 1)", "Conv2d(65536, 1)"], (512, 512, 1)),
]
READABLE = [
    ([" Linear ( 7 , ) "], ROW),
    (["Linear(out_features=7, init=Normal(std=0.1, mean=-1.5e-3))"], ROW),
    (["Linear(7, XavierNormal())", "LeakyReLU(0)", "LeakyReLU(.5)", "Dropout(1e-05)"], ROW),
    (["MaxPool2d(2, None)", "AvgPool2d(kernel_size=2, stride=1)", "Sequential(\n  ReLU(),\n  Flatten(),\n)"], IMAGE),
]


def as_json(content, path):
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def files(tmp_path):
    for name in ("tiny", "reader"):
        shutil.copy(WEIGHTS / f"{name}.safetensors", tmp_path)
    return tmp_path


def test_functions_for_the_page(files):
    models = [*map(of_rows, ROWS), *(of_images(h, w, c, layer) for layer, h, w, c in IMAGES)]
    written = [write_case(files, number, *case) for number, case in enumerate(cases(models))]
    as_json({"cases": written}, files / "cases.json")
    digits = load_data("digits").train
    pairs = zip(digits.images[:8].reshape(8, -1).tolist(), digits.labels[:8].tolist(), strict=True)
    as_json([{"image": image, "label": label} for image, label in pairs], files / "digits.json")
    own = {name for name, kind in LAYERS.items() if kind.__module__.startswith("inkling.")}  # not those of other tests
    assert own > NO_ACTIVATIONS
    as_json(sorted(own - NO_ACTIVATIONS), files / "activations.json")
    run_tests("engine.test.mjs", files)


@dataclass(frozen=True, repr=False)
class Swish(Layer):
    """A layer of a user."""

    beta: float = 1.0
    how: str = ""

    def forward(self, p, x, cache, *, training, rng):
        raise NotImplementedError

    def backward(self, p, g, dy, cache):
        raise NotImplementedError


def test_files_and_notations(files, monkeypatch):
    for texts, shape in MISTAKES:
        with pytest.raises(UsageError):  # whose network would else be one
            read_network([*texts, "Flatten()", "Linear(2)"], shape)
    as_json([{"texts": texts, "shape": shape} for texts, shape in MISTAKES], files / "mistakes.json")
    networks = [read_network([*texts, "Flatten()", "Linear(2)"], shape) for texts, shape in READABLE]
    written = [([*texts, "Flatten()", "Linear(2)"], n) for (texts, _), n in zip(READABLE, networks, strict=True)]
    written += [([repr(layer) for layer in network.layers], network) for network in networks]
    kinds = [(texts, n.input_shape, n.shapes[1:]) for texts, n in written]
    as_json([{"texts": t, "shape": s, "shapes": all_} for t, s, all_ in kinds], files / "notations.json")
    monkeypatch.setitem(LAYERS, "Swish", Swish)
    write_models(files)
    as_json(write_foreign(files), files / "foreign.json")
    run_tests("files.test.mjs", files)


def write_models(folder):
    """One with a layer that the page does not know, and one whose metadata are not in ASCII."""
    unknown = Network(Flatten(), Linear(12), Swish(-0.5, "wild"), Sequential(Swish()), Linear(10))
    random_model(unknown).save(folder / "unknown.safetensors")
    letters = random_model(Network(Flatten(), Linear(4), input_shape=(5, 6, 1)))
    metadata = {"note": 'Grüße 🖋 \x7f "crc32": 1, '}
    Model(letters.network, letters.params, metadata, 0.5, ("ä", "🖋", "c")).save(folder / "letters.safetensors")
    arrays = {"bytes": np.uint8([1, 255]), "whole": np.int32([-1, 7]), "long": np.int64([-1, 7])}
    arrays |= {"double": np.float64([0.1, -0.1]), "empty": np.zeros((0, 3), np.float32)}
    save_file(arrays, folder / "types.safetensors", {"about": "types"})


def write_foreign(folder):
    """Names of files that are no models."""
    vectors = {"parameters": np.zeros(7850, np.float32), "statistics": np.zeros(0, np.float32)}
    network = {"format": 1, "network": ["Flatten()", "Linear(10)"]}
    files = {
        "format": (vectors, {**network, "format": 2}),
        "checkpoint": (vectors, {**network, "steps": 3, "history": []}),
        "no network": (vectors, {"format": 1}),
        "empty network": (vectors, {**network, "network": []}),
        "numbers for layers": (vectors, {**network, "network": [1, 2]}),
        "no logits": (vectors, {**network, "network": ["ReLU()"]}),
        "classes": (vectors, {**network, "class_names": ["a", "b"]}),
        "no class": (vectors, {**network, "class_names": []}),
        "shape": (vectors, {**network, "input_shape": [28, 28]}),
        "colours": (vectors, {**network, "input_shape": [28, 28, 3]}),
        "temperature": (vectors, {**network, "temperature": 0}),
        "too few": ({**vectors, "parameters": np.zeros(7849, np.float32)}, network),
        "statistics": ({**vectors, "statistics": np.zeros(3, np.float32)}, network),
        "doubles": ({**vectors, "parameters": np.zeros(7850)}, network),
        "nan": ({**vectors, "parameters": np.full(7850, np.nan, np.float32)}, network),
        "no arrays": ({}, network),
    }
    for name, (tensors, metadata) in files.items():
        storage.save_tensors(folder / name, tensors, metadata)
    save_file(vectors, folder / "no metadata")
    (folder / "text").write_text("a text, which is no safetensors file, as long as one likes")
    (folder / "long header").write_bytes(b"\xff" * 8 + b"{}")
    (folder / "list").write_bytes((2).to_bytes(8, "little") + b"[]")
    (folder / "deep").write_bytes((100_000).to_bytes(8, "little") + b"[" * 100_000)
    return [*files, "no metadata", "text", "long header", "list", "deep"]
