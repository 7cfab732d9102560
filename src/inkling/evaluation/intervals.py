"""The uncertainty of a measured share: the Wilson score interval."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054  # the 97.5 % point of the standard normal distribution


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share, which lies within 0 to 1 also at no and at all successes.

    Parameters
    ----------
    successes, trials : counts, 0 ≤ successes ≤ trials and trials ≥ 1.

    Returns
    -------
    (low, high) : fractions, low ≤ successes / trials ≤ high.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    share, z_squared = successes / trials, Z_95**2
    shrink = 1 + z_squared / trials
    centre = (share + z_squared / (2 * trials)) / shrink
    half = Z_95 * math.sqrt(share * (1 - share) / trials + z_squared / (4 * trials**2)) / shrink
    # For a share of 0 or 1 one end is the share itself, which rounding would miss by 1e-16.
    return max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share))
