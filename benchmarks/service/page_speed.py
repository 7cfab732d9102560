"""The page in one file: its size, the time from opening to the first answer, and from a stroke to its answer.

    python -m benchmarks.service.page_speed [--json benchmarks/results/page_speed.json]

A Chromium opens the file from disk, without a network. A stroke grows by one point at a time; the time of a point runs
from its event to the changed answer on the page. A frame of the screen, 16.7 ms, is part of it: the page paints at
most once per frame.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.harness.results import machine, rounded, spread, write_results
from benchmarks.harness.script import argument_parser, report_errors
from inkling.export import export_page
from inkling.model import BUNDLED, WEIGHTS
from tools.browser import find_browser, launched, ready

OPENINGS = 7
POINTS = 60
MOST_BYTES, MOST_SECONDS = 1_500_000, 1.0
MOST_MILLISECONDS = {"reader": 30.0, "tiny": 5.0}

# Points of a stroke, one after the other: milliseconds from the event to the changed answer, and those of the engine.
MEASURE = """
async (points) => {
  const pad = document.querySelector(".pad-canvas");
  const answer = document.querySelector("#answer");
  const box = pad.getBoundingClientRect();
  const event = (kind, at) => pad.dispatchEvent(new PointerEvent(kind, {
    bubbles: true, pointerId: 1, isPrimary: true, pointerType: "pen", buttons: 1, pressure: 0.5,
    clientX: box.left + box.width * (0.3 + 0.4 * at / points),
    clientY: box.top + box.height * (0.3 + 0.4 * at / points),
  }));
  const changed = () => new Promise((done) => {
    const observer = new MutationObserver(() => { observer.disconnect(); done(); });
    observer.observe(answer, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const times = [];
  event("pointerdown", 0);
  for (let at = 1; at <= points; at++) {
    const start = performance.now();
    const seen = changed();
    event("pointermove", at);
    await seen;
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 40));
  }
  event("pointerup", points);
  return times;
}
"""


@report_errors
def main() -> None:
    asked = argument_parser(__doc__ or "").parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [_measured(name, Path(folder)) for name in BUNDLED]
    for row in rows:
        print(
            f"{row['model']}: {row['bytes'] / 1e6:.2f} MB, first answer {row['first_answer_seconds']['median']:.2f} s, "
            f"stroke {row['stroke_milliseconds']['median']:.1f} ms"
        )
    if asked.json:
        write_results(asked.json, machine("playwright"), rows)


def _measured(name: str, folder: Path) -> dict[str, Any]:
    page = folder / f"{name}.html"
    page.write_text(export_page((WEIGHTS / f"{name}.safetensors").read_bytes(), name), encoding="utf-8")
    with launched() as browser:
        openings = [_first_answer(browser, page) for _ in range(OPENINGS)]
        tab = browser.new_page()
        ready(tab, page.as_uri())
        tab.wait_for_timeout(3000)  # the example drawings are shown to the network after the first answer
        strokes = tab.evaluate(MEASURE, POINTS)
        version = browser.version
    return {
        "model": name,
        "bytes": page.stat().st_size,
        "most_bytes": MOST_BYTES,
        "first_answer_seconds": spread(openings),
        "most_seconds": MOST_SECONDS,
        "stroke_milliseconds": spread(strokes),
        "stroke_p90_milliseconds": rounded(statistics.quantiles(strokes, n=10)[-1]),
        "most_milliseconds": MOST_MILLISECONDS[name],
        "browser": f"{Path(find_browser() or '').name} {version}",
    }


def _first_answer(browser: Any, page: Path) -> float:
    """Seconds from the start of the navigation until the page has answered to its first drawing."""
    tab = browser.new_page()
    tab.add_init_script(
        "new MutationObserver(() => { if (document.documentElement.dataset.ready && !window.answered) "
        "window.answered = performance.now(); }).observe(document, { subtree: true, attributes: true });"
    )
    ready(tab, page.as_uri())
    seconds = tab.evaluate("window.answered") / 1000
    tab.close()
    return float(seconds)


if __name__ == "__main__":
    main()
