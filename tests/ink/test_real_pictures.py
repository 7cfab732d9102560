"""Real handwriting opens, real tables are refused as no pictures (`INKLING_HANDWRITING`)."""

import os
from pathlib import Path

import numpy as np
import pytest

from inkling.errors import DataError
from inkling.ink import open_picture
from needs import needs_handwriting

FOLDER = Path(os.environ.get("INKLING_HANDWRITING", ""))
pytestmark = needs_handwriting("real pictures open, and real tables are told from pictures")


def test_real_handwriting_opens():
    paths = [path for path in FOLDER.rglob("*") if path.suffix.lower() in (".png", ".jpg", ".jpeg")]
    assert len(paths) > 1000
    for path in paths:
        picture = open_picture(path)
        assert 0 <= picture.levels.min() <= picture.levels.max() <= 255
        assert picture.notes == ()
        assert np.ptp(picture.levels) > 5, path  # some were drawn with next to no ink


def test_real_tables_are_no_pictures():
    paths = [path for path in (FOLDER / "loader_cases").rglob("*") if path.is_file()]
    assert paths
    for path in paths:
        with pytest.raises(DataError, match="a picture was expected, but this is"):
            open_picture(path)
