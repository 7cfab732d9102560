"""Sound files of each kind, small, from which the corpus of `fuzzing.py` is made; nothing is fetched."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from inkling.data import Split, load
from inkling.ensembles import ensemble
from inkling.model import Model
from inkling.model import load as load_model
from inkling.nn import BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, Network, ReLU, Residual
from inkling.optim import Adam, ConstantLR
from inkling.recipes import Recipe, load_recipe, recipe_names
from inkling.runs.run import Run

Files = dict[str, bytes]  # one example: the content of each of its files, by name
ROWS = 12  # images of a table, of IDX files and of the data of a run
LARGE = ("record", "mlp")  # recipes whose single steps take seconds


def examples(kind: str) -> list[Files]:
    """The sound examples of a kind."""
    with tempfile.TemporaryDirectory() as folder:
        return _MAKERS[kind](Path(folder))


@cache
def digits(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 28, 28) uint8 and labels (N,) of embedded digits."""
    part = load("digits").train
    assert part is not None
    assert part.labels is not None
    return part.images[:rows], part.labels[:rows]


def _models(folder: Path) -> list[Files]:
    """A perceptron, a convolutional network with every kind of metadata, one of other classes, and an ensemble."""
    seeing = Network(
        *(Conv2d(4, 3, padding=1), BatchNorm2d(), Residual(Conv2d(4, 3, padding=1), ReLU()), MaxPool2d(4)),
        *(Flatten(), Linear(11)),
    )
    tiny = load_model("tiny")
    about = dict(tiny.provenance) | {"teacher": dict(tiny.provenance), "adaptations": [{"learnt": [tiny.provenance]}]}
    letters = Network(Flatten(), Linear(3), input_shape=(8, 8, 1))
    models = [
        Model(Network(Flatten(), Linear(10)), Network(Flatten(), Linear(10)).init(np.random.default_rng(0))),
        Model(seeing, seeing.init(np.random.default_rng(1)), about, 1.5),
        Model(letters, letters.init(np.random.default_rng(2)), class_names=("A", "B", "C")),
    ]
    models.append(ensemble([models[0], models[0]]))
    found = []
    for number, model in enumerate(models):
        model.save(folder / f"{number}.safetensors")
        found.append({"model.safetensors": (folder / f"{number}.safetensors").read_bytes()})
    return found


def _recipes(folder: Path) -> list[Files]:
    """Small networks with every setting, and the bundled recipes with a smaller network in place of a large one."""
    mine = Recipe(
        Network(Flatten(), Linear(12), ReLU(), Dropout(0.1), Linear(11)),
        Adam(),
        ConstantLR(0.01),
        batch_size=8,
        epochs=3,
        non_digits=0.1,
        drawn_digits=0.1,
        ema=0.9,
        label_smoothing=0.1,
    )
    split = Split(validation=0.2)
    recipes = [mine, *(load_recipe(name).override(split=split) for name in recipe_names() if name not in LARGE)]
    return [{"mine.toml": recipe.to_toml().encode()} for recipe in recipes]


def _runs(folder: Path) -> list[Files]:
    """The folder of a run that was interrupted after its first epoch."""
    images, labels = digits()
    np.savez(folder / "data.npz", images=images, labels=labels)
    recipe = Recipe(Network(Flatten(), Linear(10)), Adam(), epochs=3, ema=0.9)
    run = Run.create(folder / "run", recipe, str(folder / "data.npz"))
    reports = run.train(workers=1)
    next(reports)
    reports.close()  # type: ignore[attr-defined]
    names = ("recipe.toml", "run.json", "checkpoint.safetensors")
    return [{name: (folder / "run" / name).read_bytes() for name in names}]


def _tables(folder: Path) -> list[Files]:
    images, labels = digits()
    rows = np.column_stack([labels, images.reshape(ROWS, -1)]).tolist()
    header = ["label", *(f"pixel{i}" for i in range(784))]
    found: list[Files] = []
    for separator in ",;\t":
        text = "\n".join(separator.join(map(str, row)) for row in (header, *rows)) + "\n"
        found.append({"train.csv": text.encode()})
    found.append({"train.csv.gz": gzip.compress(found[0]["train.csv"])})
    array = io.BytesIO()
    np.savez_compressed(array, images=images, labels=labels)
    found.append({"train.npz": array.getvalue()})
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        return found
    columns = {name: [row[i] for row in rows] for i, name in enumerate(header)}
    pictures = {"image": [{"bytes": _encoded(image, "PNG"), "path": None} for image in images], "label": labels}
    for table in (columns, pictures):
        target = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.table(table), target)
        found.append({"train.parquet": target.getvalue()})
    return found


def _idx(folder: Path) -> list[Files]:
    images, labels = digits()
    pair = {
        "train-images-idx3-ubyte": b"\0\0\x08\x03" + np.array(images.shape, ">u4").tobytes() + images.tobytes(),
        "train-labels-idx1-ubyte": b"\0\0\x08\x01" + np.array([ROWS], ">u4").tobytes() + labels.astype("u1").tobytes(),
    }
    zipped = {f"{name}.gz": gzip.compress(content) for name, content in pair.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pair.items():
            archive.writestr(name, content)
    return [pair, zipped, {"set.zip": target.getvalue()}]


def _pictures(folder: Path) -> list[Files]:
    """One digit on a sheet of paper, in each format that is common."""
    image = 255 - np.kron(digits(1)[0][0], np.ones((3, 3), np.uint8))
    formats = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "bmp": "BMP", "tif": "TIFF", "webp": "WEBP", "pgm": "PPM"}
    return [{f"digit.{ending}": _encoded(image, name)} for ending, name in formats.items()]


def _onnx(folder: Path) -> list[Files]:
    """A perceptron, and a convolutional network in float32 and in int8."""
    from inkling.export.onnx.file import onnx_model
    from inkling.export.onnx.int8 import quantized

    seeing = Network(Conv2d(4, 5, stride=2), ReLU(), MaxPool2d(3), Flatten(), Linear(11))
    models = [load_model("tiny"), Model(seeing, seeing.init(np.random.default_rng(1)), {}, 1.5)]
    protos = [onnx_model(model, "model") for model in models]
    protos.append(quantized(protos[1], digits()[0], "digits"))
    return [{"model.onnx": proto.SerializeToString()} for proto in protos]


def _headers(folder: Path) -> list[Files]:
    """C headers of a convolutional network, in float32 and in integers."""
    from inkling.export.c import export_c

    seeing = Network(Conv2d(4, 5, stride=2), ReLU(), MaxPool2d(3), Flatten(), Linear(11))
    model = Model(seeing, seeing.init(np.random.default_rng(1)), {}, 1.5)
    return [{"model.h": export_c(model, digits()[0], int8=int8).text.encode()} for int8 in (False, True)]


def _encoded(image: np.ndarray, name: str) -> bytes:
    from PIL import Image

    target = io.BytesIO()
    Image.fromarray(image).save(target, name)
    return target.getvalue()


_MAKERS: dict[str, Callable[[Path], list[Files]]] = {
    "models": _models,
    "recipes": _recipes,
    "runs": _runs,
    "tables": _tables,
    "idx": _idx,
    "pictures": _pictures,
    "onnx": _onnx,
    "headers": _headers,
}
KINDS = tuple(_MAKERS)
