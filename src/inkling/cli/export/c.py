"""`inkling export c`: a C header for microcontrollers and any other C program, in float32 or in integers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet
from inkling.cli.export.arguments import CalibrationData, Force, ModelPath, check_calibration
from inkling.cli.export.source import calibration_of
from inkling.cli.outputs import Kind, check_output
from inkling.errors import printable

if TYPE_CHECKING:
    from inkling.export.c import CHeader
    from inkling.export.c.footprint import Footprint
    from inkling.export.calibration import Calibration
    from inkling.model import Model

HEADER = Kind("a C header", (".h",))


def c(
    model: ModelPath,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.h", help="C header to write.")],
    int8: Annotated[
        bool, typer.Option("--int8", help="Integers: bytes for values, weights of 8 bits or fewer; prints the loss.")
    ] = False,
    data: CalibrationData = None,
    prefix: Annotated[str, typer.Option(metavar="NAME", help="The names in C begin so.")] = "inkling",
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write one C99 header with the network, for microcontrollers.

    Any other C program takes it as well. It needs no library but C's own and no malloc, and its flash and RAM are told.
    A function in it brings a digit of 28×28 to the form that the network knows, and another tests the device.
    """
    check_calibration(data, int8)
    from inkling.export.c.text import check_prefix

    check_prefix(prefix)
    check_output(output, HEADER, force, models=[model], sources=[] if data is None else [data])
    from inkling.cli.progress import waiting
    from inkling.export.c import export_c
    from inkling.export.c.footprint import measure
    from inkling.export.selftest import selftest_images
    from inkling.model import load
    from inkling.model_names import model_name
    from inkling.storage import write_atomically

    loaded = load(model)
    calibration = calibration_of(model, loaded, data) if int8 else None
    images = calibration.images if calibration else selftest_images(loaded)
    with waiting("the network becomes C, which gcc compiles where it is there, to measure it"):
        found = export_c(loaded, images, int8=int8, prefix=prefix, name=model_name(model))
        footprint = measure(found.text, found.code, prefix)
    write_atomically(output, found.text)
    print(f"A C header in {'integers' if int8 else 'float32'}: {printable(output)}")
    print("\n".join(_sizes(found, loaded, footprint)))
    if calibration:
        print(_loss(loaded, found, calibration))


def _sizes(found: "CHeader", model: "Model", footprint: "Footprint | None") -> "list[str]":
    """Flash and RAM, part by part and together, with the normaliser and without."""
    from inkling.export.c.code import has_normalizer

    code, constants, normalizes = found.code, found.code.constants(), has_normalizer(model)
    weights = sum(numbers.nbytes for name, numbers in constants.items() if "_weight_" in name)
    bits = f" of {' and '.join(map(str, code.weight_bits))} bits"
    flash = f"flash  {weights:,} bytes of weights{bits}, {code.constant_bytes - weights:,} of biases and scales"
    static = code.static_bytes(normalizes=True), code.static_bytes(normalizes=False)
    if footprint is None:
        return [flash, f"RAM    static: {_both(*static, normalizes)}", "Code and stack are not measured: no gcc here."]
    flash += f", {footprint.code:,} of code" + f", {footprint.normalizer_code:,} of the normaliser" * normalizes
    stack = (
        f"stack  {footprint.stack:,} bytes predicting" + f", {footprint.normalizer_stack:,} normalising" * normalizes
    )
    alone = code.constant_bytes + footprint.code
    ram = footprint.ram[0] + max(footprint.stack, footprint.normalizer_stack), footprint.ram[1] + footprint.stack
    return [
        flash,
        f"RAM    static: {_both(*footprint.ram, normalizes)}",
        f"{stack}, at most",
        f"total  flash: {_both(alone + footprint.normalizer_code, alone, normalizes)}",
        f"       RAM: {_both(*ram, normalizes)}",
        f"Code and stack are those of {footprint.compiler}, without C's own library.",
    ]


def _both(whole: int, alone: int, normalizes: bool) -> str:
    return f"{whole:,} bytes with the normaliser, {alone:,} without" if normalizes else f"{alone:,} bytes"


def _loss(model: "Model", found: "CHeader", calibration: "Calibration") -> str:
    """What integers cost in accuracy, by the code's twin in NumPy, which computes the same integers."""
    from inkling.cli.progress import waiting
    from inkling.export.c.int8 import Int8Code
    from inkling.export.c.judged import IntegerModel
    from inkling.export.loss import loss_of

    judged = calibration.judged
    assert isinstance(found.code, Int8Code)
    assert judged.labels is not None
    with waiting(f"float32 and integers read {len(judged):,} images"):
        answers = model.predict(judged.images), IntegerModel.of(model, found.code).predict(judged.images)
    return loss_of(*answers, judged.labels).sentence(calibration)
