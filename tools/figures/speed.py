"""Figures of speed: training, inference, whole processes, the convolution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.figures.results import read, rows, table

TRAINING = {  # what the pages call the networks, in their order
    "lenet-5": "LeNet-5",
    "16c5s2-32c3-p-64c3": "16C5s2-32C3-P-64C3, batch norm",
    "32c3-32c3-p-64c3-64c3-p": "32C3-32C3-P-64C3-64C3-P, batch norm",
    "pytorch-example": "PyTorch's example network",
    "sgd-10": "784-10-10, SGD",
    "leaky-20": "784-20-10, leaky ReLU, Adam",
    "sgd-64-64": "784-64-64-10, SGD",
    "adam-256-128-64": "784-256-128-64-10, dropout, Adam",
    "gd-64-32": "784-64-32-10, full batch",
    "adam-512-512": "784-512-512-10, Adam",
}
CONVOLUTIONS = {
    "Conv2d(32, 3, bias=False) of 28×28×1": "32 kernels of 3×3 on 28×28×1",
    "Conv2d(16, 5, bias=False) of 14×14×6": "16 of 5×5 on 14×14×6",
    "Conv2d(64, 3, bias=False) of 26×26×32": "64 of 3×3 on 26×26×32",
}


def _beside_goal(work: str, row: Mapping[str, Any]) -> list[str]:
    """What was measured, its median, its goal, and the first peer with its median."""
    unit, ours, *peers = row["unit"], *row["found"].items()
    ours, *theirs = (f"{found['median']:.{2 if unit == 's' else 0}f} {unit}" for _, found in [ours, *peers])
    return [work, ours, f"{row['goal']:g} {unit}", f"{peers[0][0]}: {theirs[0]}" if peers else "–"]


def training_table() -> str:
    """Images per second of each network, and the ratio to each peer."""
    found = rows("mlp_training") | rows("cnn_training")
    body = []
    for work, name in TRAINING.items():
        row = found[work]
        speed = float(f"{row['images_per_second']['inkling']['median']:.4g}")
        to_sklearn = row.get("ratio_to_sklearn")
        body.append(
            [name, f"{speed:,.0f}", f"{row['ratio_to_pytorch']:.2f}", f"{to_sklearn:.2f}" if to_sklearn else "–"]
        )
    return table(["training, images/s", "Inkling", "× PyTorch 2.13", "× scikit-learn"], *body)


def _mean_ratios() -> tuple[float, float]:
    """Geometric means of the ratios to PyTorch: of the perceptrons and of the convolutional networks."""
    perceptrons, convolutional = (read(f"{kind}_training") for kind in ("mlp", "cnn"))
    return perceptrons["geometric_mean_ratio_to_pytorch"], convolutional["geometric_mean_ratio_to_pytorch"]


def training_summary() -> str:
    """Mean ratios to PyTorch, and shares of the machine's peak."""
    shares = [row["roofline_percent"] for row in read("cnn_training")["rows"] if row["ratio_to_pytorch"]]
    ours, theirs = ([share[library] for share in shares] for library in ("inkling", "pytorch"))
    perceptrons, convolutional = _mean_ratios()
    return (
        f"The geometric means are {perceptrons:.2f} and {convolutional:.2f}. Convolutional networks run at "
        f"{min(ours):.0f} to {max(ours):.0f} % of the machine's peak with Inkling,\n"
        f"and at {min(theirs):.0f} to {max(theirs):.0f} % with PyTorch."
    )


def summary() -> str:
    """Training and inference in two sentences."""
    perceptrons, convolutional = _mean_ratios()
    single = [row for work, row in rows("inference").items() if "one image" in work]
    small, wide = (row["microseconds_per_image"]["inkling"]["median"] for row in single)
    batches = [1 / row["ratio_to_onnxruntime"] for work, row in rows("inference").items() if "batches" in work]
    return (
        f"In training, perceptrons reach {perceptrons:.2f} times and convolutional networks {convolutional:.2f} times "
        "PyTorch's images per second (geometric means of six and four networks).\n"
        f"One image is classified in {small:.0f} µs by a small convolutional network and in {wide:.0f} µs by a wide "
        f"one; in batches of 256, ONNX Runtime is {min(batches):.1f} to {max(batches):.1f} times as fast as Inkling."
    )


def sprint() -> str:
    """What the recipe `sprint` reaches, and in which time."""
    row = rows("time_to_accuracy")["sprint"]
    ours = next(each for each in row["summaries"] if each["side"] == "inkling")
    return f"{100 * ours['accuracy']['mean']:.1f} % of MNIST in {ours['seconds']['median']:.1f} seconds"


def inference_table() -> str:
    """Microseconds per image of each network, and the ratio to each peer."""
    found = ((work.split(", "), row) for work, row in rows("inference").items())
    body = [
        [
            f"{TRAINING[name].partition(',')[0]}, {scenario}",
            f"{row['microseconds_per_image']['inkling']['median']:.0f}",
            f"{row['ratio_to_onnxruntime']:.2f}",
            f"{row['ratio_to_pytorch']:.2f}",
        ]
        for (name, scenario), row in found
    ]
    head = ["inference, µs per image ([file](../benchmarks/results/inference.json))"]
    return table([*head, "Inkling", "× ONNX Runtime", "× PyTorch"], *body)


def process_table() -> str:
    """Seconds and memory of whole commands, beside their goals."""
    found = ((work, row) for work, row in rows("startup_and_io").items() if row["unit"] != "B")
    body = (_beside_goal(work.removesuffix(", whole process"), row) for work, row in found)
    return table(
        ["whole process ([file](../benchmarks/results/startup_and_io.json))", "measured", "goal", "beside"], *body
    )


def reading_speed_table() -> str:
    """Seconds and memory of reading a photo, beside their goals."""
    body = (_beside_goal(work, row) for work, row in rows("reading_speed").items())
    return table(["reading ([file](../benchmarks/results/reading_speed.json))", "measured", "goal", "beside"], *body)


def im2col_times() -> str:
    """Microseconds per image of three convolutions, beside im2col."""
    found = rows("convolution")
    times = []
    for work, kernels in CONVOLUTIONS.items():
        sides = found[work]["microseconds_per_image"]
        ours, theirs = (f"{sides[side]['median']:.0f}" for side in ("inkling", "im2col"))
        times.append((ours, theirs, kernels))
    (a, b, c), *more = times
    first = f"an image takes {a} µs where im2col takes {b} ({c})"
    return ",\n".join([first, " and ".join(f"{a} instead of {b} ({c})" for a, b, c in more)])
