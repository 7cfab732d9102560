"""benchmarks/reading/adapting.py: no picture is both learnt and evaluated, and mistakes are one line."""

from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from needs import needs_benchmarks
from scripts import run_script

pytestmark = needs_benchmarks("the benchmark of `inkling adapt` evaluates on pictures that were not learnt")


def test_every_fourth_picture_of_a_digit_is_learnt():
    from benchmarks.reading.adapting import divided

    pictures = [(Path(f"{number}.png"), label) for number, label in enumerate("3337373333")]
    learnt, rest = divided(pictures)
    assert sorted(learnt + rest) == sorted(pictures)
    assert Counter(label for _, label in learnt) == {"3": 2, "7": 1}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--set", "single/mine"], "no set single/mine: single/few are there"),
        (["--set", "single/few"], "adapting.py: "),
        (["--folder", "nowhere"], "single, numbers, not_a_digit with pictures and labels.csv were expected"),
    ],
)
def test_mistakes_are_one_line(tmp_path, options, said):
    few = tmp_path / "single" / "few"
    few.mkdir(parents=True)
    Image.new("L", (30, 30), 255).save(few / "a.png")
    (few / "labels.csv").write_text("file,label\na.png,3\n", encoding="utf-8")
    done = run_script("benchmarks.reading.adapting", "--folder", tmp_path, *options, cwd=tmp_path)
    assert done.returncode in (2, 3)
    assert done.stderr.startswith("adapting.py: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
