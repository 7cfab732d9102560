"""Whole files or none: a reader never meets a half-written one, and a full disk leaves the old one alone."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write the content beside the target, then rename it over the target in one step."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
