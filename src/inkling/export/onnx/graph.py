"""A graph in the making: its nodes, its constant arrays, and the values that flow between them.

Inkling's images are (N, H, W, C), ONNX's (N, C, H, W). A graph holds images as ONNX does; a `Value` says what they are
in Inkling's terms. `Flatten` makes rows of the numbers in the order in which they lie, channels first, whereas
Inkling's rows are channels last. Nothing is moved for that: the value remembers the order of its row, and a layer that
follows puts its own arrays into the same order (`arranged`). Only what cannot do so asks for `settled` rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from inkling.nn.layer import Shape


@dataclass(frozen=True)
class Value:
    """A tensor of the graph.

    Attributes
    ----------
    name : in the graph.
    shape : of one image as Inkling counts it, (H, W, C), or (F,) of a row.
    image : the shape (H, W, C) of the image that a row was made from, if its numbers still lie channels first.
    """

    name: str
    shape: Shape
    image: Shape | None = None

    def arranged(self, features: np.ndarray) -> np.ndarray:
        """An array (F, …) with an entry per number of the row, in the order in which these lie in the graph."""
        if self.image is None:
            return features
        h, w, c = self.image
        rest = features.shape[1:]
        return features.reshape(h, w, c, *rest).transpose(2, 0, 1, *range(3, 3 + len(rest))).reshape(features.shape)


@dataclass
class Graph:
    """Nodes and initializers so far. Names begin with the place of a layer, such as "2.0", as those of parameters."""

    nodes: list[NodeProto] = field(default_factory=list)
    initializers: list[TensorProto] = field(default_factory=list)

    def constant(self, name: str, array: np.ndarray) -> str:
        """An array of the file, float32 or int64, by its name."""
        self.initializers.append(numpy_helper.from_array(np.array(array, order="C"), name))
        return name

    def number(self, name: str, value: float) -> str:
        return self.constant(name, np.array(value, np.float32))

    def add(self, op: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        """Add a node with one output, which has the node's name; returned is that name."""
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    def settled(self, value: Value, place: str) -> Value:
        """The value with the numbers of its row in Inkling's order."""
        if value.image is None:
            return value
        h, w, c = value.image
        shape = self.constant(f"{place}.channels_first", np.array([0, c, h, w], np.int64))
        x = self.add("Reshape", [value.name, shape], f"{place}.images")
        x = self.add("Transpose", [x], f"{place}.channels_last", perm=[0, 2, 3, 1])
        return Value(self.add("Flatten", [x], f"{place}.rows", axis=1), (math.prod(value.image),))
