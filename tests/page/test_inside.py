"""Looking inside: the sum behind a value, channels that are off, what an address may ask for, and what is refused."""

import json
import re
from contextlib import contextmanager

import numpy as np
import pytest
from typer.testing import CliRunner

from inkling.cli.__main__ import app
from inkling.explanation import explain
from inkling.model import Model
from inkling.nn import GELU, Conv2d, Dropout, Ensemble, Flatten, LeakyReLU, Linear, Network, ReLU, Sequential
from inkling.page import PAGE
from page.browser import inkling_serve, needs_browser, ready, serving, until
from page.site import address_of, number, open_page, write_site

pytestmark = needs_browser("what is inside a network is shown in the page, each number as it is")

IMAGE = np.random.default_rng(3).integers(0, 256, (28, 28), np.uint8)
LINE = "document.querySelector('#changes-line')"


def model_of(*layers, shape=(28, 28, 1), **options):
    network = Network(*layers, input_shape=shape)
    return Model(network, network.init(np.random.default_rng(0)), **options)


@pytest.fixture(scope="module")
def model():
    return model_of(Conv2d(4, 3, stride=3), ReLU(), Flatten(), Dropout(0.2), Linear(12), ReLU(), Linear(10))


@pytest.fixture(scope="module")
def site(model, tmp_path_factory):
    with serving(write_site(tmp_path_factory.mktemp("site"), model)) as address:
        yield address


def sum_of(tab):
    until(tab, "document.querySelector('#sum')?.textContent.includes('=')")
    return tab.locator("#sum").inner_text()


def test_the_first_layer_that_is_opened_is_a_row_of_units(tab, site, model):
    open_page(tab, site + address_of(IMAGE, layer="4", channel=3))
    tab.get_by_role("button", name="Show the sum behind this value").click()
    value = explain(model, IMAGE, 0)["y.4"][3]
    assert number(sum_of(tab).rpartition("= ")[2]) == pytest.approx(value, rel=0.01, abs=1e-3)


@pytest.mark.thorough
def test_a_value_of_a_channel_that_is_off_is_not_passed_on(tab, site):
    open_page(tab, site + address_of(IMAGE, layer="4", channel=3, cell="", off="4:3"))
    assert sum_of(tab).endswith(", but this channel is switched off: 0")
    tab.evaluate("location.hash = location.hash.replace(/&off=[^&]*/, '')")
    until(tab, "!document.querySelector('#sum').textContent.includes('switched off')")


@pytest.mark.thorough
def test_a_channel_that_is_on_again_leaves_nothing_behind(tab, site):
    open_page(tab, site + address_of(IMAGE, layer="4", channel=3, label=5))
    tab.get_by_role("button", name="Switch unit 3 off").click()
    until(tab, f"{LINE}.checkVisibility()")
    tab.get_by_role("button", name="Switch unit 3 on").click()
    until(tab, f"!{LINE}.checkVisibility()")
    tab.get_by_role("tab", name="Backward").click()
    until(tab, "document.querySelector('.backward-step')?.checkVisibility()")
    assert not tab.locator("#backward-invite").is_visible(), "it says that channels are switched off"


@pytest.mark.thorough
def test_every_view_tells_of_channels_that_are_off(tab, site):
    open_page(tab, site + address_of(IMAGE, off="0:1.2!4:3"))
    for view in ("Look inside", "Backward", "Compare", "Collect"):
        tab.get_by_role("tab", name=view).click()
        assert "3 channels switched off." in tab.locator("#changes-line").inner_text()
        assert tab.get_by_role("button", name="Reset the parameters").count() == 0, "no update is applied"
    tab.get_by_role("button", name="Switch all on").click()
    until(tab, f"!{LINE}.checkVisibility()")
    assert tab.evaluate("document.activeElement.id") == "views"


