"""Live training: a real server, real trainings on the embedded digits, and the events that a page is sent."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import httpx
import numpy as np
import pytest

from inkling.model import load
from inkling.nn import softmax
from inkling.optim import ChangedLR
from inkling.recipes import load_recipe
from inkling.runs import Run
from inkling.runs.folder import HISTORY, RECIPE
from inkling.service.app import create_app
from inkling.service.lifecycle import Server, bind
from inkling.service.live.settings import LiveSettings
from inkling.service.settings import Settings

ORDER = {"recipe": "sgd-10", "epochs": 2, "validation": 0.2, "seed": 3}
LONG = {**ORDER, "epochs": 1000, "pace": 0.05}
PATIENCE = 30.0  # seconds for whatever is waited for


class Client(httpx.Client):
    """A client of one server, which reads its events."""

    def events(self, last: str | None = None) -> Iterator[tuple[str, str, Any]]:
        """Identifier, kind and data of each event; the connection is dropped when the iteration ends."""
        headers = {} if last is None else {"Last-Event-ID": last}
        with self.stream("GET", "/training/events", headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            fields: dict[str, str] = {}
            for line in answer.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "data" in fields:
                    yield fields["id"], fields["event"], json.loads(fields["data"])
                    fields = {}

    def events_until(self, last: str | None = None, **wanted: Any) -> list[tuple[str, str, Any]]:
        """The events up to one whose data have these entries, which "begin" does not end."""
        seen = []
        for event in self.events(last):
            seen.append(event)
            if event[1] != "begin" and wanted.items() <= event[2].items():
                return seen
            assert event[1:2] != ("state",) or event[2]["state"] != "done", f"the training ended before {wanted}"
        raise AssertionError(f"the stream ended before {wanted}: {[each[1] for each in seen]}")

    def order(self, what: str, status: int = 202, **body: Any) -> Any:
        answer = self.post(f"/training/{what}", json=body) if body else self.post(f"/training/{what}")
        assert answer.status_code == status, answer.text
        return answer.json()


@contextmanager
def serving(**settings: Any) -> Iterator[Client]:
    live = LiveSettings(**settings)
    listening = bind("127.0.0.1", 0)
    server = Server(create_app(Settings.of("tiny", live=live, workers=1, log=False)))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with Client(base_url=address, timeout=PATIENCE) as client:
            yield client
    finally:
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a stream or a trainer kept the server alive"
        listening.close()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def client(runs):
    with serving(runs=runs) as client:
        yield client


def kinds(events):
    return [kind for _, kind, _ in events]


@pytest.fixture(scope="module")
def trained(client, runs):
    """The events of a run of two epochs, and its folder."""
    client.order("start", **ORDER)
    _, *events = client.events_until(state="done")
    return events, runs / next(data for _, kind, data in events if kind == "run")["folder"]


def test_two_epochs_are_told_in_order_and_resumed_after_a_dropped_connection(client, trained):
    events, folder = trained
    without_states = [kind for kind in kinds(events) if kind != "state"]
    assert without_states in (["run", "epoch", "inside", "epoch", "inside"], ["run", "epoch", "epoch", "inside"])
    states = [data["state"] for _, kind, data in events if kind == "state"]
    assert states == ["starting", "running", "done"]
    numbers = [int(identifier.split("-")[1]) for identifier, _, _ in events]
    assert all(after == before + 1 for before, after in pairwise(numbers))

    written = [json.loads(line) for line in (folder / HISTORY).read_text().splitlines()]
    assert [data for _, kind, data in events if kind == "epoch"] == written
    assert [each["epoch"] for each in written] == [1, 2]
    assert client.get("/training").json()["history"] == written

    for place in (0, len(events) // 2, len(events) - 2):
        rest = client.events_until(last=events[place][0], state="done")
        assert rest == events[place + 1 :]
    for last in (None, "another-99"):  # of another life of the server
        (identifier, kind, told), *all_events = client.events_until(last=last, state="done")
        assert all_events == events
        assert (identifier.split("-")[1], kind) == ("0", "begin")
        assert told == {"state": "done", "sentence": "", "has_model": True, "run": folder.name}
        assert client.events_until(last=identifier, state="done") == events


@pytest.mark.thorough
def test_the_model_and_the_views_inside_are_those_of_the_run(client, trained):
    events, folder = trained
    inside = [data for _, kind, data in events if kind == "inside"][-1]
    content = client.get("/training/model").content
    assert content == (folder / "model.safetensors").read_bytes()
    model = load(folder)

    weight = model.params[1].weight.reshape(28, 28, -1)
    shown = np.frombuffer(base64.b64decode(inside["weights"]["int16"]), "<i2").reshape(inside["weights"]["shape"])
    np.testing.assert_allclose(shown * inside["weights"]["largest"] / 32767, weight, atol=np.abs(weight).max() / 60000)

    validation = Run.resume(folder).parts.validation
    x = validation.images.reshape(-1, 28, 28, 1) / np.float32(255)
    probabilities = softmax(model.network.logits(model.params, x))
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != validation.labels)
    assert inside["examined"] == len(validation)
    assert inside["wrong"] == len(wrong)
    expected = sorted(wrong, key=lambda row: probabilities[row, validation.labels[row]])[:12]
    assert [each["row"] for each in inside["mistakes"]] == expected
    worst = inside["mistakes"][0]
    assert base64.b64decode(worst["image"]) == validation.images[expected[0]].tobytes()
    assert worst["label"] == str(validation.labels[expected[0]])
    assert worst["probability_of_label"] == pytest.approx(probabilities[expected[0], validation.labels[expected[0]]])

    last = inside["activations"][-1]
    logits = model.network.logits(model.params, x[:128])
    assert last["mean"] == pytest.approx(logits.mean(), rel=1e-4)
    assert last["counts"] == np.histogram(logits.astype(np.float64), 40)[0].tolist()
    assert [each["layer"] for each in inside["gradients"]] == ["1", "3"]
    assert all(each["deviation"] > 0 for each in inside["gradients"])


def test_a_run_is_stopped_at_a_whole_epoch_and_resumed_to_the_same_bits(client, runs, tmp_path):
    order = {**ORDER, "epochs": 8, "pace": 0.5}  # seconds per epoch: time enough to be stopped on a busy machine
    client.order("start", **order)
    events = client.events_until(epoch=3)
    assert client.order("start", 409, **ORDER)["error"] == "a training is running: stop it first"
    assert client.order("resume", 409)["error"] == "a training is running: stop it first"
    client.order("stop")
    stopped = client.events_until(last=events[-1][0], state="stopped")
    assert [data["state"] for _, kind, data in stopped if kind == "state"] == ["stopping", "stopped"]
    told = client.get("/training").json()
    folder = runs / told["run"]["folder"]
    assert Run.resume(folder).state.history == told["history"]
    assert 3 <= len(told["history"]) < 8
    assert client.get("/training/model").status_code == 200

    client.order("resume")
    events = client.events_until(last=stopped[-1][0], state="done")
    assert next(data for _, kind, data in events if kind == "run")["history"] == told["history"]
    at_once = Run.create(
        tmp_path / "at once", load_recipe("sgd-10").override(epochs=8, validation=0.2, seed=3), "digits"
    )
    list(at_once.train(1))
    assert (folder / "model.safetensors").read_bytes() == (tmp_path / "at once" / "model.safetensors").read_bytes()


@pytest.mark.thorough
def test_a_changed_rate_is_in_events_recipe_and_model(client, runs, tmp_path):
    """The recipe of a steered run, trained at once, gives the same bits: the record leaves out nothing."""
    client.order("start", **{**ORDER, "epochs": 6, "pace": 0.2})
    events = client.events_until(epoch=2)
    client.order("rate", lr=0.025)
    events = client.events_until(state="done")
    folder = runs / client.get("/training").json()["run"]["folder"]
    change = next(data for _, kind, data in events if kind == "rate")
    rates = {data["epoch"]: data["learning_rate"] for _, kind, data in events if kind == "epoch"}
    assert rates == {epoch: 0.025 if epoch >= change["epoch"] else 0.1 for epoch in range(1, 7)}
    recipe = load_recipe(folder / RECIPE)
    assert recipe.schedule == ChangedLR(0.025, load_recipe("sgd-10").schedule, change["epoch"] - 1)
    assert change["schedule"] == repr(recipe.schedule)
    assert Run.resume(folder).done
    at_once = Run.create(tmp_path / "at once", recipe, "digits")
    list(at_once.train(1))
    assert (folder / "model.safetensors").read_bytes() == (tmp_path / "at once" / "model.safetensors").read_bytes()


@pytest.mark.thorough
def test_a_rate_given_while_a_run_is_stopped_holds_when_it_goes_on(client):
    client.order("start", **LONG)
    client.events_until(epoch=2)
    client.order("stop")
    client.events_until(state="stopped")
    before = client.get("/training").json()
    first = len(before["history"]) + 1
    client.order("rate", lr=0.5)
    assert client.events_until(learning_rate=0.5)[-1][1:] == ("rate", {"epoch": first, "learning_rate": 0.5})
    client.order("resume")
    events = client.events_until(last=None, epoch=first)
    assert events[-1][2]["learning_rate"] == 0.5
    client.order("stop")
    client.events_until(last=events[-1][0], state="stopped")


@pytest.mark.thorough
def test_a_training_that_diverges_is_told_in_one_sentence_and_may_go_on_with_another_rate(client):
    client.order("start", **{**ORDER, "recipe": "compact", "batch_size": 16, "lr": 100.0})
    sentence = client.events_until(state="stopped")[-1][2]["sentence"]
    assert sentence.startswith("training diverged: the loss of step ")
    client.order("rate", lr=0.001)


@pytest.mark.parametrize(
    ("what", "body", "status", "sentence"),
    [
        ("start", {"recipe": "/etc/passwd"}, 422, "a recipe is one of adam-256-128-64, "),
        ("start", {"recipe": "../recipe.toml"}, 422, "a recipe is one of adam-256-128-64, "),
        ("start", {"recipe": "sgd-10", "epochs": 0}, 422, "epochs: "),
        ("start", {"recipe": "sgd-10", "lr": -1}, 422, "lr: "),
        ("start", {"recipe": "sgd-10", "data": "/etc"}, 422, "data: "),
        ("rate", {"lr": 1e9}, 422, "lr: "),
        ("rate", {"lr": "fast"}, 422, "lr: "),
    ],
)
def test_an_order_out_of_bounds_is_refused_in_one_sentence(client, what, body, status, sentence):
    error = client.order(what, status, **body)["error"]
    assert error.startswith(sentence)
    assert "\n" not in error


@pytest.mark.thorough
def test_data_that_do_not_fit_the_recipe_fail_in_one_sentence(client):
    client.order("start", **ORDER)
    client.events_until(state="done")
    client.order("start", recipe="tiny", epochs=1)
    (_, _, begun), *events = client.events_until(state="failed")
    assert "holding 5000 of 1437 rows out leaves nothing to train on" in events[-1][2]["sentence"]
    assert [each[2]["run"] for each in events] == [begun["run"]] * 2 == [None] * 2, "nothing is told of the run before"
    told = client.get("/training").json()
    assert (told["run"], told["history"], told["has_model"]) == (None, [], False)


@pytest.mark.thorough
def test_a_server_that_ends_stops_its_training_and_keeps_it(tmp_path):
    with serving(runs=tmp_path) as client:
        client.order("start", **LONG)
        client.events_until(epoch=3)
        folder = tmp_path / client.get("/training").json()["run"]["folder"]
    run = Run.resume(folder)
    assert run.state.epoch >= 3
    assert run.state.whole
    assert not run.done


@pytest.mark.thorough
def test_a_run_of_another_process_is_watched(tmp_path):
    folder = tmp_path / "run"
    recipe = tmp_path / "slow.toml"
    recipe.write_text(load_recipe("sgd-10").override(epochs=3000, validation=0.2).to_toml())
    command = [
        sys.executable,
        "-m",
        "inkling",
        "train",
        "-r",
        recipe,
        "--data",
        "digits",
        "-o",
        folder,
        "--workers",
        "1",
    ]
    trainer = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + PATIENCE
        while not (folder / HISTORY).exists() and time.monotonic() < until:
            time.sleep(0.05)
        with serving(run=folder) as client:
            seen = []
            for event in client.events():
                seen.append(event)
                if event[1] == "inside":
                    break
            assert client.get("/training").json()["state"] == "watching"
            assert client.get("/training").json()["may_start"] is False
            for what, body in (("start", ORDER), ("stop", {}), ("resume", {}), ("rate", {"lr": 0.1})):
                assert client.order(what, 409, **body)["error"].startswith("this run is trained by another process")
            trainer.send_signal(2)
            trainer.wait(PATIENCE)
            time.sleep(1.5)
            told = client.get("/training").json()["history"]
    finally:
        trainer.kill()
        trainer.wait()
    epochs = [data["epoch"] for _, kind, data in seen if kind == "epoch"]
    begun = next(data for _, kind, data in seen if kind == "run")["history"]
    assert epochs == list(range(len(begun) + 1, len(begun) + 1 + len(epochs)))
    assert told == [json.loads(line) for line in (folder / HISTORY).read_text().splitlines()]
    assert told == Run.resume(folder).state.history


def test_a_folder_without_a_run_is_told_without_the_folders_of_this_machine(tmp_path):
    with serving(run=tmp_path / "empty") as client:
        (_, _, told) = next(event for event in client.events() if event[2].get("state") == "failed")
        assert told["sentence"].startswith("empty holds no run to resume")
        assert str(tmp_path) not in client.get("/training").text
        Run.create(tmp_path / "empty", load_recipe("sgd-10").override(validation=0.2), "digits")
        events = client.events_until(state="watching")  # it is found as soon as it is there
        assert "run" in kinds(events)
