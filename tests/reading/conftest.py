"""What the tests of reading write with: embedded digits that the model knows when it sees them alone."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from drawn import glyphs
from inkling.ink import normalize
from inkling.model import load


@pytest.fixture(scope="module", autouse=True)
def one_blas_thread():
    with threadpool_limits(1, "blas"):
        yield


@pytest.fixture(scope="session")
def legible() -> np.ndarray:
    """Rows of embedded digits that are read right and surely, so that only reading in a row is tested with them."""
    inks, labels = glyphs()
    answers = load().open_set_proba(np.stack([normalize(ink) for ink in inks]))
    rows = np.flatnonzero((answers.argmax(axis=1) == labels) & (answers.max(axis=1) > 0.8))
    assert len(rows) > 0.75 * len(labels)
    return rows
