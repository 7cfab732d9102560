"""Live training in its parts: what waits there keeps nobody else waiting, and what fails is told."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from inkling.data import Dataset
from inkling.data.parts import Parts
from inkling.nn import Flatten, LayerNorm, Network
from inkling.service.live import journal, training, watcher
from inkling.service.live.inside import Inside
from inkling.service.live.journal import Journal
from inkling.service.live.orders import StartOrder
from inkling.service.live.settings import LiveSettings
from inkling.service.live.training import Live
from served import PATIENCE, wait_until


class SlowToEnd:
    """A trainer's process that has told its end, and does not end until it may."""

    def __init__(self) -> None:
        self.closing, self.may_end = threading.Event(), threading.Event()

    def close(self) -> None:
        self.closing.set()
        assert self.may_end.wait(PATIENCE)


class Silent:
    """A trainer's process that tells nothing."""

    def __init__(self, job, hear) -> None:
        self.job, self.sent = job, []

    def send(self, wish) -> None:
        self.sent.append(wish)

    def close(self) -> None:
        pass


def test_the_state_is_told_while_an_order_waits_for_the_end_of_a_process(monkeypatch, tmp_path):
    monkeypatch.setattr(training, "TrainerProcess", Silent)
    live, before = Live(LiveSettings(runs=tmp_path)), SlowToEnd()
    live._process = before
    ordering = threading.Thread(target=live.start, args=(StartOrder(recipe="sgd-10"),))
    ordering.start()
    stopping = threading.Thread(target=live.stop)
    try:
        assert before.closing.wait(PATIENCE)
        told = []
        asking = threading.Thread(target=lambda: told.append(live.described()), daemon=True)
        asking.start()
        asking.join(PATIENCE)
        assert [each.state for each in told] == ["starting"]
        stopping.start()  # after the order before it: it reaches the process that is started, not the one that ends
    finally:
        before.may_end.set()
    ordering.join(PATIENCE)
    stopping.join(PATIENCE)
    assert (live._process.job.recipe, live._process.sent, live.state) == ("sgd-10", ["stop"], "stopping")


def test_recipes_are_looked_at_once(monkeypatch):
    live = Live(LiveSettings())
    monkeypatch.setattr(training, "described", lambda name: pytest.fail("a recipe was read for a request"))
    recipes = live.described().recipes
    assert {"sgd-10", "tiny"} <= {each["name"] for each in recipes}
    assert live.described().recipes == recipes


def test_the_journal_finds_what_comes_after_a_number_although_some_are_gone(monkeypatch):
    monkeypatch.setattr(journal, "MOST_EVENTS", 6)
    kept = Journal()
    for number in range(1, 11):
        kept.add("inside" if number % 2 else "epoch", number)
    numbers = [event.number for event in kept.after(None)]
    assert len(numbers) == 6
    for seen in range(12):
        found = [event.number for event in kept.after(f"{kept.life}-{seen}")]
        assert found == [number for number in numbers if number > seen]


def test_who_waits_for_an_event_gets_it_at_once_and_nothing_when_the_time_is_over():
    async def waited() -> None:
        kept = Journal()
        kept.add("run", 1)
        last = kept.identifier(kept.after(None)[-1])
        assert await kept.wait(last, 0.01) == []
        waiting = asyncio.create_task(kept.wait(last, PATIENCE))
        while not kept._waiting:
            await asyncio.sleep(0)
        await asyncio.to_thread(kept.add, "epoch", 2)
        assert [event.data for event in await waiting] == ["2"]

    asyncio.run(waited())


def test_a_watcher_goes_on_after_an_error_that_nobody_foresaw(monkeypatch, tmp_path):
    looks, told = [], []

    def look(self):
        looks.append(threading.current_thread())
        if len(looks) < 3:
            raise KeyError("epoch")
        self.hear("run", {})

    monkeypatch.setattr(watcher.Watcher, "_look", look)
    monkeypatch.setattr(watcher, "LOOK_SECONDS", 0.01)
    watching = watcher.Watcher(tmp_path, lambda kind, record: told.append((kind, record)))
    watching.start()
    wait_until(lambda: len(told) > 1)
    watching.close()
    failed = {"state": "failed", "sentence": "the run cannot be read: 'epoch'", "model": None}
    assert told[:2] == [("end", failed), ("run", {})]


def test_a_network_without_a_matrix_is_looked_into():
    network = Network(Flatten(), LayerNorm(), input_shape=(2, 5, 1))
    rng = np.random.default_rng(0)
    dataset = Dataset(rng.integers(0, 256, (20, 2, 5), np.uint8), rng.integers(0, 10, 20))
    seen = Inside(network, Parts(dataset, None, None, ""))(network.init(rng))
    assert seen["weights"]["shape"] == [1, 10, 1]
    assert (seen["weights"]["layer"], seen["weights"]["units"], seen["examined"]) == ("1", 1, 20)
