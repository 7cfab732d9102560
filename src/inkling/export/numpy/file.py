"""The whole file: what it answers, its network layer by layer, the functions for that, the weights, and a self-test."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable

import numpy as np

import inkling
from inkling.export.numpy import functions
from inkling.export.numpy.layers import chain_lines
from inkling.export.numpy.template import FILE, NON_DIGITS, NON_DIGITS_TEST
from inkling.export.python_text import base64_lines, in_docstring, literal, literals
from inkling.model import Model
from inkling.nn import chain, fold
from inkling.nn.parameters import Parameters
from inkling.properties import properties_of

TESTED = 10  # images of the self-test
_FUNCTIONS = {
    name: inspect.getsource(each)
    for name, each in vars(functions).items()
    if inspect.isfunction(each) and each.__module__ == functions.__name__
}


def export_numpy(model: Model, images: np.ndarray, name: str, module: str) -> str:
    """The text of a file of Python, for NumPy 1.22 and newer.

    Parameters
    ----------
    images : uint8 (N, H, W), of which the first ten become the self-test.
    name, module : of the model, and of the file without its ending, for its first lines.

    Raises
    ------
    UsageError
        The network has a layer that is not one of Inkling's.
    DataError
        The model answers with numbers that are not finite.
    """
    network, params = fold(model.network, model.params)
    tested, k, known = images[:TESTED], model.n_classes, model.knows_non_digits
    lines = "\n".join(chain_lines(network.layers, params.named))
    functions_text = "\n\n".join(_needed(lines))
    given = {
        "name": in_docstring(name),
        "module": in_docstring(module),
        "version": inkling.__version__,
        "about": _table(properties_of(model, name)),
        "class_names": literals(model.class_names),
        "shape": repr(model.input_shape[:2]),
        "temperature": repr(float(model.temperature)),
        "k": k,
        "logits": network.shapes[-1][0],
        "last": ", the last for what is no digit," if known else "",
        "given": ", given that an image is of one" if known else "",
        "non_digits": NON_DIGITS if known else "",
        "lines": textwrap.indent(lines, "    "),
        "functions": functions_text,
        "math": "import math\n" if "math." in functions_text else "",
        "arrays": _arrays(params),
        "images": _array("uint8", tested),
        "probabilities": _array("float32", model.predict_proba(tested)),
        "non_digits_test": "",
    }
    if known:
        given["non_digits_test"] = NON_DIGITS_TEST.format(array=_array("float32", model.not_a_digit(tested)))
    return FILE.format(**given)


def _needed(lines: str) -> Iterable[str]:
    """The functions that some lines call, and those that these call, in the order of their module."""
    text, needed = lines, set[str]()
    while found := {name for name in _FUNCTIONS if re.search(rf"\b{name}\(", text)} - needed:
        needed |= found
        text = "".join(_FUNCTIONS[name] for name in found)
    return [source for name, source in _FUNCTIONS.items() if name in needed]


def _table(texts: dict[str, str]) -> str:
    return "\n".join(f"    {literal(key)}: {literal(text)}," for key, text in texts.items())


def _arrays(params: Parameters) -> str:
    return "\n".join(
        f'    "{name}": {_array("float32", array)},' for name, array in chain.numbered(params.named).items()
    )


def _array(dtype: str, array: np.ndarray) -> str:
    """A call of the file's function of this name."""
    assert array.dtype == dtype
    return f'_array("{dtype}", {array.shape}, """\n{base64_lines(array)}\n""")'
