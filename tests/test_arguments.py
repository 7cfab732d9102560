"""An argument of the wrong type is a sentence at every public function, and names and paths are both accepted."""

import numpy as np
import pytest

import inkling
from inkling.errors import InklingError, UsageError
from inkling.reading.forms import Field, Template

INK = np.full((60, 40), 255, np.uint8)
INK[10:50, 18:23] = 0


def test_read_takes_the_name_of_a_model_its_path_and_the_model(tmp_path):
    tiny = inkling.load_model("tiny")
    tiny.save(tmp_path / "mine.safetensors")
    expected = inkling.read(INK, model=tiny).digits[0].probabilities
    for model in ("tiny", str(tmp_path / "mine.safetensors"), tmp_path / "mine.safetensors"):
        np.testing.assert_array_equal(inkling.read(INK, model=model).digits[0].probabilities, expected)


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ({"model": 5}, "model is a Model, the path of its file, or a name such as 'reader', not 5"),
        ({"model": ["tiny"]}, "not a value of type list"),
        ({"digits": "2"}, "digits is the number of digits per line, a whole number, not '2'"),
        ({"digits": 2.0}, "digits is the number of digits per line, a whole number, not 2.0"),
        ({"digits": True}, "digits is the number of digits per line, a whole number, not True"),
        ({"digits": 0}, "digits is the number of digits per line, at least 1, not 0"),
        ({"single": "yes"}, "single is True or False, not 'yes'"),
        ({"lines": 1}, "lines is True or False, not 1"),
        ({"min_confidence": "0.7"}, "min_confidence is a probability, 0 to 1, not '0.7'"),
        ({"min_confidence": [1]}, "min_confidence is a probability, 0 to 1, not a value of type list"),
        ({"min_confidence": float("nan")}, "min_confidence is a probability, 0 to 1, not nan"),
        ({"megapixels": None}, "megapixels is a number above 0, the most that a picture may have, not None"),
        ({"megabytes": "1"}, "megabytes is a number above 0"),
        ({"megabytes": -1}, "megabytes is a number above 0"),
    ],
    ids=str,
)
def test_read_refuses_a_wrong_argument(argument, sentence):
    with pytest.raises(UsageError, match=sentence):
        inkling.read(INK, **argument)


@pytest.mark.parametrize("number", [np.int64(1), 1])
def test_numpys_numbers_are_numbers(number):
    assert len(inkling.read(INK, digits=number, min_confidence=np.float32(0.1)).digits) == 1


@pytest.mark.parametrize(
    "wrong", [None, 5, ["digits"], {}, object(), np.zeros(3)], ids=["None", "5", "list", "dict", "object", "array"]
)
@pytest.mark.parametrize(
    "function",
    [
        inkling.read,
        lambda wrong: inkling.read_form(INK, wrong),
        lambda wrong: inkling.read_form(wrong, Template({"all": Field((0, 0, 1, 1))})),
        lambda wrong: inkling.read_form(INK, Template({"all": Field(5 if wrong is None else wrong)})),
        lambda wrong: inkling.read_form(INK, Template({"all": Field((0, 0, 1, 1), plausible=wrong)})),
        lambda wrong: Template(wrong),
        lambda wrong: Template({"all": wrong}),
        lambda wrong: Template({"all": Field((0, 0, 1, 1))}, 5 if wrong is None else wrong),
        inkling.load_data,
        inkling.ensemble,
        lambda wrong: inkling.ensemble([wrong, wrong]),
        lambda wrong: inkling.fit(wrong, "digits"),
        lambda wrong: inkling.fit("sgd-10", wrong),
        lambda wrong: inkling.fit("sgd-10", "digits", on_epoch=5 if wrong is None else wrong),
        lambda wrong: inkling.fit("sgd-10", "digits", workers="2" if wrong is None else [wrong]),
        lambda wrong: inkling.fit("sgd-10", "digits", teacher=5 if wrong is None else wrong),
        lambda wrong: inkling.load_model(b"tiny" if wrong is None else wrong),
        lambda wrong: inkling.load_model("tiny").save(wrong),
    ],
    ids=[
        "read",
        "template",
        "form",
        "box",
        "plausible",
        "fields",
        "field",
        "size",
        "load_data",
        "ensemble",
        "members",
        "recipe",
        "data",
        "on_epoch",
        "workers",
        "teacher",
        "load_model",
        "save",
    ],
)
def test_a_wrong_type_is_a_sentence(function, wrong):
    with pytest.raises(InklingError) as caught:
        function(wrong)
    assert not any(word in str(caught.value) for word in ("__", "NoneType", "has no attribute", "object at 0x", "\n"))
