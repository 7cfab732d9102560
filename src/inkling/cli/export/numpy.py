"""`inkling export numpy`: one file of Python that needs NumPy alone."""

from pathlib import Path
from typing import Annotated

import typer

from inkling.cli.console import Quiet
from inkling.cli.export.arguments import Force, ModelPath
from inkling.cli.outputs import PYTHON, check_output
from inkling.errors import printable


def numpy(
    model: ModelPath,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.py", help="File of Python to write.")],
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write one file of Python that needs NumPy alone.

    It defines predict_proba, which takes images as the model does, a few lines per layer; called by itself, it tests
    that the machine computes what Inkling computed.
    """
    from inkling.export.python_text import check_module_name

    check_output(output, PYTHON, force, models=[model])
    check_module_name(output)
    from inkling.export.numpy import export_numpy
    from inkling.export.selftest import selftest_images
    from inkling.model import load
    from inkling.model_names import model_name
    from inkling.storage import write_atomically

    loaded = load(model)
    text = export_numpy(loaded, selftest_images(loaded), model_name(model), output.stem)
    write_atomically(output, text)
    answers = "predict_proba, predict and not_a_digit" if loaded.knows_non_digits else "predict_proba and predict"
    print(f"A file of Python of {len(text) / 1e3:,.0f} kB, with {answers}: {printable(output)}")
    print(f"Its self-test: python {printable(output)}")
