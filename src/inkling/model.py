"""A model: a trained network with its parameters and where they come from; it predicts, and it is one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from inkling.data.dataset import CLASSES
from inkling.errors import DataError, UsageError
from inkling.inference import Predictor
from inkling.nn import IMAGES, Network, Parameters, read_network, softmax
from inkling.notation import is_number, make_plain
from inkling.storage import load_tensors, save_tensors

FORMAT = 1
FILE_NAME = "model.safetensors"  # in a run folder, beside
RUN_FACTS = "run.json"
WEIGHTS = Path(__file__).parent / "weights"
BUNDLED = ("reader", "tiny")  # models that come along, each made by the recipe of its name: `make weights`
DEFAULT = BUNDLED[0]
_ONE_IMAGE = ((28, 28), (28, 28, 1), (784,))
TEMPERATURES = (0.01, 100.0)  # least and most: beyond them answers are certain, or all alike


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """A network, its parameters, and facts about their making (JSON-ready: recipe, seed, data, versions, metrics).

    Images are uint8 (0-255) or float (0-1), (N, 28, 28), (N, 28, 28, 1) or (N, 784), bright ink on a dark ground as
    in MNIST. The parameters are copied: a model does not change when training goes on. The logits are divided by the
    temperature, which makes probabilities honest and changes no answer (evaluation/temperature.py).

    A network with an eleventh logit can say "not a digit". What is predicted is the same either way: digits, and
    probabilities of digits given that it is one.
    """

    network: Network
    params: Parameters
    facts: Mapping[str, Any] = field(default_factory=dict)
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if self.network.input_shape != IMAGES:
            raise UsageError(f"a model's network takes images {IMAGES}, not {self.network.input_shape}")
        if (end := self.network.shapes[-1]) not in ((CLASSES,), (CLASSES + 1,)):
            raise UsageError(
                f'a model\'s network ends in {CLASSES} logits, or {CLASSES + 1} with "not a digit", not {end}'
            )
        make_plain(self)  # a temperature of NumPy's would divide in float64, unlike the same number in a file
        if not is_temperature(self.temperature):
            raise UsageError(
                f"a temperature is a number from {TEMPERATURES[0]:g} to {TEMPERATURES[1]:g}, not {self.temperature!r}"
            )
        object.__setattr__(self, "params", self.params.copy())

    def __repr__(self) -> str:
        return f"Model({self.network}, {self.params})"

    def predict_proba(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probabilities (N, 10) float32 of the digits. UsageError where the images are not as described above.

        With `tta`, test-time augmentation, the logits are averaged over each image and its shifts by one pixel up,
        down, left and right: a lower loss and a few mistakes less, for five times the work (docs/log.md).
        """
        return softmax(self.logits(images, tta=tta))

    def predict(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """The most probable digit of each image: int64 (N,)."""
        return self.logits(images, tta=tta).argmax(axis=1)

    def logits(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Logits (N, 10) float32, divided by the temperature, before the softmax."""
        return self._all_logits(images, tta)[:, :CLASSES]

    @property
    def knows_non_digits(self) -> bool:
        """Whether this model can say "not a digit"."""
        return self.network.shapes[-1] == (CLASSES + 1,)

    def not_a_digit(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probability (N,) float32 that each image is no digit; UsageError where the model was not taught to tell."""
        return self.open_set_proba(images, tta=tta)[:, CLASSES]

    def open_set_proba(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probabilities (N, 11) float32 of the digits, and of none; UsageError as `not_a_digit`."""
        if not self.knows_non_digits:
            raise UsageError(
                f'this model has {CLASSES} logits and cannot say "not a digit": train one whose recipe has non_digits'
            )
        return softmax(self._all_logits(images, tta))

    def _all_logits(self, images: np.ndarray, tta: bool) -> np.ndarray:
        """Logits (N, 10 or 11) float32, divided by the temperature."""
        images = check_images(images)
        if tta:
            return np.mean([self._all_logits(view, False) for view in _views(images)], axis=0)
        return self._predictor.logits(images)

    @cached_property
    def _predictor(self) -> Predictor:
        return Predictor(self.network, self.params, self.temperature)

    @property
    def provenance(self) -> dict[str, Any]:
        """Its facts as those of another model hold them: without format and network, which are of the file."""
        facts = {name: fact for name, fact in self.facts.items() if name not in ("format", "network")}
        return {**facts, "temperature": self.temperature}

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return Model, (self.network, self.params, self.facts, self.temperature)

    def save(self, path: str | Path) -> None:
        """Write one safetensors file. The same model gives the same bytes: no clock time goes in."""
        facts = {**self.facts, "format": FORMAT, "network": [repr(layer) for layer in self.network.layers]}
        facts["temperature"] = self.temperature
        vectors = {"parameters": self.params.flat, "statistics": self.params.statistics}
        save_tensors(Path(path), vectors, facts)


def load(path: str | Path | None = None) -> Model:
    """Read a model file, or the one in a run folder; "reader" and "tiny" come along, None is the reader.

    A file or folder of such a name comes before the model that comes along.

    Raises
    ------
    DataError : where it is missing, damaged or not a model.
    """
    path = WEIGHTS / f"{DEFAULT}.safetensors" if path is None else model_file(path)
    tensors, facts = load_tensors(path)
    if facts.get("format") != FORMAT:
        raise DataError(
            f"{path}: no model of format {FORMAT}, which this version of Inkling reads; is it a checkpoint?"
        )
    try:
        network = read_network(facts["network"])
        params = Parameters(network.layout, tensors["parameters"], tensors["statistics"])
        model = Model(network, params, facts, facts.get("temperature", 1.0))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: not a usable model: {error}") from None
    if not (np.isfinite(model.params.flat).all() and np.isfinite(model.params.statistics).all()):
        raise DataError(f"{path}: not a usable model: some of its parameters are not finite numbers")
    return model


def model_file(path: str | Path) -> Path:
    """The file that `load` reads for such a path or name; DataError where it is a run that has none yet."""
    path = Path(path)
    if str(path) in BUNDLED and not path.exists():
        return WEIGHTS / f"{path}.safetensors"
    if not path.is_dir():
        return path
    if not (path / FILE_NAME).exists() and (path / RUN_FACTS).exists():
        raise DataError(f"{path}: not finished yet, so there is no model: inkling train --resume {path}")
    return path / FILE_NAME


def is_temperature(value: Any) -> bool:
    """Whether logits can be divided by this."""
    return is_number(value) and TEMPERATURES[0] <= value <= TEMPERATURES[1]


def check_images(images: np.ndarray) -> np.ndarray:
    """The same images as uint8 or float (N, 28, 28, 1); UsageError where they are something else."""
    images = np.asarray(images)
    if images.shape[1:] not in _ONE_IMAGE:
        expected = "expected images of shape (N, 28, 28), (N, 28, 28, 1) or (N, 784)"
        raise UsageError(f"{expected}, not {images.shape}{_remedy(images.shape)}")
    if images.dtype == np.uint8:
        return images.reshape(-1, 28, 28, 1)
    if images.dtype.kind != "f":
        raise UsageError(f"expected images as uint8 0-255 or float 0-1, not {images.dtype}: convert them")
    low, high = (images.min(), images.max()) if images.size else (0, 0)
    if np.isnan(low):
        raise UsageError("float images are expected in 0-1, some of these pixels are NaN: put 0 there, for ground")
    if not (low >= 0 and high <= 1):
        raise UsageError(f"float images are expected in 0-1, these lie in {low:g} to {high:g}: divide by 255")
    return images.reshape(-1, 28, 28, 1)


def _remedy(shape: tuple[int, ...]) -> str:
    """What to do about images of this shape, behind what is wrong with it."""
    if shape in _ONE_IMAGE:
        return "; for one image: images[:1]"
    if len(shape) == 4 and shape[1] == 1:
        return ": move the channel axis last"
    return ""


def _views(images: np.ndarray) -> Iterator[np.ndarray]:
    """Images (N, 28, 28, 1) as they are, then one pixel up, down, left and right; ground moves in."""
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    for top, left in ((1, 1), (2, 1), (0, 1), (1, 2), (1, 0)):
        yield framed[:, top : top + 28, left : left + 28]
