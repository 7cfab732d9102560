"""A model: a trained network with its parameters and where they come from; it predicts, and it is one file."""

from __future__ import annotations

import difflib
import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from inkling.classes import DIGITS, checked_class_names, class_names_for, listed
from inkling.errors import DataError, UsageError, described, refuse_address, shortened
from inkling.foreign import require_no_other_file
from inkling.images import check_images, shifted_views
from inkling.inference import Predictor
from inkling.metadata import check_metadata
from inkling.nn import INPUT_SHAPE, Network, Parameters, read_network, softmax
from inkling.nn.vocabulary import require_readable
from inkling.notation import is_number, make_plain
from inkling.storage import load_tensors, save_tensors

FORMAT = 1
FILE_NAME = "model.safetensors"  # of the model in a folder, such as that of a run
RUN_RECORD = "run.json"  # A folder with this file is that of a run.
WEIGHTS = Path(__file__).parent / "weights"
BUNDLED = ("reader", "tiny")  # models that come along, each made by the recipe of its name: `make weights`
DEFAULT = BUNDLED[0]
DEFAULT_FILE = WEIGHTS / f"{DEFAULT}.safetensors"
LEAST_TEMPERATURE = 0.01  # Logits divided by less give probabilities of 0 and 1.
LARGEST_TEMPERATURE = 100.0  # Logits divided by more give the same probability to every class.
# `save` writes these entries from the model itself. They do not belong to the provenance of its parameters.
OF_THE_FILE = ("format", "network", "input_shape", "class_names")


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """A network, its parameters, the names of its classes, and metadata about its making.

    The metadata are ready for JSON: recipe, seed, data, versions, metrics. Images are numbers of 0-255 or 0-1 of any
    type (`inkling.pixel_values`), (N, H, W), (N, H, W, 1) or (N, H·W) for a network with the input shape (H, W, 1), in
    the form that the network learnt from: for digits 28×28, bright ink on a dark ground as in MNIST. An image without
    the axis N is a batch of one. The parameters are copied: a model does not
    change when training goes on. The logits are divided by the temperature, which makes probabilities honest and
    changes no answer (evaluation/temperature.py).

    A network with one logit more than there are classes can say "not a digit". What is predicted is the same either
    way: classes, and probabilities of classes given that it is one.

    Attributes
    ----------
    class_names : of the K classes; by default the digits for 10 or 11 logits, and "0", "1", … otherwise.
    """

    network: Network
    params: Parameters
    metadata: Mapping[str, Any] = field(default_factory=dict)
    temperature: float = 1.0
    class_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shape = self.network.input_shape
        if len(shape) != 3 or shape[2] != 1:
            raise UsageError(f"a model's network takes images (H, W, 1), not {shape}")
        end = self.network.shapes[-1]
        if len(end) != 1:
            raise UsageError(f"a model's network ends in a logit for each class, not in {end}: end it with Linear")
        if self.class_names == ():
            count = len(DIGITS) if end[0] == len(DIGITS) + 1 else end[0]
            object.__setattr__(self, "class_names", class_names_for(count))
        object.__setattr__(self, "class_names", checked_class_names(self.class_names))
        if end[0] not in (self.n_classes, self.n_classes + 1):
            raise UsageError(
                f"a model of {listed(self.class_names)} ends in {self.n_classes} logits, or one more for what is "
                f"none of them, not in {end[0]}"
            )
        _require_layout(self.params, self.network)
        make_plain(self)  # a temperature of NumPy's would divide in float64, unlike the same number in a file
        if not is_temperature(self.temperature):
            raise UsageError(
                f"a temperature is a number from {LEAST_TEMPERATURE:g} to {LARGEST_TEMPERATURE:g}, "
                f"not {described(self.temperature)}"
            )
        object.__setattr__(self, "params", self.params.copy())

    def summary(self) -> str:
        """The layers of the network as a table: shapes of their outputs and numbers of parameters."""
        return self.network.summary()

    def __repr__(self) -> str:
        return f"Model({self.network}, {self.params})"

    def _repr_html_(self) -> str:
        return f"<div>{html.escape(f'Model of {listed(self.class_names)}')}</div>{self.network._repr_html_()}"

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape (H, W, 1) of an image."""
        return self.network.input_shape

    @property
    def n_classes(self) -> int:
        """K, without the class for what is no digit."""
        return len(self.class_names)

    def predict_proba(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probabilities (N, K) float32 of the classes. UsageError where the images are not as described above.

        With `tta`, test-time augmentation, the logits are averaged over each image and its shifts by one pixel up,
        down, left and right: a lower loss and a few mistakes less, for five times the work (docs/log.md).
        """
        return softmax(self.logits(images, tta=tta))

    def predict(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """The most probable class of each image: int64 (N,), a place in `class_names`; for digits, the digit."""
        return self.logits(images, tta=tta).argmax(axis=1)

    def logits(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Logits (N, K) float32, divided by the temperature, before the softmax."""
        return self._all_logits(images, tta)[:, : self.n_classes]

    @property
    def knows_non_digits(self) -> bool:
        """Whether this model can say "not a digit"."""
        return self.network.shapes[-1] == (self.n_classes + 1,)

    def not_a_digit(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probability (N,) float32 that each image is no digit; UsageError where the model was not taught to tell."""
        return self.open_set_proba(images, tta=tta)[:, -1]

    def open_set_proba(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probabilities (N, K + 1) float32 of the classes, and of none; UsageError as `not_a_digit`."""
        if not self.knows_non_digits:
            raise UsageError(
                f"this model has a logit for each of its {self.n_classes} classes and cannot say "
                '"not a digit": train one whose recipe has non_digits'
            )
        return softmax(self._all_logits(images, tta))

    def _all_logits(self, images: np.ndarray, tta: bool) -> np.ndarray:
        """Logits (N, K or K + 1) float32, divided by the temperature; DataError where they are not finite numbers."""
        images = check_images(images, self.network.input_shape)
        if tta:
            return np.mean([self._finite_logits(view) for view in shifted_views(images)], axis=0)
        return self._finite_logits(images)

    def _finite_logits(self, images: np.ndarray) -> np.ndarray:
        logits = self._predictor.logits(images)
        if not np.isfinite(logits).all():
            raise DataError(
                "this model answers with numbers that are not finite, so its parameters are far too large: train it "
                "anew, with a lower learning rate, or take another model"
            )
        return logits

    @cached_property
    def _predictor(self) -> Predictor:
        return Predictor(self.network, self.params, self.temperature)

    @property
    def provenance(self) -> dict[str, Any]:
        """Its metadata as those of another model hold them: without what the file says about itself."""
        about = {name: entry for name, entry in self.metadata.items() if name not in OF_THE_FILE}
        return {**about, "temperature": self.temperature}

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return Model, (self.network, self.params, self.metadata, self.temperature, self.class_names)

    def save(self, path: str | Path) -> None:
        """Write one safetensors file. The same model gives the same bytes: no clock time goes in.

        UsageError where `load` could not read it, as for a layer that is not registered (`inkling.nn.register`).
        """
        if not isinstance(path, str | Path):
            raise UsageError(f"save takes the path of a file, not {described(path)}")
        require_readable(self.network, "a model file")
        metadata = {**self.provenance, "format": FORMAT, "network": [repr(layer) for layer in self.network.layers]}
        if self.network.input_shape != INPUT_SHAPE:
            metadata["input_shape"] = list(self.network.input_shape)
        if self.class_names != DIGITS:
            metadata["class_names"] = list(self.class_names)
        vectors = {"parameters": self.params.flat, "statistics": self.params.statistics}
        try:
            check_metadata(metadata, "a model cannot be saved with such metadata")
        except DataError as error:
            raise UsageError(str(error)) from None
        save_tensors(Path(path), vectors, metadata)


def load(path: str | Path | None = None) -> Model:
    """Read a model file, or the one in a run folder; "reader" and "tiny" come along, None is the reader.

    A file or folder of such a name comes before the model that comes along.

    Raises
    ------
    DataError : where it is missing, damaged or not a model.
    """
    path = DEFAULT_FILE if path is None else model_file(path)
    if path.is_file():
        require_no_other_file(path)
    tensors, metadata = load_tensors(path)
    if "steps" in metadata and "history" in metadata:
        raise DataError(f"{path}: a checkpoint of a training, no model: a run writes {FILE_NAME} when training is done")
    if type(metadata.get("format")) is not int or metadata["format"] != FORMAT:
        raise DataError(f"{path}: no model of format {FORMAT}, which this version of Inkling reads")
    about = f"{path}: not a usable model"
    check_metadata(metadata, about)
    try:
        model = _assembled(tensors, metadata)
    except ValueError as error:  # UsageErrors, and that of Parameters where the numbers do not fit
        raise DataError(f"{about}: {error}") from None
    if not (np.isfinite(model.params.flat).all() and np.isfinite(model.params.statistics).all()):
        raise DataError(f"{about}: some of its parameters are not finite numbers")
    return model


def _assembled(tensors: Mapping[str, np.ndarray], metadata: Mapping[str, Any]) -> Model:
    """The model of the content of a file; ValueError, in words, where it is none."""
    vectors = [tensors.get(name, np.zeros(0)) for name in ("parameters", "statistics")]
    if any(vector.dtype != np.float32 for vector in vectors):
        raise ValueError("it lacks parameters or statistics as float32 numbers")
    if "network" not in metadata:
        raise ValueError("its metadata lack the network")
    network = read_network(metadata["network"], tuple(metadata.get("input_shape", INPUT_SHAPE)))
    params = Parameters(network.layout, *vectors)
    names = metadata.get("class_names", DIGITS)
    return Model(network, params, metadata, metadata.get("temperature", 1.0), names)


def model_file(path: str | Path) -> Path:
    """The file that `load` reads for such a path or name; DataError where it is a folder without one."""
    if not isinstance(path, str | Path):
        raise UsageError(
            f"a model is given by the path of its file, or by a name such as {DEFAULT!r}, not {described(path)}"
        )
    refuse_address(path)
    path = Path(path).expanduser()
    try:
        path.exists()
    except OSError as error:  # a name that is too long, a folder on the way that may not be entered
        raise DataError(f"{shortened(str(path))}: cannot be read: {error.strerror}") from None
    if str(path) in BUNDLED and not path.exists():
        return WEIGHTS / f"{path}.safetensors"
    if not path.is_dir():
        if not path.exists():
            close = difflib.get_close_matches(str(path), BUNDLED, n=1)
            raise DataError(f"{path}: no such file{f'; did you mean {close[0]}?' if close else ''}")
        return path
    if not (path / FILE_NAME).exists():
        if (path / RUN_RECORD).exists():
            raise DataError(
                f"{path}: a run without {FILE_NAME}, which is written when training is done: resume the run"
            )
        raise DataError(
            f"{path}: a folder without {FILE_NAME}, so not that of a run: give a model file or a run's folder"
        )
    return path / FILE_NAME


def _require_layout(params: Parameters, network: Network) -> None:
    """UsageError unless these are parameters of a network with the arrays of this one."""
    if not isinstance(params, Parameters):
        raise UsageError(f"a model needs Parameters, not {type(params).__name__}: give those of network.init")
    if params.layout != network.layout:
        raise UsageError(
            f"a model needs the parameters of its own network, {network.layout.size:,} numbers, not those of another, "
            f"{params.layout.size:,} numbers: give the network that the parameters were made for"
        )


def is_temperature(value: Any) -> bool:
    """Whether logits can be divided by this."""
    return is_number(value) and LEAST_TEMPERATURE <= value <= LARGEST_TEMPERATURE
