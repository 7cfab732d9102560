"""Whatever a file holds, loading it gives legal digits or one sentence that names the file."""

import gzip
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkling.data import Source, load
from inkling.errors import DataError

NAMES = ["data.bin", "train.csv", "train-images-idx3-ubyte", "t10k-labels.idx1-ubyte.gz", "x.npz", "x.parquet", "x.zip"]
OPENINGS = [
    b"",
    b"\x1f\x8b\x08\0",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PAR1",
    b"\0\0\x08\x03\0\0\0\x01",
    b"\x89PNG\r\n\x1a\n",
]
OPENINGS += [b"\xff\xfe", b"\xef\xbb\xbf", b"label,", b"0,0,", b"<html", b"\n"]


def check(path) -> None:
    try:
        source = load(path)
    except DataError as error:
        message = str(error)
        assert path.name in message
        assert "\n" not in message
        return
    assert isinstance(source, Source)
    assert source.parts
    for part in source.parts.values():
        assert len(part) > 0
        assert part.labels is None or (part.labels.min() >= 0 and part.labels.max() < part.n_classes)


SOUND = ["x.idx", "x.f32", "x.csv", "x.csv.gz", "x.zip", "pictures.zip", "x.npz", "x.parquet", "lists.parquet"]


@pytest.fixture(scope="module")
def sound(make, digits, tmp_path_factory) -> dict[str, bytes]:
    """A sound file of each kind."""
    import pyarrow
    import pyarrow.parquet

    few = digits[:3]
    parquet = io.BytesIO()
    pictures = [{"bytes": make.picture(image), "path": None} for image in few.images]
    pyarrow.parquet.write_table(pyarrow.table({"image": pictures, "label": few.labels}), parquet)
    lists = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"image": few.images.tolist(), "label": few.labels}), lists)
    rows = make.csv([make.header(), *make.rows(few)])
    return {
        "lists.parquet": lists.getvalue(),
        "x.f32": bytes([0, 0, 13, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28]) + few.images.astype(">f4").tobytes(),
        "x.idx": make.idx(few.images),
        "x.csv": rows,
        "x.csv.gz": gzip.compress(rows),
        "x.zip": make.zip({"train.csv": rows, "test.csv": rows}),
        "pictures.zip": make.zip(
            {"1/x.png": make.picture(few.images[0]), "2/x.gif": make.picture(few.images[1], "gif")}
        ),
        "x.npz": make.npz(images=few.images, labels=few.labels),
        "x.parquet": parquet.getvalue(),
    }


def test_the_sound_files_load(sound, tmp_path):
    assert sorted(sound) == sorted(SOUND)
    for name, data in sound.items():
        (tmp_path / name).write_bytes(data)
        assert load(tmp_path / name).parts


mild = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@mild
@given(name=st.sampled_from(NAMES), opening=st.sampled_from(OPENINGS), rest=st.binary(max_size=400))
def test_any_bytes(tmp_path, name, opening, rest):
    path = tmp_path / name
    path.write_bytes(opening + rest)
    check(path)


@mild
@given(text=st.text("0123456789,.-+eE\"'\r\n\t; nanifl", max_size=300), width=st.sampled_from([784, 785]))
def test_any_text_after_a_sound_row(tmp_path, text, width):
    path = tmp_path / "x.csv"
    path.write_text(",".join(["0"] * width) + "\n" + text, newline="")
    check(path)


@pytest.mark.parametrize("name", SOUND)
@settings(mild, max_examples=60)
@given(draw=st.data())
def test_sound_files_damaged_here_and_there(sound, tmp_path, name, draw):
    data = bytearray(sound[name])
    for _ in range(draw.draw(st.integers(0, 4), "edits")):
        at = draw.draw(st.integers(0, len(data) - 1), "at")
        data[at : at + draw.draw(st.integers(0, 3), "cut")] = draw.draw(st.binary(max_size=3), "put")
    if draw.draw(st.booleans(), "cut off"):
        del data[draw.draw(st.integers(0, len(data)), "length") :]
    (tmp_path / name).write_bytes(data)
    check(tmp_path / name)


@mild
@given(
    images=st.lists(st.floats(-1, 300) | st.sampled_from([0.0, 1.0, np.nan, np.inf]), min_size=1, max_size=3),
    labels=st.lists(st.floats(-1, 10) | st.integers(0, 9), max_size=3),
)
def test_any_numbers_in_arrays(make, tmp_path, images, labels):
    path = tmp_path / "x.npz"
    path.write_bytes(make.npz(images=np.outer(images, np.ones(784)), labels=np.array(labels)))
    check(path)
