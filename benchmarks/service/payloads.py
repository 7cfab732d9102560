"""Payloads: the bodies of the requests that `throughput.py` sends."""

from __future__ import annotations

import io
import json

import numpy as np
from PIL import Image

SIDE = 28  # pixels of a picture, as of a cell cut from a form


def png(image: np.ndarray) -> bytes:
    """An image with bright ink as a picture with dark ink, SIDE × SIDE pixels."""
    file = io.BytesIO()
    Image.fromarray(255 - image).resize((SIDE, SIDE)).save(file, "PNG")
    return file.getvalue()


def inference_head(count: int) -> bytes:
    """The JSON of a request for the probabilities of so many images, which follow it as bytes."""
    shape = [count, SIDE, SIDE]
    parameters = {"binary_data_size": count * SIDE * SIDE}
    given = {"name": "images", "shape": shape, "datatype": "UINT8", "parameters": parameters}
    wanted = {"name": "probabilities", "parameters": {"binary_data": True}}
    return json.dumps({"inputs": [given], "outputs": [wanted]}).encode()
