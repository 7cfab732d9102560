"""The notebooks: stored with the outputs of their cells, and executed here from top to bottom on real data."""

import copy
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import inkling
from inkling.data import Dataset, load
from needs import needs_kaggle, needs_mnist, needs_repository, needs_tools

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
STORED = {path.stem: nbformat.read(path, as_version=4) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
NOWHERE = "http://127.0.0.1:9"  # as a proxy: no mirror can be reached through it


@pytest.fixture(autouse=True)
def own_jupyter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither kernels nor start-up files of whoever runs the tests, and nothing written into their home."""
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def embedded_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that has nothing but the embedded digits."""
    monkeypatch.delenv("INKLING_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("https_proxy", NOWHERE)


@pytest.fixture
def with_data() -> None:
    for need in (needs_mnist, needs_kaggle):
        need.or_skip("the notebooks run on MNIST and the competition's files")


# What executing takes most time for is made less: pixels of figures, and epochs on the competition's 42,000 images.
CHEAPER = {'figure_format = "retina"': 'figure_format = "png"', "epochs = 6 if": "epochs = 2 if"}


def run(name: str, folder: Path, *expressions: str) -> list[Any]:
    """Execute a notebook in `folder`; the values that the expressions have at its end.

    Every cell must succeed and say nothing on stderr: a reader sees neither errors nor warnings.
    """
    notebook = nbformat.from_dict(copy.deepcopy(STORED[name]))
    for cell in notebook.cells:
        for costly, cheap in CHEAPER.items():
            cell.source = cell.source.replace(costly, cheap)
    ask = f"import json; print(json.dumps([{', '.join(expressions)}], default=lambda value: value.tolist()))"
    notebook.cells.append(nbformat.v4.new_code_cell(ask))
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    return json.loads(outputs[-1].text)


@pytest.mark.parametrize("name", STORED)
def test_stored_with_the_outputs_of_its_cells(name: str) -> None:
    needs_tools.or_skip("the outputs of the notebooks belong to their cells")
    from tools.notebooks import digest

    notebook = STORED[name]
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.cells_sha256 == digest(notebook), "run `make outputs`"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert {output.output_type for output in outputs} <= {"stream", "display_data", "execute_result"}, "no errors"
    assert {output.get("name", "stdout") for output in outputs} == {"stdout"}
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 3
    texts = "".join(output.get("text", "") for output in outputs)
    assert not re.search(r"(?:^|[\s'\"(])/\w+/", texts), "a path of one machine"
    assert (NOTEBOOKS / f"{name}.ipynb").stat().st_size < 1_000_000


def test_there_are_three() -> None:
    assert list(STORED) == ["1-first-principles", "2-train-and-look", "3-kaggle"]


@pytest.mark.parametrize("name", ["digits.safetensors", "model.safetensors", "competition/train.csv", "submission.csv"])
def test_what_they_write_is_not_committed(name: str) -> None:
    needs_repository.or_skip("what the notebooks write is not committed")
    for folder in (NOTEBOOKS.parent, NOTEBOOKS):
        subprocess.run(["git", "check-ignore", "-q", folder / name], cwd=folder, check=True)


def test_first_principles(tmp_path: Path) -> None:
    worst, before, after, promised, losses, accuracy, learnt = run(
        "1-first-principles",
        tmp_path,
        "max(worst.values())",
        "before['loss']",
        "-np.log(p[0, label])",
        "promised",
        "losses",
        "accuracy",
        "weights",
    )
    assert worst < 1e-8  # the gradient by hand against nudged weights
    assert before - after == pytest.approx(promised, rel=0.1)  # one step goes where the gradient said
    assert np.mean(losses[:10]) > 1.8
    assert np.mean(losses[-50:]) < 0.1
    test = load("digits").test
    assert test is not None
    read = by_hand(test.images.reshape(-1, 784) / 255, *map(np.array, learnt))
    assert np.mean(read == test.labels) == accuracy > 0.88


def by_hand(x: np.ndarray, w1: np.ndarray, b1: np.ndarray, w2: np.ndarray, b2: np.ndarray) -> np.ndarray:
    """The digits that a network of one hidden layer reads in x (N, 784)."""
    return (np.maximum(x @ w1 + b1, 0) @ w2 + b2).argmax(axis=1)


@pytest.mark.thorough
@pytest.mark.usefixtures("with_data")
def test_train_and_look_at_mnist(tmp_path: Path) -> None:
    validation, test = run("2-train-and-look", tmp_path, "evaluation.accuracy", "test.accuracy")
    assert validation > 0.97
    assert test == saved_accuracy(tmp_path, load("mnist").test) > 0.97


@pytest.mark.usefixtures("embedded_only")
def test_train_and_look_at_the_embedded_digits(tmp_path: Path) -> None:
    validation, test = run("2-train-and-look", tmp_path, "evaluation.accuracy", "test.accuracy")
    assert validation > 0.9
    assert test == saved_accuracy(tmp_path, load("digits").test) > 0.88


def saved_accuracy(folder: Path, test: Dataset | None) -> float:
    """Of the model that the notebook saved."""
    assert test is not None
    return float(np.mean(inkling.load(folder / "digits.safetensors").predict(test.images) == test.labels))


@pytest.mark.thorough
@pytest.mark.usefixtures("with_data")
def test_kaggle_estimates_its_score(tmp_path: Path) -> None:
    low, high, leaked = run("3-kaggle", tmp_path, "low", "high", "[p.mnist_test_rows for p in info.parts.values()]")
    assert sum(leaked) == 10_000  # the competition's rows are MNIST's
    answers, test = submission(tmp_path), load("kaggle").test
    assert test is not None
    truth = {image.tobytes(): label for part in load("mnist").parts.values() for image, label in rows(part)}
    score = np.mean(answers == [truth[image.tobytes()] for image in test.images])
    assert len(answers) == 28_000
    assert low - 0.002 < score < high + 0.005  # the submitted model learnt from a quarter more images


@pytest.mark.usefixtures("embedded_only")
@pytest.mark.thorough
def test_kaggle_without_the_competition(tmp_path: Path) -> None:
    leaked, shape = run("3-kaggle", tmp_path, "info.parts['train'].mnist_test_rows", "source.test.images.shape")
    test = load("digits").test
    assert test is not None
    assert (leaked, shape) == (0, [360, 28, 28])
    assert np.mean(submission(tmp_path) == test.labels) > 0.88


def rows(part: Dataset) -> list[tuple[np.ndarray, int]]:
    assert part.labels is not None
    return list(zip(part.images, part.labels.tolist(), strict=True))


def submission(folder: Path) -> np.ndarray:
    """The labels handed in, having checked the form."""
    header, *lines = (folder / "submission.csv").read_text(encoding="ascii").splitlines()
    ids, labels = np.array([line.split(",") for line in lines], dtype=np.int64).T
    assert header == "ImageId,Label"
    assert ids.tolist() == list(range(1, len(ids) + 1))
    return labels
