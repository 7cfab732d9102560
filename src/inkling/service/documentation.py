"""`GET /docs`: the addresses of the service as one plain HTML page, from its OpenAPI description, without scripts."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from inkling.service.describing import ERROR_SCHEMA

_METHODS = ("get", "post", "put", "delete")
_STYLE = """\
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { margin: 1.5rem 0; padding-top: 1rem; border-top: 1px solid #8888; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
code, h2 { font-family: ui-monospace, monospace; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 0.5rem 0; }
dd { margin: 0; }
"""


def describe(app: FastAPI) -> None:
    """Add the schema that all errors have to the description, and the page and its style to the app."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        schema = made()
        schema.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR_SCHEMA
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(name, None)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return Response(page(app.openapi()), media_type="text/html; charset=utf-8")

    @app.get("/docs/style.css", include_in_schema=False)
    async def style() -> Response:
        return Response(_STYLE, media_type="text/css; charset=utf-8")


def page(schema: dict[str, Any]) -> str:
    """The page of a description."""
    title = f"{schema['info']['title']} {schema['info']['version']}"
    articles = "\n".join(
        _article(method, path, operations[method])
        for path, operations in schema["paths"].items()
        for method in _METHODS
        if method in operations
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width">\n<link rel="stylesheet" href="docs/style.css">\n</head>\n'
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n<p>{escape(schema['info'].get('description', ''))} The same for "
        f'programs: <a href="openapi.json">openapi.json</a>.</p>\n{articles}\n</main>\n</body>\n</html>\n'
    )


def _article(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = [
        (each["name"], each.get("description", each["schema"].get("type", "")))
        for each in operation.get("parameters", ())
    ]
    if body := operation.get("requestBody"):
        rows.append(("body", f"{body.get('description', '')} ({', '.join(body['content'])})"))
    rows += [(status, each["description"]) for status, each in sorted(operation["responses"].items())]
    listed = "\n".join(f"<dt><code>{escape(name)}</code></dt><dd>{escape(text)}</dd>" for name, text in rows)
    about = escape(operation.get("description", "")).replace("\n\n", "</p>\n<p>")
    return f"<article>\n<h2>{method.upper()} {escape(path)}</h2>\n<p>{about}</p>\n<dl>\n{listed}\n</dl>\n</article>"
