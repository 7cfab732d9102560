"""The page in one file: its size, the time from opening to the first answer, and from a stroke to its answer.

    python -m benchmarks.service.page_speed [--json benchmarks/results/page_speed.json]

A Chromium opens the file from disk, without a network. A stroke grows by one point at a time. The time of a point runs
from its event until the page has shown the answer to it: drawing the levels, the worker that brings them to 28×28 and
computes the network, the numbers and pictures of the view that is open. The time of the worker is told by itself.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.harness.results import machine, spread, write_results
from benchmarks.harness.script import argument_parser, report_errors
from inkling.export import export_page
from inkling.model import BUNDLED, WEIGHTS
from tools.browser import find_browser, launched, ready

OPENINGS = 7
POINTS = 60
MOST_BYTES = 1_500_000  # of the exported page
MOST_SECONDS = 1.0  # to the first answer
MOST_MILLISECONDS = {"reader": 30.0, "tiny": 5.0}  # from a stroke to its answer

# In front of the page's own scripts: it tells when a question goes to the worker and when its answer has been shown.
WATCH = """
const Native = Worker;
window.Worker = class extends Native {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => data.value?.tensors && this.answered());
  }
  postMessage(message) {
    if (message.method === "think") window.askedAt = performance.now();
    super.postMessage(message);
  }
  answered() {
    const workerTime = performance.now() - window.askedAt;
    const { port1, port2 } = new MessageChannel(); // its message comes after the page has worked on the answer
    port1.onmessage = () => window.shown?.({ workerTime, at: performance.now() });
    port2.postMessage(null);
  }
};
"""

# Points of a stroke, one after the other: milliseconds from the event to the answer on the page, and of the worker.
MEASURE = """
async (points) => {
  const pad = document.querySelector(".pad-canvas");
  const box = pad.getBoundingClientRect();
  const event = (kind, at) => pad.dispatchEvent(new PointerEvent(kind, {
    bubbles: true, pointerId: 1, isPrimary: true, pointerType: "pen", buttons: 1, pressure: 0.5,
    clientX: box.left + box.width * (0.3 + 0.4 * at / points),
    clientY: box.top + box.height * (0.3 + 0.4 * at / points),
  }));
  const found = { strokes: [], worker: [] };
  const answered = () => new Promise((done) => { window.shown = done; });
  event("pointerdown", 0);
  for (let at = 1; at <= points; at++) {
    await new Promise((done) => setTimeout(done, 60));
    const start = performance.now();
    const answer = answered();
    event("pointermove", at);
    const { workerTime, at: end } = await answer;
    found.strokes.push(end - start);
    found.worker.push(workerTime);
  }
  event("pointerup", points);
  return found;
}
"""


@report_errors
def main() -> None:
    asked = argument_parser(__doc__ or "").parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [_measured(name, Path(folder)) for name in BUNDLED]
    for row in rows:
        print(_line(row))
    if asked.json:
        write_results(asked.json, machine("playwright"), rows)


def _line(row: dict[str, Any]) -> str:
    first, stroke, worker = (
        row[name]["median"] for name in ("first_answer_seconds", "stroke_milliseconds", "worker_milliseconds")
    )
    goals = f"goals at most {MOST_BYTES / 1e6:g} MB, {MOST_SECONDS:g} s, {row['most_milliseconds']:g} ms"
    return (
        f"{row['model']}: {row['bytes'] / 1e6:.2f} MB, first answer {first:.2f} s, stroke {stroke:.1f} ms, of which "
        f"{worker:.1f} in the worker; {goals} {'met' if row['goals_met'] else 'MISSED'}"
    )


def _measured(name: str, folder: Path) -> dict[str, Any]:
    page = folder / f"{name}.html"
    page.write_text(export_page((WEIGHTS / f"{name}.safetensors").read_bytes(), name), encoding="utf-8")
    with launched() as browser:
        openings = [_first_answer(browser, page) for _ in range(OPENINGS)]
        tab = browser.new_page()
        tab.add_init_script(WATCH)
        ready(tab, page.as_uri())
        tab.wait_for_timeout(3000)  # the example drawings are shown to the network after the first answer
        found = tab.evaluate(MEASURE, POINTS)
        version = browser.version
    first, stroke = spread(openings), spread(found["strokes"])
    most = MOST_MILLISECONDS[name]
    size = page.stat().st_size
    return {
        "model": name,
        "bytes": size,
        "first_answer_seconds": first,
        "stroke_milliseconds": stroke,
        "worker_milliseconds": spread(found["worker"]),
        "most_milliseconds": most,
        "goals_met": size <= MOST_BYTES and first["median"] <= MOST_SECONDS and stroke["median"] <= most,
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
