"""Build src/inkling/data/mnist_test.hashes, which tells MNIST's test images from others without holding them.

    INKLING_DATA=FOLDER python tools/build_mnist_hashes.py

Needs the original MNIST in FOLDER (or lets `inkling.data` download it).
"""

from pathlib import Path

from inkling.data import load
from inkling.data.fingerprints import fingerprints

TARGET = Path(__file__).parents[1] / "src" / "inkling" / "data" / "mnist_test.hashes"


def main() -> None:
    test = load("mnist").test
    assert test is not None
    TARGET.write_bytes(b"".join(sorted(fingerprints(test.images))))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
