"""Headers of whole models: the digits of Python, packed weights, the normaliser, and headers that are judged."""

import json
import re
import subprocess

import numpy as np
import pytest
from PIL import Image, ImageDraw

from export.compiled import FAST, SANITIZED, STRICT, compiled
from inkling.data import load
from inkling.errors import DataError, UsageError
from inkling.export.c import export_c, twin
from inkling.export.c.int8 import packed, unpacked
from inkling.export.c.judged import IntegerModel
from inkling.export.c.normalization import cell_ink, normalize_cell
from inkling.export.c.reading import load_header
from inkling.ink import normalize
from inkling.model import Model
from inkling.model import load as load_model
from inkling.nn import Conv2d, Flatten, LayerNorm, Linear, MaxPool2d, Network, Parameters, ReLU
from inkling.quantization import quantized
from needs import DATA, needs_gcc, needs_gxx, needs_mnist
from page.golden import random_model

NEEDS = needs_gcc("a C header reads digits as Python does")


def digits():
    return load("digits").test.images


def test_images():
    """MNIST's 10,000 test images where they are, otherwise all embedded digits."""
    if needs_mnist.is_met():
        return load(f"{DATA}/mnist").test.images
    source = load("digits")
    return np.concatenate([source.train.images, source.test.images])


test_images.__test__ = False


@pytest.fixture(scope="module")
def headers():
    """Of bundled models, in float32 (0) and in integers (8), by prefix."""
    return {
        f"{name}{bits}": export_c(load_model(name), digits(), int8=bits == 8, prefix=f"{name}{bits}", name=name)
        for name, bits in (("tiny", 0), ("tiny", 8), ("reader", 8))
    }


@pytest.fixture(scope="module")
def tiny(headers, tmp_path_factory):
    texts = {prefix: headers[prefix].text for prefix in ("tiny0", "tiny8")}
    return compiled(tmp_path_factory.mktemp("tiny"), texts, ("-O1", *SANITIZED[1:]), normalizes=True)


@NEEDS
def test_tiny_reads_ten_thousand_images_as_python_does(tiny, headers):
    images = test_images()
    expected = load_model("tiny").logits(images)
    logits = tiny.logits({"tiny0": images})["tiny0"]
    assert np.abs(logits - expected).max() < 1e-4
    assert np.array_equal(logits.argmax(axis=1), expected.argmax(axis=1))
    scores = tiny.scores({"tiny8": images})["tiny8"]
    assert np.array_equal(scores, twin.scores(headers["tiny8"].code.integers, images))
    agree = (tiny.logits({"tiny8": images})["tiny8"].argmax(axis=1) == expected.argmax(axis=1)).mean()
    assert 0.99 < agree < 1


@NEEDS
def test_the_reader_in_integers_refuses_and_reads_as_python_does(headers, tmp_path):
    reader = compiled(tmp_path, {"reader8": headers["reader8"].text}, FAST)
    noise = np.random.default_rng(0).integers(0, 256, (9, 28, 28), np.uint8)
    images = np.concatenate([digits()[:90], np.zeros((1, 28, 28), np.uint8), noise])
    best, probabilities = reader.predicted("reader8", images)
    expected = load_model("reader").open_set_proba(images)
    assert np.abs(probabilities[:, :11] - expected).mean() < 0.01
    assert (best == expected.argmax(axis=1)).mean() >= 0.98
    assert (best[-9:] == 10).mean() > 0.8
    scores = reader.scores({"reader8": images})["reader8"]
    assert np.array_equal(scores, twin.scores(headers["reader8"].code.integers, images))


@NEEDS
@pytest.mark.thorough
def test_the_reader_reads_ten_thousand_images_as_python_does(headers, tmp_path):
    text = export_c(load_model("reader"), digits(), prefix="reader0").text
    reader = compiled(tmp_path, {"reader0": text, "reader8": headers["reader8"].text}, FAST)
    images = test_images()
    best, probabilities = reader.predicted("reader0", images)
    expected = load_model("reader").open_set_proba(images)
    assert np.abs(probabilities - expected).max() < 1e-4
    assert np.array_equal(best, expected.argmax(axis=1))
    scores = reader.scores({"reader8": images})["reader8"]
    assert np.array_equal(scores, twin.scores(headers["reader8"].code.integers, images))


def test_the_reader_needs_less_memory_than_its_two_largest_values(headers):
    assert headers["reader8"].code.buffer_bytes < 12 * 12 * 32 + 10 * 10 * 64


def small_model(bits, seed=0):
    """A network whose weights are on grids of so many bits."""
    network = Network(Conv2d(6, 5, stride=2), ReLU(), MaxPool2d(2), Conv2d(5, 3), ReLU(), Flatten(), Linear(10))
    model = random_model(network, seed)
    flat = model.params.flat.copy()
    params = Parameters(network.layout, flat, model.params.statistics)
    for named in params.named:
        if "weight" in named:
            named["weight"][...] = quantized(named["weight"], bits)
    return Model(network, params)


