"""Train a row network (src/inkling/weights/rows-b.safetensors) on rows that are written for it.

    INKLING_DATA=FOLDER python -m tools.train_rows [--rows 240000] [--epochs 3] [--folder runs/rows] -o FILE

Rows are made of MNIST's training digits and of drawn ones. They are written to the folder in files of 2,000, and then
learnt, with a checkpoint per epoch: some three hours of one core in all. A later call goes on from both. Where
`synthesis/rows` or an argument has changed, give a new folder.

The other network, rows-a.safetensors, was made in the same way before `synthesis/rows` had most of its styles, by
commit e43c603: 160,000 rows, 3 epochs.
"""

from __future__ import annotations

import argparse
import platform
from pathlib import Path

import numpy as np

from inkling import __version__
from inkling.data import load
from inkling.ink.strip import STRIP_HEIGHT
from inkling.nn import BatchNorm2d, Conv2d, CTCLoss, MaxPool2d, Network, ReLU
from inkling.nn.layer import Layer
from inkling.optim import Muon, OneCycleLR
from inkling.reading.rows.model import BLANK, BORDER, RowModel
from inkling.recipes import Recipe
from inkling.runs.checkpoint import LATEST, load_checkpoint, save_checkpoint
from inkling.synthesis.rows.hand import Hands
from inkling.synthesis.rows.strips import packed, written_strips
from inkling.training import TrainingState, train
from inkling.training.examples import Examples

WIDTH = 192  # columns of a strip
_PER_FILE = 2_000
_VALIDATION = 1_000  # rows that are not learnt
_SEED = 17
_FIRST = 200  # number of the first file of rows; the seed of a file is [_SEED, its number]


def network() -> Network:
    """Strips to logits (1, T, 12): five convolutions bring 32 rows of pixels to one."""
    layers: list[Layer] = [Conv2d(24, 5, stride=2, padding=2, bias=False), BatchNorm2d(), ReLU()]
    layers += [Conv2d(48, 3, padding=1, bias=False), MaxPool2d(2), BatchNorm2d(), ReLU()]
    for channels, kernel in ((96, 3), (128, 3), (128, 3), (160, 2)):
        layers += [Conv2d(channels, kernel, bias=False), BatchNorm2d(), ReLU()]
    return Network(*layers, Conv2d(BLANK + 1, 1), input_shape=(STRIP_HEIGHT, WIDTH + 2 * BORDER, 1))


def main() -> None:
    asked = _arguments()
    strips, labels = _rows(asked.folder, asked.rows)
    rng = np.random.default_rng(_SEED)
    validation = Examples(*packed(strips[:_VALIDATION], labels[:_VALIDATION], BORDER, rng))
    training = Examples(*packed(strips[_VALIDATION:], labels[_VALIDATION:], BORDER, rng))
    schedule = OneCycleLR(0.1, pct_start=0.15)
    optimizer = Muon(momentum=0.9, ns_steps=2)
    recipe = Recipe(network(), optimizer, schedule, batch_size=32, epochs=asked.epochs, loss=CTCLoss(), name="rows")
    has_begun = (asked.folder / LATEST).exists()
    state = load_checkpoint(asked.folder, recipe) if has_begun else TrainingState.start(recipe)
    print(f"{len(strips)} rows in {len(training)} images, {recipe.network.layout.size:,} parameters", flush=True)
    for report in train(recipe, training, validation, state):
        print(report, flush=True)
        save_checkpoint(asked.folder, state)
        RowModel(recipe.network, state.eval_parameters, _metadata(recipe, len(strips), report.to_dict())).save(
            asked.out
        )


def _rows(folder: Path, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Strips and labels of so many rows, those that are missing made and kept in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    hands, parts = Hands(load("mnist").train), []
    for number in range(_FIRST, _FIRST + -(-count // _PER_FILE)):
        file = folder / f"strips-{number:03}.npz"
        if not file.exists():
            strips, labels = written_strips(hands, _PER_FILE, WIDTH, np.random.default_rng([_SEED, number]))
            beside = folder / f"partial-{number}.npz"
            np.savez(beside, strips=strips, labels=labels)
            beside.replace(file)
            print(file, flush=True)
        with np.load(file) as arrays:
            parts.append((arrays["strips"], arrays["labels"]))
    return np.concatenate([strips for strips, _ in parts]), np.concatenate([labels for _, labels in parts])


def _metadata(recipe: Recipe, rows: int, metrics: dict[str, float]) -> dict[str, object]:
    measured = {name: round(value, 6) for name, value in metrics.items() if name.startswith(("validation", "training"))}
    versions = {"inkling": __version__, "numpy": np.__version__, "python": platform.python_version()}
    return {
        "recipe": recipe.to_dict(),
        "data": {"source": "mnist", "rows": rows},
        "metrics": measured,
        "versions": versions,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=240_000, help="how many rows; default: 240000")
    parser.add_argument("--epochs", type=int, default=3, help="default: 3")
    parser.add_argument("--folder", type=Path, default=Path("runs/rows"), help="of the rows; default: runs/rows")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the file of the network, written per epoch")
    return parser.parse_args()


if __name__ == "__main__":
    main()
