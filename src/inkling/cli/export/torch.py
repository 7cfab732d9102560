"""`inkling export torch`: a `state_dict` for PyTorch, and the module that loads it."""

from pathlib import Path
from typing import Annotated

import typer

from inkling.cli.console import Quiet
from inkling.cli.export.arguments import Force, ModelPath
from inkling.cli.outputs import PYTHON, Kind, check_output
from inkling.errors import printable

WEIGHTS = Kind("a file of weights", (".safetensors",))


def torch(
    model: ModelPath,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE.safetensors", help="Weights; beside them, FILE.py loads them."),
    ],
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a state_dict for PyTorch, and a module that loads it.

    The module, FILE.py, builds the network of PyTorch's own layers, batch normalisations kept, and takes tensors of
    images. It can be trained further. PyTorch itself is not needed to export.
    """
    from inkling.export.python_text import check_module_name

    module = output.with_suffix(".py")
    check_output(output, WEIGHTS, force, models=[model])
    check_output(module, PYTHON, force)
    check_module_name(module)
    from inkling.export.torch import export_torch
    from inkling.model import load
    from inkling.model_names import model_name
    from inkling.storage import write_atomically

    loaded = load(model)
    found = export_torch(loaded, model_name(model), output.name)
    write_atomically(output, found.weights)
    write_atomically(module, found.module)
    print(f"A state_dict of {len(found.weights) / 1e3:,.0f} kB: {printable(output)}")
    print(f"The module that loads it: {printable(module)}")
    last = " The last logit is for what is no digit." if loaded.knows_non_digits else ""
    divided = "" if loaded.temperature == 1 else f" divided by {loaded.temperature:g}, the temperature"
    print(f"Probabilities are the softmax of the logits{divided}.{last}")
