"""Scripts of the repository, run as `python -m` runs them in its root, but in any folder."""

import os
import subprocess
import sys
from pathlib import Path

from needs import ROOT


def environment(**changes: str) -> dict[str, str]:
    """This process's environment, in which the scripts are found from any folder."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path} | changes


def run_script(
    module: str, *arguments: object, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """A call of a script, such as `benchmarks.accuracy.records`, to its end; `variables` are of the environment."""
    return run_python("-m", module, *arguments, cwd=cwd, **variables)


def run_python(*arguments: object, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """A process of this Python, to its end; `variables` are of the environment."""
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment(**variables), timeout=120, check=False
    )
