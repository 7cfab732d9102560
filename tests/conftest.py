"""What all tests share: the order of files, no time limits, and, after a run, what skipped tests would prove."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from cupy_double import Ledger

# No test is a matter of time: a machine may be busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Files that take longest come first, so that no worker is left alone with one of them at the end.
LONGEST = (
    "test_notebooks.py",
    "test_page.py",
    "test_numbers.py",
    "test_score.py",
    "test_package.py",
    "test_interrupts.py",
    "test_interrupted.py",
    "test_records.py",
    "test_streams.py",
    "test_runs.py",
    "test_real_handwriting.py",
    "test_executors.py",
    "test_inside.py",
    "test_live.py",
    "test_pad.py",
    "test_training.py",
    "test_backward.py",
    "test_compare.py",
    "test_accessible.py",
    "test_serve_command.py",
    "test_limits.py",
    "test_description.py",
    "test_layers.py",
    "test_benchmarks.py",
    "test_c_layers.py",
    "test_fuzzing.py",
)


@pytest.fixture
def cupy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """The double of CuPy in its place, whether it is installed or not: what its ledger counts."""
    import cupy_double

    monkeypatch.setitem(sys.modules, "cupy", cupy_double.module())
    cupy_double.LEDGER.clear()
    yield cupy_double.LEDGER
    cupy_double.LEDGER.clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """The last section of pytest's output, behind its own summary."""
    yield
    skipped = [str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])]
    if skipped:
        terminalreporter.section("not proved")
        for line in not_proved(skipped):
            terminalreporter.line(line)


def not_proved(reasons: Iterable[str]) -> Iterator[str]:
    """The reasons of skips ("NEED: CLAIM") by need, with the number of tests of each claim."""
    claims: dict[str, Counter[str]] = defaultdict(Counter)
    for reason in reasons:
        need, _, claim = reason.removeprefix("Skipped: ").partition(": ")
        claims[need][claim or "no claim is given"] += 1
    for need, counts in sorted(claims.items()):
        yield f"{counts.total()} skipped, since {need}:"
        yield from (f"  {count} × {claim}" for claim, count in sorted(counts.items()))
