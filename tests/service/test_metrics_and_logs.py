"""What the service tells about itself: metrics in Prometheus' format, and one line per request."""

from __future__ import annotations

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from served import serving, wait_until


def samples(client):
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(each.name, *sorted(each.labels.items())): each.value for one in families for each in one.samples}


@pytest.fixture
def fresh(settings):
    with serving(settings) as served:
        yield served


def test_requests_are_counted_by_address_and_status(fresh, picture):
    with fresh.client() as client:
        for body in (picture, picture, b"no picture"):
            client.post("/read", content=body)
        client.post("/read/batch", files=[("a", ("1.png", picture)), ("b", ("2.png", picture))])
        client.get("/secret-1")
        client.get("/secret-2")
        client.request("BREW", "/read")
        found = samples(client)

    def count(route, method, status):
        return found["inkling_requests_total", ("method", method), ("route", route), ("status", status)]

    assert count("/read", "POST", "200") == 2
    assert count("/read", "POST", "415") == 1
    assert count("unknown", "GET", "404") == 2
    assert found["inkling_rejected_total", ("reason", "no_picture")] == 1
    assert found["inkling_batch_size_sum", ("kind", "read")] == 2
    assert found["inkling_request_duration_seconds_count", ("method", "POST"), ("route", "/read")] == 3
    assert found["inkling_requests_in_flight",] == 1  # the one that asks for the metrics
    assert found["inkling_body_bytes",] == found["inkling_requests_waiting",] == 0
    assert any(name == "inkling_model_info" and ("name", "reader") in labels for name, *labels in found)
    assert "secret" not in str(found)
    assert "BREW" not in str(found)


def test_a_stream_is_neither_in_flight_nor_timed(fresh):
    with fresh.client() as client:
        with client.stream("GET", "/training/events") as events:
            assert next(events.iter_lines()).startswith("retry")
            assert samples(client)["inkling_requests_in_flight",] == 1  # the one that asks for the metrics
        stream = ("method", "GET"), ("route", "/training/events")
        wait_until(lambda: ("inkling_requests_total", *stream, ("status", "200")) in samples(client))
        assert ("inkling_request_duration_seconds_count", *stream) not in samples(client)


def test_each_request_is_one_line_without_control_characters(fresh, picture):
    with fresh.client() as client:
        client.post("/read?single=true", content=picture)
        client.get("/a%0ab%1b[31mc%e2%80%a8d")
    first, second = fresh.lines.getvalue().splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d 127\.0\.0\.1 POST /read 200 \d+ B \d+\.\d ms", first)
    assert r"GET /a\nb\x1b[31mc\u2028d 404" in second


def test_an_error_that_nobody_foresaw_is_a_sentence_and_a_line_of_the_log(fresh, picture, monkeypatch):
    async def fail(question):
        raise RuntimeError("/home/somebody/secret\nis broken")

    monkeypatch.setattr(fresh.app.state.service, "read", fail)
    with fresh.client() as client:
        answer = client.post("/read", content=picture)
        assert answer.status_code == 500
        assert answer.json() == {"error": "this request met an error in the service: its log has more"}
        assert client.get("/v2/health/ready").status_code == 200
    lines = fresh.lines.getvalue().splitlines()
    assert "error RuntimeError at test_metrics_and_logs.py:" in lines[0]
    assert "Traceback" not in fresh.lines.getvalue()
