"""Figures in the README and in docs are those of the result files."""

import importlib.util
import json
from pathlib import Path

from inkling.cli.reproduce import _page
from inkling.recipes.claim import Claim
from inkling.runs.reproduction import Outcome

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SPEED = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
RESULTS = ROOT / "benchmarks" / "results"


def test_throughput_stands_as_measured():
    perceptrons, convolutions = (json.loads((RESULTS / f"{name}_training.json").read_text()) for name in ("mlp", "cnn"))
    rows = [row for row in perceptrons["rows"] + convolutions["rows"] if row["ratio_to_pytorch"]]
    assert len(rows) == 10
    for row in rows:
        other = f"{row['ratio_to_sklearn']:.2f}" if row.get("ratio_to_sklearn") else "–"
        speed = float(f"{row['images_per_second']['inkling']['median']:.4g}")
        assert f"| {speed:,.0f} | {row['ratio_to_pytorch']:.2f} | {other} |" in SPEED, row["work"]
    means = [result["geometric_mean_ratio_to_pytorch"] for result in (perceptrons, convolutions)]
    assert "perceptrons train {:.2f} times as\nfast and convolutional networks {:.2f} times".format(*means) in README
    assert "Geometric means {:.2f} and {:.2f}".format(*means) in SPEED
    shares = [row["roofline_percent"] for row in convolutions["rows"] if row["ratio_to_pytorch"]]
    ours, theirs = ([share[side] for share in shares] for side in ("inkling", "pytorch"))
    assert f"{min(ours):.0f} to {max(ours):.0f} % of the machine's peak" in SPEED
    assert f"PyTorch has {min(theirs):.0f} to {max(theirs):.0f} %" in SPEED


def test_time_to_accuracy_stands_as_measured():
    rows = json.loads((RESULTS / "time_to_accuracy.json").read_text())["rows"]
    sides = {(each["work"], each["side"]): each for row in rows for each in row["summaries"]}
    found = [each for (_, side), each in sides.items() if side == "inkling"]
    assert {each["work"] for each in found} == {"sprint", "sprint-995"}
    for each in found:
        accuracy, seconds = each["accuracy"], each["seconds"]["median"]
        cells = f"{100 * accuracy['mean']:.2f} ± {100 * accuracy['sd']:.2f} | {each['seeds']} | {seconds:.1f} s |"
        (row,) = (
            line for line in README.splitlines() if line.startswith(f"| `{each['work']}`, {each['epochs']} epochs ")
        )
        assert row.endswith(f" | {cells} {sides[each['work'], 'pytorch']['seconds']['median']:.1f} s |")
    sprint = next(each for each in found if each["work"] == "sprint")
    said = f"({100 * sprint['accuracy']['mean']:.1f} % of MNIST in {sprint['seconds']['median']:.1f} seconds)"
    assert said in README


def test_inference_stands_as_measured():
    for row in json.loads((RESULTS / "inference.json").read_text())["rows"]:
        ratios = f"{row['ratio_to_onnxruntime']:.2f} | {row['ratio_to_pytorch']:.2f}"
        assert f"{row['microseconds_an_image']['inkling']['median']:.0f} | {ratios} |" in SPEED, row["work"]
        if "one image" in row["work"]:
            assert f"{row['microseconds_an_image']['inkling']['median']:.0f} µs" in README


def test_whole_processes_stand_as_measured():
    for row in json.loads((RESULTS / "startup_and_io.json").read_text())["rows"]:
        if row["unit"] != "B":
            value = row["found"]["inkling"]["median"]
            assert (f"{value:.2f} s" if row["unit"] == "s" else f"{value:.0f} MB") in SPEED, row["work"]


def test_the_time_of_reading_stands_as_measured():
    for row in json.loads((RESULTS / "reading_speed.json").read_text())["rows"]:
        value = f"{row['found']['inkling']['median']:.{2 if row['unit'] == 's' else 0}f} {row['unit']}"
        assert f"| {row['work']} | {value} | {row['goal']:g} {row['unit']} |" in SPEED


