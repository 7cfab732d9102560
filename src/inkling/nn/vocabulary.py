"""The names that networks are written in, in recipes and model files; layers of one's own are registered here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from inkling.errors import UsageError
from inkling.nn import chain, layers
from inkling.nn.bounds import MOST_CHARACTERS, MOST_LAYERS
from inkling.nn.init import Constant, KaimingNormal, Normal, XavierNormal
from inkling.nn.layer import Layer, Shape
from inkling.nn.network import INPUT_SHAPE, Network
from inkling.notation import read, vocabulary

LAYERS = vocabulary(*(getattr(layers, name) for name in layers.__all__))
INITIALIZERS = vocabulary(KaimingNormal, XavierNormal, Normal, Constant)
LayerClass = TypeVar("LayerClass", bound=type[Layer])


def register(layer: LayerClass) -> LayerClass:
    """Make a layer of one's own known by its name, to recipes and to model files; a decorator, above @dataclass.

    Whatever reads such a recipe or file imports the module of the layer first.

    Raises
    ------
    UsageError
        It is no frozen dataclass that extends Layer, or its name belongs to another layer or initializer.
    """
    if not (isinstance(layer, type) and issubclass(layer, Layer)):
        raise UsageError(f"register takes a class that extends inkling.nn.Layer, not {layer!r}")
    own = "__dataclass_params__" in vars(layer) and layer.__dataclass_params__.frozen  # type: ignore[attr-defined]
    if not own:
        raise UsageError(
            f"{layer.__name__} is no frozen dataclass, which its notation needs: write @dataclass(frozen=True, "
            "repr=False) between @register and the class"
        )
    known: dict[str, type] = {**LAYERS, **INITIALIZERS}
    taken = known | {name: each for each in known.values() for name in getattr(each, "former_names", ())}
    other = taken.get(layer.__name__)
    if other is not None and _home(other) != _home(layer):
        raise UsageError(
            f"the name {layer.__name__} belongs to {'.'.join(_home(other))}: give the layer another name, by which "
            "files can tell them apart"
        )
    LAYERS[layer.__name__] = layer
    return layer


def _home(each: type) -> tuple[str, str]:
    """Where a class was defined: a cell of a notebook that runs again defines it anew in the same place."""
    return each.__module__, each.__qualname__


def require_readable(network: Network, what: str) -> None:
    """UsageError unless the notation of the network is read back as the same; `what` begins the sentence.

    It is not where a layer is not registered, or holds something that has no notation.
    """
    for kind in (type(visit.layer) for visit in chain.walk(network.layers, network.input_shape)):
        if LAYERS.get(kind.__name__) is not kind:
            raise UsageError(
                f"{what} with the layer {kind.__name__} could not be read back: put the decorator "
                f"@inkling.nn.register on the class {kind.__name__}"
            )
    try:
        same = read_network(map(repr, network.layers), network.input_shape) == network
    except UsageError as error:
        raise UsageError(f"{what} of this network could not be read back: {error}") from None
    if not same:
        raise UsageError(f"{what} of this network could not be read back: its notation gives another network")


def read_network(texts: Iterable[str], input_shape: Shape = INPUT_SHAPE) -> Network:
    """The network of layers in notation, such as ["Flatten()", "Linear(10)"]; UsageError where one is no layer."""
    texts = list(texts)
    if len(texts) > MOST_LAYERS:
        raise UsageError(f"a network has at most {MOST_LAYERS:,} layers, not {len(texts):,}: leave some out")
    if (characters := sum(map(len, texts))) > MOST_CHARACTERS:
        raise UsageError(f"the layers of a network are at most {MOST_CHARACTERS:,} characters, not {characters:,}")
    words: dict[str, Any] = {**LAYERS, **INITIALIZERS}
    return Network(*(read(text, LAYERS, words) for text in texts), input_shape=input_shape)
