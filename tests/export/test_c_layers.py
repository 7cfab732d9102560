"""C computes what NumPy computes, in integers the very same: every layer, and networks that nobody chose."""

from itertools import pairwise, product

import numpy as np
import pytest

from export.compiled import compiled
from export.models import ending, of_images, of_rows
from export.networks import IMAGES, ROWS, TO_ROWS, keeping, names
from inkling.errors import UsageError
from inkling.export.c import export_c, twin
from inkling.export.c.execution import values_of
from inkling.export.c.fusion import fuse
from inkling.export.c.layers import program_of
from inkling.export.c.memory import gap, plan
from inkling.export.c.reading import load_header
from inkling.inference import Predictor
from inkling.nn import LAYERS, Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU, fold, layers
from needs import needs_gcc
from page.architectures import drawn
from page.golden import random_model

NEEDS = needs_gcc("C computes what NumPy computes")


def first_of_all(height, width, layer):
    """A layer that is given the image itself."""
    return random_model(Network(layer, *ending([layer], (height, width, 1)), input_shape=(height, width, 1)))


SINGLE = [*map(of_rows, ROWS), *(of_images(h, w, c, layer) for layer, h, w, c in IMAGES)]
FIRST = [first_of_all(h, w, layer) for layer, h, w, c in IMAGES if c == 1]
FIRST += [first_of_all(8, 7, layer) for layer in [*keeping(1), *TO_ROWS]]
DRAWN = [random_model(network) for network in drawn(40)]
FEW = [*SINGLE[: len(ROWS)], *SINGLE[len(ROWS) :: 5], *FIRST[::7], *DRAWN[:4]]  # To compile them takes seconds.
ALL = [*SINGLE, *FIRST, *DRAWN]


def images_for(model, count=4):
    return np.random.default_rng(1).integers(0, 256, (count, *model.network.input_shape), np.uint8)


def in_float32(models, folder):
    """A program with the models as m0, m1, …"""
    headers = {f"m{i}": export_c(model, images_for(model), prefix=f"m{i}").text for i, model in enumerate(models)}
    return compiled(folder, headers)


def in_integers(models):
    """Integer code by number of the model; those that integers cannot express are left out."""
    found = {}
    for i, model in enumerate(models):
        kinds = {step.kind for step in program_of(*fold(model.network, model.params)).steps}
        if kinds & {"gelu", "layer_norm"}:
            with pytest.raises(UsageError, match="has no form in integers"):
                export_c(model, images_for(model), int8=True)
        else:
            found[i] = export_c(model, images_for(model, 40), int8=True, prefix=f"m{i}")
    return found


LITTLE_OR_MUCH = pytest.mark.parametrize(
    "models", [FEW, pytest.param(ALL, marks=pytest.mark.thorough)], ids=["few", "all"]
)


@NEEDS
@LITTLE_OR_MUCH
def test_the_numbers_of_numpy_in_every_layer_and_in_networks_that_nobody_chose(models, tmp_path):
    seen = {name for model in models for layer in model.network.layers for name in names(layer)}
    assert set(layers.__all__) - seen == set()
    program, wrong = in_float32(models, tmp_path), []
    logits = program.logits({f"m{i}": images_for(model) for i, model in enumerate(models)})
    for i, model in enumerate(models):
        expected = Predictor(model.network, model.params).logits(images_for(model))
        difference = np.abs(logits[f"m{i}"] - expected).max()
        if not difference <= 1e-4 * (1 + np.abs(expected).max()):
            wrong.append((model.network, difference))
    assert wrong == []
    assert program.selftests(*(f"m{i}" for i in range(len(models)))) == [0] * len(models)


@NEEDS
def test_the_selftest_notices_a_wrong_number(tmp_path):
    model = SINGLE[0]
    text = export_c(model, images_for(model), prefix="other").text
    number = text.index("    ", text.index("other_bias_1["))
    assert compiled(tmp_path, {"other": f"{text[:number]}    1 + {text[number:]}"}).selftests("other") == [1]


@NEEDS
@LITTLE_OR_MUCH
def test_the_very_same_integers_as_the_twin_in_numpy(models, tmp_path):
    integers = in_integers(models)
    assert len(integers) > 0.6 * len(models)
    program = compiled(tmp_path, {f"m{i}": found.text for i, found in integers.items()})
    scores = program.scores({f"m{i}": images_for(models[i], 10) for i in integers})
    for i, found in integers.items():
        expected = twin.scores(found.code.integers, images_for(models[i], 10))
        assert np.array_equal(scores[f"m{i}"], expected), models[i].network
    assert program.selftests(*(f"m{i}" for i in integers)) == [0] * len(integers)


def test_integers_are_near_the_numbers_that_they_stand_for():
    """Wrong scales would pass a comparison of C with its twin: here the twin is held to float32."""
    models = [*SINGLE[::2], *FIRST[::2]]
    for i, found in in_integers(models).items():
        images = images_for(models[i], 40)
        expected = Predictor(models[i].network, models[i].params).logits(images)
        logits = twin.scores(found.code.integers, images) * found.code.score_scales
        spread = np.abs(expected - expected.mean(axis=0)).mean() + 1e-3 * np.abs(expected).max() + 1e-6
        assert np.abs(logits - expected).mean() <= 0.1 * spread, models[i].network


