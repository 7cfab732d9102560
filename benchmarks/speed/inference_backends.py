"""The backends of the inference benchmark: one trained network in Inkling, ONNX Runtime and PyTorch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import torch

from benchmarks.harness.trainer import THREADS
from benchmarks.peers.pytorch_network import copy_to_torch, to_torch
from inkling.export.onnx.file import onnx_model
from inkling.export.onnx.properties import IMAGES, PROBABILITIES
from inkling.model import Model


class Backend(ABC):
    """A library that predicts with the network. Images are prepared in its own format before the clock starts."""

    @abstractmethod
    def prepare(self, images: np.ndarray) -> Any:
        """Images uint8 (N, 28, 28) in the format that `__call__` takes."""

    @abstractmethod
    def __call__(self, images: Any) -> np.ndarray:
        """Probabilities (N, 10)."""


class InklingBackend(Backend):
    """`Model.predict_proba`, which takes bytes as they are."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def prepare(self, images: np.ndarray) -> np.ndarray:
        return images

    def __call__(self, images: np.ndarray) -> np.ndarray:
        return self.model.predict_proba(images)


class PyTorchBackend(Backend):
    """Eager, in evaluation and inference mode."""

    def __init__(self, model: Model, *, channels_last: bool, threads: int) -> None:
        self.memory_format = torch.channels_last if channels_last else torch.contiguous_format
        self.threads = threads
        self.module = _module(model).to(memory_format=self.memory_format)

    def prepare(self, images: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(_float(images)).contiguous(memory_format=self.memory_format)

    def __call__(self, images: torch.Tensor) -> np.ndarray:
        torch.set_num_threads(self.threads)
        with torch.inference_mode():
            return self.module(images).numpy()


class OnnxRuntimeBackend(Backend):
    """A session on Inkling's export, with the default options or with a given number of threads. It takes bytes."""

    def __init__(self, exported: bytes, threads: int | None) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        if threads is not None:
            options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(exported, options, providers=["CPUExecutionProvider"])

    def prepare(self, images: np.ndarray) -> np.ndarray:
        return images

    def __call__(self, images: np.ndarray) -> np.ndarray:
        return self.session.run([PROBABILITIES], {IMAGES: images})[0]


def pytorch_variants(model: Model) -> dict[str, PyTorchBackend]:
    return {
        f"eager{', channels last' if channels_last else ''}, {threads} threads": PyTorchBackend(
            model, channels_last=channels_last, threads=threads
        )
        for channels_last in (False, True)
        for threads in THREADS
    }


def onnx_variants(model: Model) -> dict[str, OnnxRuntimeBackend]:
    content = onnx_model(model, "exported").SerializeToString()
    threads = {"default options": None} | {f"{threads} threads": threads for threads in THREADS}
    return {name: OnnxRuntimeBackend(content, each) for name, each in threads.items()}


def _module(model: Model) -> torch.nn.Module:
    module = to_torch(model.network)
    copy_to_torch(model.network, model.params, module)
    return torch.nn.Sequential(module, torch.nn.Softmax(dim=1)).eval()


def _float(images: np.ndarray) -> np.ndarray:
    """(N, 1, 28, 28) float32 in 0-1."""
    return images[:, np.newaxis] * np.float32(1 / 255)
