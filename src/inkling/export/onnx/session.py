"""An ONNX file that Inkling wrote, in ONNX Runtime: it predicts as `Model` does, and is judged by the same code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inkling.errors import DataError, UsageError, reason
from inkling.export.bytes_classifier import BytesClassifier, require_finite
from inkling.export.onnx import require_onnx
from inkling.export.onnx.properties import IMAGES, LOGITS, NOT_A_DIGIT, PROBABILITIES
from inkling.foreign import require_no_other_file
from inkling.own_files import ONNX
from inkling.properties import CLASS_NAMES, INPUT_SHAPE, METADATA, TEMPERATURE, read_properties


@dataclass(frozen=True, eq=False)
class OnnxModel(BytesClassifier):
    """A classifier whose answers are the outputs of the file.

    It holds no logit for "not a digit", so that `not_a_digit` takes no test-time augmentation.

    Attributes
    ----------
    session : of ONNX Runtime.
    piece : images per call of it.
    """

    session: Any
    piece: int

    def predict_proba(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probabilities (N, K) float32."""
        return super().predict_proba(images, tta=True) if tta else self._outputs(self.levels(images), PROBABILITIES)

    def not_a_digit(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probability (N,) float32; UsageError where the file does not tell, or with `tta`."""
        if not self.knows_non_digits:
            raise UsageError('this ONNX file has no output not_a_digit: its model cannot say "not a digit"')
        if tta:
            raise UsageError(
                'an ONNX file gives no logit for "not a digit" that test-time augmentation could average: leave out '
                "--tta, or take the model that it was exported from"
            )
        return self._outputs(self.levels(images), NOT_A_DIGIT)

    def logits_of_bytes(self, images: np.ndarray) -> np.ndarray:
        """Logits (N, K) float32 of images uint8 (N, H, W, 1)."""
        return self._outputs(images, LOGITS)

    def _outputs(self, images: np.ndarray, name: str) -> np.ndarray:
        """One output for images uint8 (N, H, W, 1); DataError where it is not what the file promises."""
        starts = range(0, max(len(images), 1), self.piece)
        y = np.concatenate([self._output(images[start : start + self.piece], name) for start in starts])
        require_finite(y)
        return y

    def _output(self, images: np.ndarray, name: str) -> np.ndarray:
        """For the images of one call."""
        (asked,) = self.session.get_inputs()
        try:
            (y,) = self.session.run([name], {asked.name: images.reshape(len(images), *asked.shape[1:])})
        except Exception as error:  # ONNX Runtime's errors have no other common base
            raise DataError(f"this ONNX file cannot be computed: {reason(error)}: export the model anew") from None
        expected = (len(images),) if name == NOT_A_DIGIT else (len(images), self.n_classes)
        if y.dtype != np.float32 or y.shape != expected:
            raise DataError(
                f"this ONNX file answers {name} as {y.dtype} of shape {y.shape}, and float32 of {expected} was "
                "expected: export the model anew"
            )
        return np.asarray(y)


def load_onnx(path: Path, threads: int | None = None) -> OnnxModel:
    """The model of an ONNX file that `inkling export onnx` wrote.

    Parameters
    ----------
    threads : of ONNX Runtime, by default what it chooses.

    Raises
    ------
    DataError : where the file is missing, damaged or another one.
    MissingExtraError : where ONNX Runtime is not installed.
    """
    require_no_other_file(path, ONNX)
    require_onnx("onnx", "onnxruntime")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    return model_of_bytes(content, path, threads)


def model_of_bytes(content: bytes, name: object, threads: int | None = None) -> OnnxModel:
    """The model of the bytes of such a file, which messages call `name`; raises what `load_onnx` does."""
    require_onnx("onnx", "onnxruntime")
    import onnxruntime

    from inkling.export.onnx.admitted import admitted

    content, piece = admitted(content, name)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what goes wrong is an error of Inkling's, on one line
    if threads is not None:
        options.intra_op_num_threads = threads
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no other common base
        raise DataError(f"{name}: not a usable ONNX file: {reason(error)}") from None
    found = read_properties(session.get_modelmeta().custom_metadata_map, name, "an ONNX file", "inkling export onnx")
    knows = any(output.name == NOT_A_DIGIT for output in session.get_outputs())
    about = found[METADATA], found[TEMPERATURE], tuple(found[CLASS_NAMES]), tuple(found[INPUT_SHAPE])
    model = OnnxModel(*about, knows, session, piece)
    _require_interface(model, name)
    return model


def _require_interface(model: OnnxModel, name: object) -> None:
    """DataError unless the graph takes and gives what the properties tell."""
    height, width, _ = model.input_shape
    inputs = [(each.name, each.type, each.shape[1:]) for each in model.session.get_inputs()]
    outputs = {each.name: each.shape[1:] for each in model.session.get_outputs()}
    takes = [[(IMAGES, "tensor(uint8)", shape)] for shape in ([height, width], [height * width])]
    gives = {LOGITS: [model.n_classes], PROBABILITIES: [model.n_classes]}
    if inputs not in takes or outputs not in (gives, {**gives, NOT_A_DIGIT: []}):
        raise DataError(f"{name}: its inputs and outputs are not those that `inkling export onnx` writes: export anew")
