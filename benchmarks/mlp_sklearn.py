"""scikit-learn's side: MLPClassifier, for the networks that it can express."""

from __future__ import annotations

import math
import time

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from inkling.nn import Flatten, Linear, Parameters, ReLU
from inkling.optim import SGD, Adam, ConstantLR
from work import THREADS, Side, Work, trial

TRIAL_IMAGES = 2_560


def expressible(work: Work) -> bool:
    """ReLUs between linear layers, plain SGD or Adam at a constant rate: no dropout, no leaky ReLU, and no decay."""
    recipe = work.recipe
    layers = all(type(layer) in (Flatten, Linear, ReLU) for layer in recipe.network.layers)
    rule = type(recipe.optimizer) in (SGD, Adam) and not recipe.optimizer.weight_decay
    return layers and rule and isinstance(recipe.schedule, ConstantLR)


def fastest_threads(work: Work) -> int:
    """The number of BLAS threads with which it is fastest in a short trial."""
    work = work.shortened(TRIAL_IMAGES)
    speeds = trial({threads: ScikitLearn(work, threads) for threads in THREADS})
    return max(speeds, key=speeds.__getitem__)


class ScikitLearn(Side):
    """float32 images, an epoch a call of partial_fit, which draws its own permutation."""

    def __init__(self, work: Work, threads: int) -> None:
        super().__init__(work)
        self.threads = threads
        linear = [layer for layer in work.recipe.network.layers if isinstance(layer, Linear)]
        self.model = MLPClassifier(
            tuple(layer.out_features for layer in linear[:-1]),
            alpha=0.0,
            batch_size=work.batch_size,
            learning_rate_init=work.recipe.schedule.lr,
            shuffle=work.recipe.batch_size != "full",
            random_state=work.recipe.seed,
            **_optimizer(work.recipe.optimizer),
        )
        self._fit(work.batch_size)  # makes the arrays
        for arrays, ours in self._pairs(work.first_parameters()):
            for array, our in zip(arrays, ours, strict=True):
                array[...] = our
        del self.model._optimizer  # private, and the only way to start with given weights and empty moments

    def run(self) -> float:
        with threadpool_limits(self.threads, user_api="blas"):
            started = time.perf_counter()
            for _ in range(self.work.epochs):
                self._fit(len(self.work.x))
            return time.perf_counter() - started

    def _fit(self, images: int) -> None:
        self.model.partial_fit(self.work.x[:images], self.work.training.labels[:images], classes=np.arange(10))
        self.loss = self.model.loss_

    def _pairs(self, params: Parameters) -> list[tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]]:
        """Weight (F, O) and bias (O,) of each linear layer: its own, and views of `params`."""
        layers = self.work.recipe.network.layers
        ours = [(params[i].weight, params[i].bias) for i, layer in enumerate(layers) if isinstance(layer, Linear)]
        return list(zip(zip(self.model.coefs_, self.model.intercepts_, strict=True), ours, strict=True))

    @property
    def parameters(self) -> Parameters:
        params = Parameters(self.work.recipe.network.layout)
        for arrays, ours in self._pairs(params):
            for array, our in zip(arrays, ours, strict=True):
                our[...] = array
        return params


def _optimizer(rule: SGD | Adam) -> dict[str, object]:
    """The same rule in its words. Its Adam adds ε before the bias correction: so scaled, the first step is the same."""
    if isinstance(rule, SGD):
        return {"solver": "sgd", "momentum": rule.momentum, "nesterovs_momentum": rule.nesterov}
    epsilon = rule.eps * math.sqrt(1 - rule.betas[1])
    return {"solver": "adam", "beta_1": rule.betas[0], "beta_2": rule.betas[1], "epsilon": epsilon}
