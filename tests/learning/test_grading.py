"""Grading: solutions pass, and typical mistakes fail with a message that names them."""

import numpy as np
import pytest

from inkling.learning.answer import Answer
from inkling.learning.exercises import EXERCISES
from inkling.learning.grading import grade
from inkling.learning.texts import functions, solution_text, starter_text
from learning.mistakes import MISTAKES

each_exercise = pytest.mark.parametrize("number", EXERCISES)


def graded(number, text):
    """The tests that an answer passes, and how it fails the next; the failure is None where it passes all."""
    names = {}
    exec(compile(text, "answer.py", "exec"), names)
    with np.errstate(all="ignore"):
        failures = list(grade(EXERCISES[number], Answer(names, "answer.py")))
    passed = [test.name for test, failure in zip(EXERCISES[number].tests, failures, strict=False) if failure is None]
    return passed, failures[-1]


@each_exercise
def test_the_solution_passes_all_tests(number):
    passed, failure = graded(number, solution_text(number))
    assert failure is None, vars(failure)
    assert len(passed) == len(EXERCISES[number].tests) >= 3


@each_exercise
def test_what_is_not_written_fails_and_says_so(number):
    passed, failure = graded(number, starter_text(number, "exercise.py"))
    assert passed == []
    assert failure.sentence == f"{functions(number)[0]} is not written yet"


@pytest.mark.parametrize(("number", "right", "wrong", "test", "said"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_typical_mistake_fails_and_is_named(number, right, wrong, test, said):
    text = solution_text(number)
    assert right in text
    passed, failure = graded(number, text.replace(right, wrong, 1))
    assert failure is not None, "it passes all tests"
    failed = EXERCISES[number].tests[len(passed)].name
    assert test in failed
    message = "\n".join([failure.sentence, *failure.details, failure.hint])
    assert said in message, message


@each_exercise
def test_every_function_is_tested(number):
    """A function that is missing is noticed, whichever it is."""
    text = solution_text(number)
    for name in functions(number):
        _, failure = graded(number, text.replace(f"def {name}(", "def another("))
        assert failure.sentence.startswith(f"the file has no function {name}"), name


TO_ROWS = "def to_rows(images):\n    "


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file has no function to_rows: keep the names"),
        ("to_rows = 3\n", "the file has no function to_rows: keep the names"),
        (TO_ROWS + "raise NotImplementedError\n", "to_rows is not written yet"),
        (TO_ROWS + "return images[0, 0, 0, 0, 0]\n", "to_rows raised IndexError in line 2: too many indices"),
        ("def to_rows():\n    pass\n", "to_rows raised TypeError: to_rows() takes 0 positional arguments but"),
        (TO_ROWS + "exit()\n", "to_rows ends the program; it should return its result"),
        (TO_ROWS + "return to_rows(images)\n", "to_rows raised RecursionError in line 2"),
        (TO_ROWS + "return {'rows': images}\n", "to_rows(images) is a value of type dict, and an array was"),
        (TO_ROWS + "return images.astype(str)\n", "is made of <U3, and real numbers were expected"),
        (TO_ROWS + "return images.reshape(-1, 784) * float('nan')\n", "cannot reshape"),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_is_one_sentence(text, sentence):
    _, failure = graded(1, text)
    assert sentence in failure.sentence
    assert "\n" not in failure.sentence


def test_nan_is_counted():
    _, failure = graded(1, TO_ROWS + "return images.reshape(len(images), -1) * float('nan')\n")
    assert failure.hint.startswith("12 of 12 numbers are NaN or infinite")
