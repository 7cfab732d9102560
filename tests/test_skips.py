"""The end of a run tells how many tests were skipped and what they would have proved, and every skip has a claim."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SUITE = """
import pytest
from needs import Need

needs_moon = Need("there is no moon", lambda: False)
needs_sun = Need("there is no sun", lambda: True)


@needs_moon("tides are high")
@pytest.mark.parametrize("k", range(3))
def test_tides(k): ...


@needs_sun("days are long")
def test_days(): ...


def test_nights():
    needs_moon.or_skip("nights are bright")


def test_nothing():
    pytest.skip("no reason to speak of")
"""
SAID = """\
1 skipped, since no reason to speak of:
  1 × no claim is given
4 skipped, since there is no moon:
  1 × nights are bright
  3 × tides are high
"""


@pytest.mark.parametrize("how", [[], ["-p", "xdist.plugin", "-n", "2"]], ids=["one process", "two workers"])
def test_the_end_of_a_run_tells_what_was_not_proved(tmp_path, how):
    for name in ("conftest.py", "needs.py"):
        shutil.copy(TESTS / name, tmp_path)
    (tmp_path / "test_sky.py").write_text(SUITE, encoding="utf-8")
    done = run_pytest(tmp_path, *how)
    assert done.returncode == 0, done.stdout
    assert done.stdout.partition("not proved")[2].partition("\n")[2].startswith(SAID), done.stdout


def test_a_run_without_skips_has_no_such_section(tmp_path):
    shutil.copy(TESTS / "conftest.py", tmp_path)
    (tmp_path / "test_sky.py").write_text("def test_days(): ...")
    assert "not proved" not in run_pytest(tmp_path).stdout


def run_pytest(folder, *options):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, *options, folder]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # plugins take seconds to start
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_every_skip_says_what_it_would_have_proved():
    """By a helper of needs.py, or with a reason of the same form: a need, a colon and a claim."""
    without = []
    for path in TESTS.rglob("test_*.py"):
        for line in path.read_text(encoding="utf-8").splitlines() if path != Path(__file__) else ():
            says = "needs_" in line or ": " in line or "reason=reason" in line
            if re.search(r"pytest\.skip\(|skipif\(|importorskip\(", line) and not says:
                without.append(f"{path.relative_to(TESTS)}: {line.strip()}")
    assert without == []
