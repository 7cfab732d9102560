"""The page's files, the model's file, and what is told about it: from memory, with headers that keep others out."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import inkling
from inkling.model import DEFAULT_FILE, Model
from inkling.nn import Flatten, Linear, Network
from inkling.service.settings import Settings
from served import serving

PAGE = Path(inkling.__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def test_every_file_of_the_page_is_served_with_its_type(client):
    files = [each for each in PAGE.rglob("*") if each.suffix in TYPES]
    assert files
    for each in files:
        answer = client.get(f"/page/{each.relative_to(PAGE).as_posix()}")
        assert answer.content == each.read_bytes()
        assert answer.headers["Content-Type"].startswith(TYPES[each.suffix])
    assert client.get("/").content == (PAGE / "index.html").read_bytes()


def test_what_the_first_view_links_to_is_there(client):
    links = re.findall(r'(?:src|href)="([^"#]+)"', client.get("/").text)
    assert links
    for each in links:
        assert client.get(f"/{each}").status_code == 200, each


def test_a_file_that_the_client_has_is_not_sent_again(client):
    for path in ("/", "/page/styles/style.css", "/model"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize(
    "path",
    [
        *("/page/../app.py", "/page/%2e%2e/service/app.py", "/page/..%2fservice%2fapp.py", "/page//etc/passwd"),
        *("/page/%2fetc%2fpasswd", "/page/__init__.py", "/page/app", "/page/styles/style.css%00"),
        *("/page/styles/STYLE.CSS",),
        *("/page/....//app.py", "/page/..\\service\\app.py", "/../../etc/passwd"),
    ],
)
def test_nothing_else_is_served(served, path):
    with served.connect() as stream:
        stream.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        answer = b""
        while more := stream.recv(10_000):
            answer += more
    assert answer.split(b" ")[1] == b"404"


def test_the_headers_keep_scripts_and_frames_of_others_out(client, settings):
    for path in ("/", "/docs", "/about", "/nothing"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'self'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
    with serving(replace(settings, embed=True)) as served, served.client() as other:
        assert "frame-ancestors *" in other.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client, path):
    text = client.get(path).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)[^>]*>\s*[^<\s]", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    for link in re.findall(r'<link rel="stylesheet" href="([^"]+)"', text):
        assert client.get(f"/{link}").headers["Content-Type"].startswith("text/css")


def test_the_docs_name_every_address_of_the_description(client):
    text = client.get("/docs").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert f" {path}</h2>" in text


def test_the_model_is_its_file(client):
    assert client.get("/model").content == DEFAULT_FILE.read_bytes()


def test_about_tells_what_the_page_needs(client, settings):
    about = client.get("/about").json()
    assert (about["name"], about["class_names"]) == ("reader", list("0123456789"))
    assert (about["input_shape"], about["knows_non_digits"]) == ([28, 28, 1], True)
    assert about["version"] == inkling.__version__
    assert about["limits"]["megabytes"] == settings.limits.megabytes


def test_no_path_of_the_machine_is_told(tmp_path, digit):
    """Whoever trains from a folder has its path in the metadata; a file's own place is not told either."""
    network = Network(Flatten(), Linear(10))
    secret = "/home/somebody/secret folder"
    data = {"source": f"{secret}/data", "images": 7, "test": secret}
    metadata = {"data": data, "recipe": {"data": secret}, "teacher": {"file": secret}}
    folder = tmp_path / "my run"
    folder.mkdir()
    (folder / "run.json").write_text("{}")
    Model(network, network.init(np.random.default_rng(0)), metadata).save(folder / "model.safetensors")
    with serving(Settings.of(folder, log=False)) as served, served.client() as client:
        about = client.get("/about")
        assert (about.json()["name"], about.json()["title"]) == ("my-run", "my run")
        assert about.json()["metadata"]["data"] == {"images": 7}
        for path in ("/about", "/v2/models/my-run", "/metrics", "/docs", "/nothing"):
            text = client.get(path).text
            assert "secret" not in text
            assert str(tmp_path) not in text


def test_a_model_of_other_classes_answers_but_does_not_read(tmp_path, picture):
    network = Network(Flatten(), Linear(3), input_shape=(8, 9, 1))
    Model(network, network.init(np.random.default_rng(0)), class_names=("a", "b", "c")).save(
        tmp_path / "letters.safetensors"
    )
    with serving(Settings.of(tmp_path / "letters.safetensors", log=False)) as served, served.client() as client:
        answer = client.post("/read", content=picture)
        assert answer.status_code == 422
        assert "read takes a model of the digits 0 to 9, not of 3 classes (a, b, c)" in answer.json()["error"]
        tensor = {"name": "images", "shape": [2, 8, 9], "datatype": "UINT8", "data": np.arange(144).tolist()}
        outputs = client.post("/v2/models/letters/infer", json={"inputs": [tensor]}).json()["outputs"]
        assert [(each["name"], each["shape"]) for each in outputs] == [("probabilities", [2, 3]), ("label", [2])]
