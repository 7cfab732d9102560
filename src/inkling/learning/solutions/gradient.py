"""The gradient of any function, by central differences.

f takes an array x of any shape and returns one number. Its gradient has the shape of x: each of its numbers says by
how much f grows when that number of x grows, per unit. Estimate each by (f(x + h e) - f(x - h e)) / 2h, where e is 1
at that number and 0 elsewhere. Leave x as it was.
"""

from collections.abc import Callable

import numpy as np


def numeric_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """The gradient of f at x, an array of the shape of x."""
    gradient = np.zeros(x.shape)
    moved = x.astype(np.float64)
    for place in np.ndindex(x.shape):
        old = moved[place]
        moved[place] = old + h
        above = f(moved)
        moved[place] = old - h
        below = f(moved)
        moved[place] = old
        gradient[place] = (above - below) / (2 * h)
    return gradient