@pytest.mark.thorough
def test_applied_updates_are_told_and_given_back(tab, site):
    open_page(tab, site + "index.html")
    told = tab.evaluate("""async () => {
      const { createChanges } = await import("/page/app/changes.js");
      const done = [];
      const page = {
        store: { state: { off: {} } }, applied: 2, announce: (text) => done.push(text),
        engine: { reset: async () => done.push("reset") },
        setApplied: (count) => { page.applied = count; done.push("set"); }, rethink: () => done.push("rethink"),
      };
      const line = createChanges(page);
      document.body.append(line.element);
      line.update();
      const text = line.element.innerText;
      line.element.querySelector("button").click();
      await new Promise((next) => setTimeout(next, 50));
      line.update();
      return [text, done, line.element.hidden];
    }""")
    assert "2 updates applied" in told[0]
    assert told[1] == ["reset", "set", "rethink", "The parameters are those of the file again."]
    assert told[2]


@pytest.mark.thorough
def test_an_update_is_told_in_every_view_until_it_is_given_back(tab, site):
    open_page(tab, site + address_of(IMAGE, view="backward", label=5, step=99))
    tab.get_by_role("button", name="Apply", exact=True).click()
    until(tab, f"{LINE}.textContent.includes('1 update applied.')")
    assert tab.locator("#backward-applied").is_visible()
    tab.get_by_role("tab", name="Look inside").click()
    tab.get_by_role("button", name="Reset the parameters").click()
    until(tab, f"!{LINE}.checkVisibility()")
    tab.get_by_role("tab", name="Backward").click()
    assert not tab.locator("#backward-applied").is_visible()
    assert tab.get_by_role("button", name="Reset", exact=True).get_attribute("aria-disabled") == "true"


def test_units_that_are_linear_for_all_examples_are_marked(tab, tmp_path):
    """Of 4 units behind each activation, the input of one is far below 0 for all drawings, and of one far above."""
    kinds = ReLU(), LeakyReLU(0.1), GELU()
    model = model_of(Flatten(), *(layer for kind in kinds for layer in (Linear(4), kind)), Linear(10))
    heavier = np.repeat([1, -1], 392)  # above 0 where the upper half of a drawing has more ink than the lower one
    for layer, signs in (1, heavier), (3, [0, 0, 1, -1]), (5, [0, 0, 1, -1]):
        model.params[layer].weight[:] = np.outer(signs, [0, 0, 1, -1])
        model.params[layer].bias[:] = -1000, 1000, 0, 0
    with serving(write_site(tmp_path, model)) as address:
        open_page(tab, address + address_of())
        until(tab, "document.querySelectorAll('.layer-marks:not(:empty)').length === 3")
        marks = tab.locator(".layer-marks").all_inner_texts()
        two = "1 dead, 1 always on"
        assert [each for each in marks if each] == [two, "1 only scaled, 1 always on", two]
        for layer, words in (2, "Dead"), (4, "Only scaled"), (6, "Dead"):
            for channel, begins in (0, words), (1, "Always on"), (2, ""):
                tab.evaluate(f"location.hash = 'layer={layer}&channel={channel}'")
                until(tab, f"document.querySelector('#view h2').textContent.startsWith('{layer} ')")
                said = "document.querySelector('#view section .layer-marks').textContent.split(':')[0]"
                until(tab, f"{said} === '{begins}'")


@pytest.mark.thorough
def test_units_are_measured_again_after_an_update(tab, site):
    open_page(tab, site + "index.html")
    before, same, after = tab.evaluate("""async () => {
      const { EngineClient, startWorker } = await import("/page/app/engine_client.js");
      const { MeasuredExamples } = await import("/page/app/measured_examples.js");
      const { Units } = await import("/page/app/inside/units.js");
      const engine = new EngineClient(startWorker());
      const file = await (await fetch("/model")).arrayBuffer();
      const page = { engine, changes: 0, model: await engine.load(file, "tested") };
      page.examples = new MeasuredExamples(engine, () => page.changes);
      const units = new Units(page);
      const found = [];
      const largest = async () => {
        await units.measure();
        found.push(units.best("4", 3, 30).map(({ value }) => value));
      };
      await largest();
      await engine.step(new Uint8Array(784).fill(99), 7, 0.5, true);
      await largest();
      page.changes = 1;
      await largest();
      return found;
    }""")
    assert len(before) == len(after) == 30
    assert same == before
    assert after != before


