"""POST /read and /read/batch: the records of `inkling read --json`, and a sentence for whatever is no picture."""

from __future__ import annotations

import io
import json
import struct
import threading
import zlib

import pytest
from PIL import Image

import inkling
from inkling.service import reading
from inkling.service.multipart import _Collector, files_of
from inkling.service.refusals import Refusal


def test_the_record_is_that_of_the_command_line(client, picture):
    expected = json.loads(json.dumps(inkling.read(picture).to_dict()))
    answer = client.post("/read", content=picture)
    assert (answer.status_code, answer.json()) == (200, expected)
    assert answer.json()["text"] == "2"


@pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream", "application/x-www-form-urlencoded"])
def test_the_content_type_of_a_picture_does_not_matter(client, picture, content_type):
    answer = client.post("/read", content=picture, headers={"Content-Type": content_type})
    assert answer.json()["text"] == "2"


def test_a_form_with_one_file_is_read_under_its_name(client, picture):
    form = {"image": ("two.png", picture, "image/png")}
    answer = client.post("/read", data={"remark": "no file"}, files=form)
    assert (answer.json()["file"], answer.json()["text"]) == ("two.png", "2")


def test_the_arguments_of_reading_are_parameters(client, picture):
    refused = client.post("/read", params={"min_confidence": 1}, content=picture).json()
    assert refused["text"] == "?"
    two = client.post("/read", params={"digits": 2}, content=picture).json()
    assert two["warnings"] != client.post("/read", content=picture).json()["warnings"]
    known = client.post("/read", params={"previous": "5", "max_step": 2, "alternatives": 3}, content=picture).json()
    assert (known["text"], known["warnings"]) == ("?", ["2 is below the previous number 5, or more than 2 above it"])
    assert [len(line) for line in known["alternatives"]] == [3]
    assert known["alternatives"][0][0]["text"] == "2"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"digits": 0}, "digits: input should be greater than or equal to 1, not '0'"),
        ({"digits": "many"}, "digits: input should be a valid integer"),
        ({"min_confidence": "nan"}, "min_confidence: "),
        ({"single": "maybe"}, "single: input should be a valid boolean"),
        ({"max": -1}, "max: input should be greater than or equal to 0"),
        ({"min": 9, "max": 3}, "no number is allowed by min 9, max 3: change one of them"),
        ({"pattern": "["}, "the pattern [ lacks a ]"),
        ({"max_step": 3}, "max_step is the most that a meter has moved since previous"),
        ({"single": True, "digits": 2}, "single=true contradicts digits and lines"),
    ],
)
def test_a_parameter_out_of_its_range_is_422(client, picture, parameters, sentence):
    answer = client.post("/read", params=parameters, content=picture)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith(sentence)


def test_a_batch_has_a_record_per_picture_in_order_though_one_is_none(client, picture):
    files = [("a", ("1.png", picture)), ("b", ("2.txt", b"no picture")), ("c", ("3.png", picture))]
    answer = client.post("/read/batch", files=files)
    first, second, third = answer.json()
    assert answer.status_code == 200
    assert (first["file"], first["text"], third["file"], third["text"]) == ("1.png", "2", "3.png", "2")
    assert second == {"file": "2.txt", "error": "2.txt: a picture was expected, but this is text"}


def test_a_batch_with_too_many_pictures_is_413(client, picture):
    answer = client.post("/read/batch", files=[("a", (f"{n}.png", picture)) for n in range(4)])
    assert answer.status_code == 413
    assert answer.json() == {"error": "a request has at most 3 pictures, and this one has more"}


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 422), (b"hello", 415), (b"%PDF-1.7", 415), (b"\x00" * 100, 415), (b"\x89PNG\r\n\x1a\n" + b"x" * 50, 422)],
    ids=["empty", "text", "PDF", "zeros", "damaged"],
)
def test_what_is_no_picture_is_415_or_422(client, body, status):
    answer = client.post("/read", content=body)
    assert answer.status_code == status
    assert "a picture was expected" in answer.json()["error"]


def test_a_picture_cut_off_is_422_at_every_length(client, picture):
    for length in range(20, len(picture) - 20, len(picture) // 12):
        answer = client.post("/read", content=picture[:length])
        assert answer.status_code == 422, length


def test_too_many_pixels_are_413_by_the_header_alone(client):
    """The file tells of 50,000 × 50,000 pixels, and has none: decoding it would find it damaged."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    answer = client.post("/read", content=b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 9000) + b"IDAT")
    assert answer.status_code == 413
    file = io.BytesIO()
    Image.new("1", (2100, 2000)).save(file, "PNG")
    assert client.post("/read", content=file.getvalue()).json()["error"].endswith("2100×2000; make it smaller")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n--y--"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc'),
        ("multipart/form-data; boundary=x", b"--x\r\nbad header\r\n\r\nabc\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"a" * 5000 + b": b\r\n\r\nabc\r\n--x--\r\n"),
    ],
)
@pytest.mark.parametrize("path", ["/read", "/read/batch"])
def test_a_damaged_form_is_400(client, path, content_type, body):
    answer = client.post(path, content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 400, answer.text


def test_a_form_without_a_file_is_422(client):
    for path in ("/read", "/read/batch"):
        body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
        answer = client.post(path, content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
        assert answer.status_code == 422, answer.text


def test_a_compressed_body_is_415(client, picture):
    assert client.post("/read", content=picture, headers={"Content-Encoding": "gzip"}).status_code == 415


def test_a_file_name_with_control_characters_is_escaped_in_what_is_told(client):
    form = {"image": ("a\x1b[31m.png", b"no picture")}
    answer = client.post("/read", files=form)
    assert "\x1b" not in answer.json()["error"]


def form(parts):
    body = b"".join(b"--x\r\n" + headers + b"\r\n\r\n" + content + b"\r\n" for headers, content in parts)
    return {"content": body + b"--x--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}


def test_a_form_has_a_few_parts_and_headers_beside_its_pictures(client, picture):
    file = b'Content-Disposition: form-data; name="a"; filename="a.png"', picture
    field = b'Content-Disposition: form-data; name="b"', b"b"
    assert client.post("/read/batch", **form([file] * 3 + [field] * 16)).status_code == 200
    answer = client.post("/read/batch", **form([field] * 20))
    assert (answer.status_code, answer.json()["error"][:32]) == (413, "a form has at most 19 parts here")
    many = file[0] + b"\r\nx-same: 1" * 7, picture
    assert client.post("/read", **form([many])).json()["text"] == "2"
    answer = client.post("/read", **form([(many[0] + b"\r\nx-same: 1", picture)]))
    assert answer.status_code == 400


def test_headers_are_counted_also_where_the_parser_does_not_count_them():
    """python-multipart does since one of its later versions."""
    called = _Collector(most=1).callbacks()
    called["on_part_begin"]()
    for _ in range(8):
        called["on_header_end"]()
    with pytest.raises(Refusal, match="at most 8 headers"):
        called["on_header_end"]()


@pytest.mark.parametrize("path", ["/read", "/read/batch"])
def test_a_form_is_taken_apart_by_a_thread_that_answers_no_requests(client, picture, monkeypatch, path):
    threads = []

    def noted(*arguments):
        threads.append(threading.current_thread().name)
        return files_of(*arguments)

    monkeypatch.setattr(reading, "files_of", noted)
    assert client.post(path, files={"image": ("two.png", picture)}).status_code == 200
    assert [name.startswith("inkling-work") for name in threads] == [True]
