"""Mutated files of every kind end in a sentence: a look at what `benchmarks/files/fuzzing.py` does with thousands."""

import random

import numpy as np
import pytest

from needs import needs_benchmarks

CLAIM = "mutated files of every kind end in a sentence"
pytestmark = needs_benchmarks(CLAIM)
FILES = 40  # of each kind
every_kind = pytest.mark.parametrize(
    "kind", ["models", "recipes", "runs", "tables", "idx", "pictures", "onnx", "headers"]
)


@every_kind
def test_a_mutated_file_ends_in_a_sentence(kind):
    from benchmarks.files.fuzzing import MEGABYTES, SECONDS, fuzz, row

    outcomes = fuzz(kind, FILES, seed=1)
    assert [outcome for outcome in outcomes if outcome.result.startswith("FAILED")] == []
    found = row(kind, outcomes)
    assert found["files"] == FILES
    assert found["slowest_seconds"] < SECONDS
    assert found["peak_megabytes"] < MEGABYTES
    assert found["refused"], "the mutations change something"


def test_the_memory_of_a_worker_is_its_own():
    from benchmarks.files.fuzzing import fuzz

    ballast = np.ones((400, 2**20), dtype=np.uint8)
    (outcome,) = fuzz("recipes", 1)
    assert 0 < outcome.megabytes < ballast.nbytes / 1e6


@every_kind
def test_kind_number_and_seed_name_a_file(kind):
    from benchmarks.files.mutations import mutated
    from benchmarks.files.sound_files import KINDS, examples

    assert kind in KINDS
    sound = examples(kind)
    first, again, other = (mutated(kind, sound, random.Random(seed)) for seed in ("0 x 7", "0 x 7", "0 x 8"))
    assert first == again != other


@every_kind
def test_the_files_that_are_mutated_are_sound(kind, tmp_path):
    from benchmarks.files.exercises import exercise
    from benchmarks.files.sound_files import examples

    for number, files in enumerate(examples(kind)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        exercise(kind, folder, files)
