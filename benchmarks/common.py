"""What all benchmarks share: OpenBLAS as users have it, how mistakes end, the machine's facts, the file of results."""

from __future__ import annotations

import argparse
import functools
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Collection, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from inkling.cli.console import INTERRUPTED, refuse_to_overwrite
from inkling.errors import InklingError, UsageError

PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # a pinned older kernel halves NumPy's speed; users do not pin it


def unpin_blas() -> None:
    """Start this process anew without the variables that pin OpenBLAS, if they are set: it reads them only once."""
    if any(pin in os.environ for pin in PINS):
        free = {name: value for name, value in os.environ.items() if name not in PINS}
        os.execve(sys.executable, sys.orig_argv, free)


def report_errors(main: Callable[[], None]) -> Callable[[], None]:
    """The `main` of a script, whose user's mistakes end in one line on stderr and the exit code of their kind."""

    @functools.wraps(main)
    def wrapped() -> None:
        try:
            return main()
        except InklingError as error:
            sentence, code = str(error), error.exit_code
        except KeyboardInterrupt:
            sentence, code = "interrupted", INTERRUPTED
        except OSError as error:
            if error.filename is None:
                raise  # no file that somebody named
            sentence, code = f"{error.filename}: {error.strerror}", InklingError.exit_code
        print(f"{Path(sys.argv[0]).name}: {sentence}", file=sys.stderr)
        raise SystemExit(code)

    return wrapped


def machine(*packages: str) -> dict[str, Any]:
    """Processor, cores, BLAS libraries with the core they chose, versions of `packages`, and how busy it is now."""
    import numpy  # noqa: F401  loads the BLAS that is asked about
    from threadpoolctl import threadpool_info

    import inkling

    blas = (pool for pool in threadpool_info() if pool["user_api"] == "blas")
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "blas": sorted({f"{b['internal_api']} {b['version']} {b.get('architecture', '')}".strip() for b in blas}),
        "load_average": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "inkling": inkling.__version__,
        **{package: metadata.version(package) for package in packages},
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest, to four digits."""
    found = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return {name: rounded(value) for name, value in found.items()}


def rounded(value: float) -> float:
    """To four significant digits: more would pretend."""
    return float(f"{value:.4g}")


def at_least_one(text: str) -> int:
    """The type of an argument that counts rounds, seeds and the like."""
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"expected a whole number, at least 1, not {text!r}")
    return int(text)


def new_file(text: str) -> Path:
    """The type of an argument that names a file to write: one that cannot be is refused before the work, not after."""
    path = Path(text)
    try:
        refuse_to_overwrite(path, force=True)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return path


def options(doc: str) -> argparse.ArgumentParser:
    """What every script can be told; `doc` is that of its module."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write the results")
    return parser


def arguments(doc: str, names: Collection[str], quick: str) -> argparse.Namespace:
    """Of a script that does all work of these names, or what is asked for; `doc` is that of its module."""

    def name(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(names)}")
        return text

    parser = options(doc)
    parser.add_argument("names", nargs="*", metavar="NAME", type=name, help=f"of {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help=quick)
    return parser.parse_args()


def write_results(path: Path, machine: dict[str, Any], rows: list[dict[str, Any]], **totals: Any) -> None:
    """The file of results: the machine, one row a piece of work, and what they come to together."""
    text = json.dumps({"machine": machine, "rows": rows, **totals}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
