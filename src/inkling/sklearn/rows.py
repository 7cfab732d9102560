"""What an estimator is given, as arrays: rows of features, labels, and how much each row counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, validate_data

from inkling.errors import UsageError, some
from inkling.nn import Network
from inkling.recipes import Recipe
from inkling.training.examples import Examples

LEAST_HELD_OUT = 2  # rows; scikit-learn's MLPClassifier refuses fewer


@dataclass(frozen=True, eq=False)
class Rows:
    """Checked data.

    Attributes
    ----------
    x : (N, F) float32.
    y : (N,) classes as the user names them.
    sample_weight : (N,) float32 or None, as the user gave them.
    name : the argument that y was, in messages.
    """

    x: np.ndarray
    y: np.ndarray
    sample_weight: np.ndarray | None
    name: str = "y"

    @classmethod
    def checked(cls, estimator: Any, X: Any, y: Any, sample_weight: Any, *, reset: bool, name: str = "y") -> Rows:
        """ValueError by scikit-learn where they are not rows of finite numbers, a class each and weights from 0."""
        x, y = validate_data(estimator, X, y, reset=reset, dtype=np.float32, order="C")
        check_classification_targets(y)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, x, dtype=np.float32, ensure_non_negative=True)
        return cls(x, y, sample_weight, name)

    @property
    def metadata(self) -> dict[str, Any] | None:
        """What callbacks hand on to a scorer beside the rows."""
        return None if self.sample_weight is None else {"sample_weight": self.sample_weight}

    def __getitem__(self, rows: np.ndarray) -> Rows:
        weights = None if self.sample_weight is None else self.sample_weight[rows]
        return Rows(self.x[rows], self.y[rows], weights, self.name)

    def labels(self, classes: np.ndarray) -> np.ndarray:
        """The place (N,) of each y in `classes`, which are sorted; UsageError for one that is not among them."""
        ours, known = self.y[:1].tolist()[0], classes[:1].tolist()[0]
        if isinstance(ours, str) != isinstance(known, str):
            raise UsageError(
                f"{self.name} has classes of type {type(ours).__name__}, but those that the network knows are of type "
                f"{type(known).__name__}: name classes as in the first call"
            )
        places = np.searchsorted(classes, self.y).clip(max=len(classes) - 1)
        if (unknown := classes[places] != self.y).any():
            advice = "name all of them in `classes` of the first partial_fit" if self.name == "y" else "leave them out"
            found = some(list(map(str, np.unique(self.y[unknown]))))
            raise UsageError(
                f"{self.name} has classes that the network does not know: {found}; known are "
                f"{some(list(map(str, classes)))}: {advice}"
            )
        return places.astype(np.int64)

    def weights(self, classes: np.ndarray, class_weight: Any) -> np.ndarray | None:
        """How much each row counts (N,) float32: its own weight times that of its class; None where all count 1."""
        if class_weight is None:
            return self.sample_weight
        labels = self.labels(classes)
        if class_weight == "balanced":
            present = np.unique(labels)
            by_class = np.ones(len(classes), np.float32)
            by_class[present] = compute_class_weight(
                "balanced", classes=classes[present], y=self.y, sample_weight=self.sample_weight
            )
        else:
            by_class = weights_of(classes, class_weight)
        own = by_class[labels]
        return own if self.sample_weight is None else own * self.sample_weight

    def split(self, fraction: float, seed: int) -> tuple[Rows, Rows]:
        """Rows to learn from and rows to validate on, with the same fractions of all classes as far as that goes."""
        _, counts = np.unique(self.y, return_counts=True)
        held_out = int(np.ceil(fraction * len(self.y)))
        if held_out < LEAST_HELD_OUT or held_out >= len(self.y):
            raise UsageError(
                f"early_stopping holds {held_out} of {len(self.y)} rows out: at least {LEAST_HELD_OUT} were expected, "
                "and some to learn from; change validation_fraction, or give X_val and y_val"
            )
        possible = counts.min() >= 2 and min(held_out, len(self.y) - held_out) >= len(counts)
        train, validation = train_test_split(
            np.arange(len(self.y)), test_size=fraction, random_state=seed, stratify=self.y if possible else None
        )
        return self[train], self[validation]


def weights_of(classes: np.ndarray, class_weight: Mapping[Any, float]) -> np.ndarray:
    """The weight (C,) float32 of each class, 1 for those that are not named.

    UsageError where, as in scikit-learn, a weight is of no class while a class is without weight: a name is misspelt.
    """
    names = classes.tolist()
    unknown = [key for key in class_weight if key not in names]
    if unknown and any(name not in class_weight for name in names):
        raise UsageError(
            f"class_weight has weights for {some(list(map(repr, unknown)))}, but the classes are "
            f"{some(list(map(repr, names)))}: name classes as y does"
        )
    return np.array([class_weight.get(name, 1.0) for name in names], np.float32)


def examples_of(rows: Rows, classes: np.ndarray, shape: tuple[int, ...], class_weight: Any) -> Examples:
    """The rows that count, for a network that takes this shape; rows of weight 0 are left out.

    UsageError where no row counts.
    """
    labels, weights = rows.labels(classes), rows.weights(classes, class_weight)
    x = rows.x.reshape(len(rows.x), *shape)
    if weights is None:
        return Examples(x, labels)
    counts = weights > 0
    if not counts.any():
        raise UsageError("all weights are 0: give at least one row a weight above 0")
    return Examples(x[counts], labels[counts], weights[counts].astype(np.float32))


def merged(examples: Examples) -> Examples:
    """The same examples in an order of their own, equal ones as one with the sum of their weights.

    The gradient of all examples together is a sum over them. Rounded, the sum depends on its order, and a row of weight
    2 gives other bits than two rows. Here it is the same sum for the same examples, whatever their order.
    """
    keys = np.column_stack([examples.labels, examples.inputs.reshape(len(examples), -1)]).astype(np.float32)
    _, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    weights = np.bincount(place.ravel(), weights=examples.weights).astype(np.float32)
    return Examples(examples.inputs[first], examples.labels[first], weights)


def require_two_classes(examples: Examples) -> None:
    """UsageError where all rows that count are of one class: there is nothing to tell apart."""
    if (classes := len(np.unique(examples.labels))) < 2:
        raise UsageError(f"NetworkClassifier needs rows of at least 2 classes that count, but there is {classes} class")


def require_batch(examples: Examples, network: Network) -> None:
    """UsageError where a layer measures statistics of its batch, and there is one row only."""
    if len(examples) == 1 and network.layout.statistics:
        raise UsageError(
            "batch normalisation measures its batch, and X has 1 row that counts: give partial_fit 2 or more at once"
        )


def require_pixels(low: float, high: float, recipe: Recipe | None) -> None:
    """UsageError where a recipe changes images, whose pixels are from 0 to 1, and X has numbers beyond that."""
    if recipe is not None and recipe.augment and (low < 0 or high > 1):
        raise UsageError(
            f"recipe {recipe.name} changes images at random, whose pixels are from 0 to 1, but X has {low:g} to "
            f"{high:g}: divide bytes by 255"
        )
