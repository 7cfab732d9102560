"""`inkling export c`: what it prints, what it refuses, and that its headers are judged by evaluate and predict."""

import json
import re

import numpy as np
import pytest

from needs import needs_gcc

USAGE = 2


def test_a_header_tells_what_it_takes_part_by_part(call, tmp_path):
    result = call("export", "c", "tiny", "-o", tmp_path / "tiny.h")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"A C header in float32: {tmp_path / 'tiny.h'}\n")
    assert "flash  51,840 bytes of weights of 32 bits, 168 of biases and scales" in result.stdout
    assert "RAM    static: 3,736 bytes with the normaliser, 128 without\n" in result.stdout
    assert "Static RAM: 3,736 bytes with the normaliser, 128 without." in (tmp_path / "tiny.h").read_text()


@needs_gcc("code and stack are measured at export")
def test_code_stack_and_normaliser_are_measured_where_a_compiler_is(call, tmp_path, monkeypatch):
    arguments = ("export", "c", "tiny", "-o", tmp_path / "tiny.h", "--force")
    shown = call(*arguments).stdout
    told = re.search(
        r", ([\d,]+) of code, ([\d,]+) of the normaliser\n.*\nstack  ([\d,]+) bytes .*, ([\d,]+) norm", shown
    )
    code, normalizer, stack, more = (int(each.replace(",", "")) for each in told.groups())
    assert 200 < code < 5000
    assert 1000 < normalizer < 10_000
    assert 50 < stack < 2000
    assert 50 < more < 3000
    constants = 51_840 + 168
    total = f"total  flash: {constants + code + normalizer:,} bytes with the normaliser, {constants + code:,} without\n"
    assert f"{total}       RAM: {3736 + max(stack, more):,} bytes with the normaliser, {128 + stack:,} without" in shown
    monkeypatch.setattr("shutil.which", lambda name: None)
    told = call(*arguments).stdout
    assert "Code and stack are not measured: no gcc here." in told
    assert "static: 3,736 bytes with the normaliser, 128 without\n" in told


def test_another_size_than_gnu_s_is_not_believed(tmp_path, monkeypatch):
    from inkling.export.c import footprint

    told = "__TEXT\t__DATA\t__OBJC\tothers\tdec\thex\n1\t2\t3\t4\t10\ta\n"
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(footprint, "_output", lambda command, folder: (folder / "model.su").touch() or told)
    assert footprint.measure("", None, "inkling") is None


def test_integers_tell_their_accuracy_and_are_judged_by_evaluate_and_predict(call, tmp_path):
    header = tmp_path / "tiny.h"
    exported = call("export", "c", "tiny", "-o", header, "--int8", "--data", "digits", "--prefix", "small")
    assert exported.exit_code == 0
    assert "flash  12,960 bytes of weights of 8 bits" in exported.stdout
    told, lost, side, differ = re.search(
        r"Accuracy ([\d.]+) % on .*: ([\d.]+) points (less|more) than in float32; (\d+) of 360 answers differ",
        exported.stdout,
    ).groups()
    assert "small_predict" in header.read_text()
    results = [json.loads(call("evaluate", model, "--data", "digits", "--json").stdout) for model in ("tiny", header)]
    before, after = (100 * each["accuracy"] for each in results)
    assert after == pytest.approx(float(told), abs=0.006)
    assert (before - after) * (1 if side == "less" else -1) == pytest.approx(float(lost), abs=0.006)
    assert call("predict", header, "digits", "-o", tmp_path / "answers.csv").exit_code == 0
    assert int(differ) < 15


def test_too_few_images_to_calibrate_on_are_a_warning(call, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)
    np.savez(tmp_path / "few.npz", images=images, labels=np.arange(20) % 10)
    told = call("export", "c", "tiny", "-o", tmp_path / "m.h", "--int8", "--data", tmp_path / "few.npz", "-q")
    assert (told.exit_code, told.stderr.count("\n")) == (0, 1)
    assert "fewer than 100 images hardly show the ranges of activations: 10 calibrated" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "model.c"), "the name of a C header ends in .h"),
        (("-o", "model.h", "--data", "digits"), "--data names what --int8 is calibrated on"),
        (("-o", "model.h", "--prefix", "my-model"), "a prefix is 1 to 14 letters, figures and _"),
        (("-o", "model.h", "--prefix", "int8"), "C's own headers define names that begin with INT8_"),
        (("-o", "model.h", "--prefix", "int"), "C's own headers define names that begin with INT_"),
        (("-o", "model.h", "--prefix", "uint8"), "C's own headers define names that begin with UINT8_"),
    ],
)
def test_mistakes(call, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    result = call("export", "c", "tiny", *arguments)
    assert result.exit_code == USAGE
    assert says in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_header_is_replaced_only_with_force(call, tmp_path):
    header = tmp_path / "tiny.h"
    header.write_text("mine")
    assert call("export", "c", "tiny", "-o", header).exit_code == USAGE
    assert header.read_text() == "mine"


def test_another_header_is_no_model(call, tmp_path):
    header = tmp_path / "other.h"
    header.write_text("#include <stdio.h>\n")
    result = call("evaluate", header)
    assert result.exit_code == 3
    assert "a C header that `inkling export c` wrote was expected" in result.stderr
