"""Models that a command only asks for predictions: model files, and files that were exported to other runtimes."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inkling.classifier import Classifier

ONNX_ENDING = ".onnx"
HEADER_ENDING = ".h"  # of C


def load_classifier(path: Path) -> "Classifier":
    """The model of a file, a run folder or a bundled name, as `inkling.load_model`; or the ONNX file of this name."""
    if path.suffix.lower() == ONNX_ENDING and not path.is_dir():
        from inkling.export.onnx.session import load_onnx

        return load_onnx(path)
    if path.suffix.lower() == HEADER_ENDING and not path.is_dir():
        from inkling.export.c.reading import load_header

        return load_header(path)
    from inkling.model import load

    return load(path)
