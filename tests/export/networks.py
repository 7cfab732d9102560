"""The layers of the tests of networks, for the tests of all formats and of the page's engine."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "nn"))
from test_layers import IMAGES, ROWS, TO_ROWS, keeping, names

__all__ = ["IMAGES", "ROWS", "TO_ROWS", "keeping", "names"]
