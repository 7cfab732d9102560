"""The text of an exported file of Python, with places for what differs from model to model."""

FILE = '''\
"""{name}, which Inkling {version} exported: a classifier in one file that needs NumPy alone.

    from {module} import predict, predict_proba
    predict_proba(images)   # images: whole numbers of 0-255 or fractions of 0-1, bright ink on a dark ground

`python {module}.py` tests that this machine computes what Inkling computed.
"""

from __future__ import annotations

import base64
{math}import sys

import numpy as np

CLASS_NAMES = {class_names}
IMAGE_SHAPE = {shape}
TEMPERATURE = {temperature}  # Logits are divided by it, which makes probabilities honest.
PIECE = 64  # images at a time


def predict_proba(images: np.ndarray) -> np.ndarray:
    """Probabilities (N, {k}) of the classes{given}."""
    return softmax(logits(images)[:, :{k}])


def predict(images: np.ndarray) -> np.ndarray:
    """The most probable class of each image, (N,): a place in CLASS_NAMES."""
    return logits(images)[:, :{k}].argmax(axis=1)

{non_digits}
def logits(images: np.ndarray) -> np.ndarray:
    """Logits (N, {logits}){last} of images (N, H, W) or (N, H * W), divided by the temperature."""
    x = pixels(images)
    pieces = [network(x[start : start + PIECE]) for start in range(0, max(len(x), 1), PIECE)]
    return np.concatenate(pieces) / np.float32(TEMPERATURE)


def network(x: np.ndarray) -> np.ndarray:
    """The layers, one after the other, from images x (N, H, W, 1) of 0-1 to logits (N, {logits})."""
{lines}
    return x


def pixels(images: np.ndarray) -> np.ndarray:
    """Images as float32 (N, H, W, 1) of 0-1; ValueError where they are none."""
    images = np.asarray(images)
    height, width = IMAGE_SHAPE
    if images.shape == (height, width):
        images = images[None]
    shapes = ((height, width), (height, width, 1), (height * width,))
    if images.shape[1:] not in shapes:
        raise ValueError(f"images (N, {{height}}, {{width}}) were expected, not an array {{images.shape}}")
    low, high = images.min(initial=0), images.max(initial=0)
    whole = images.dtype.kind in "ui"
    white = 255 if whole else 1
    if images.dtype.kind not in "uif" or not (-0.001 <= low <= high <= white + 0.001) or (whole and high == 1):
        raise ValueError(
            "whole numbers of 0-255 or fractions of 0-1 were expected as pixels, "
            f"not {{images.dtype}} from {{low}} to {{high}}"
        )
    scale = np.float32(1 / 255 if whole else 1)
    return images.astype(np.float32).reshape(-1, height, width, 1) * scale


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities that logits (N, K) stand for."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


{functions}

def self_test() -> float:
    """The largest difference from the probabilities that Inkling computed for ten images."""
    difference = np.abs(predict_proba(TEST_IMAGES) - TEST_PROBABILITIES).max()
{non_digits_test}    return float(difference)


def _array(dtype: str, shape: tuple, text: str) -> np.ndarray:
    """Numbers that are written as base64, the lowest byte first."""
    numbers = np.frombuffer(base64.b64decode(text), np.dtype(dtype).newbyteorder("<"))
    return numbers.reshape(shape).astype(dtype)


P = {{
{arrays}
}}
ABOUT = {{
{about}
}}
TEST_IMAGES = {images}
TEST_PROBABILITIES = {probabilities}

if __name__ == "__main__":
    found = self_test()
    print(f"largest difference of a probability from Inkling's: {{found:.1e}}")
    if not found < 1e-5:
        sys.exit("failed: this machine computes something else than Inkling did")
    print("passed: at most 1e-5 is expected")
'''

NON_DIGITS = '''
def not_a_digit(images: np.ndarray) -> np.ndarray:
    """Probability (N,) that an image is no digit."""
    return softmax(logits(images))[:, -1]

'''
NON_DIGITS_TEST = """\
    non_digits = {array}
    difference = max(difference, np.abs(not_a_digit(TEST_IMAGES) - non_digits).max())
"""
