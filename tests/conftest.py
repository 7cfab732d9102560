"""The end of a run: what was skipped, and what the skipped tests would have proved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pytest


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
