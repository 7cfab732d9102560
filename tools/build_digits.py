"""Build src/inkling/data/digits.npz from the copy of the data set inside scikit-learn.

    python tools/build_digits.py

Needs scikit-learn. The images stay what they are, 8×8 with levels 0-16; `inkling.data.digits` enlarges them.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

TARGET = Path(__file__).parents[1] / "src" / "inkling" / "data" / "digits.npz"


def main() -> None:
    digits = load_digits()
    np.savez_compressed(TARGET, images=digits.images.astype(np.uint8), labels=digits.target.astype(np.uint8))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
