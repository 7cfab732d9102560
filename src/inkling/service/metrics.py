"""Metrics for Prometheus: what was asked, how long it took, what was refused, and which model answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

import inkling
from inkling.model import Model

if TYPE_CHECKING:
    from inkling.service.state import State

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_IMAGES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096)
_REASONS = {  # of a refusal, by its status
    *((400, "malformed"), (401, "token"), (403, "origin"), (408, "slow"), (413, "too_large"), (415, "no_picture")),
    *((422, "unusable"), (429, "busy"), (503, "time")),
}


class Metrics:
    """The metrics of one app, in a registry of their own."""

    def __init__(self, name: str, model: Model) -> None:
        self.registry = registry = CollectorRegistry()
        by_route = ["route", "method"]
        self.requests = Counter("inkling_requests", "Requests answered.", [*by_route, "status"], registry=registry)
        self.seconds = Histogram(
            "inkling_request_duration_seconds", "From headers to answer.", by_route, registry=registry, buckets=_SECONDS
        )
        self.in_flight = Gauge("inkling_requests_in_flight", "Requests being answered.", registry=registry)
        self.waiting = Gauge("inkling_requests_waiting", "Requests that wait for a worker.", registry=registry)
        self.body_bytes = Gauge("inkling_body_bytes", "Bytes of bodies in memory.", registry=registry)
        self.batch = Histogram(
            "inkling_batch_size", "Images per request.", ["kind"], registry=registry, buckets=_IMAGES
        )
        self.rejected = Counter("inkling_rejected", "Requests refused.", ["reason"], registry=registry)
        self._reasons = dict(_REASONS)
        for reason in self._reasons.values():
            self.rejected.labels(reason)
        about = {"name": name, "version": inkling.__version__, "parameters": str(model.params.flat.size)}
        Info("inkling_model", "The model that answers.", registry=registry).info(about)

    def answered(self, route: str, method: str, status: int, seconds: float | None) -> None:
        self.requests.labels(route, method, str(status)).inc()
        if seconds is not None:
            self.seconds.labels(route, method).observe(seconds)
        if status in self._reasons:
            self.rejected.labels(self._reasons[status]).inc()

    def text(self, state: State) -> bytes:
        """All metrics in Prometheus' format."""
        self.waiting.set(state.queued)
        self.body_bytes.set(state.bodies.taken)
        return generate_latest(self.registry)