def test_convolution_stands_as_measured():
    page = " ".join((ROOT / "docs" / "convolution.md").read_text(encoding="utf-8").split())
    rows = {row["work"]: row for row in json.loads((RESULTS / "convolution.json").read_text())["rows"]}
    for work, says in (
        ("Conv2d(32, 3, bias=False) of 28×28×1", "{} µs where im2col takes {} (32 kernels of 3×3 on 28×28×1)"),
        ("Conv2d(16, 5, bias=False) of 14×14×6", "{} instead of {} (16 of 5×5 on 14×14×6)"),
        ("Conv2d(64, 3, bias=False) of 26×26×32", "{} instead of {} (64 of 3×3 on 26×26×32)"),
    ):
        times = rows[work]["microseconds_an_image"]
        assert says.format(*(f"{times[side]['median']:.0f}" for side in ("inkling", "im2col"))) in page, work


def test_the_page_of_the_reproduction_is_made_of_its_numbers():
    record = json.loads((ROOT / "docs" / "reproduction.json").read_text())
    outcomes = [Outcome(o["recipe"], Claim(**o["claim"]), tuple(o["values"]), o["seconds"]) for o in record["outcomes"]]
    page = (ROOT / "docs" / "reproduction.md").read_text(encoding="utf-8")
    assert page == _page(outcomes, record["data"], record["seeds"])


def test_records_stand_as_measured():
    spec = importlib.util.spec_from_file_location("records_page", ROOT / "benchmarks" / "records_page.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    page = (ROOT / "docs" / "records.md").read_text(encoding="utf-8")
    assert "\n".join(made.table()) in page
    assert "\n".join(made.robustness()) in page
    assert "\n".join(made.reading()) in (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    assert "\n".join(made.summary()) in README
    assert len(json.loads((RESULTS / "compact.json").read_text())["rows"]) == 10
    reader, *_, example = json.loads((RESULTS / "robustness.json").read_text())["rows"]
    said = f"reads {100 * reader['clean']:.2f} % of MNIST's test images and {100 * reader['mean']:.1f} % of them under"
    assert said in README
    assert f"PyTorch's example network has {100 * example['mean']:.1f} %" in README


def test_what_the_members_of_the_committee_share_stands_as_counted():
    none, *shared = json.loads((RESULTS / "committee.json").read_text())["misread_by"]
    page = " ".join((ROOT / "docs" / "records.md").read_text(encoding="utf-8").split())
    assert (none + sum(shared), len(shared)) == (10_000, 10)
    assert (
        f"Of the {sum(shared)} test images that any of its ten members misreads, {sum(shared[5:])} are misread by"
        in page
    )


def test_reading_stands_as_measured():
    rows = {row["work"]: row for row in json.loads((RESULTS / "reading.json").read_text())["rows"]}
    numbers = (
        rows[f"numbers/{name}"]["exactly_right"] for name in ("eight_digit_photos", "lined_paper", "cheque_amounts")
    )
    said = "photographed {:.0f} %, on ruled paper {:.0f} %, on cheques {:.0f} % are".format(*(100 * n for n in numbers))
    assert said in README
    singles = [row for name, row in rows.items() if name.startswith("single/")]
    right = [100 * row["right_of_accepted"] for row in singles]
    refused = [100 * row["refused"] for row in singles]
    assert f"single digits {min(right):.0f} to {max(right):.0f} %, of which it refuses" in README
    assert f"refuses {min(refused):.0f} to {max(refused):.0f} %" in README


def test_what_adapting_is_worth_stands_as_measured():
    result = json.loads((RESULTS / "adapting.json").read_text())
    before, after = result["rows"]
    page = (ROOT / "docs" / "adapt.md").read_text(encoding="utf-8")
    assert f"{result['learnt']} digits from 0 to 7 learnt and {result['judged']} others" in page
    columns = {"right": 1, "refused": 1, "right_of_accepted": 1, "mnist_test": 2}
    for name, digits in columns.items():
        assert f"| {100 * before[name]:.{digits}f} | {100 * after[name]:.{digits}f} |" in page, name
