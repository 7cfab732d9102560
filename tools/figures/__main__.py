"""The command: write all figures into the pages, or check that they are there."""

import argparse
import sys
from pathlib import Path

import tools.figures
from tools.figures.blocks import BLOCKS
from tools.figures.pages import updated

ROOT = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=tools.figures.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page is out of date")
    check = parser.parse_args().check
    stale = []
    for page in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))):
        before = page.read_text(encoding="utf-8")
        after, changed = updated(before, BLOCKS)
        stale += [f"{page.relative_to(ROOT)}: {name}" for name in changed]
        if changed and not check:
            page.write_text(after, encoding="utf-8")
    for line in stale:
        print(line, "is out of date: run `make figures`" if check else "was written")
    sys.exit(bool(stale and check))


if __name__ == "__main__":
    main()