@NEEDS
def test_weights_of_few_bits_are_packed_and_give_the_same_integers(tmp_path):
    images, found = digits()[:60], {}
    for bits in range(2, 9):
        found[f"b{bits}"] = export_c(small_model(bits), images, int8=True, prefix=f"b{bits}")
    program = compiled(tmp_path, {prefix: each.text for prefix, each in found.items()})
    scores = program.scores(dict.fromkeys(found, images))
    for bits in range(2, 9):
        code = found[f"b{bits}"].code
        assert np.array_equal(scores[f"b{bits}"], twin.scores(code.integers, images))
        weights = {name: each.nbytes for name, each in code.constants().items() if "_weight_" in name}
        numbers = [25 * 6, 9 * 6 * 5, 5 * 16 * 10]
        assert list(weights.values()) == [-(-n * bits // 8) + (bits < 8) for n in numbers]


@pytest.mark.parametrize("bits", range(2, 8))
def test_packing_is_undone(bits):
    levels = np.random.default_rng(bits).integers(-(2 ** (bits - 1)) + 1, 2 ** (bits - 1), 101).astype(np.int8)
    assert np.array_equal(unpacked(packed(levels, bits), 101, bits), levels)


def cells():
    """Digits of any size, place and thickness in 28×28: bright or dark, on noise, lines of a pixel, and odd cases."""
    rng, found = np.random.default_rng(0), []
    for k, digit in enumerate(digits()[:60]):
        height = int(rng.integers(6, 28))
        width = max(2, int(height * rng.uniform(0.4, 1)))
        small = np.asarray(Image.fromarray(digit[4:24, 4:24]).resize((width, height), Image.Resampling.BILINEAR))
        cell = np.zeros((28, 28))
        top, left = rng.integers(0, 29 - height), rng.integers(0, 29 - width)
        cell[top : top + height, left : left + width] = (small > 128) * 255 if k % 3 == 0 else small
        cell = 230 - 0.8 * cell if k % 2 else cell
        cell = cell + rng.normal(0, 3, cell.shape) if k % 5 == 0 else cell
        found.append(cell.clip(0, 255).round().astype(np.uint8))
    for _ in range(40):
        picture = Image.new("L", (28, 28))
        points = [tuple(map(int, rng.integers(1, 27, 2))) for _ in range(5)]
        ImageDraw.Draw(picture).line(points, fill=255, width=1)
        found.append(np.asarray(picture))
    one_pixel, full = np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)
    one_pixel[3, 4] = 255
    return np.stack([*found, one_pixel, np.zeros_like(full), full, full - one_pixel, np.eye(28, dtype=np.uint8) * 9])


@NEEDS
def test_a_digit_anywhere_in_a_cell_becomes_what_python_makes_of_it(tiny):
    given = cells()
    expected = np.stack([normalize_cell(each) for each in given]).astype(int)
    difference = np.abs(tiny.normalized("tiny0", given) - expected).max(axis=(1, 2))
    assert difference.max() <= 1  # where a level lies between two, float32 sums in another order may round it away
    assert (difference > 0).mean() < 0.1
    assert [int(each.max()) for each in expected[-5:]] == [255, 0, 0, 255, 0]


def test_the_ink_of_a_cell_is_that_of_normalize_where_the_ground_is_black():
    for digit in digits()[:20]:
        clean = np.where(digit < 21, 0, digit)
        assert np.array_equal(cell_ink(clean), clean)
        assert np.array_equal(normalize_cell(clean), normalize(clean.astype(np.float32)))
        assert np.array_equal(normalize_cell(255 - clean), normalize_cell(clean))


@NEEDS
def test_moved_small_and_dark_digits_are_read_only_when_they_are_normalised(tiny):
    """The complaint behind it: an exported network fails on real input that is not in the form of MNIST."""
    source = load("digits").test[:120]
    moved = np.zeros_like(source.images)
    for i, digit in enumerate(source.images):
        small = np.asarray(Image.fromarray(digit).resize((18, 18), Image.Resampling.BILINEAR))
        moved[i, 10:28, 10:28] = small
    right = []
    for images in (source.images, 255 - moved, tiny.normalized("tiny0", 255 - moved)):
        right.append((tiny.logits({"tiny0": images})["tiny0"].argmax(axis=1) == source.labels).mean())
    assert right[1] < 0.3
    assert right[2] > right[0] - 0.1


@pytest.mark.parametrize("prefix", ["tiny0", "tiny8", "reader8"])
def test_a_header_is_judged_without_running_it(headers, tmp_path, prefix):
    file, found, images = tmp_path / "model.h", headers[prefix], digits()[:100]
    file.write_text(found.text)
    read, model = load_header(file), load_model(prefix[:-1])
    assert (read.class_names, read.temperature, read.input_shape) == (model.class_names, model.temperature, (28, 28, 1))
    assert read.metadata == json.loads(json.dumps(model.provenance))
    expected = IntegerModel.of(model, found.code) if prefix.endswith("8") else model
    assert np.abs(read.logits(images) - expected.logits(images)).max() < 1e-4
    assert np.abs(read.predict_proba(images / 255.0) - expected.predict_proba(images)).max() < 1e-4
    if model.knows_non_digits:
        assert np.abs(read.not_a_digit(images, tta=True) - expected.not_a_digit(images, tta=True)).max() < 1e-4
    else:
        with pytest.raises(UsageError, match="cannot say"):
            read.not_a_digit(images)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: "", "a C header that `inkling export c` wrote was expected"),
        (lambda text: text.replace("tiny8_bias_0", "tiny8_other_0"), "do not fit together"),
        (lambda text: text[:-200], "do not fit together"),
        (lambda text: re.sub(r"(tiny8_bias_0\[\d+\] = \{\s+)-?\d+, ", r"\1", text), "do not fit together"),
        (lambda text: text.replace('"format":1', '"format":2'), "of another version"),
        (lambda text: text.replace('"writes":1', '"writes":7'), "do not fit together"),
        (lambda text: text.replace("é", "") + "é", "was expected"),
    ],
)
def test_a_damaged_header_is_refused_in_a_sentence(headers, tmp_path, change, says):
    file = tmp_path / "model.h"
    file.write_text(change(headers["tiny8"].text), encoding="utf-8")
    with pytest.raises(DataError, match=says):
        load_header(file)


