"""One step of Adam.

theta, gradient, m and v are arrays of one shape; t counts the steps from 1. Give back new arrays theta, m and v:

    m = beta1 m + (1 - beta1) gradient            m_hat = m / (1 - beta1^t)
    v = beta2 v + (1 - beta2) gradient^2          v_hat = v / (1 - beta2^t)
    theta = theta - lr m_hat / (sqrt(v_hat) + eps)
"""

import numpy as np


def adam_step(
    theta: np.ndarray,
    gradient: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """theta, m and v after step number t."""
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
