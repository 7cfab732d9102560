"""`inkling serve`: a page on a model, and an HTTP service for programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import Quiet, log
from inkling.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    import socket

    from inkling.service.settings import Settings

_PACKAGES = ("fastapi", "uvicorn", "httptools", "prometheus_client", "python_multipart", "orjson")
LEAST_TOKEN = 16  # characters; fewer can be guessed


def serve(
    model: Annotated[
        Path | None,
        typer.Argument(
            metavar="[MODEL]", show_default=False, help="Model file, run folder, reader or tiny.  [default: reader]"
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on; other than this machine's own, a token is required.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="INKLING_TOKEN",
            show_envvar=False,
            help=f"What requests must show: Authorization: Bearer TOKEN; at least {LEAST_TOKEN} characters. Better as "
            "the variable INKLING_TOKEN, since other users see the arguments of commands.",
        ),
    ] = None,
    max_megabytes: Annotated[float, typer.Option(min=0.001, max=500, help="The largest body.")] = 20,
    max_megapixels: Annotated[float, typer.Option(min=0.001, max=100, help="The largest picture.")] = 50,
    max_batch: Annotated[int, typer.Option(min=1, help="The most pictures in /read/batch.")] = 64,
    max_images: Annotated[int, typer.Option(min=1, help="The most images in /infer.")] = 4096,
    max_waiting: Annotated[int, typer.Option(min=0, help="The most requests that wait for a worker.")] = 256,
    max_seconds: Annotated[float, typer.Option(min=0.1, help="The longest time to an answer.")] = 30,
    max_connections: Annotated[int, typer.Option(min=1, help="The most connections at a time.")] = 1000,
    max_memory: Annotated[float, typer.Option(min=1, help="Megabytes for the bodies of all requests.")] = 400,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes that read pictures, and as many threads for /infer and /explain.  [default: one per core]",
        ),
    ] = None,
    drain: Annotated[float, typer.Option(min=0, max=300, help="Seconds from SIGTERM to the closing of the port.")] = 1,
    run: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Watch the training in this run folder, instead of starting one.")
    ] = None,
    data: Annotated[
        str, typer.Option(metavar="SOURCE", help="What the page trains on, as in `inkling train`.")
    ] = "digits",
    runs: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="The folder for runs that are started from the page.  [default: a temporary folder, deleted when the "
            "server ends]",
        ),
    ] = None,
    embed: Annotated[bool, typer.Option("--embed", help="Let pages of other sites show the page in a frame.")] = False,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    quiet: Quiet = False,
) -> None:
    """Serve a page on a model, and an HTTP service for programs.

    curl --data-binary @photo.jpg http://127.0.0.1:8000/read prints the record of `inkling read --json`; /docs lists all
    addresses. Each request is one line on stderr; no picture is stored. Ctrl-C or SIGTERM ends the service when the
    requests in flight are finished.

    Behind systemd: ExecStart=/PATH/TO/inkling serve MODEL --drain 5, the token as INKLING_TOKEN in an
    EnvironmentFile=. Behind a reverse proxy: hand on the Host header with its port, and do not buffer
    /training/events. docs/serve.md has both files.
    """
    token = token or None
    _check_access(host, token)
    _require_extra()
    from inkling.service.lifecycle import bind
    from inkling.service.live.settings import LiveSettings
    from inkling.service.settings import LOCAL_HOSTS, Limits, Settings

    limits = Limits(
        megabytes=max_megabytes,
        megapixels=max_megapixels,
        pictures=max_batch,
        images=max_images,
        waiting=max_waiting,
        seconds=max_seconds,
        connections=max_connections,
        memory_megabytes=max_memory,
    )
    hosts = LOCAL_HOSTS if host in LOCAL_HOSTS and token is None else None
    changes = {"workers": workers} if workers else {}
    live = LiveSettings(data, runs, run)
    settings = Settings.of(
        model,
        token=token,
        hosts=hosts,
        limits=limits,
        drain_seconds=drain,
        embed=embed,
        log=not quiet,
        live=live,
        **changes,
    )
    _run(settings, bind(host, port), host, open_page)


def _run(settings: "Settings", listening: "socket.socket", host: str, open_page: bool) -> None:
    from inkling.service.app import create_app
    from inkling.service.lifecycle import Server

    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"

    def tell() -> None:
        print(address, flush=True)
        log(f"serving {settings.name}; Ctrl-C ends it")
        if open_page:
            import webbrowser

            webbrowser.open(address)

    with listening:
        Server(create_app(settings), tell).run([listening])


def _check_access(host: str, token: str | None) -> None:
    if token is not None and (len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable()):
        raise UsageError(
            f"a token has at least {LEAST_TOKEN} characters, all of them ASCII: "
            "python -c 'import secrets; print(secrets.token_urlsafe())' makes one"
        )
    from inkling.service.settings import LOCAL_HOSTS

    if token is None and host not in LOCAL_HOSTS:
        raise UsageError(f"to listen on {host}, where other machines can ask, give a --token, or set INKLING_TOKEN")


def _require_extra() -> None:
    """MissingExtraError unless the packages of the extra are installed."""
    from importlib.util import find_spec

    for package in _PACKAGES:
        if find_spec(package) is None:
            raise MissingExtraError(package.replace("_", "-"), "serve")
