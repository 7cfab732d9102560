"""`inkling export onnx`: a file for ONNX Runtime and other runtimes, in float32 or in int8."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet
from inkling.cli.export.arguments import CalibrationData, Force, ModelPath, check_calibration
from inkling.cli.export.source import calibration_of
from inkling.cli.outputs import Kind, check_output
from inkling.errors import printable

if TYPE_CHECKING:
    from inkling.export.calibration import Calibration
    from inkling.export.onnx.comparison import Comparison

ONNX = Kind("an ONNX file", (".onnx",))


def onnx(
    model: ModelPath,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.onnx", help="ONNX file to write.")],
    flat: Annotated[bool, typer.Option("--flat", help="Images as rows (N, H·W), not (N, H, W).")] = False,
    int8: Annotated[
        bool, typer.Option("--int8", help="Weights and activations of 8 bits; prints the measured loss and speed.")
    ] = False,
    data: CalibrationData = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write an ONNX file that takes images as bytes.

    The input is images, uint8 (N, 28, 28) for digits; the outputs are logits, probabilities with the temperature
    applied, and not_a_digit where the model knows it. ONNX Runtime 1.12, of 2022, and newer ones run it.
    """
    check_calibration(data, int8)
    check_output(output, ONNX, force, models=[model], sources=[] if data is None else [data])
    from inkling.export.onnx import require_onnx

    require_onnx("onnx", *(["onnxruntime"] if int8 else []))
    from inkling.export.onnx.file import onnx_model
    from inkling.model import load
    from inkling.model_names import model_name
    from inkling.storage import write_atomically

    loaded = load(model)
    content = onnx_model(loaded, model_name(model), flat=flat).SerializeToString()
    if not int8:
        write_atomically(output, content)
        print(f"An ONNX file of {_size(content)}: {printable(output)}")
        return
    calibration = calibration_of(model, loaded, data)
    small, comparison = _in_int8(content, calibration, str(output))
    write_atomically(output, small)
    print(f"An ONNX file of {_size(small)}, in float32 {_size(content)}: {printable(output)}")
    print(comparison.loss.sentence(calibration))
    print(_speed(comparison))


def _in_int8(content: bytes, calibration: "Calibration", name: str) -> "tuple[bytes, Comparison]":
    """The bytes in int8 of a file in float32, and how both do on the images to judge on."""
    from onnx import load_from_string

    from inkling.cli.progress import waiting
    from inkling.export.onnx.comparison import compare
    from inkling.export.onnx.int8 import quantized
    from inkling.export.onnx.session import model_of_bytes

    with waiting("the ranges of activations are measured"):
        small = quantized(load_from_string(content), calibration.images, calibration.source).SerializeToString()
    judged = calibration.judged
    assert judged.labels is not None
    with waiting(f"both files read {len(judged):,} images"):
        float32, in_int8 = (model_of_bytes(each, name, threads=1) for each in (content, small))
        comparison = compare(float32, in_int8, judged.images, judged.labels)
    return small, comparison


def _speed(found: "Comparison") -> str:
    """What int8 gains."""
    return (
        f"Speed in ONNX Runtime on one thread of this machine: {found.speedup:.2f} × that of float32 "
        f"({min(found.speedups):.2f} to {max(found.speedups):.2f})."
    )


def _size(content: bytes) -> str:
    return f"{len(content) / 1e3:,.0f} kB"
