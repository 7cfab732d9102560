"""The data sets and the estimators of estimators.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from inkling.data import load

BATCH, ALPHA, LEARNING_RATE = 200, 1e-4, 1e-3  # MLPClassifier's defaults, for all perceptrons
Rows = tuple[np.ndarray, np.ndarray]


class Task(NamedTuple):
    """A data set, how it is split in a round, and fresh estimators for a seed, by name."""

    described: str
    rounds: int
    split: Callable[[int], tuple[Rows, Rows]]
    estimators: Callable[[int], Mapping[str, Any]]


def mnist(quick: bool) -> Task:
    """MNIST: 60,000 images to learn from and 10,000 to test."""
    source = load("mnist")
    assert source.train is not None
    assert source.labelled_test is not None
    train, test = (
        (np.float32(part.images.reshape(len(part), -1) / 255), part.labels)
        for part in (source.train, source.labelled_test)
    )
    if quick:
        train, test = ((x[:2000], y[:2000]) for x, y in (train, test))
    epochs = 1 if quick else 20
    return Task(
        f"{len(train[0])} images, perceptrons 784-256-10, {epochs} epochs",
        1 if quick else 3,
        lambda seed: (train, test),
        lambda seed: {
            **perceptrons((256,), 784, 10, epochs, seed),
            "NetworkClassifier(network='sprint')": _network(network="sprint", seed=seed, max_iter=1 if quick else None),
            "HistGradientBoostingClassifier": boosting(seed, quick),
        },
    )


def digits(quick: bool) -> Task:
    """scikit-learn's digits, 8×8: the last 360, by other writers, are the test part."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    x = np.float32(x / 16)
    epochs = 2 if quick else 100
    cnn = ["Conv2d(16, 3, padding=1)", "ReLU()", "MaxPool2d(2)", "Conv2d(32, 3, padding=1)", "ReLU()"]
    return Task(
        f"1437 images, perceptrons 64-128-10, {epochs} epochs",
        1 if quick else 10,
        lambda seed: ((x[:-360], y[:-360]), (x[-360:], y[-360:])),
        lambda seed: {
            **perceptrons((128,), 64, 10, epochs, seed),
            "NetworkClassifier, 16C3-P-32C3": _network(
                network=cnn, image_shape=(8, 8), max_iter=2 if quick else 30, seed=seed, batch_size=64
            ),
            "HistGradientBoostingClassifier": boosting(seed, quick),
        },
    )


def breast_cancer(quick: bool) -> Task:
    """scikit-learn's breast cancer, 30 features: 30 % are tested, split anew in each round."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import train_test_split

    x, y = load_breast_cancer(return_X_y=True)
    epochs = 2 if quick else 100

    def split(seed: int) -> tuple[Rows, Rows]:
        train_x, test_x, train_y, test_y = train_test_split(
            np.float32(x), y, test_size=0.3, stratify=y, random_state=seed
        )
        return (train_x, train_y), (test_x, test_y)

    return Task(
        f"398 of 569 rows, perceptrons 30-100-2, {epochs} epochs",
        1 if quick else 10,
        split,
        lambda seed: {
            **perceptrons((100,), 30, 2, epochs, seed),
            "HistGradientBoostingClassifier": boosting(seed, quick),
        },
    )


TASKS: Mapping[str, Callable[[bool], Task]] = {"mnist": mnist, "digits": digits, "breast-cancer": breast_cancer}


def perceptrons(widths: tuple[int, ...], features: int, classes: int, epochs: int, seed: int) -> dict[str, Any]:
    """The same perceptron in three libraries, each behind a StandardScaler."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    common: dict[str, Any] = {
        "alpha": ALPHA,
        "batch_size": BATCH,
        "learning_rate_init": LEARNING_RATE,
        "random_state": seed,
    }
    forever = epochs + 1  # epochs without improvement: none of them stops early
    found = {
        "NetworkClassifier": _network(widths, seed=seed, max_iter=epochs, n_iter_no_change=forever),
        "MLPClassifier": MLPClassifier(widths, max_iter=epochs, n_iter_no_change=forever, **common),
        "skorch": skorch(widths, features, classes, epochs, seed),
    }
    return {name: make_pipeline(StandardScaler(), each) for name, each in found.items()}


def _network(widths: tuple[int, ...] = (100,), *, seed: int, **settings: Any) -> Any:
    from inkling.sklearn import NetworkClassifier

    return NetworkClassifier(widths, random_state=seed, n_jobs=-1, **settings)


def skorch(widths: tuple[int, ...], features: int, classes: int, epochs: int, seed: int) -> Any:
    """skorch's classifier of a PyTorch module with Adam and the same penalty, which is that of the weights alone.

    All rows are trained on.
    """
    import torch
    from skorch import NeuralNetClassifier

    torch.manual_seed(seed)
    sizes = [features, *widths]
    hidden = [layer for a, b in zip(sizes, widths, strict=False) for layer in (torch.nn.Linear(a, b), torch.nn.ReLU())]
    return NeuralNetClassifier(
        torch.nn.Sequential(*hidden, torch.nn.Linear(sizes[-1], classes)),
        criterion=torch.nn.CrossEntropyLoss,
        optimizer=torch.optim.Adam,
        optimizer__weight_decay=ALPHA / BATCH,
        optimizer__param_groups=[("*.bias", {"weight_decay": 0.0})],
        lr=LEARNING_RATE,
        max_epochs=epochs,
        batch_size=BATCH,
        iterator_train__shuffle=True,
        train_split=None,
        verbose=0,
    )


def boosting(seed: int, quick: bool) -> Any:
    """scikit-learn's gradient boosting of trees with its defaults."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=seed, max_iter=2 if quick else 100)