def test_what_integers_cannot_express_is_named():
    model = random_model(Network(Flatten(), Linear(9), LayerNorm(), Linear(10)))
    with pytest.raises(UsageError, match="the layer LayerNorm has no form in integers: leave --int8 out"):
        export_c(model, digits(), int8=True)


@NEEDS
def test_names_of_classes_are_texts_in_c_whatever_they_hold(tmp_path):
    names = ('say "A"', "back\\slash", "inkling_b ??/", "é", "*/ x", "/* y")
    model = random_model(Network(Flatten(), Linear(6)))
    model = Model(model.network, model.params, {"note": "*/ ??/ inkling_ /*"}, class_names=names)
    text = export_c(model, digits(), prefix="n", name="a */ b").text
    (tmp_path / "names.h").write_text(text)
    assert compiled(tmp_path, {"n": text}).selftests("n") == [0]
    read = load_header(tmp_path / "names.h")
    assert read.class_names == names
    assert read.metadata["note"] == "*/ ??/ inkling_ /*"
    assert '"inkling_b ' in text
    assert "inkling_" not in text.replace('"inkling_b ', "").replace("inkling_b", "").split("/*\n * For")[0]


@pytest.mark.parametrize("prefix", ["", "1a", "a-b", "_a", "a" * 20, "é"])
def test_a_prefix_is_a_name_in_c(prefix):
    with pytest.raises(UsageError, match="a prefix is 1 to 14 letters, figures and _"):
        export_c(load_model("tiny"), digits(), prefix=prefix)


@NEEDS
def test_a_program_of_several_files_has_the_network_once(headers, tmp_path):
    (tmp_path / "tiny.h").write_text(headers["tiny0"].text)
    main = "int main(void) { static uint8_t image[784]; return tiny0_predict(image, 0) < 0; }\n"
    (tmp_path / "one.c").write_text('#define TINY0_IMPLEMENTATION\n#include "tiny.h"\n#include "tiny.h"\n')
    (tmp_path / "two.c").write_text(f'#include "tiny.h"\n{main}')
    command = ["gcc", *STRICT, "one.c", "two.c", "-o", "program", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120)
    subprocess.run([tmp_path / "program"], check=True, timeout=60)


@needs_gxx("a C header is C++ as well")
@pytest.mark.parametrize("standard", ["c++11", "c++20"])
def test_a_header_is_c_plus_plus_too(headers, tmp_path, standard):
    (tmp_path / "tiny.h").write_text(headers["tiny8"].text)
    (tmp_path / "reader.h").write_text(headers["reader8"].text)
    defined = "".join(f"#define {each}_IMPLEMENTATION\n#define {each}_SELFTEST\n" for each in ("TINY8", "READER8"))
    (tmp_path / "one.cpp").write_text(f'{defined}#include "tiny.h"\n#include "reader.h"\n')
    command = ["g++", f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-c", "one.cpp"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_same_model_gives_the_same_header(headers):
    again = export_c(load_model("tiny"), digits(), int8=True, prefix="tiny8", name="tiny")
    assert again.text == headers["tiny8"].text
