"""Networks for microcontrollers: flash and RAM by hand, the recipes within theirs, and the table of records."""

import json

import pytest

from inkling.data import load
from inkling.export.c import export_c
from inkling.export.c.judged import IntegerModel
from inkling.model import load as load_model
from inkling.nn import BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU, Residual
from inkling.optim import Adam
from inkling.recipes import Recipe, load_recipe
from needs import needs_benchmarks

pytestmark = needs_benchmarks("networks for microcontrollers keep within their flash and RAM")

NETWORK = Network(Conv2d(7, 5, bias=False), BatchNorm2d(), ReLU(), MaxPool2d(2), Flatten(), Linear(10))
WEIGHTS = (25 * 7, 12 * 12 * 7 * 10)


def footprint(recipe):
    from benchmarks.harness.footprint import footprint

    return footprint(recipe)


def test_flash_is_weights_at_their_bits_with_bias_and_scale_of_each_channel():
    """175 numbers of 3 bits take 66 bytes, 10,080 of 4 bits 5,040, and each a byte more; 17 channels take 8 each."""
    assert footprint(Recipe(NETWORK, Adam(), weight_bits=(3, 4)))["flash_bytes"] == 67 + 5_041 + 17 * 8
    assert footprint(Recipe(NETWORK, Adam(), weight_bits=8))["flash_bytes"] == sum(WEIGHTS) + 17 * 8
    assert footprint(Recipe(NETWORK, Adam(), weight_bits=8))["weights"] == sum(WEIGHTS)


def test_ram_is_the_buffer_as_it_is_planned():
    """The convolution reads the caller's image and writes 24·24·7 numbers, over which the pool writes a quarter."""
    assert footprint(Recipe(NETWORK, Adam(), weight_bits=8))["ram_bytes"] == 24 * 24 * 7


def test_a_residual_keeps_its_input_beside_what_its_layers_make():
    network = Network(Conv2d(4, 5), Residual(Conv2d(4, 3, padding=1)), Flatten(), Linear(10))
    taken = footprint(Recipe(network, Adam(), weight_bits=8))
    assert taken["ram_bytes"] >= 2 * 24 * 24 * 4
    assert taken["weights"] == 25 * 4 + 9 * 16 + 24 * 24 * 4 * 10


def test_float32_weights_have_none():
    assert footprint(Recipe(NETWORK, Adam())) == {}


@pytest.mark.parametrize(("name", "flash"), [("micro-3k", 3_000), ("micro-7k", 7_300), ("micro-11k", 11_000)])
def test_a_recipe_keeps_within_the_flash_of_its_name_and_4_kb_of_ram(name, flash):
    taken = footprint(load_recipe(name))
    assert 0.9 * flash < taken["flash_bytes"] <= flash
    assert taken["ram_bytes"] <= 4_000


def test_a_record_has_the_accuracy_of_its_integers():
    from benchmarks.accuracy.record_metrics import integer_accuracy
    from benchmarks.accuracy.record_table import moments_of

    source, model = load("digits"), load_model("tiny")
    taken = integer_accuracy(model, source.train.images[:200], source.test)
    judged = IntegerModel.of(model, export_c(model, source.train.images[:200], int8=True).code)
    wrong = int((judged.predict(source.test.images) != source.test.labels).sum())
    in_float32 = int((model.predict(source.test.images) != source.test.labels).sum())
    assert abs(wrong - in_float32) < 8
    assert taken == {"errors": wrong, "accuracy": 1 - wrong / len(source.test)}
    row = {"seconds": 1.0, "temperature": 1.0, "plain": {}, "tta": {}, "integers": taken}
    assert moments_of([row])["integers"]["accuracy"] == {"mean": round(taken["accuracy"], 9), "sd": None}


def test_the_table_has_a_row_for_each_recipe_that_was_measured(tmp_path, monkeypatch):
    from tools.figures import micro, results

    monkeypatch.setattr(results, "RESULTS", tmp_path)
    assert micro.micro_table() == "They are not trained from ten seeds yet."
    accuracy = {"mean": 0.99123, "sd": 0.0004}
    record = {
        "recipe": {"weight_bits": [8, 4]},
        "taught_by": ["compact, seed 0"],
        "plain": {
            "accuracy": accuracy,
            "accuracy_without_label_errors": accuracy,
            "cross_entropy": {"mean": 0.0123, "sd": None},
        },
        "seconds": {"mean": 90.0},
        "rows": [{}, {}],
        "integers": {"accuracy": {"mean": 0.9905, "sd": 0.0005}},
        "flash_bytes": 2_996,
        "ram_bytes": 1_815,
        "weights": 5_048,
    }
    (tmp_path / "micro-7k.json").write_text(json.dumps(record))
    head, _, row = micro.micro_table().splitlines()
    assert row == (
        "| [`micro-7k`](../benchmarks/results/micro-7k.json), taught by `compact` | 2,996 | 1,815 | 5,048 | 8, 4 "
        "| 99.12 ± 0.04 | 99.05 ± 0.05 | 99.12 ± 0.04 | 0.0123 | 2 | 1.5 |"
    )
    assert row.count(" | ") == head.count(" | ")