def test_an_address_asks_for_nothing_that_the_model_lacks(tab, site, model):
    open_page(tab, site + address_of(IMAGE, layer="0", channel=2, cell="99.1", off="0:999.1!77:1!4:12", label=77))
    assert "1 channel switched off." in tab.locator("#changes-line").inner_text()
    assert "row 99" not in tab.locator("nav").inner_text()
    tab.evaluate("location.hash = 'layer=0&channel=999&label=77&off=1:4'")
    until(tab, f"!{LINE}.checkVisibility()")
    until(tab, "!document.querySelector('nav').textContent.includes('channel')")
    tab.locator(".pad-examples button").nth(8).click()
    assert tab.locator("#answer-text").inner_text() in {*"0123456789?"}
    assert tab.locator("#status").inner_text() == ""


def test_the_engine_switches_off_no_channel_that_there_is_not(tab, site):
    open_page(tab, site + "index.html")
    equal = tab.evaluate("""async () => {
      const [{ readModel }, { forwardPass }] = await Promise.all(
        ["/page/engine/model.js", "/page/engine/trace.js"].map((each) => import(each)));
      const model = readModel(await (await fetch("/model")).arrayBuffer());
      const x = Float32Array.from({ length: 784 }, (_, i) => (i % 7) / 7);
      const off = (channel) => forwardPass(model, x, { off: new Map([["0", new Set([channel])]]) }).get("logits").data;
      const whole = forwardPass(model, x).get("logits").data;
      return [off(5), off(1)].map((each) => String(each) === String(whole));
    }""")
    assert equal == [True, False]


@pytest.mark.thorough
def test_the_value_view_asks_one_question_at_a_time(tab, site):
    tab.add_init_script("""
      window.asked = { now: 0, most: 0, all: 0 };
      window.Worker = class extends Worker {
        constructor(...from) {
          super(...from);
          this.questions = new Set();
          this.addEventListener("message", ({ data }) => {
            if (data.part === undefined && this.questions.delete(data.id)) window.asked.now--;
          });
        }
        postMessage(message, ...rest) {
          if (message.method === "contribution") {
            this.questions.add(message.id);
            window.asked.all++;
            window.asked.most = Math.max(window.asked.most, ++window.asked.now);
          }
          super.postMessage(message, ...rest);
        }
      };
    """)
    open_page(tab, site + address_of(layer="4", channel=3, cell=""))
    sum_of(tab)
    tab.evaluate("""async () => {
      for (const button of document.querySelectorAll(".pad-examples button")) {
        button.click();
        await new Promise(requestAnimationFrame);
      }
    }""")
    until(tab, "window.asked.now === 0 && window.asked.all > 1")
    assert tab.evaluate("window.asked.most") == 1


@pytest.mark.thorough
def test_weights_behind_flatten_are_pictures_of_the_image_before_it(tab, tmp_path):
    parts = Sequential(Flatten(), Dropout(0.2), Linear(10)), Sequential(Conv2d(3, 3), Flatten(), Linear(8), Linear(10))
    with serving(write_site(tmp_path, model_of(Ensemble(*parts)))) as address:
        open_page(tab, address + "index.html#layer=0.0.2&channel=1")
        found = tab.evaluate("""async () => {
          const [{ allLayers, imageBefore }, { readModel }] = await Promise.all(
            ["/page/app/layers.js", "/page/engine/model.js"].map((each) => import(each)));
          const { layers } = readModel(await (await fetch("/model")).arrayBuffer());
          const linear = allLayers(layers).filter(({ name }) => name === "Linear");
          return Object.fromEntries(linear.map(({ path }) => [path, imageBefore(layers, path)]));
        }""")
        assert found == {"0.0.2": [28, 28, 1], "0.1.2": [26, 26, 3], "0.1.3": None}


def test_a_model_of_images_of_another_size_is_refused(tab, tmp_path):
    letters = model_of(Flatten(), Linear(3), shape=(8, 9, 1), class_names=("a", "b", "c"))
    with serving(write_site(tmp_path, letters)) as address:
        tab.goto(f"{address}index.html")
        tab.locator("#view .notice").wait_for()
        assert "this model takes images of 8×9" in tab.locator("#view").inner_text()
        assert "Loading" not in tab.locator("#view").inner_text()
        assert tab.locator("#answer").inner_text() == "", "nothing is answered"
    done = CliRunner().invoke(app, ["export", "page", str(tmp_path / "model"), "-o", str(tmp_path / "page.html")])
    assert done.exit_code != 0
    assert "models of images of 28×28 pixels, not of 8×9" in " ".join(done.output.split())
    assert not (tmp_path / "page.html").exists()


