"""A model has one name, whoever shows it: that of a bundled model, of its file, or of its run's folder."""

import shutil

import pytest

from inkling.model import DEFAULT_FILE
from inkling.model_names import address_name, model_name
from inkling.runs.folder import RUN


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "my run"
    folder.mkdir()
    shutil.copy(DEFAULT_FILE, folder / "model.safetensors")
    (folder / RUN).write_text("{}")
    return folder


@pytest.mark.parametrize(
    ("place", "name"),
    [("a&b.safetensors", "a&b"), ("first/model.safetensors", "model"), ("copy.v2", "copy.v2")],
)
def test_a_file_has_its_own_name(tmp_path, place, name):
    """A folder has a name of its own, such as Downloads, that is not the model's."""
    file = tmp_path / place
    file.parent.mkdir(exist_ok=True)
    shutil.copy(DEFAULT_FILE, file)
    assert model_name(file) == name
    if file.name == "model.safetensors":
        assert model_name(file.parent) == name


def test_a_run_has_the_name_of_its_folder(run):
    assert model_name(run / "model.safetensors") == model_name(run) == "my run"


@pytest.mark.parametrize(
    ("name", "so"), [("a&b", "a-b"), ("reader", "reader"), ("..", "model"), ("größe", "gr--e"), ("", "model")]
)
def test_the_name_in_an_address_is_plain(name, so):
    assert address_name(name) == so


def test_a_bundled_model_has_its_own_name():
    assert (model_name(), model_name("tiny")) == ("reader", "tiny")


def test_a_run_has_the_name_of_its_folder_from_within(run, monkeypatch):
    monkeypatch.chdir(run)
    assert model_name(".") == "my run"
