"""Headers that somebody changed: refused in a sentence, before they take time or memory, and never misread."""

import json
import time

import numpy as np
import pytest

from inkling.errors import DataError
from inkling.export.c import export_c
from inkling.export.c.about import DESCRIPTION
from inkling.export.c.reading import load_header
from inkling.export.c.text import comment
from inkling.model import Model
from inkling.nn import Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU
from page.golden import random_model

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 8, 8), np.uint8)
NETWORK = Network(Conv2d(2, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(3), input_shape=(8, 8, 1))


@pytest.fixture(scope="module")
def texts():
    model = Model(NETWORK, random_model(NETWORK).params, class_names=("a", "b", "c"))
    return {int8: export_c(model, IMAGES, int8=int8).text for int8 in (False, True)}


def described(text, change):
    """The header with another description."""
    begin, _, end = text.partition(f" * {DESCRIPTION}\n")
    description = json.loads("".join(line.removeprefix(" * ") for line in end.splitlines()[:-1]))
    change(description)
    return begin.removesuffix("/*\n") + comment([DESCRIPTION, json.dumps(description).replace(" ", "")])


def step(number, **changes):
    return lambda found: found["steps"][number].update(changes)


def options(number, **changes):
    return lambda found: found["steps"][number]["options"].update(changes)


CHANGES = [
    step(1, kind="system"),
    step(1, reads=[2]),
    step(1, reads=[[]]),
    step(1, writes=True),
    step(0, output_shape=[6, 3, 4]),
    step(1, output_shape=[2, 2, 2]),
    options(1, stride=0),
    options(1, kernel=10**9),
    options(1, padding=1),
    options(0, padding=10**7),
    options(1, stride="2"),
    step(0, relu="yes"),
    lambda found: found["steps"].clear(),
    lambda found: found.update(steps=found["steps"] * 1500),
    lambda found: found.update(code="int4"),
    lambda found: found.update(input_shape=[10**5, 10**5, 1]),
]
INTEGERS = [
    step(1, kind="avg_pool2d"),
    step(0, shift=0),
    step(0, shift=63),
    step(0, shift=-4),
    step(0, bits=1),
    step(0, bits=9),
    step(0, bits=4),
    step(0, zeros=[300]),
    step(0, zeros=[]),
    step(1, zero=0.5),
]


@pytest.mark.parametrize(
    ("int8", "change"), [*((int8, each) for int8 in (False, True) for each in CHANGES), *((True, e) for e in INTEGERS)]
)
def test_changed_steps_are_refused_in_a_sentence_at_once(texts, tmp_path, int8, change):
    file, start = tmp_path / "model.h", time.process_time()
    file.write_text(described(texts[int8], lambda found: None))
    load_header(file)
    file.write_text(described(texts[int8], change))
    with pytest.raises(DataError, match=r"not a usable header: its description and its arrays do not fit together"):
        load_header(file)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("int8", "old", "new", "says"),
    [
        (True, "inkling_weight_0[18] = {\n    ", "inkling_weight_0[18] = {\n    300", "do not fit together"),
        (True, "inkling_weight_0[18] = {\n    ", "inkling_weight_0[18] = {\n    .5", "do not fit together"),
        (False, "inkling_bias_0[2] = {\n    ", "inkling_bias_0[2] = {\n    nan, ", "numbers that are not finite"),
        (False, "inkling_bias_0[2] = {\n    ", "inkling_bias_0[2] = {\n    1e39f, ", "numbers that are not finite"),
    ],
)
def test_numbers_fit_their_type(texts, tmp_path, int8, old, new, says):
    assert old in texts[int8]
    file = tmp_path / "model.h"
    file.write_text(texts[int8].replace(old, new))
    with pytest.raises(DataError, match=says):
        load_header(file)


def test_answers_that_are_not_finite_are_refused(texts, tmp_path):
    begin = texts[False].index("{\n    ", texts[False].index("inkling_bias_2[")) + len("{\n    ")
    file = tmp_path / "model.h"
    number = texts[False][begin:].partition(",")[0]
    file.write_text(f"{texts[False][:begin]}3e38f{texts[False][begin + len(number) :]}")
    read = load_header(file)
    object.__setattr__(read, "temperature", 0.1)
    for answer in (read.predict, read.predict_proba):
        with pytest.raises(DataError, match="answers with numbers that are not finite"):
            answer(IMAGES)


def test_metadata_have_bounds(texts, tmp_path):
    deep = []
    for _ in range(150):
        deep = [deep]
    (tmp_path / "model.h").write_text(described(texts[True], lambda found: found["metadata"].update(note=deep)))
    with pytest.raises(DataError, match="nested more than 100 deep"):
        load_header(tmp_path / "model.h")


def test_an_accuracy_that_is_no_number_is_left_out():
    model = random_model(NETWORK)
    told = {"metrics": {"validation_accuracy": "high"}}
    text = export_c(Model(NETWORK, model.params, told, class_names=("a", "b", "c")), IMAGES).text
    assert "right on the validation part" not in text
