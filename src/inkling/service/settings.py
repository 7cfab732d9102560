"""Settings: the model that is served, who may ask, and how much one request and all requests together may take."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from inkling.model import DEFAULT, Model, load, model_file
from inkling.model_names import address_name, model_name
from inkling.processor import cores
from inkling.service.live.settings import LiveSettings

MEGABYTE = 10**6
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})  # the names of this machine


@dataclass(frozen=True)
class Limits:
    """What a request may take; each has an answer of its own when it is exceeded.

    Attributes
    ----------
    megabytes : of one body; 413 beyond.
    megapixels : of one picture, by its header, before it is decoded; 413 beyond.
    pictures : in one `/read/batch`; 413 beyond.
    images : in one `/infer`; 413 beyond.
    waiting : requests that wait for a worker; 429 beyond.
    seconds : from the end of the body to the answer; 503 beyond.
    connections : open at a time; 503 beyond.
    memory_megabytes : bodies of all requests together; 429 beyond.
    body_seconds : that a body may take to begin; after them it must come at `bytes_per_second`; 408 if it does not.
    """

    megabytes: float = 20.0
    megapixels: float = 50.0
    pictures: int = 64
    images: int = 4096
    waiting: int = 256
    seconds: float = 30.0
    connections: int = 1000
    memory_megabytes: float = 400.0
    body_seconds: float = 10.0
    bytes_per_second: float = 10_000.0


@dataclass(frozen=True, eq=False)
class Settings:
    """All that `create_app` needs.

    Attributes
    ----------
    name : of the model, in addresses such as /v2/models/reader.
    model_bytes : the model's file, which the page fetches.
    title : the model's name as people read it, in the page's heading; by default `name`.
    token : what requests must show; None where only this machine can ask.
    hosts : the names by which the service is asked for, without the port; None allows every name. A service that is
        bound to this machine allows its own names only, since a name that another site's owner has pointed at 127.0.0.1
        would let that site's pages ask.
    workers : processes that read pictures, and as many threads for `/infer` and `/explain`.
    drain_seconds : between SIGTERM, when `ready` turns 503, and the closing of the port.
    embed : whether pages of other sites may show the page in a frame.
    log : whether each request is logged.
    live : the data and folders that trainings started from the page may use.
    """

    model: Model
    name: str
    model_bytes: bytes
    title: str | None = None
    token: str | None = None
    hosts: frozenset[str] | None = None
    limits: Limits = field(default_factory=Limits)
    workers: int = field(default_factory=cores)
    drain_seconds: float = 1.0
    embed: bool = False
    log: bool = True
    live: LiveSettings = field(default_factory=LiveSettings)

    @classmethod
    def of(cls, path: str | Path | None = None, **changes: object) -> Settings:
        """Settings for the model that `inkling.load_model` finds; DataError where there is none."""
        model, file = load(path), model_file(DEFAULT if path is None else path)
        title = model_name(path)
        made = cls(model, address_name(title), file.read_bytes(), title)
        return replace(made, **changes)  # type: ignore[arg-type]
