"""benchmarks/adapting.py: what is learnt and what is judged have no picture in common, and mistakes are one line."""

import importlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_every_fourth_picture_of_a_digit_is_learnt(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    pictures = [(Path(f"{number}.png"), label) for number, label in enumerate("3337373333")]
    learnt, rest = importlib.import_module("adapting").divided(pictures)
    assert sorted(learnt + rest) == sorted(pictures)
    assert Counter(label for _, label in learnt) == {"3": 2, "7": 1}
    for name in ("adapting", "reading", "reading_judge", "common"):
        sys.modules.pop(name)


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
    command = [sys.executable, str(BENCHMARKS / "adapting.py"), "--folder", str(tmp_path), *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode in (2, 3)
    assert done.stderr.startswith("adapting.py: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
