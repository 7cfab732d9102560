"""The peer: the same model as ONNX behind the plainest handlers, FastAPI on uvicorn with its default options.

`POST /infer` takes uint8 (N, 28, 28) as bytes and answers probabilities as float32. `POST /read` takes a PNG, scales it
to 28×28 and answers JSON; unlike Inkling it does not look for the ink, normalise it, or warn.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import uvicorn
from fastapi import FastAPI, Request, Response
from PIL import Image


def main() -> None:
    """The process: arguments are the ONNX file and the port."""
    path, port = sys.argv[1:]
    predict, app = _predictor(Path(path).read_bytes()), FastAPI()

    @app.post("/infer")
    async def infer(request: Request) -> Response:
        images = np.frombuffer(await request.body(), np.uint8).reshape(-1, 28, 28)
        return Response(predict(images).tobytes(), media_type="application/octet-stream")

    @app.post("/read")
    async def read(request: Request) -> dict[str, object]:
        picture = Image.open(io.BytesIO(await request.body())).convert("L").resize((28, 28))
        probabilities = predict(255 - np.asarray(picture)[np.newaxis])[0]
        return {"digit": int(probabilities[:10].argmax()), "probabilities": probabilities.tolist()}

    uvicorn.run(app, port=int(port), log_level="warning")


def _predictor(exported: bytes) -> Callable[[np.ndarray], np.ndarray]:
    import onnxruntime

    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    return lambda images: session.run(["probabilities"], {"images": images})[0]
