"""Trackers: where the figures of each epoch go besides the run folder. A tracker is called with each report.

with TensorBoard("runs/first") as tracker:
    inkling.fit("sprint", "mnist", on_epoch=tracker)
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from inkling.errors import InklingError, MissingExtraError, reason
from inkling.training.loop import EpochReport

EXPERIMENT = "inkling"  # of MLflow, unless its variable MLFLOW_EXPERIMENT_NAME names another one
_PARTS = ("training", "validation", "test")


class Tracker(Protocol):
    """What is called with each report while it is open as a context."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the record, as one that failed where there is an error."""

    def __call__(self, report: EpochReport) -> None: ...


def scalars(report: EpochReport) -> Iterator[tuple[str, float]]:
    """The figures of an epoch by the names that trackers group them by: "loss/training", …, "learning_rate"."""
    for name, value in report.to_dict().items():
        part, _, what = name.partition("_")
        if name != "epoch":
            yield (f"{what}/{part}" if part in _PARTS else name), float(value)


class TensorBoard:
    """Event files in a folder, for `tensorboard --logdir FOLDER`; MissingExtraError without tensorboard."""

    def __init__(self, folder: Path | str) -> None:
        try:
            from tensorboard.summary import Writer
        except ImportError:
            raise MissingExtraError("tensorboard", "tensorboard") from None
        self._writer = Writer(os.fspath(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._writer.close()

    def __call__(self, report: EpochReport) -> None:
        for name, value in scalars(report):
            self._writer.add_scalar(name, value, report.epoch)
        self._writer.flush()


class MLflow:
    """A run of MLflow, where its own variables MLFLOW_TRACKING_URI and MLFLOW_EXPERIMENT_NAME say.

    Parameters
    ----------
    name : of the run.
    params : what decided the training, such as the entries of a recipe.

    Raises
    ------
    MissingExtraError
        MLflow is not installed.
    InklingError
        MLflow refuses something, such as an address without a server.
    """

    def __init__(self, name: str, params: Mapping[str, Any]) -> None:
        try:
            import mlflow
        except ImportError:
            raise MissingExtraError("mlflow-skinny", "mlflow") from None
        logging.getLogger("mlflow").setLevel(logging.WARNING)  # otherwise it tells of each table that it creates
        try:
            self._client = mlflow.MlflowClient()
            experiment = os.environ.get("MLFLOW_EXPERIMENT_NAME", EXPERIMENT)
            found = self._client.get_experiment_by_name(experiment)
            number = self._client.create_experiment(experiment) if found is None else found.experiment_id
            self._run = self._client.create_run(number, run_name=name).info.run_id
            for key, value in params.items():
                self._client.log_param(self._run, key, value)
        except Exception as error:  # MLflow's, SQLAlchemy's and those of its requests
            raise _refused(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        status = "FINISHED" if kind is None else "KILLED" if issubclass(kind, KeyboardInterrupt) else "FAILED"
        self._client.set_terminated(self._run, status)

    def __call__(self, report: EpochReport) -> None:
        try:
            for name, value in scalars(report):
                self._client.log_metric(self._run, name, value, step=report.epoch)
        except Exception as error:
            raise _refused(error) from error


def _refused(error: Exception) -> InklingError:
    return InklingError(f"MLflow: {reason(error)}")
