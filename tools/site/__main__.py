"""The command: build the site, and open it."""

import argparse
import sys
import webbrowser
from pathlib import Path

from sphinx.cmd.build import main as sphinx_build

import tools.site

ROOT = Path(__file__).parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.site",
        description=tools.site.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "build" / "site", help="the folder to write to")
    parser.add_argument("--open", action="store_true", help="open the first page in a browser")
    arguments = parser.parse_args()
    html = arguments.out / "html"
    strict = ["--fail-on-warning", "--keep-going", "--quiet"]
    code = sphinx_build([*strict, "-d", str(arguments.out / "doctrees"), str(ROOT / "docs"), str(html)])
    if code == 0:
        address = (html / "index.html").resolve().as_uri()
        print(address)
        if arguments.open:
            webbrowser.open(address)
    return code


if __name__ == "__main__":
    sys.exit(main())
