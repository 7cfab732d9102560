"""Layers are tested as they train: with one BLAS thread, so that no product waits for a core that another test has."""

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="module", autouse=True)
def one_blas_thread():
    with threadpool_limits(1, "blas"):
        yield