def test_the_worked_example_is_drawn_before_the_page_starts(tab, site):
    html = (PAGE / "index.html").read_text("utf-8")
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    assert len(sheets) == len(set(sheets)) > 3
    drawn = [[int(each) for each in re.findall(r"\d+", points)] for points in re.findall(r'points="([^"]+)"', html)]
    open_page(tab, site + "index.html")
    samples = tab.evaluate('import("/page/app/drawing/samples.js").then(({ SAMPLES }) => SAMPLES)')
    assert drawn == next(sample["strokes"] for sample in samples if sample["digit"] == 3)


@contextmanager
def served_own_layer(folder):
    """The address of a service whose model has a layer that only Python knows, and a logit for "not a digit"."""
    from page.own_layer import DoubleOfPageTests

    model_of(Flatten(), Linear(12), DoubleOfPageTests(), ReLU(), Linear(11)).save(folder / "own.safetensors")
    program = ("-c", "import page.own_layer; from inkling.cli.__main__ import main; main()")
    with inkling_serve(str(folder / "own.safetensors"), program=program) as address:
        yield address


@pytest.mark.thorough
def test_what_the_server_cannot_do_is_not_offered(tab, tmp_path):
    with served_own_layer(tmp_path) as address:
        ready(tab, f"{address}#layer=2&channel=4&label=10&off=2:4")
        until(tab, "document.querySelector('section[aria-label=Channel] .facts td')?.textContent.length > 0")
        assert not tab.get_by_role("button", name="Switch unit 4").is_visible()
        assert not tab.get_by_role("button", name="Show the sum").is_visible()
        assert not tab.locator("#changes-line").is_visible(), "no channel is off"
        tab.get_by_role("tab", name="Backward").click()
        until(tab, "document.querySelector('.backward-step canvas, .backward-step table')?.checkVisibility()")
        assert "The server computes the gradients" in tab.locator("#backward-invite").inner_text()
        assert not tab.locator(".backward-rest > *").first.is_visible()
        assert not tab.locator(".backward-rest > *").last.is_visible()
        tab.get_by_role("tab", name="Collect").click()
        tab.get_by_role("button", name="3", exact=True).click()
        tab.locator("#collect-keep").click()
        until(tab, "document.querySelector('.collect-counts').textContent.startsWith('1 kept')")
        assert "label=10" in tab.evaluate("new Promise(done => setTimeout(() => done(location.hash), 400))")


@pytest.mark.thorough
def test_an_answer_that_fails_leaves_no_earlier_one_beside_the_drawing(new_tab, tmp_path):
    tab = new_tab()
    with served_own_layer(tmp_path) as address:
        ready(tab, address)
        body = json.dumps({"error": "the service rests"})
        tab.route("**/explain*", lambda route: route.fulfill(status=500, body=body, content_type="application/json"))
        tab.locator(".pad-examples button").nth(8).click()
        until(tab, "document.querySelector('.answer-note').textContent === 'the service rests'")
        assert tab.locator("#answer-text").inner_text() == "–"
        assert {*tab.locator("#answer .bar-value").all_inner_texts()} == {"–"}
        assert not tab.locator("#answer .answer-head canvas").is_visible()
        tab.unroute("**/explain*")
        tab.locator(".pad-examples button").nth(4).click()
        until(tab, "document.querySelector('#answer-text').textContent !== '–'")
        tab.errors.clear()  # the browser reports the 500 in its console


@pytest.mark.thorough
def test_a_token_is_enough_where_the_browser_stores_nothing(new_tab):
    tab = new_tab()
    tab.add_init_script("""Object.defineProperty(window, "sessionStorage", {
      get() { throw new DOMException("blocked", "SecurityError"); },
    });""")
    with inkling_serve("tiny", "--token", "a-token-of-the-tests") as address:
        tab.goto(address)
        tab.get_by_label("Token").fill("a-token-of-the-tests")
        tab.get_by_role("button", name="Open").click()
        tab.locator("html[data-ready=true]").wait_for(state="attached")
        assert tab.locator("#answer-text").inner_text() in {*"0123456789?"}
        tab.errors.clear()  # the browser reports the 401 in its console
