"""The page: HTML, style sheets and ES modules, which are package data of the wheel. `PAGE` is their folder."""

from pathlib import Path

PAGE = Path(__file__).parent
