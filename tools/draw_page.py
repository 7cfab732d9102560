"""The picture of the page in README.md: it reads a drawing and shows the gradient of a layer.

    python -m tools.draw_page        # writes docs/pictures/page.png; needs Playwright and a Chromium

The drawing is one of the page's own examples.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from inkling.export import export_page
from inkling.model import DEFAULT_FILE
from tools.browser import launched, ready

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "page.png"
VIEW = "view=backward&label=5&step=10"
COLORS = 200  # are enough for this page, and make the file a third as long
SIZE = {"width": 1240, "height": 940}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        page = Path(folder) / "page.html"
        page.write_text(export_page(DEFAULT_FILE.read_bytes(), "reader"), encoding="utf-8")
        tab = browser.new_page(viewport=SIZE)
        ready(tab, f"{page.as_uri()}#{VIEW}")
        tab.wait_for_timeout(1000)  # until the last frame is painted
        taken = Image.open(io.BytesIO(tab.screenshot()))
    taken.convert("RGB").quantize(COLORS).save(PICTURE, optimize=True)
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
