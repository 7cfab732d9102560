"""The service of the bundled reader, which all tests share, and a picture for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import numpy as np
import pytest

from inkling.data import load
from inkling.service.settings import LOCAL_HOSTS, Limits, Settings
from served import Served, png, serving


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Those of `inkling serve`, with limits that tests can reach."""
    limits = Limits(megabytes=2, megapixels=4, pictures=3, images=200)
    return replace(Settings.of(), limits=limits, hosts=LOCAL_HOSTS, workers=1)


@pytest.fixture(scope="session")
def served(settings) -> Iterator[Served]:
    with serving(replace(settings, workers=2)) as running:
        yield running


@pytest.fixture
def client(served) -> Iterator[httpx.Client]:
    with served.client() as made:
        yield made


@pytest.fixture(scope="session")
def digit() -> np.ndarray:
    """A digit of the test part, uint8 (28, 28), bright on dark; the reader reads it."""
    return load("digits").labelled_test.images[0]


@pytest.fixture(scope="session")
def picture(digit) -> bytes:
    return png(digit)
