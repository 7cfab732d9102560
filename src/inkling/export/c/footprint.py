"""Footprint: the flash and the memory that a header takes, of which code and stack are measured by a compiler."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from inkling.export.c.code import Code

_FLAGS = ("-std=c99", "-Os", "-ffunction-sections", "-fstack-usage", "-c")
_SECONDS = 300  # A compiler that takes longer is given up.


@dataclass(frozen=True)
class Footprint:
    """Bytes that a compiler measures on its machine; None where there is none.

    Attributes
    ----------
    code : of instructions that predict, without the library of C.
    normalizer_code : of instructions that normalise.
    ram : static, with the normaliser and without.
    stack : at most, while predicting.
    normalizer_stack : at most, while normalising.
    compiler : its name and its machine.
    """

    code: int
    normalizer_code: int
    ram: tuple[int, int]
    stack: int
    normalizer_stack: int
    compiler: str


def measure(text: str, code: Code, prefix: str) -> Footprint | None:
    """The footprint of a header as `gcc -Os` compiles it here; None without gcc."""
    gcc, size = shutil.which("gcc"), shutil.which("size")
    if gcc is None or size is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "model.h").write_text(text, encoding="ascii")
        try:
            plain = _sections(gcc, size, place, prefix, normalizes=False)
            frames = _frames(place / "model.su")
            whole = _sections(gcc, size, place, prefix, normalizes=True)
            more_frames = _frames(place / "model.su")
            machine = _output([gcc, "-dumpmachine"], place).strip()
        except (OSError, ValueError, subprocess.SubprocessError):
            return None
    (flash, ram), (more_flash, more_ram) = plain, whole
    stack, normalizing = sum(frames.values()), sum(more_frames[each] for each in more_frames.keys() - frames.keys())
    compiler, own = f"gcc -Os for {machine}", flash - code.constant_bytes
    return Footprint(own, more_flash - flash, (more_ram, ram), stack, normalizing, compiler)


def _sections(gcc: str, size: str, folder: Path, prefix: str, *, normalizes: bool) -> tuple[int, int]:
    """Bytes of instructions and constants, and bytes of variables."""
    skip = "" if normalizes else f"#define {prefix.upper()}_NO_NORMALIZE\n"
    source = f'{skip}#define {prefix.upper()}_IMPLEMENTATION\n#include "model.h"\n'
    (folder / "model.c").write_text(source, encoding="ascii")
    _output([gcc, *_FLAGS, "model.c", "-o", "model.o"], folder)
    heading, numbers = _output([size, "model.o"], folder).splitlines()[:2]
    if heading.split()[:3] != ["text", "data", "bss"]:
        raise ValueError(heading)  # another `size` than GNU's, which counts other parts
    text, data, bss = map(int, numbers.split()[:3])
    return text + data, bss


def _frames(usage: Path) -> dict[str, int]:
    """Bytes of stack by function. None calls itself, so all together take at most the sum."""
    lines = (line.split("\t") for line in usage.read_text(encoding="utf-8").splitlines())
    return {place.rpartition(":")[2]: int(size) for place, size, *_ in lines}


def _output(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=_SECONDS)
    return done.stdout