def test_the_headers_of_all_kinds_of_steps_are_read_back(tmp_path):
    for model in [*SINGLE[::3], *FIRST[::6], *DRAWN[:4]]:
        (tmp_path / "model.h").write_text(export_c(model, images_for(model)).text)
        expected = Predictor(model.network, model.params).logits(images_for(model))
        logits = load_header(tmp_path / "model.h").logits(images_for(model))
        assert np.abs(logits - expected).max() <= 1e-4 * (1 + np.abs(expected).max()), model.network
    for found in in_integers([*SINGLE[1::6], *DRAWN[:4]]).values():
        (tmp_path / "model.h").write_text(found.text)
        assert load_header(tmp_path / "model.h").code.integers.steps[0].bits in range(2, 9)


def pairs():
    for one, other in product(ROWS, ROWS):
        yield of_rows(one, other)
    for one, other in product(keeping(2), [*keeping(2), *TO_ROWS]):
        yield of_images(8, 7, 2, one, other)


def test_steps_compute_what_layers_compute_in_every_ordered_pair():
    """The C of a step is held to NumPy above; here the steps of pairs, with fused ReLUs, are held to the layers."""
    for model in pairs():
        images = images_for(model, 2) / np.float32(255)
        *_, (_, logits) = values_of(fuse(program_of(*fold(model.network, model.params))), images)
        expected = Predictor(model.network, model.params).logits(images)
        assert np.abs(logits.reshape(2, -1) - expected).max() <= 1e-4 * (1 + np.abs(expected).max()), model.network


def last_reads_and_writes(step):
    """When each number of x is read last, and each of y written, in the order of the loops in C: steps of 2."""
    height, width, channels = step.output_shape
    kernel, stride, padding = step.kernel
    read, written = np.zeros(step.shape, int), np.zeros(step.output_shape, int)
    time = 0
    for h, w, o in np.ndindex(height, width, channels):
        rows = [stride * h - padding + i for i in range(kernel)]
        columns = [stride * w - padding + j for j in range(kernel)]
        for r, c in product(rows, columns):
            if 0 <= r < step.shape[0] and 0 <= c < step.shape[1]:
                read[r, c] = time
        written[h, w, o] = time + 1
        time += 2
    return read.ravel(), written.ravel()


def overwrites_too_early(step, behind):
    """Whether y, `behind` numbers before x, is written over numbers of x that are still read."""
    read, written = last_reads_and_writes(step)
    places = np.arange(len(written)) - behind
    inside = (places >= 0) & (places < len(read))
    return bool((written[inside] < read[places[inside]]).any())


def test_a_kernel_writes_over_its_input_as_far_as_it_has_read_it_and_no_further():
    tight = 0
    for layer, height, width, channels in IMAGES:
        if isinstance(layer, Conv2d):
            model = of_images(height, width, channels, layer)
            step = program_of(*fold(model.network, model.params)).steps[1]
            assert not overwrites_too_early(step, gap(step)), layer
            tight += gap(step) > 0 and overwrites_too_early(step, gap(step) - 1)
    assert tight > 5


def test_values_that_live_at_the_same_time_lie_apart():
    for model in [*SINGLE, *DRAWN]:
        program = fuse(program_of(*fold(model.network, model.params)))
        found = plan(program)
        for number, step in enumerate(program.steps):
            alive = {
                value
                for value in found.offsets
                if any(each.writes == value for each in program.steps[:number])
                and program.readers(value)
                and program.readers(value)[-1] > number
            } | ({step.writes} & set(found.offsets))
            ranges = sorted((found.offsets[v], found.offsets[v] + program.sizes[v]) for v in alive)
            assert all(a[1] <= b[0] for a, b in pairwise(ranges)), model.network
            assert max((end for _, end in ranges), default=0) <= found.size


def test_the_buffer_of_a_chain_is_smaller_than_input_and_output_of_a_layer_together():
    model = random_model(Network(Conv2d(4, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(4, 3), Flatten(), Linear(10)))
    program = fuse(program_of(*fold(model.network, model.params)))
    sizes = [program.sizes[step.writes] for step in program.steps]
    assert sizes[:2] == [28 * 28 * 4, 14 * 14 * 4]
    assert plan(program).size == sizes[0]  # the pool and the second kernel work in place


def test_a_relu_joins_the_kernel_in_front_of_a_pool_only_where_nobody_else_reads_it():
    joined = random_model(Network(Conv2d(2, 3), MaxPool2d(2), ReLU(), Flatten(), Linear(10)))
    steps = fuse(program_of(*fold(joined.network, joined.params))).steps
    assert [(step.kind, step.relu) for step in steps] == [("conv2d", True), ("max_pool2d", False), ("linear", False)]
    shared = of_images(5, 5, 2, LAYERS["Residual"](ReLU(), Conv2d(2, 1)))
    kinds = [step.kind for step in fuse(program_of(*fold(shared.network, shared.params))).steps]
    assert "relu" in kinds


def test_a_layer_without_c_code_is_named():
    class Mine(ReLU):
        pass

    model = random_model(Network(Flatten(), Mine(), Linear(10)))
    with pytest.raises(UsageError, match="the layer Mine has no C code: exported are networks of Linear, Conv2d"):
        export_c(model, images_for(model))
