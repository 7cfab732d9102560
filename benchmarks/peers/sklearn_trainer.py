"""scikit-learn as a trainer: MLPClassifier, for the networks that it can express."""

from __future__ import annotations

import math
import time

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from benchmarks.harness.task import TrainingTask
from benchmarks.harness.trainer import THREADS, Trainer, try_settings
from inkling.nn import Flatten, Linear, Parameters, ReLU
from inkling.optim import SGD, Adam, ConstantLR

TRIAL_IMAGES = 2_560


def expressible(task: TrainingTask) -> bool:
    """ReLUs between linear layers, SGD or Adam at a constant rate: no dropout, no leaky ReLU, no weight decay."""
    recipe = task.recipe
    layers = all(type(layer) in (Flatten, Linear, ReLU) for layer in recipe.network.layers)
    rule = type(recipe.optimizer) in (SGD, Adam) and not recipe.optimizer.weight_decay
    return layers and rule and isinstance(recipe.schedule, ConstantLR)


def fastest_threads(task: TrainingTask) -> int:
    """The number of BLAS threads with which it is fastest in a short trial."""
    task = task.shortened(TRIAL_IMAGES)
    speeds = try_settings({threads: ScikitLearnTrainer(task, threads) for threads in THREADS})
    return max(speeds, key=speeds.__getitem__)


class ScikitLearnTrainer(Trainer):
    """Float32 images; one call of partial_fit per epoch, which draws its own permutation."""

    def __init__(self, task: TrainingTask, threads: int) -> None:
        super().__init__(task)
        self.threads = threads
        linear = [layer for layer in task.recipe.network.layers if isinstance(layer, Linear)]
        self.model = MLPClassifier(
            tuple(layer.out_features for layer in linear[:-1]),
            alpha=0.0,
            batch_size=task.batch_size,
            learning_rate_init=task.recipe.schedule.lr,
            shuffle=task.recipe.batch_size != "full",
            random_state=task.recipe.seed,
            **_optimizer(task.recipe.optimizer),
        )
        self._fit(task.batch_size)  # allocates its arrays
        for arrays, ours in self._pairs(task.first_parameters()):
            for array, our in zip(arrays, ours, strict=True):
                array[...] = our
        del self.model._optimizer  # private, and the only way to start with given weights and empty moments

    def run(self) -> float:
        with threadpool_limits(self.threads, user_api="blas"):
            started = time.perf_counter()
            for _ in range(self.task.epochs):
                self._fit(len(self.task.x))
            return time.perf_counter() - started

    def _fit(self, images: int) -> None:
        self.model.partial_fit(self.task.x[:images], self.task.training.labels[:images], classes=np.arange(10))
        self.loss = self.model.loss_

    def _pairs(self, params: Parameters) -> list[tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]]:
        """Weight (F, O) and bias (O,) of each linear layer: scikit-learn's, and views of `params`."""
        layers = self.task.recipe.network.layers
        ours = [(params[i].weight, params[i].bias) for i, layer in enumerate(layers) if isinstance(layer, Linear)]
        return list(zip(zip(self.model.coefs_, self.model.intercepts_, strict=True), ours, strict=True))

    @property
    def parameters(self) -> Parameters:
        params = Parameters(self.task.recipe.network.layout)
        for arrays, ours in self._pairs(params):
            for array, our in zip(arrays, ours, strict=True):
                our[...] = array
        return params


def _optimizer(rule: SGD | Adam) -> dict[str, object]:
    """The optimizer as scikit-learn's arguments. Its Adam adds ε before the bias correction; scaled, step 1 agrees."""
    if isinstance(rule, SGD):
        return {"solver": "sgd", "momentum": rule.momentum, "nesterovs_momentum": rule.nesterov}
    epsilon = rule.eps * math.sqrt(1 - rule.betas[1])
    return {"solver": "adam", "beta_1": rule.betas[0], "beta_2": rule.betas[1], "epsilon": epsilon}
