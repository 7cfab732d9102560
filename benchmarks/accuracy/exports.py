"""Exports of the bundled reader: size, accuracy on MNIST's test images, and time per image on one thread.

    python -m benchmarks.accuracy.exports [NAME ...] [--json benchmarks/results/exports.json]

Each format is judged by the same code on the same images. The first row is the model that was exported. C is compiled
by `gcc -O3 -march=native`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.harness.results import machine, rounded, spread, write_results
from benchmarks.harness.rounds import Measure, by_name, interleaved, ratio_cell, ratios
from benchmarks.harness.script import parse_arguments, report_errors, unpin_blas
from benchmarks.peers.compiled_header import CompiledHeader
from inkling.data import Source, load
from inkling.errors import DataError
from inkling.evaluation import Evaluation
from inkling.inference import Predictor
from inkling.model import DEFAULT, DEFAULT_FILE, Model
from inkling.model import load as load_model
from inkling.nn import softmax
from inkling.processor import one_blas_thread

MODEL = "inkling"  # the name of the row of the model itself
ROUNDS, QUICK_ROUNDS = 25, 5
BATCH_SIZE, BATCHES = 256, 4  # per round
HEADER = f"{'':14}{'kB':>8}{'accuracy %':>12}{'other answers':>15}{'µs per image':>14}{'× float32':>20}"


@dataclass(frozen=True)
class Exported:
    """A file that was exported.

    Attributes
    ----------
    predict_proba : probabilities (N, 10) of images uint8 (N, 28, 28), on one thread.
    size : bytes of the file; of a C header, those that its constants take in flash.
    float32 : the name of the row whose time this one's is compared with; none if it is float32 itself.
    """

    predict_proba: Callable[[np.ndarray], np.ndarray]
    size: int
    float32: str | None = None


def _model_itself(model: Model, mnist: Source) -> Exported:
    predictor = Predictor(model.network, model.params, model.temperature, threads=1)
    k = model.n_classes

    def predict_proba(images: np.ndarray) -> np.ndarray:
        with one_blas_thread():
            return softmax(predictor.logits(images[..., np.newaxis])[:, :k])

    return Exported(predict_proba, DEFAULT_FILE.stat().st_size)


def _onnx(model: Model, mnist: Source) -> Exported:
    from inkling.export.onnx.file import onnx_model
    from inkling.export.onnx.session import model_of_bytes

    content = onnx_model(model, DEFAULT).SerializeToString()
    return Exported(model_of_bytes(content, "onnx", threads=1).predict_proba, len(content))


def _onnx_int8(model: Model, mnist: Source) -> Exported:
    from inkling.export.calibration import calibration_from
    from inkling.export.onnx.file import onnx_model
    from inkling.export.onnx.int8 import quantized
    from inkling.export.onnx.session import model_of_bytes

    calibration = calibration_from(mnist, model, DEFAULT)
    made = quantized(onnx_model(model, DEFAULT), calibration.images, mnist.name).SerializeToString()
    return Exported(model_of_bytes(made, "onnx-int8", threads=1).predict_proba, len(made), float32="onnx")


def _c(model: Model, mnist: Source) -> Exported:
    from inkling.export.c import export_c

    assert mnist.train is not None
    found = export_c(model, mnist.train.images[:10], name=DEFAULT)
    return Exported(CompiledHeader(found.text, model.n_classes).predict_proba, found.code.constant_bytes)


def _c_int8(model: Model, mnist: Source) -> Exported:
    from inkling.export.c import export_c
    from inkling.export.calibration import calibration_from

    images = calibration_from(mnist, model, DEFAULT).images
    found = export_c(model, images, int8=True, name=DEFAULT)
    judged = CompiledHeader(found.text, model.n_classes)
    return Exported(judged.predict_proba, found.code.constant_bytes, float32="c")


def _torch(model: Model, mnist: Source) -> Exported:
    import torch

    from inkling.export.torch import export_torch

    torch.set_num_threads(1)
    with TemporaryDirectory() as folder:
        weights = Path(folder, "exported.safetensors")
        found = export_torch(model, DEFAULT, weights.name)
        weights.write_bytes(found.weights)
        network = _in_module(found.module, str(weights.with_suffix(".py")))["load"]()

    def predict_proba(images: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return network.predict_proba(torch.from_numpy(images.copy())).numpy()

    return Exported(predict_proba, len(found.weights) + len(found.module))


def _numpy(model: Model, mnist: Source) -> Exported:
    from inkling.export.numpy import export_numpy

    assert mnist.train is not None
    text = export_numpy(model, mnist.train.images[:10], DEFAULT, "exported")
    predict_proba = _in_module(text, "exported.py")["predict_proba"]

    def on_one_thread(images: np.ndarray) -> np.ndarray:
        with one_blas_thread():
            return predict_proba(images)

    return Exported(on_one_thread, len(text))


def _in_module(text: str, file: str) -> dict[str, Any]:
    """What a file of Python defines; its text is our own."""
    module = ModuleType("exported")
    module.__file__ = file
    exec(compile(text, file, "exec"), vars(module))
    return vars(module)


# A format is a row here: from the model, and MNIST for what has to be calibrated, to what was exported.
FORMATS: Mapping[str, Callable[[Model, Source], Exported]] = {
    MODEL: _model_itself,
    "onnx": _onnx,
    "onnx-int8": _onnx_int8,
    "c": _c,
    "c-int8": _c_int8,
    "torch": _torch,
    "numpy": _numpy,
}


@report_errors
def main() -> None:
    unpin_blas()
    asked = parse_arguments(__doc__, [*FORMATS], "fewer rounds: some seconds")
    host = machine("numpy", "onnx", "onnxruntime", "torch")
    mnist, model = load("mnist"), load_model()
    if mnist.test is None or mnist.test.labels is None:
        raise DataError("mnist: its labelled test images were expected")
    files = {name: FORMATS[name](model, mnist) for name in dict.fromkeys([MODEL, *(asked.names or FORMATS)])}
    measures = {name: _seconds_per_image(file, mnist.test.images) for name, file in files.items()}
    found = by_name(interleaved(measures, QUICK_ROUNDS if asked.quick else ROUNDS))
    answers = {name: file.predict_proba(mnist.test.images) for name, file in files.items()}
    print(HEADER)
    rows = []
    for name, file in files.items():
        row = {"name": name, "bytes": file.size, **_judged(answers[name], answers[MODEL], mnist.test.labels)}
        row["microseconds_per_image"] = spread([1e6 * each for each in found[name]])
        rows.append(row | ratios("ratio_to_float32", found.get(file.float32 or ""), found[name]))
        print(_line(rows[-1]), flush=True)
    if asked.json:
        write_results(asked.json, host, rows)


def _judged(probabilities: np.ndarray, of_model: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """How good answers are, and how far they are from those of the model."""
    found = Evaluation(labels, probabilities)
    return {
        "errors": found.errors,
        "accuracy": found.accuracy,
        "cross_entropy": found.cross_entropy,
        "other_answers": int(np.sum(found.predictions != of_model.argmax(axis=1))),
        "largest_difference": rounded(float(np.abs(probabilities - of_model).max())),
    }


def _seconds_per_image(file: Exported, images: np.ndarray) -> Measure:
    def seconds() -> float:
        started = time.perf_counter()
        for i in range(BATCHES):
            file.predict_proba(images[i * BATCH_SIZE : (i + 1) * BATCH_SIZE])
        return (time.perf_counter() - started) / (BATCHES * BATCH_SIZE)

    return seconds


def _line(row: Mapping[str, Any]) -> str:
    time_of = row["microseconds_per_image"]["median"]
    figures = f"{row['bytes'] / 1e3:8.0f}{100 * row['accuracy']:12.2f}{row['other_answers']:15}{time_of:14.1f}"
    return f"{row['name']:14}{figures}{ratio_cell(row, 'ratio_to_float32')}"


if __name__ == "__main__":
    main()
