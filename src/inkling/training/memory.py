"""Arrays in memory that several processes of one machine share.

Forked processes inherit an anonymous mapping. Spawned processes attach to named blocks, and a job that is pickled for
them refers to the arrays in these blocks instead of holding their values.
"""

from __future__ import annotations

import io
import math
import mmap
import pickle
import shutil
from collections.abc import Sequence
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from inkling.training.executor import WorkersUnavailable

_LINUX_BLOCKS = Path("/dev/shm")  # where Linux keeps named blocks


def inherited(array: np.ndarray) -> np.ndarray:
    """A copy in memory that processes forked later read and write together."""
    if array.size == 0:
        return array.copy()
    copy = np.frombuffer(mmap.mmap(-1, array.nbytes), array.dtype, math.prod(array.shape)).reshape(array.shape)
    copy[...] = array
    return copy


class _Block(SharedMemory):
    """A named block that is closed without complaint while arrays still lie in it: the mapping goes with the last."""

    def close(self) -> None:
        try:
            super().close()
        except BufferError:
            return

    def array(self) -> np.ndarray:
        """The bytes of the block."""
        assert self.buf is not None, "the block is closed"
        return np.frombuffer(self.buf, np.uint8)

    @property
    def closed(self) -> bool:
        return self.buf is None

    def __del__(self) -> None:
        self.close()


class NamedBlocks:
    """Arrays in named blocks of shared memory, for processes that are spawned."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._named: list[_Block] = []

    def copy(self, array: np.ndarray) -> np.ndarray:
        """A copy of an array in a block of its own; WorkersUnavailable where there is no room."""
        if array.size == 0:
            return array.copy()
        if _LINUX_BLOCKS.is_dir() and shutil.disk_usage(_LINUX_BLOCKS).free < array.nbytes:
            # Linux would give the block all the same, and kill the process when it writes to it.
            raise WorkersUnavailable(f"{_LINUX_BLOCKS} has no room for {array.nbytes / 1e6:.0f} MB of shared memory")
        block = _Block(create=True, size=array.nbytes)
        self._blocks.append(block)
        self._named.append(block)
        copy = block.array().view(array.dtype)[: array.size].reshape(array.shape)
        copy[...] = array
        return copy

    def unlink(self) -> None:
        """Take the names away. Attached processes keep the memory, and nothing is left when all of them are killed."""
        while self._named:
            self._named[-1].unlink()
            self._named.pop()

    def close(self) -> None:
        """Free the blocks in which nobody holds an array; the next call tries the rest."""
        self.unlink()
        for block in self._blocks:
            block.close()
        self._blocks = [block for block in self._blocks if not block.closed]

    def pickle(self, value: Any) -> Pickled:
        """A value as bytes; of arrays in these blocks, only where they lie."""
        file = io.BytesIO()
        pickler = _Pickler(file, self._blocks)
        pickler.dump(value)
        return Pickled(file.getvalue(), pickler.needs_main)


class Pickled(NamedTuple):
    """Bytes for `pickle.loads`, and whether they name something that the user's main module defines."""

    content: bytes
    needs_main: bool


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, blocks: Sequence[_Block]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._starts = {_address(block.array()): block for block in blocks}
        self.needs_main = False

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, type | FunctionType) and value.__module__ == "__main__":
            self.needs_main = True
        if isinstance(value, np.ndarray):
            for start, block in self._starts.items():
                if 0 <= (offset := _address(value) - start) < block.size:
                    return _attach, (block.name, offset, value.shape, value.strides, value.dtype)
        return NotImplemented


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


_attached: dict[str, _Block] = {}  # blocks of the parent that this process has opened, by name


def _attach(
    name: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: np.dtype[Any]
) -> np.ndarray:
    if name not in _attached:
        _attached[name] = _Block(name=name)
    return np.ndarray(shape, dtype, buffer=_attached[name].array().data, offset=offset, strides=strides)
