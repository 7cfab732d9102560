"""An inspection as one HTML page that needs no other file, with the pictures of what was found."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from inkling.html_pages import page_template, picture_uri
from inkling.inspection.finding import KINDS, Finding, Inspection
from inkling.storage import write_atomically

MOST_SHOWN = 60  # findings per kind


def write_page(path: Path, inspection: Inspection, title: str, command: str = "") -> None:
    """Write the page, whole or not at all; MissingExtraError where jinja2 is not installed.

    Parameters
    ----------
    command : the command line that writes this page, if there is one.
    """

    def pictures(finding: Finding) -> list[tuple[str, str]]:
        """The image that it is about, and the one that this is a copy of, each with its alternative text."""
        places = [place for place in ((finding.part, finding.row), finding.other) if place is not None]
        return [
            (f"row {row} of {part}", picture_uri(inspection.pictures[part, row]))
            for part, row in places
            if row is not None
        ]

    page = page_template(Path(__file__).with_name("page.html.jinja")).render(
        title=title,
        inspection=inspection,
        kinds=KINDS,
        most=MOST_SHOWN,
        pictures=pictures,
        now=datetime.datetime.now(),
        version=sys.modules["inkling"].__version__,  # importing `inkling` would point down the list of packages
        command=command,
    )
    write_atomically(path, page.encode())
