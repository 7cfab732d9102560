"""The camera: uneven light, a pen that fades, blur, fewer pixels, noise and JPEG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter


def smooth_noise(shape: tuple[int, int], cells: float, rng: np.random.Generator) -> np.ndarray:
    """Noise that changes over `cells` pixels: float32 (H, W), about -1 to 1."""
    coarse = rng.standard_normal([max(2, int(side / cells) + 2) for side in shape]).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((shape[1], shape[0]), Image.Resampling.BICUBIC))


def _softened(ink: np.ndarray, radius: float) -> np.ndarray:
    """A mean over a square: float32 (H, W) from 0 to 1."""
    image = Image.fromarray((ink * 255).clip(0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.BoxBlur(radius)), np.float32) / 255


def faded(ink: np.ndarray, height: float, rng: np.random.Generator) -> np.ndarray:
    """Ink of a pen that writes some parts fainter: in blots, and on horizontal strokes, as ball pens do."""
    depth, reach = ink, max(1.0, 0.06 * height)
    if rng.random() < 0.3:
        blots = 0.5 + 0.7 * smooth_noise(ink.shape, height * rng.uniform(0.15, 0.8), rng)
        depth = depth * (1 - rng.uniform(0.2, 0.8) * blots.clip(0, 1))
    if rng.random() < 0.35:
        down, across = np.gradient(_softened(ink, reach))
        level = _softened(down**2 / (down**2 + across**2 + 1e-4), reach)
        depth = depth * (1 - rng.uniform(0.2, 0.75) * level)
    return depth.astype(np.float32)


def photographed(depth: np.ndarray, height: float, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Grey levels uint8 of a page of depths (H, W), and pixels of the photo per pixel of the page."""
    paper = rng.uniform(110, 255)
    light = 1 + rng.uniform(0, 0.15) * smooth_noise(depth.shape, height * rng.uniform(2, 8), rng)
    levels = (paper * light * (1 - depth.clip(0, 1))).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(levels)
    if (blur := rng.uniform(-0.02, 0.06) * height) > 0.3:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    scale = min(1.0, float(np.exp(rng.uniform(np.log(8), np.log(48)))) / height)
    if scale < 1:
        how = Image.Resampling.BOX if rng.random() < 0.5 else Image.Resampling.BICUBIC
        image = image.resize((max(8, round(image.width * scale)), max(8, round(image.height * scale))), how)
    noise = rng.choice([0.0, 0.7, 2, 5, 9], p=[0.2, 0.25, 0.3, 0.15, 0.1])
    shot = np.asarray(image, np.float32)
    shot = (shot + noise * rng.standard_normal(shot.shape, np.float32)).clip(0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        file = io.BytesIO()
        Image.fromarray(shot).save(file, "JPEG", quality=int(rng.integers(25, 96)))
        shot = np.asarray(Image.open(file))
    return shot, scale
