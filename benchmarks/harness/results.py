"""Results: the machine that they were measured on, numbers to four digits, and the JSON file that keeps them."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any


def machine(*packages: str) -> dict[str, Any]:
    """Processor, cores, BLAS libraries with the kernels they chose, versions of `packages`, and the load average."""
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
    """Median, minimum and maximum, to four digits."""
    found = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return {name: rounded(value) for name, value in found.items()}


def moments(values: Sequence[float | None]) -> dict[str, float | None]:
    """Mean, and standard deviation to four digits, of the values that are known; None where there are too few.

    The mean is rounded so that one of 0.9899 and 0.9901 reaches 0.99.
    """
    known = [value for value in values if value is not None]
    return {
        "mean": round(statistics.mean(known), 9) if known else None,
        "sd": rounded(statistics.stdev(known)) if len(known) > 1 else None,
    }


def rounded(value: float) -> float:
    """To four significant digits: no measurement here is more exact."""
    return float(f"{value:.4g}")


def write_results(path: Path, machine: dict[str, Any], rows: list[dict[str, Any]], **totals: Any) -> None:
    """The file of results: the machine, one row per measurement, and totals over all rows."""
    text = json.dumps({"machine": machine, "rows": rows, **totals}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _cpu_model() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
