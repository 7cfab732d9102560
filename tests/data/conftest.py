"""Files of every kind that loaders meet, made from the same few digits."""

from __future__ import annotations

import http.server
import io
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from inkling.data import Dataset
from needs import needs_kaggle, needs_mnist


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """Twenty images with a dark rim, as digits have, and with every label; reproducible."""
    rng = np.random.default_rng(7)
    images = np.zeros((20, 28, 28), np.uint8)
    images[:, 4:24, 4:24] = rng.integers(0, 256, (20, 20, 20))
    images[:, 5, 5] = 255
    return Dataset(images, np.arange(20) % 10, "twenty")


Behaviour = Callable[[http.server.BaseHTTPRequestHandler, bytes], None]


def deliver(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
    """Answer a request as a sound server does."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def serving(bodies: dict[str, bytes], behaviour: Behaviour = deliver) -> Iterator[tuple[str, list[str]]]:
    """A mirror on this machine; yields its address and the paths it is asked for, as they come."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            with suppress(ConnectionError):  # the impatient hang up
                behaviour(self, bodies[Path(self.path).name])

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/mnist", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Make:
    """The bytes of a dataset in each format."""

    @staticmethod
    def idx(array: np.ndarray) -> bytes:
        sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
        return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()

    @staticmethod
    def rows(data: Dataset) -> list[list[str]]:
        """As Kaggle has them, the label first."""
        assert data.labels is not None
        pairs = zip(data.labels, data.images.reshape(len(data), -1), strict=True)
        return [[str(label), *map(str, pixels)] for label, pixels in pairs]

    @staticmethod
    def header() -> list[str]:
        return ["label", *(f"pixel{index}" for index in range(784))]

    @staticmethod
    def csv(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> bytes:
        return "".join(delimiter.join(row) + end for row in rows).encode()

    @staticmethod
    def zip(files: dict[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return out.getvalue()

    @staticmethod
    def npz(**arrays: np.ndarray) -> bytes:
        out = io.BytesIO()
        np.savez(out, **arrays)
        return out.getvalue()

    @staticmethod
    def picture(levels: np.ndarray, suffix: str = "png") -> bytes:
        from PIL import Image

        out = io.BytesIO()
        Image.fromarray(levels).save(out, suffix)
        return out.getvalue()

    @staticmethod
    def folder(path: Path, files: dict[str, bytes]) -> Path:
        for name, data in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
        return path


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make


@pytest.fixture(scope="session")
def mirror() -> Callable[..., AbstractContextManager[tuple[str, list[str]]]]:
    """`mirror(bodies, behaviour)` serves files by name, soundly or with a behaviour of its own."""
    return serving


@pytest.fixture
def dead_port() -> str:
    """An address where nobody listens any more."""
    with serving({}) as (address, _):
        pass
    return address


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither this machine's data, cache nor proxies are seen, unless a test asks for `real_data`."""
    for name in ("INKLING_DATA", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


_REAL_DATA = os.environ.get("INKLING_DATA")


@pytest.fixture
def real_data(_alone: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with MNIST's own files and the competition's zip."""
    for need in (needs_mnist, needs_kaggle):
        need.or_skip("MNIST and the competition's files are read as published")
    monkeypatch.setenv("INKLING_DATA", _REAL_DATA)
    return Path(_REAL_DATA)
