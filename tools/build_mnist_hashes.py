"""Build the files in src/inkling/data that tell MNIST's images from others without holding them.

    INKLING_DATA=FOLDER python tools/build_mnist_hashes.py              writes mnist_*.hashes
    INKLING_DATA=FOLDER python tools/build_mnist_hashes.py --measure    counts what they recognise

Needs the original MNIST in FOLDER (or lets `inkling.data` download it). To measure, it compresses MNIST's own images as
JPEG, and takes images of other digits: the embedded ones, and MNIST's test images in place of its training images.
"""

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from inkling.data import load
from inkling.data.fingerprints import fingerprints, ink_fingerprints, mnist_ink_fingerprints

FOLDER = Path(__file__).parents[1] / "src" / "inkling" / "data"
QUALITIES = (50, 75, 90, 95)  # of Pillow's JPEG, whose default is 75


def main() -> None:
    source = load("mnist")
    assert source.train is not None
    assert source.test is not None
    parts = {"train": source.train.images, "test": source.test.images}
    if "--measure" in sys.argv[1:]:
        measure(parts)
        return
    write("mnist_test.hashes", b"".join(sorted(fingerprints(parts["test"]))))
    ink = {part: np.unique(ink_fingerprints(images)) for part, images in parts.items()}
    both = np.intersect1d(ink["train"], ink["test"])
    for part, prints in ink.items():
        write(f"mnist_{part}_ink.hashes", np.setdiff1d(prints, both).astype("<u4").tobytes())


def write(name: str, content: bytes) -> None:
    (FOLDER / name).write_bytes(content)
    print(f"{name}: {len(content):,} bytes")


def measure(parts: dict[str, np.ndarray]) -> None:
    """Print the percentage of images that have the ink of a known image."""
    digits = load("digits")
    assert digits.train is not None
    for part, images in parts.items():
        known = mnist_ink_fingerprints(part)
        shown = {"as they are": images}
        shown |= {f"JPEG {quality}": compressed(images[:10_000], quality) for quality in QUALITIES}
        shown["other writers: the embedded digits"] = digits.train.images
        for name, each in shown.items():
            print(f"MNIST {part}, {name}: {100 * np.isin(ink_fingerprints(each), known).mean():.2f} %")
    train, test = map(ink_fingerprints, parts.values())
    print(f"chance, MNIST's test images for training images: {100 * np.isin(test, train).mean():.2f} %")


def compressed(images: np.ndarray, quality: int) -> np.ndarray:
    """The images as they come back from JPEG."""
    files = [io.BytesIO() for _ in images]
    for image, file in zip(images, files, strict=True):
        Image.fromarray(image).save(file, "JPEG", quality=quality)
    return np.stack([np.asarray(Image.open(file)) for file in files])


if __name__ == "__main__":
    main()
