"""`inkling train --device` on the command line, with a double of CuPy in its place."""

import json
import sys

import pytest

import inkling


@pytest.fixture(autouse=True)
def plain(no_pictures):
    pass


def test_a_run_on_a_gpu_is_a_run_like_any_other(call, tmp_path, small_recipe, cupy):
    folder = tmp_path / "run"
    result = call(
        "train", "-r", small_recipe, "--data", "digits", "--device", "cuda", "-o", folder, INKLING_WORKERS="2"
    )
    assert result.exit_code == 0, result.stderr
    assert cupy.to_device, "the double was at work"
    assert "--device cuda was never tried on a GPU yet: compare with a training on the cpu.\n" in result.stderr
    assert inkling.load(folder).metadata["devices"] == ["cuda"]
    assert json.loads((folder / "run.json").read_text())["devices"] == ["cuda"]
    on_cpu = call("train", "-r", small_recipe, "--data", "digits", "-o", tmp_path / "cpu", "--json")
    reached, expected = (
        json.loads(call("evaluate", each, "--data", "digits", "--json").stdout)["accuracy"]
        for each in (folder, tmp_path / "cpu")
    )
    assert on_cpu.exit_code == 0
    assert "never tried" not in on_cpu.stderr
    assert reached == pytest.approx(expected, abs=0.01)


def test_a_run_goes_on_where_it_was_trained_or_elsewhere(call, tmp_path, small_recipe, cupy, monkeypatch):
    monkeypatch.setattr("inkling.runs.run.CHECKPOINT_SECONDS", 0.0)
    for options, devices in (((), ["cuda"]), (("--device", "cpu"), ["cuda", "cpu"])):
        folder = tmp_path / "-".join(devices)
        with monkeypatch.context() as patch:
            patch.setattr("inkling.runs.run.save_checkpoint", after(1, "inkling.runs.run.save_checkpoint"))
            started = call("train", "-r", small_recipe, "--data", "digits", "--device", "cuda", "-o", folder)
        assert started.exit_code == 130
        cupy.clear()
        assert call("train", "--resume", folder, *options).exit_code == 0
        assert bool(cupy.to_device) == (devices == ["cuda"])
        assert inkling.load(folder).metadata["devices"] == devices


def after(times, name):
    """The function of this name, and Ctrl-C behind its first `times` calls."""
    module, _, function = name.rpartition(".")
    real, left = getattr(sys.modules[module], function), [times]

    def call(*args):
        real(*args)
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    return call


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--device", "gpu"), 2, "inkling: a device is cpu or cuda, not 'gpu'\n"),
        (
            ("--device", "cuda", "--workers", "2"),
            2,
            "inkling: --device cuda trains in one process: leave out --workers 2\n",
        ),
        (
            ("--device", "cuda", "-r", "micro-3k"),
            2,
            "inkling: recipe micro-3k: weights of few bits (weight_bits) are trained on the cpu alone, not on cuda\n",
        ),
    ],
)
def test_what_does_not_fit_is_refused_before_there_is_a_folder(call, tmp_path, cupy, options, code, sentence):
    result = call("train", "--data", "digits", "-o", tmp_path / "run", *options)
    assert (result.exit_code, result.stderr) == (code, sentence)
    assert not (tmp_path / "run").exists()


def test_without_cupy(call, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    result = call("train", "--data", "digits", "-o", tmp_path / "run", "--device", "cuda")
    assert result.exit_code == 1
    assert result.stderr.startswith("inkling: this needs cupy-cuda12x[ctk], which is not installed: pip install ")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_the_help_says_what_was_never_measured(call):
    said = " ".join(call("train", "--help").stdout.replace("│", " ").split())
    assert "never run on a GPU" in said
