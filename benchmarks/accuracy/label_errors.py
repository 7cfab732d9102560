"""Wrong labels found: how many of MNIST's known label errors `inkling data check` names first.

    python -m benchmarks.accuracy.label_errors [--json benchmarks/results/label_errors.json]

Models of five folds of the training images judge the test images. README.md has the protocol.
"""

from __future__ import annotations

import sys

from benchmarks.accuracy.record_metrics import LABEL_ERRORS
from benchmarks.harness.results import machine, write_results
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from inkling.data import load
from inkling.inspection import inspect

NAMED = (15, 30, 60)  # the first findings, of which this many are looked at
GOAL = 12  # label errors among the first 30


@report_errors
def main() -> None:
    unpin_blas()
    asked = argument_parser(__doc__).parse_args()
    host = machine("numpy")
    found = inspect([load("mnist")], on_step=lambda step: print(step, file=sys.stderr, flush=True)).of_kind("labels")
    rows = [finding.row for finding in found if finding.part == "mnist test"]
    counts = {str(first): len(set(rows[:first]) & set(LABEL_ERRORS)) for first in NAMED}
    result = {"work": "mnist test", "named": len(rows), "known": len(LABEL_ERRORS), "among_first": counts, "goal": GOAL}
    print(f"{len(rows)} labels are doubted; of {len(LABEL_ERRORS)} known errors the first 30 have {counts['30']}")
    if asked.json:
        write_results(asked.json, host, [result])


if __name__ == "__main__":
    main()
