"""The page's files, from memory: read once when the app is made, found by their exact name afterwards."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import APIRouter, Request
from starlette.responses import Response

from inkling.service.describing import ERRORS, answers
from inkling.service.refusals import Refusal

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".safetensors": "application/octet-stream",
}
INDEX = "index.html"


def page_files() -> dict[str, Response]:
    """The files of the page by their path in it, such as "app/store.js"."""
    folder = files("inkling") / "page"
    return dict(_found(folder, "")) if folder.is_dir() else {}


def _found(folder: Traversable, before: str) -> list[tuple[str, Response]]:
    found = []
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        ending = each.name[each.name.rfind(".") :]
        if each.is_dir():
            found += _found(each, f"{before}{each.name}/")
        elif ending in _TYPES:
            found.append((before + each.name, _response(each.read_bytes(), _TYPES[ending])))
    return found


def _response(content: bytes, media_type: str) -> Response:
    """An answer that browsers keep and ask about again each time."""
    return Response(content, headers=caching(content), media_type=media_type)


def caching(content: bytes) -> dict[str, str]:
    """Headers with which a browser asks each time whether the content is still the same."""
    return {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "Cache-Control": "no-cache"}


def unchanged(request: Request, whole: Response) -> Response:
    """The whole answer, or 304 where the client has it already."""
    told = request.headers.get("if-none-match", "")
    etags = {each.strip().removeprefix("W/") for each in told.split(",")}
    if whole.headers["etag"] in etags:
        return Response(status_code=304, headers={"ETag": whole.headers["etag"], "Cache-Control": "no-cache"})
    return whole


def router() -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    found = page_files()

    def file(request: Request, path: str) -> Response:
        if path not in found:
            raise Refusal(404, "the page has no such file")
        return unchanged(request, found[path])

    @routes.api_route("/", methods=["GET", "HEAD"], responses=answers(*ERRORS))
    async def index(request: Request) -> Response:
        return file(request, INDEX)

    @routes.api_route("/page/{path:path}", methods=["GET", "HEAD"])
    async def part(request: Request, path: str) -> Response:
        return file(request, path or INDEX)

    return routes
