"""`inkling score`: images of every kind of file get the answers of the model, and failures lose nothing."""

import contextlib
import gzip
import io
import json
import os
import struct
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import inkling
from inkling.cluster.scoring import report
from inkling.data.pictures import Pictures
from needs import needs_distributed, needs_moto, needs_pyarrow

pytestmark = needs_pyarrow("archives are scored into Parquet files")
DATA, USAGE, FAILURE = 3, 2, 1


@pytest.fixture(scope="module")
def digits():
    return inkling.load_data("digits").train.images[:260]


@pytest.fixture(scope="module")
def expected(digits):
    return inkling.load_model("tiny").predict(digits)


@pytest.fixture(scope="module")
def load_once():
    """The data that a model was trained on, read once: with its drift, each report would unpack MNIST anew."""
    return cache(report.load)


@pytest.fixture
def score(call, monkeypatch, tmp_path, load_once):
    """Score with the small model in this process, in parts of 50 images: score(source…, option…)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(report, "load", load_once)

    def run(*arguments):
        return call("score", *arguments, "--model", "tiny", "--shard-rows", 50, "--workers", 1, "-q")

    return run


def rows(*parts):
    from pyarrow.parquet import read_table

    return [row for part in parts for row in read_table(part).to_pylist()]


def parts(folder="out"):
    return sorted(Path(folder, "parts").iterdir())


def as_idx(images):
    return struct.pack(">4B3I", 0, 0, 8, 3, *images.shape) + images.tobytes()


def write(kind, images):
    """Files of a kind with these images, in the folder that is current; what to give to the command."""
    import pyarrow
    from pyarrow.parquet import write_table

    half = len(images) // 2
    match kind:
        case "npy":
            np.save("digits.npy", images)
        case "fractions":
            np.save("digits.npy", images.reshape(len(images), -1) / 255.0)
        case "idx":
            Path("digits-images-idx3-ubyte").write_bytes(as_idx(images))
        case "idx.gz":
            Path("digits-images-idx3-ubyte.gz").write_bytes(gzip.compress(as_idx(images)))
        case "parquet":
            table = pyarrow.table({"Pixels": list(images.reshape(len(images), -1)), "label": [0] * len(images)})
            write_table(table, "digits.parquet", row_group_size=70)
        case "parquet of pictures":
            cells = [{"bytes": as_png(image), "path": "x.png"} for image in images]
            write_table(pyarrow.table({"image": cells}), "digits.parquet", row_group_size=70)
        case "folder":
            np.save("a.npy", images[:half])
            Path("b-images-idx3-ubyte").write_bytes(as_idx(images[half:]))
            Path("readme.txt").write_text("about")
            return ["."]
        case "pattern":
            np.save("part2.npy", images[:half])
            np.save("part10.npy", images[half:])
            return ["part*.npy"]
        case "pictures":
            Path("pictures").mkdir()
            for place, image in enumerate(images):
                Path("pictures", f"{place}.png").write_bytes(as_png(image))
            return ["pictures"]
    return [next(str(path) for path in Path().iterdir() if path.name.startswith("digits"))]


def as_png(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


KINDS = ["npy", "fractions", "idx", "idx.gz", "parquet", "folder", "pattern"]


@pytest.mark.parametrize("kind", KINDS)
def test_images_of_every_kind_of_file_get_the_answers_of_predict(score, digits, expected, kind):
    sources = write(kind, digits)
    done = score(*sources, "-o", "out", "--merge", "all.parquet")
    assert done.exit_code == 0, done.stderr
    found = rows("all.parquet")
    assert [int(row["label"]) for row in found] == expected.tolist()
    assert all(row["reason"] is None and 0 < row["confidence"] <= 1 for row in found)
    files = {row["source"] for row in found}
    assert all(Path(file).is_absolute() for file in files)
    for file in files:
        of_file = [row["row"] for row in found if row["source"] == file]
        assert of_file == list(range(len(of_file)))
    report = json.loads(Path("out/report.json").read_text())
    assert report["scored"] == report["images"] == len(digits) == sum(report["counts"].values())


@pytest.mark.parametrize("kind", ["pictures", "parquet of pictures"])
def test_pictures_get_the_answers_for_single_digits(score, digits, kind):
    sources = write(kind, digits[:60])
    assert score(*sources, "-o", "out", "--merge", "all.parquet").exit_code == 0
    model, found = inkling.load_model("tiny"), rows("all.parquet")
    pictures = [Pictures(["x"], lambda _, image=image: as_png(image)).normalized().images for image in digits[:60]]
    assert [int(row["label"]) for row in found] == model.predict(np.concatenate(pictures)).tolist()
    if kind == "pictures":
        assert [Path(row["source"]).name for row in found] == [f"{place}.png" for place in range(60)]


def test_probabilities_and_non_digits_have_columns(call, tmp_path, digits, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("digits.npy", digits[:20])
    done = call("score", "digits.npy", "-o", "out", "--proba", "--workers", 1, "-q", "--json")
    assert done.exit_code == 0
    model = inkling.load_model()
    probabilities, none = model.predict_proba(digits[:20]), model.not_a_digit(digits[:20])
    found = rows(*parts())
    np.testing.assert_allclose([[row[f"p{k}"] for k in range(10)] for row in found], probabilities, atol=1e-6)
    np.testing.assert_allclose([row["not_a_digit"] for row in found], none, atol=1e-6)
    confidence = probabilities.max(axis=1) * (1 - none)
    np.testing.assert_allclose([row["confidence"] for row in found], confidence, atol=1e-6)
    assert json.loads(done.stdout)["images"] == 20


def test_pages_are_read_as_by_inkling_read(call, tmp_path, monkeypatch, digits):
    monkeypatch.chdir(tmp_path)
    Path("pages").mkdir()
    page = np.full((80, 200), 255, np.uint8)
    for place in range(3):
        page[26:54, 30 + 50 * place : 58 + 50 * place] -= digits[place]
    Path("pages/one.png").write_bytes(as_png(page))
    Path("pages/two.png").write_bytes(b"no picture")
    done = call("score", "pages", "-o", "out", "--read", "--workers", 1, "-q")
    assert done.exit_code == 0, done.stderr
    one, two = rows(*parts())
    read = inkling.read("pages/one.png")
    assert (one["text"], one["reason"]) == (read.text, None)
    assert one["confidence"] == pytest.approx(read.confidence, abs=1e-6)
    assert two["text"] is None
    assert "picture" in two["reason"]
    assert "1 pictures cannot be read" in done.stdout


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(["--workers", "2"], id="processes", marks=pytest.mark.thorough),
        pytest.param(["--cluster", "local:2"], id="dask", marks=needs_distributed("archives are scored by Dask")),
    ],
)
def test_whoever_does_it_the_bytes_are_the_same(score, call, digits, how):
    sources = write("npy", digits)
    assert score(*sources, "-o", "out", "--merge", "one.parquet").exit_code == 0
    options = ["--model", "tiny", "--shard-rows", 50, "-q", *how]
    assert call("score", *sources, "-o", "out2", "--merge", "two.parquet", *options).exit_code == 0
    assert Path("one.parquet").read_bytes() == Path("two.parquet").read_bytes()
    assert [part.read_bytes() for part in parts("out2")] == [part.read_bytes() for part in parts("out")]


class TestGoingOn:
    @pytest.fixture
    def done(self, score, digits):
        """A scoring that is done; its merged bytes."""
        sources = write("npy", digits)
        assert score(*sources, "-o", "out", "--merge", "all.parquet").exit_code == 0
        return Path("all.parquet").read_bytes()

    def again(self, score):
        return score("digits.npy", "-o", "out", "--merge", "all.parquet", "--force")

    @pytest.mark.parametrize("damage", ["missing", "cut off", "a flipped bit", "of other images"])
    def test_a_part_that_is_missing_or_does_not_verify_is_made_again_and_no_other(self, score, done, damage):
        before = {part: part.stat().st_mtime_ns for part in parts()}
        part = parts()[2]
        content = part.read_bytes()
        if damage == "missing":
            part.unlink()
        elif damage == "cut off":
            part.write_bytes(content[:-20])
        elif damage == "a flipped bit":
            part.write_bytes(content[:60] + bytes([content[60] ^ 16]) + content[61:])
        else:
            part.write_bytes(parts()[3].read_bytes())
        assert self.again(score).exit_code == 0
        assert Path("all.parquet").read_bytes() == done
        assert part.read_bytes() == content
        assert {each for each in parts() if each.stat().st_mtime_ns != before[each]} == {part}

    def test_images_that_changed_meanwhile_are_told_and_scored_when_asked(self, score, done, digits):
        parts()[1].unlink()
        changed = digits.copy()
        changed[60] = 0
        np.save("digits.npy", changed)
        told = self.again(score)
        assert told.exit_code == DATA
        assert "part 1, 50 images: " in told.stderr
        assert "digits.npy: has changed since its images were listed" in told.stderr
        assert (
            "1 of 6 parts failed; all.parquet is not written: give the same command with --retry-failed" in told.stderr
        )
        assert self.again(score).exit_code == DATA, "what failed is tried again only when asked"
        retried = score("digits.npy", "-o", "out", "--retry-failed", "--merge", "all.parquet", "--force")
        assert retried.exit_code == 0, retried.stderr
        assert [row["row"] for row in rows("all.parquet")] == list(range(len(digits)))

    def test_a_file_that_lost_images_is_told(self, score, done, digits):
        parts()[5].unlink()
        np.save("digits.npy", digits[:100])
        told = self.again(score)
        assert told.exit_code == DATA
        assert "digits.npy: has fewer images than when they were listed" in told.stderr

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (("digits.npy", "--model", "reader", "--shard-rows", 50), "holds a scoring with another model"),
            (("digits.npy", "--model", "tiny", "--shard-rows", 60), "holds a scoring with other shards"),
            (("digits.npy", "--model", "tiny", "--shard-rows", 50, "--proba"), "a scoring with other options"),
            (("b.npy", "--model", "tiny", "--shard-rows", 50), "a scoring with other sources"),
        ],
    )
    def test_another_scoring_has_to_go_elsewhere(self, call, done, options, says):
        np.save("b.npy", np.load("digits.npy"))
        told = call("score", *options, "-o", "out", "--workers", 1)
        assert told.exit_code == USAGE
        assert says in told.stderr

    def test_two_at_a_time_are_refused(self, score, done):
        from inkling.storage import exclusive_lock

        program = (
            "import sys; from pathlib import Path; from inkling.storage import exclusive_lock\n"
            "with exclusive_lock(Path('out/.lock'), 'scoring into it'): print('held', flush=True); sys.stdin.read()"
        )
        holder = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert holder.stdout.readline() == "held\n"
            told = self.again(score)
        finally:
            holder.communicate("")
        assert told.exit_code == FAILURE
        assert "out is in use: another process is scoring into it; wait for its end" in told.stderr
        with exclusive_lock(Path("out/.lock"), "testing"):
            pass


def test_a_full_disk_is_one_sentence_and_the_next_run_completes_the_work(environment, tmp_path, digits):
    np.save(tmp_path / "digits.npy", digits)
    command = [sys.executable, "-m", "inkling", "score", "digits.npy", "-o", "out", "--model", "tiny", "-q"]
    command += ["--shard-rows", "50", "--workers", "1"]
    limited = ["bash", "-c", 'ulimit -f 5; exec "$@"', "-", *command]  # blocks of 1,024 bytes per file
    done = subprocess.run(limited, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == FAILURE
    assert done.stderr.count("\n") == 1
    assert "cannot be written: File too large" in done.stderr
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(rows(*parts(tmp_path / "out"))) == len(digits)


def test_the_output_is_no_source_where_it_is_in_the_folder_that_is_scored(score, digits):
    np.save("a.npy", digits[:60])
    assert score(".", "-o", "out").exit_code == 0
    assert len(rows(*parts())) == 60
    again = score(".", "-o", "second")
    assert again.exit_code == 0, "what another scoring wrote is no source either"
    assert len(rows(*parts("second"))) == 60
    assert "passed over" not in again.stderr


def test_a_part_that_cannot_be_written_is_one_sentence(score, digits):
    np.save("digits.npy", digits)
    Path("out").mkdir()
    assert score("digits.npy", "-o", "out").exit_code == 0
    for part in parts():
        part.unlink()
    Path("out/parts").rmdir()
    Path("out/parts").touch()
    told = score("digits.npy", "-o", "out")
    assert told.exit_code == FAILURE
    assert told.stderr.count("\n") == 1
    assert "out/parts/part-000000.parquet: cannot be written: " in told.stderr
    Path("out/parts").unlink()
    assert score("digits.npy", "-o", "out").exit_code == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({}, "nothing.npy: no such file or folder"),
        ({"a.npy": b"no array"}, "a.npy: an array in npy was expected"),
        ({"a.txt": b"text"}, "a.txt: images in IDX (…images…), npy or Parquet, or pictures were expected"),
        ({"a-images-idx3-ubyte": as_idx(np.zeros((9, 28, 28), np.uint8))[:-1]}, "header announces 9 images"),
        ({"a.parquet": b"PAR1"}, "a.parquet: complete Parquet was expected"),
        ({"sub/a.txt": b"text"}, "sub: no images were found there"),
    ],
)
def test_what_cannot_be_scored_is_one_sentence(score, tmp_path, content, says):
    for name, data in content.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(data)
    source = next((Path(name).parts[0] for name in content), "nothing.npy")
    told = score(source, "-o", "out")
    assert told.exit_code == DATA
    assert told.stderr.count("\n") == 1
    assert says in told.stderr
    np.save("b.npy", np.zeros((3, 28, 28), np.uint8))
    assert score("b.npy", "-o", "out").exit_code == 0, "what was never begun is in nobody's way"


def test_images_of_another_size_fail_and_the_others_are_scored(score, digits):
    np.save("a.npy", digits[:20])
    np.save("b.npy", digits[:20, :14])
    told = score("a.npy", "b.npy", "-o", "out")
    assert told.exit_code == DATA
    assert "b.npy: the model takes images of 28×28 pixels, found 14×28" in told.stderr
    assert len(rows(*parts())) == 20


def test_what_white_is_must_be_certain(score, digits):
    images = digits[:100].astype(np.float32)
    images[50:] /= 255
    np.save("a.npy", images)
    told = score("a.npy", "-o", "out")
    assert told.exit_code == DATA
    assert "a.npy: numbers run from 0 to 1 and 0 to 255 in parts of it" in told.stderr


def test_a_blank_part_means_what_the_others_mean(score, digits):
    images = digits[:150] / 255.0
    images[50:100] = 0
    np.save("a.npy", images)
    assert score("a.npy", "-o", "out").exit_code == 0
    labels = [int(row["label"]) for row in rows(*parts())]
    plain = digits[:150].copy()
    plain[50:100] = 0
    assert labels == inkling.load_model("tiny").predict(plain).tolist()


def test_inverted_images_are_warned_of(score, digits):
    np.save("a.npy", 255 - digits)
    told = score("a.npy", "-o", "out")
    assert "the ground is as bright as the ink or brighter" in told.stderr


def test_drift_from_the_training_data_is_told(score, digits):
    np.save("a.npy", digits // 3)
    told = score("a.npy", "-o", "out", "--json")
    assert json.loads(told.stdout)["drift"]["ink"] > 0.25
    told = score("a.npy", "-o", "out")
    assert "these images differ from what the model was trained on" in told.stderr


def test_objects_in_memory_are_addresses_too(score, digits):
    import fsspec

    memory = fsspec.filesystem("memory")
    file = io.BytesIO()
    np.save(file, digits)
    memory.pipe_file("/archive/digits.npy", file.getvalue())
    assert score("memory://archive/digits.npy", "-o", "memory://scores", "--merge", "all.parquet").exit_code == 0
    assert {row["source"] for row in rows("all.parquet")} == {"memory:///archive/digits.npy"}
    memory.rm("/scores/parts/part-000003.parquet")
    assert score("memory://archive/digits.npy", "-o", "memory://scores").exit_code == 0
    assert len(memory.ls("/scores/parts")) == 6


@needs_moto("archives are scored in S3")
def test_an_archive_in_s3(score, digits, expected, monkeypatch):
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        import fsspec

        s3 = fsspec.filesystem("s3")
        s3.mkdir("archive")
        file = io.BytesIO()
        np.save(file, digits)
        s3.pipe_file("archive/digits.npy", file.getvalue())
        done = score("s3://archive/*.npy", "-o", "s3://archive/scores", "--merge", "all.parquet")
        assert done.exit_code == 0, done.stderr
        assert [int(row["label"]) for row in rows("all.parquet")] == expected.tolist()
        s3.rm("archive/scores/parts/part-000002.parquet")
        s3.pipe_file("archive/scores/parts/part-000004.parquet", b"PAR1 cut off")
        assert score("s3://archive/*.npy", "-o", "s3://archive/scores").exit_code == 0
        assert len(s3.ls("archive/scores/parts", refresh=True)) == 6
    finally:
        server.stop()


class TestFlips:
    """A part in which any bit was turned over does not verify, or is read as before."""

    def test_no_flip_changes_what_is_reported(self, score, digits):
        np.save("digits.npy", digits[:20])
        first = score("digits.npy", "-o", "out", "--merge", "all.parquet")
        part, expected = parts()[0], Path("all.parquet").read_bytes()
        content = part.read_bytes()
        rng = np.random.default_rng(0)
        places = [*rng.integers(0, len(content), 5).tolist(), *range(len(content) - 700, len(content), 140)]
        for place in places:
            part.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
            again = score("digits.npy", "-o", "out", "--merge", "all.parquet", "--force")
            assert (again.exit_code, again.stdout) == (0, first.stdout), place
            assert Path("all.parquet").read_bytes() == expected, place


class TestNothingIsOverwritten:
    def test_a_merged_file_replaces_neither_a_source_nor_the_scoring(self, score, digits):
        sources = write("parquet", digits[:60])
        before = Path(sources[0]).read_bytes()
        for target in (sources[0], "out/manifest.parquet"):
            told = score("*.parquet", "-o", "out", "--merge", target, "--force")
            assert told.exit_code == USAGE
        assert Path(sources[0]).read_bytes() == before
        assert score("*.parquet", "-o", "out").exit_code == 0


class TestOddFiles:
    def test_numbers_of_a_table_mean_the_same_in_all_parts(self, score, digits):
        import pyarrow
        from pyarrow.parquet import write_table

        pixels = digits[:150].reshape(150, -1).astype(np.int64)
        pixels[50:100] = pixels[50:100] > 100
        write_table(pyarrow.table({"pixels": list(pixels)}), "a.parquet")
        told = score("a.parquet", "-o", "out")
        assert told.exit_code == DATA
        assert "a.parquet: numbers run from 0 to 1 and 0 to 255 in parts of it" in told.stderr

    def test_a_damaged_gzip_is_not_scored(self, score, digits):
        file = io.BytesIO()
        np.save(file, digits[:60])
        packed = bytearray(gzip.compress(file.getvalue(), 0))
        packed[3000] ^= 255
        Path("a.npy.gz").write_bytes(packed)
        told = score("a.npy.gz", "-o", "out")
        assert told.exit_code == DATA
        assert "a.npy.gz: cannot be read" in told.stderr

    def test_folders_that_a_pattern_matches_are_looked_into(self, score, digits):
        for place, name in enumerate(["days/a.png", "days/one/b.png", "days/two/c.png"]):
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(as_png(digits[place]))
        assert score("days/*", "-o", "out").exit_code == 0
        assert [Path(row["source"]).name for row in rows(*parts())] == ["a.png", "b.png", "c.png"]

    def test_a_damaged_file_of_a_folder_fails_and_the_others_are_scored(self, score, digits):
        Path("all").mkdir()
        np.save("all/a.npy", digits[:20])
        np.save("all/labels.npy", np.arange(20))
        Path("all/b.npy").write_bytes(b"no array")
        told = score("all", "-o", "out")
        assert told.exit_code == DATA
        assert "all/b.npy: an array in npy was expected" in told.stderr
        assert "1 files (" in told.stderr
        assert len(rows(*parts())) == 20

    def test_pictures_of_which_none_can_be_read_are_rows_with_reasons(self, score):
        Path("all").mkdir()
        Path("all/a.png").write_bytes(b"no picture")
        done = score("all", "-o", "out")
        assert done.exit_code == 0, done.stderr
        (row,) = rows(*parts())
        assert row["label"] is None
        assert "picture" in row["reason"]

    def test_a_picture_that_is_gone_fails_its_part_and_is_a_row_when_tried_again(self, score, digits):
        sources = write("pictures", digits[:3])
        assert score(*sources, "-o", "out").exit_code == 0
        parts()[0].unlink()
        content = Path("pictures/1.png").read_bytes()
        Path("pictures/1.png").unlink()
        told = score(*sources, "-o", "out")
        assert told.exit_code == DATA
        assert "pictures/1.png: no such file" in told.stderr
        Path("pictures/1.png").write_bytes(content)
        assert score(*sources, "-o", "out", "--retry-failed").exit_code == 0
        assert [row["reason"] for row in rows(*parts())] == [None] * 3
        parts()[0].unlink()
        Path("pictures/1.png").unlink()
        assert score(*sources, "-o", "out").exit_code == DATA
        assert score(*sources, "-o", "out", "--retry-failed").exit_code == 0
        assert [row["reason"] for row in rows(*parts())] == [None, "no such file", None]

    def test_inverted_images_are_warned_of_in_whatever_form_they_come(self, score, digits):
        np.save("a.npy", (255 - digits).reshape(len(digits), -1) / 255)
        for _ in range(2):
            told = score("a.npy", "-o", "out")
            assert "the ground is as bright as the ink or brighter" in told.stderr, "also when it goes on"

    def test_what_is_no_regular_file_is_passed_over(self, score, digits):
        Path("all").mkdir()
        np.save("all/a.npy", digits[:5])
        os.mkfifo("all/b.png")
        Path(os.fsdecode(b"all/\xff.png")).write_bytes(as_png(digits[0]))
        done = score("all", "-o", "out")
        assert done.exit_code == 0, done.stderr
        assert len(rows(*parts())) == 5

    def test_reasons_name_the_row_of_the_file(self, score, digits):
        import pyarrow
        from pyarrow.parquet import write_table

        cells = [as_png(image) for image in digits[:60]]
        cells[55] = None
        write_table(pyarrow.table({"image": cells}), "a.parquet")
        assert score("a.parquet", "-o", "out").exit_code == 0
        (row,) = [row for row in rows(*parts()) if row["reason"]]
        assert (row["row"], Path(row["source"]).name) == (55, "a.parquet")
        assert row["reason"] == "the bytes of a picture were expected, found NoneType"


class TestCrashes:
    def test_what_a_killed_process_left_is_in_nobody_s_way(self, score, digits):
        np.save("a.npy", digits[:60])
        Path("out/parts").mkdir(parents=True)
        Path("out/parts").rmdir()
        Path("out/.job.json.0123456789abcdef.partial").write_text("{")
        assert score("a.npy", "-o", "out").exit_code == 0
        Path("out/parts/.part-000000.parquet.0123456789abcdef.partial").touch()
        assert score("a.npy", "-o", "out").exit_code == 0
        assert not list(Path("out").rglob("*.partial"))

    def test_a_damaged_model_is_written_again(self, score, digits):
        np.save("a.npy", digits[:60])
        assert score("a.npy", "-o", "out").exit_code == 0
        parts()[0].unlink()
        with Path("out/model.safetensors").open("ab") as file:
            file.write(b"x")
        assert score("a.npy", "-o", "out").exit_code == 0

    def test_parts_of_another_manifest_are_dropped(self, score, digits):
        np.save("a.npy", digits[:260])
        assert score("a.npy", "-o", "out").exit_code == 0
        Path("out/manifest.parquet").unlink()
        np.save("b.npy", digits[:60])
        assert score("b.npy", "-o", "out").exit_code == 0
        assert len(rows(*parts())) == 60

    def test_a_file_that_changed_after_it_was_scored_is_told(self, score, digits):
        np.save("a.npy", digits[:60])
        assert score("a.npy", "-o", "out").exit_code == 0
        np.save("a.npy", digits[100:160])
        told = score("a.npy", "-o", "out")
        assert told.exit_code == 0
        assert "a.npy: has changed since its images were listed: parts that are there stay as they are" in told.stderr

    def test_blank_parts_wait_for_the_others_to_tell_what_white_is(self, score, digits):
        images = digits[:100] / 255
        images[:50] = 1.0
        np.save("a.npy", np.where(np.arange(100)[:, None, None] == 99, np.nan, images))
        assert score("a.npy", "-o", "out").exit_code == DATA
        np.save("a.npy", images)
        assert score("a.npy", "-o", "out", "--retry-failed").exit_code == 0
        assert score("a.npy", "-o", "fresh").exit_code == 0
        assert rows(*parts()) == rows(*parts("fresh"))


def test_processes_end_with_the_one_that_started_them(environment, tmp_path, digits):
    np.save(tmp_path / "a.npy", np.tile(digits, (40, 1, 1)))
    command = [sys.executable, "-m", "inkling", "score", "a.npy", "-o", "out", "--workers", "2", "--shard-rows", "500"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, start_new_session=True)
    while process.poll() is None and not list((tmp_path / "out").glob("parts/*.parquet")):
        time.sleep(0.05)
    assert process.poll() is None, "it was killed while it worked"
    process.kill()
    process.wait()
    deadline = time.monotonic() + 60
    while workers_of(process.pid):
        assert time.monotonic() < deadline, "workers live on"
        time.sleep(0.1)


def workers_of(session):
    """Processes of a session that are still there, and no zombies."""
    import psutil

    found = []
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getsid(each.pid) == session and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each.pid)
    return found
