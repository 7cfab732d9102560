"""Access: a token where there is one, and no page of another site."""

from __future__ import annotations

from dataclasses import replace

import pytest

from served import serving

TOKEN = "a-token-for-the-tests"
PUBLIC = (
    "/v2/health/live",
    "/v2/health/ready",
    "/",
    "/page/styles/style.css",
    "/docs",
    "/docs/style.css",
    "/openapi.json",
)
PRIVATE = ("/about", "/model", "/metrics", "/v2", "/v2/models/reader", "/nothing")


@pytest.fixture(scope="module")
def guarded(settings):
    with serving(replace(settings, token=TOKEN, hosts=None)) as running:
        yield running


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer ä"],
)
def test_without_the_token_there_is_no_answer(guarded, given, picture):
    headers = {} if given is None else {"Authorization": given.encode()}
    with guarded.client(headers=headers) as client:
        for path in PRIVATE:
            answer = client.get(path)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
            assert TOKEN not in answer.text
        assert client.post("/read", content=picture).status_code == 401


def test_with_the_token_there_is(guarded, picture):
    with guarded.client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        assert [client.get(path).status_code for path in PRIVATE] == [200] * 5 + [404]
        assert client.post("/read", content=picture).json()["text"] == "2"


def test_the_page_the_description_and_health_need_no_token(guarded):
    with guarded.client() as client:
        assert {client.get(path).status_code for path in PUBLIC} == {200}
        assert client.get("/page/../about").status_code == 401


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:1", "LOCALHOST", "[::1]:8000", "127.0.0.1"])
def test_names_of_this_machine_are_answered(client, host):
    assert client.get("/about", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[::1", "::1"])
def test_other_names_are_not(client, host):
    answer = client.get("/about", headers={"Host": host})
    assert answer.status_code == (200 if host == "[::1" else 403)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "file://"])
def test_a_page_of_another_site_may_not_send(client, picture, origin):
    answer = client.post("/read", content=picture, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    preflight = client.options("/read", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 405
    assert "access-control-allow-origin" not in preflight.headers


def test_the_own_page_may(served, client, picture):
    assert client.post("/read", content=picture, headers={"Origin": served.url}).status_code == 200


def test_the_own_page_may_not_where_a_proxy_drops_the_port(client, picture):
    """Therefore nginx is told to hand on $http_host, which has the port, and not $host."""
    headers = {"Host": "localhost", "Origin": "http://localhost:8080"}
    assert client.post("/read", content=picture, headers=headers).status_code == 403
    headers["Host"] = "localhost:8080"
    assert client.post("/read", content=picture, headers=headers).status_code == 200


def test_a_page_of_another_site_may_get_but_not_read_the_answer(client):
    answer = client.get("/about", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
