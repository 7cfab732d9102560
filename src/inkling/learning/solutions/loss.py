"""The cross-entropy of the softmax, and its gradient.

logits (N, O) holds a row per image, labels (N,) the true class of each image. The softmax of a row z is
exp(z) / sum(exp(z)). The loss is the mean over the N rows of -log(softmax(z)[label]). It has to work for logits of any
size, such as 1000: the softmax stays the same if the largest number of a row is subtracted from the row first.
"""

import numpy as np


def softmax_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The loss, one number, and its gradient with respect to the logits (N, O)."""
    rows = np.arange(len(logits))
    z = logits - logits.max(axis=1, keepdims=True)
    exponentials = np.exp(z)
    sums = exponentials.sum(axis=1)
    loss = (np.log(sums) - z[rows, labels]).mean()
    dlogits = exponentials / sums[:, np.newaxis]
    dlogits[rows, labels] -= 1
    return loss, dlogits / len(logits)
