"""The page: data of the wheel, HTML, a style sheet and ES modules. `PAGE` is the folder that they are in."""

from pathlib import Path

PAGE = Path(__file__).parent
