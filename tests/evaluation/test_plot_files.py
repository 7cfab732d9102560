"""Picture files repeat, are whole or absent, and drawing them changes nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from inkling.errors import MissingExtraError
from inkling.evaluation import Evaluation, plots

ONE_EPOCH = [{"epoch": 1, "training_loss": 1.0, "training_accuracy": 0.5}]


def test_save_writes_two_files_that_repeat(tmp_path: Path, evaluation: Evaluation) -> None:
    def files(stem: str) -> list[bytes]:
        paths = plots.save(plots.confusion_matrix(evaluation), tmp_path / stem)
        assert paths == [tmp_path / f"{stem}.png", tmp_path / f"{stem}.svg"]
        return [path.read_bytes() for path in paths]

    first = files("v1.2")
    assert first == files("again")
    assert first[0].startswith(b"\x89PNG")
    assert b"predicted digit" in first[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.png", "again.svg", "v1.2.png", "v1.2.svg"]


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "curves.png").write_text("old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("inkling.storage.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        plots.save(plots.curves(ONE_EPOCH), tmp_path / "curves")
    assert [path.name for path in tmp_path.iterdir()] == ["curves.png"]
    assert (tmp_path / "curves.png").read_text() == "old"


def test_missing_matplotlib_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"matplotlib, which is not installed: pip install "):
        plots.curves(ONE_EPOCH)


def test_no_global_state_and_a_cheap_import() -> None:
    script = """
import sys
import inkling.evaluation
from inkling.evaluation import plots
assert not {"matplotlib", "jinja2", "PIL", "scipy"} & set(sys.modules), "imported too early"
import matplotlib
def settings():
    return {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if key != "backend"}
before = settings()
plots.render(plots.curves([{"epoch": 1, "training_loss": 1.0, "training_accuracy": 0.5}]), "svg")
assert settings() == before, "settings leaked"
assert "matplotlib.pyplot" not in sys.modules, "pyplot used"
"""
    subprocess.run([sys.executable, "-c", script], check=True)
