"""scikit-learn's interface to Inkling: `NetworkClassifier`, an estimator of rows of features or of images."""

from importlib.util import find_spec

from inkling.errors import MissingExtraError, OldPackageError

if find_spec("sklearn") is None:
    raise MissingExtraError("scikit-learn", "sklearn")
if find_spec("sklearn.callback") is None:
    raise OldPackageError("scikit-learn", "1.9", "sklearn")

from inkling.sklearn.classifier import NetworkClassifier  # after the sentence about what is missing

__all__ = ["NetworkClassifier"]
