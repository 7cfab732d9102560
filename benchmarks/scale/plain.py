"""The peer of a scoring: processes without an engine, which share the images out among themselves beforehand.

Each reads its images from the file, answers them on one thread and writes a Parquet file per part. There is no
manifest, no hash, no statistics, no check, and nothing to go on from.
"""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np

from inkling.model import DEFAULT_FILE, load


def score_plainly(archive: Path, folder: Path, rows_per_part: int, processes: int) -> None:
    """Answer every image of an archive with the bundled reader."""
    context = multiprocessing.get_context("spawn")
    jobs = [
        context.Process(target=_score, args=(archive, folder, rows_per_part, k, processes)) for k in range(processes)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
        if job.exitcode:
            raise SystemExit(f"a process without an engine ended with exit code {job.exitcode}")


def _score(archive: Path, folder: Path, rows_per_part: int, place: int, processes: int) -> None:
    import pyarrow
    from pyarrow.parquet import write_table

    from inkling.cluster.scoring.answering import Answering
    from inkling.processor import one_blas_thread

    images = np.load(archive, mmap_mode="r")
    model = Answering.of(load(DEFAULT_FILE))
    with one_blas_thread():
        for number in range(place, -(-len(images) // rows_per_part), processes):
            answers = model.answers(np.array(images[number * rows_per_part : (number + 1) * rows_per_part]))
            columns = [answers.probabilities.argmax(axis=1), answers.confidence, answers.none]
            table = pyarrow.table(columns, ["label", "confidence", "not_a_digit"])
            write_table(table, folder / f"part-{number:06}.parquet", compression="zstd")
