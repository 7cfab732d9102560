"""How long a download may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait: `search` for mirrors to answer, `stall` without progress, `total` for everything."""

    search: float = 5.0
    stall: float = 10.0
    total: float = 900.0
