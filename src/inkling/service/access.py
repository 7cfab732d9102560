"""Access: who may ask. A token where other machines can; on this machine, no page of another site.

A page of any site can send requests to 127.0.0.1. It cannot read the answers, unless the name of its site is made to
point at 127.0.0.1 (DNS rebinding): therefore the service answers only to its own names. A request that would do
something is refused, too, where the browser says that another site's page sends it.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from inkling.service.refusals import Refusal, response

_PUBLIC = ("/page/",)  # The page's own files hold nothing of the model, and a browser asks for them without a token.
_PUBLIC_PATHS = {
    *("/", "/favicon.ico", "/v2/health/live", "/v2/health/ready"),
    *("/docs", "/docs/style.css", "/openapi.json"),  # the same for every model
}
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class Access:
    """Refuse a request with 401, or 403, before its body is read."""

    def __init__(self, app: ASGIApp, token: str | None, hosts: frozenset[str] | None) -> None:
        self.app, self.hosts = app, hosts
        self.token = None if token is None else token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope, Headers(scope=scope))
        await (self.app if refusal is None else response(refusal))(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        host = headers.get("host", "")
        if self.hosts is not None and _name(host) not in self.hosts:
            return Refusal(403, "this service answers to the names of its own machine only: ask for 127.0.0.1")
        if scope["method"] not in _SAFE_METHODS and not _is_own(headers.get("origin"), host):
            return Refusal(403, "a page of another site may not ask this service")
        if self.token is not None and not _is_public(scope["path"]) and not self._is_token(headers):
            sentence = "this service requires a token: send the header Authorization: Bearer TOKEN"
            return Refusal(401, sentence, {"WWW-Authenticate": "Bearer"})
        return None

    def _is_token(self, headers: Headers) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        assert self.token is not None
        return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode("latin-1"), self.token)


def _is_public(path: str) -> bool:
    return path in _PUBLIC_PATHS or path.startswith(_PUBLIC)


def _is_own(origin: str | None, host: str) -> bool:
    """Whether the page that asks, if it is one, comes from this service."""
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def _name(host: str) -> str:
    """The name in a Host header, without the port: of "[::1]:8000", "::1"."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()
