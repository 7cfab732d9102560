"""The view "Training" in a browser: a real run is started, watched, steered and used, by keyboard and by pointer."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from inkling.runs.folder import HISTORY, RECIPE
from page.axe import violations
from page.browser import needs_browser
from page.cutting_proxy import CuttingProxy
from page.node import needs_node, run_node

pytestmark = needs_browser("a training is started, watched and steered in the page")
PATIENCE = 30_000  # milliseconds


@contextmanager
def inkling_serving(runs, **settings) -> Iterator[str]:
    """The address of a server that trains in a folder."""
    from inkling.service.app import create_app
    from inkling.service.lifecycle import Server, bind
    from inkling.service.live.settings import LiveSettings
    from inkling.service.settings import Settings

    listening = bind("127.0.0.1", 0)
    live = LiveSettings(runs=runs)
    server = Server(create_app(Settings.of("tiny", live=live, workers=1, log=False, **settings)))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.stop()
        thread.join(PATIENCE / 1000)
        listening.close()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def address(runs):
    with inkling_serving(runs) as address:
        yield address


def button(tab, name):
    return tab.get_by_role("button", name=name, exact=True)


def open_view(tab, address):
    tab.goto(f"{address}#view=training")
    tab.wait_for_selector(".training-controls", timeout=PATIENCE)
    tab.wait_for_timeout(300)
    if button(tab, "Stop").is_enabled():  # a test before this one has failed
        button(tab, "Stop").click()
        wait_for(tab, "Stopped")


def start(tab, epochs, pace="0", recipe="sgd-10"):
    tab.select_option("#training-recipe", recipe)
    tab.fill("#training-epochs", str(epochs))
    tab.select_option("#training-pace", pace)
    button(tab, "Start training").click()


def wait_for_epoch(tab, least):
    """Wait until so many epochs are shown; return how many there are then."""
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until:
        found = re.search(r"epoch (\d+) of", tab.locator(".training-state").inner_text())
        if found and int(found[1]) >= least:
            return int(found[1])
        tab.wait_for_timeout(50)
    raise AssertionError(f"epoch {least} is not shown: {tab.locator('.training-state').inner_text()}")


def wait_for(tab, state):
    tab.wait_for_selector(f".training-state:has-text('{state}')", timeout=PATIENCE)


def history_of(runs):
    (newest,) = sorted(runs.glob("*/"), key=lambda folder: folder.stat().st_mtime)[-1:]
    return newest, [json.loads(line) for line in (newest / HISTORY).read_text().splitlines()]


def rows(chart):
    """The cells of the table behind a chart."""
    chart.locator("summary").click()
    chart.locator("tbody tr").first.wait_for()  # the table is filled when it is opened
    found = [row.locator("th, td").all_inner_texts() for row in chart.locator("tbody tr").all()]
    chart.locator("summary").click()
    return found


def number(text):
    return float(text.replace("−", "-").removesuffix(" %"))


def test_two_epochs_are_trained_and_the_curves_are_those_of_the_run(tab, address, runs):
    open_view(tab, address)
    start(tab, 2)
    wait_for(tab, "Done: sgd-10 on digits")
    tab.wait_for_selector(".training-mistakes li")
    _, history = history_of(runs)
    loss, accuracy, rate = tab.locator(".chart").all()
    for i, (epoch, training, validation) in enumerate(rows(loss)):
        assert int(epoch) == history[i]["epoch"] == i + 1
        assert number(training) == pytest.approx(history[i]["training_loss"], rel=0.005)
        assert number(validation) == pytest.approx(history[i]["validation_loss"], rel=0.005)
    assert i == 1
    shown = [[number(each) for each in row] for row in rows(accuracy)]
    told = [[each["epoch"], 100 * each["training_accuracy"], 100 * each["validation_accuracy"]] for each in history]
    assert shown == [pytest.approx(each, abs=0.0501) for each in told]
    assert [number(row[1]) for row in rows(rate)] == [0.1, 0.1]

    # The drawn points stand where the numbers say: heights are in proportion, on an axis from 0 at the bottom.
    line = loss.locator("polyline.curve-0").last.get_attribute("points")
    heights = [170 - float(point.split(",")[1]) for point in line.split(" ")]
    assert heights[0] / heights[1] == pytest.approx(history[0]["training_loss"] / history[1]["training_loss"], rel=1e-3)

    loss.locator(".chart-drawing").focus()
    tab.keyboard.press("Home")
    assert re.match(r"epoch 1: training \d[.\d]*, validation \d[.\d]*$", loss.locator("output").inner_text())
    assert tab.locator(".histogram").count() >= 3
    histogram = tab.locator(".histogram").first
    histogram.locator("svg").focus()
    tab.keyboard.press("End")
    assert re.search(r" to .+: \d+$", histogram.locator("output").inner_text())


@pytest.mark.thorough
def test_the_stream_goes_on_after_a_dropped_connection(tab, address, runs):
    with CuttingProxy(int(address.rstrip("/").rpartition(":")[2])) as proxy:
        open_view(tab, proxy.address)
        start(tab, 12, pace="0.5")
        wait_for_epoch(tab, 3)
        proxy.cut()
        tab.wait_for_selector(".notice:has-text('The connection to the server is lost')")
        wait_for(tab, "Done")
        assert b"last-event-id: " in proxy.sent.lower()
        assert tab.locator(".notice:visible").count() == 0
        _, history = history_of(runs)
        epochs = [int(row[0]) for row in rows(tab.locator(".chart").first)]
        assert epochs == [each["epoch"] for each in history] == list(range(1, 13))
    tab.errors.clear()  # the browser tells of the connection that was cut


@pytest.mark.thorough
def test_a_run_is_steered_stopped_resumed_and_its_model_used(tab, address, runs):
    open_view(tab, address)
    start(tab, 200, pace="0.5")
    wait_for_epoch(tab, 2)
    tab.fill("#training-rate", "0.02")
    button(tab, "Change").click()
    tab.wait_for_selector(".training-state:has-text('Learning rate changed to 0.02')", timeout=PATIENCE)
    told = tab.locator(".training-state").inner_text()
    wait_for_epoch(tab, int(re.search(r"from epoch (\d+) on", told)[1]) + 1)
    button(tab, "Stop").click()
    wait_for(tab, "Stopped")
    folder, history = history_of(runs)
    assert history[-1]["learning_rate"] == 0.02
    assert history[0]["learning_rate"] == 0.1
    assert "ChangedLR(0.02, ConstantLR(0.1), " in (folder / RECIPE).read_text()
    button(tab, "Resume").click()
    wait_for(tab, "Training")
    wait_for_epoch(tab, len(history) + 1)
    button(tab, "Stop").click()
    wait_for(tab, "Stopped")

    button(tab, "Use this model on the page").click()
    tab.wait_for_selector("#model-name:has-text('the trained model · 7,960 parameters')", timeout=PATIENCE)
    wait_for(tab, "Stopped")  # the view and what it shows are there again
    assert "not by the trained one" in tab.locator("#number-model").inner_text()


@pytest.mark.thorough
def test_another_server_at_the_same_address_is_shown_as_it_is(tab, address, runs, tmp_path):
    """As after a restart: what the page knew of the training is no longer so."""
    with CuttingProxy(int(address.rstrip("/").rpartition(":")[2])) as proxy, inkling_serving(tmp_path) as other:
        open_view(tab, proxy.address)
        start(tab, 2)
        wait_for(tab, "Done")
        proxy.port = int(other.rstrip("/").rpartition(":")[2])
        proxy.cut()
        wait_for(tab, "No training yet.")
        assert button(tab, "Use this model on the page").is_disabled()
        assert tab.locator(".training-views").is_hidden()
        assert not tab.locator(".training-mistakes li").first.is_visible()
    tab.errors.clear()  # the browser tells of the connection that was cut


@pytest.mark.thorough
def test_a_page_that_the_browser_has_kept_follows_again(tab, address):
    open_view(tab, address)
    tab.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    start(tab, 2)
    tab.wait_for_timeout(500)
    assert button(tab, "Start training").is_enabled(), "no event is heard while the page is hidden"
    tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    wait_for(tab, "Done")
    assert [row[0] for row in rows(tab.locator(".chart").first)] == ["1", "2"]


@pytest.mark.thorough
def test_a_start_that_fails_is_told_without_the_run_before_and_until_the_next(tab, address):
    open_view(tab, address)
    start(tab, 2)
    wait_for(tab, "Done")
    tab.select_option("#training-held", "")
    start(tab, 1, recipe="tiny")
    problem = tab.locator(".training-controls [role=alert]")
    tab.get_by_text("leaves nothing to train on").wait_for(timeout=PATIENCE)
    assert tab.locator(".training-state").inner_text() == "Not trained"
    tab.select_option("#training-held", "0.2")
    start(tab, 2)
    wait_for(tab, "Done")
    assert problem.is_hidden()


@pytest.mark.thorough
def test_a_rate_for_a_stopped_run_is_told(tab, address):
    open_view(tab, address)
    start(tab, 200, pace="0.5")
    done = wait_for_epoch(tab, 1)
    button(tab, "Stop").click()
    wait_for(tab, "Stopped")
    tab.fill("#training-rate", "0.03")
    button(tab, "Change").click()
    wait_for(tab, "Learning rate changed to 0.03 from epoch")
    assert int(re.search(r"from epoch (\d+) on", tab.locator(".training-state").inner_text())[1]) >= done + 1


@pytest.mark.thorough
def test_without_a_trained_model_the_page_says_whose_it_is(new_tab, tmp_path):
    with inkling_serving(tmp_path) as address:
        tab = new_tab()
        tab.goto(f"{address}?model=training#view=collect")
        tab.wait_for_selector("html[data-ready]")
        assert "no trained model any more" in tab.locator("#status").inner_text()
        assert "model=training" not in tab.url
        assert tab.locator("#number-model").is_hidden()
        tab.errors.clear()  # the browser tells of the 404


@pytest.mark.thorough
def test_the_token_is_asked_for_before_the_trained_model(new_tab, tmp_path):
    with inkling_serving(tmp_path, token="a token of some length") as address:
        tab = new_tab()
        tab.goto(f"{address}?model=training#view=training")
        tab.wait_for_selector("input[type=password]")
        assert "model=training" in tab.url
        tab.errors.clear()  # the browser tells of the requests that were refused


@pytest.mark.thorough
@needs_node("the page keeps what it can of a long training")
def test_the_newest_views_inside_are_kept():
    weights = {"layer": "1", "units": 1, "shape": [1, 1, 1], "largest": 1.0, "int16": "AAA="}
    run = {"kind": "run", "data": {"folder": "a", "history": []}}
    insides = [{"kind": "inside", "data": {"epoch": i, "weights": weights, "mistakes": []}} for i in range(1, 251)]
    kept = json.loads(run_node("training_record.mjs", json.dumps([run, *insides])))
    assert kept["insides"] == list(range(51, 251))
    begin = {"kind": "begin", "data": {"state": "idle", "sentence": "", "has_model": False, "run": None}}
    kept = json.loads(run_node("training_record.mjs", json.dumps([run, *insides, begin])))
    assert kept == {"state": "idle", "sentence": "", "run": None, "epochs": [], "rates": [], "insides": []}


@pytest.mark.thorough
def test_with_a_token_the_stream_shows_it(new_tab, tmp_path):
    token = "a token of some length"
    with inkling_serving(tmp_path, token=token) as address:
        tab = new_tab()
        tab.goto(f"{address}#view=training")
        tab.fill("input[type=password]", token)
        button(tab, "Open").click()
        tab.wait_for_selector(".training-controls", timeout=PATIENCE)
        start(tab, 2)
        wait_for(tab, "Done")
        assert [row[0] for row in rows(tab.locator(".chart").first)] == ["1", "2"]
        tab.errors.clear()  # the browser tells of the requests that were refused at first


@pytest.mark.thorough
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(new_tab, address, width, theme):
    tab = new_tab(viewport={"width": width, "height": 740}, color_scheme=theme, bypass_csp=True)
    open_view(tab, address)
    if not tab.locator(".training-mistakes li").count():
        start(tab, 2)
        wait_for(tab, "Done")
    tab.wait_for_selector(".training-mistakes li")
    tab.locator(".chart summary").first.click()
    tab.locator(".histogram summary").first.click()
    assert violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width
