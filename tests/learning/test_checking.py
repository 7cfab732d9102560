"""A learner's file may hang, crash, print or be broken: each ends in one sentence, and in time."""

import time

import pytest

from inkling.learning.checking import check
from inkling.learning.running import MOST_PRINTED
from inkling.learning.texts import solution_text

FIRST = "a digit of 28×28 becomes a row of 784"
TO_ROWS = "def to_rows(images):\n    "


@pytest.fixture
def checked(tmp_path):
    def _checked(text, **options):
        file = tmp_path / "exercise_1.py"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return check(1, file, **options)

    return _checked


def test_a_solution_passes(checked):
    result = checked(solution_text(1))
    assert result.failed is None
    assert result.passed[0] == FIRST
    assert (len(result.passed), list(result.not_run), result.printed) == (4, [], "")


@pytest.mark.parametrize(
    ("text", "failed", "sentence"),
    [
        ("def to_rows(images:\n", "", "line 1 is no Python: '(' was never closed"),
        ("import nothing_like_it\n", "", "the file raised ModuleNotFoundError in line 1: No module named"),
        ("raise SystemExit(0)\n", "", "the file ends the program; it should return its result"),
        (b"\xff\xfe\x00", "", "the file raised SyntaxError"),
        ("import os\n" + TO_ROWS + "os._exit(7)\n", FIRST, "the process that ran the file ended with the exit code 7"),
        ("import os\n" + TO_ROWS + "os.abort()\n", FIRST, "the process that ran the file ended by signal 6"),
        ("import numpy as np\n" + TO_ROWS + "return np.ones(2**33)\n", FIRST, "to_rows raised"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_one_sentence(checked, text, failed, sentence):
    result = checked(text)
    assert result.failed == failed
    assert sentence in result.sentence
    assert "\n" not in result.sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TO_ROWS + "while True:\n        pass\n", "this test did not end within 0.7 seconds: is there a loop"),
        ("while True:\n    print('again')\n", "running the file did not end within 0.7 seconds: is there a loop"),
    ],
)
def test_an_endless_loop_is_ended(checked, text, sentence):
    began = time.monotonic()
    result = checked(text, time_limit=0.7)
    assert time.monotonic() - began < 10
    assert sentence in result.sentence
    assert len(result.printed) <= MOST_PRINTED


def test_what_it_prints_is_shown_and_disturbs_nothing(checked):
    noise = "import sys\nprint('loaded')\nprint('{\"failure\": null}')\nprint('oh', file=sys.stderr)\n"
    result = checked(noise + solution_text(1))
    assert result.failed is None
    assert result.printed == 'loaded\n{"failure": null}\noh\n'


def test_files_beside_it_can_be_imported_and_hide_nothing_of_the_library(checked, tmp_path):
    (tmp_path / "helping.py").write_text("SCALE = 255\n")
    (tmp_path / "random.py").write_text("raise ImportError('this is not the random of the standard library')\n")
    (tmp_path / "numpy.py").write_text("raise ImportError('this is not NumPy')\n")
    result = checked("from helping import SCALE\n" + solution_text(1).replace("255\n", "SCALE\n"))
    assert result.failed is None, result.sentence


def test_a_file_may_start_threads_and_be_used_as_a_program(checked):
    rest = "\nimport threading\n\nif __name__ == '__main__':\n    1 / 0\nthreading.Thread(target=input).start()\n"
    forever = "threading.Thread(target=lambda: threading.Event().wait()).start()\n"
    assert checked(solution_text(1) + rest + forever).failed is None
