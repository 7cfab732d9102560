"""Backward in the page: every number that a step shows is Python's, and the update, the check and the changed image."""

import re

import numpy as np
import pytest

from inkling.data import load as load_data
from inkling.explanation import explain
from inkling.model import Model, load
from inkling.nn import (
    BatchNorm2d,
    Conv2d,
    Ensemble,
    Flatten,
    GlobalAvgPool,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Residual,
    Sequential,
)
from page.browser import needs_browser, serving
from page.golden import random_model
from page.site import address_of, number, open_page, write_site

pytestmark = needs_browser("the page steps backward, and shows the numbers that Python computes")

LABEL = 8


def nested() -> Model:
    """A network with layers inside layers, of all composites, and with strides."""
    residual = Residual(Conv2d(4, 3, padding=1, bias=False), BatchNorm2d(), ReLU())
    parts = [Sequential(Flatten(), Linear(10)), Sequential(GlobalAvgPool(), Linear(10))]
    return random_model(
        Network(Conv2d(4, 3, stride=2), LeakyReLU(), residual, MaxPool2d(2), Ensemble(*parts), input_shape=(28, 28, 1))
    )


MODELS = {"bundled": lambda: load("tiny"), "nested": nested}


@pytest.fixture(scope="module")
def image():
    digits = load_data("digits").train
    return digits.images[list(digits.labels).index(3)].reshape(28, 28)


@pytest.fixture(
    scope="module", params=["nested", *(pytest.param(name, marks=pytest.mark.thorough) for name in ("bundled",))]
)
def site(request, tmp_path_factory):
    model = MODELS[request.param]()
    with serving(write_site(tmp_path_factory.mktemp("site"), model)) as address:
        yield address, model


@pytest.fixture
def tab(shared_tab):
    return shared_tab


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    model = load("tiny")
    with serving(write_site(tmp_path_factory.mktemp("site"), model)) as address:
        yield address, model


def text(tab, selector):
    return tab.locator(selector).inner_text()


def facts(figure):
    """What stands below a heat map: root mean square, the number of the largest magnitude, share of zeros."""
    words = figure.locator(".backward-facts").inner_text()
    if "All numbers are 0" in words:
        return "0", "0", "100"
    return re.fullmatch(r"root mean square (\S+) · largest (\S+) · zeros [<>]?(\S+) %", words).groups()


def assert_shows(figure, array):
    rms, largest, zeros = facts(figure)
    assert rounded(rms, np.sqrt(np.mean(np.square(array, dtype=float))))
    assert rounded(largest.strip("\N{MINUS SIGN}"), np.abs(array).max())
    assert number(zeros) / 100 == pytest.approx(np.mean(array == 0), abs=0.0011)


def rounded(text, value):
    """Whether it is the number to the digits that are shown: three, and two beside a power of ten."""
    return abs(number(text) - value) <= (0.051 if "e" in text else 0.0051) * abs(value)


def columns_of(tab, selector):
    """The numbers of a table as text, by column."""
    rows = tab.locator(f"{selector} tbody tr").all()
    return list(zip(*([each for each in row.locator("td").all_inner_texts() if each] for row in rows), strict=True))


def test_loss_and_gradient_of_the_logits(site, tab, image):
    address, model = site
    said = explain(model, image, LABEL)
    open_page(tab, address + address_of(image, view="backward", label=LABEL))
    formula = text(tab, "#backward-loss")
    assert rounded(re.search(r"= (\S+) nats", formula)[1], said["loss"][0])
    assert rounded(re.search(r"exp\((\S+)\) /", formula)[1], said["logits"][LABEL])
    assert all(map(rounded, columns_of(tab, ".backward-numbers:visible")[0], said["logits"]))
    tab.get_by_role("button", name="Next ›").click()
    tab.wait_for_selector("#backward-dlogits:visible")
    _, truth, dlogits = columns_of(tab, "#backward-dlogits")
    assert all(map(rounded, dlogits, said["dlogits"]))
    assert [int(each) for each in truth] == np.eye(len(truth))[LABEL].tolist()


def test_every_layer_from_the_last_to_the_pixels(site, tab, image):
    address, model = site
    said = explain(model, image, LABEL)
    open_page(tab, address + address_of(image, view="backward", label=LABEL, step=1))
    paths = []
    while True:
        before = text(tab, "#backward-title")
        tab.get_by_role("button", name="Next ›").press("n")
        tab.wait_for_function("before => document.querySelector('#backward-title').innerText !== before", arg=before)
        step = re.fullmatch(r"Layer (\S+): \w+", text(tab, "#backward-title"))
        if not step:
            break
        paths.append(step[1])
        figures = tab.locator(".backward-panel:visible .backward-map:visible").all()
        learnt = [name for name in said if re.fullmatch(rf"dp\.{re.escape(step[1])}\.\w+", name)]
        names = [f"dy.{step[1]}", *learnt]
        labels = [figure.locator("figcaption").inner_text() for figure in figures]
        assert [label.split(" · ")[1] for label in labels] == [" × ".join(map(str, said[each].shape)) for each in names]
        for figure, name in zip(figures, names, strict=True):
            assert_shows(figure, said[name])
    assert sorted(paths) == sorted(name.removeprefix("dy.") for name in said if name.startswith("dy."))
    assert paths == list(reversed_paths(model.network.layers))
    assert_shows(tab.locator(".backward-panel:visible .backward-map"), said["dx"])


def reversed_paths(layers, start=""):
    """From the last layer to the first, each followed by the layers inside it."""
    for i in reversed(range(len(layers))):
        yield f"{start}{i}"
        yield from reversed_paths(getattr(layers[i], "layers", ()), f"{start}{i}.")


def updated(model, said, rate):
    """The model after one step of gradient descent, as NumPy computes it."""
    params = model.params.copy()
    for place in params.layout.parameters:
        params.named[place.layer][place.name] -= np.float32(rate) * said[f"dp.{place.layer}.{place.name}"]
    return Model(model.network, params, temperature=model.temperature, class_names=model.class_names)


def losses(tab, after):
    """Loss before and after, once the page shows a loss after that is near to this."""
    tab.wait_for_function(
        """after => {
          const text = document.querySelector('#backward-losses').innerText.match(/→ (\\S+) nats/)?.[1] ?? '';
          const tolerance = text.includes('e') ? 0.051 : 0.0051;
          return Math.abs(Number(text.replaceAll('−', '-')) - after) <= tolerance * Math.abs(after);
        }""",
        arg=float(after),
    )
    return re.match(r"Loss (\S+) → (\S+) nats", text(tab, "#backward-losses")).groups()


def test_the_update_is_a_step_of_gradient_descent(site, tab, image):
    """Tried, applied twice, and given back."""
    address, model = site
    rate = 0.01
    open_page(tab, address + address_of(image, view="backward", label=LABEL, step=999))
    tab.get_by_label("Learning rate as a number").fill(str(rate))
    before = explain(model, image, LABEL)
    once = updated(model, before, rate)
    after = explain(once, image, LABEL)
    shown = losses(tab, after["loss"][0])
    assert rounded(shown[0], before["loss"][0])
    assert rounded(shown[1], after["loss"][0])
    assert not tab.locator("#backward-applied").is_visible()

    tab.get_by_role("button", name="Apply").click()
    twice = explain(updated(once, after, rate), image, LABEL)
    assert rounded(losses(tab, twice["loss"][0])[0], after["loss"][0])
    assert "1 update" in text(tab, "#backward-applied")
    probabilities = tab.locator("#answer .bars .bar-value").all_inner_texts()
    for words, probability in zip(probabilities, after["probabilities"], strict=True):
        assert float(words.strip("<>% ")) / 100 == pytest.approx(probability, abs=0.0011)

    tab.locator("#view").get_by_role("button", name="Reset").click()
    assert rounded(losses(tab, after["loss"][0])[0], before["loss"][0])
    assert not tab.locator("#backward-applied").is_visible()


@pytest.mark.thorough
def test_what_the_network_forgets(bundled, tab, image):
    """One step that is far too long, and it has lost many of the digits that it knew; "Reset" gives them back."""
    address, _ = bundled
    open_page(tab, address + address_of(image, view="backward", label=LABEL, step=999, rate=3))
    recall = "document.querySelector('#backward-recall')?.innerText"
    tab.wait_for_selector("#backward-recall")
    tab.wait_for_function(f"{recall}.includes('right')")
    before = int(re.search(r"reads (\d+) right\.", text(tab, "#backward-recall"))[1])
    assert before >= 25
    tab.get_by_role("button", name="Apply").click()
    tab.wait_for_function(f"{recall}.includes('before the updates, {before}')")
    assert int(re.search(r"reads (\d+) right;", text(tab, "#backward-recall"))[1]) < before - 5
    tab.locator("#view").get_by_role("button", name="Reset").click()
    tab.wait_for_function(f"{recall}.includes('reads {before} right.')")


def test_gradient_check(site, tab, image):
    """One number of each array that is learnt, where its gradient is largest: found with the keys of its heat map."""
    address, model = site
    said = explain(model, image, LABEL)
    open_page(tab, address + address_of(image, view="backward", label=LABEL))
    section = tab.get_by_role("region", name="Gradient check")
    for name in [each.removeprefix("d") for each in said if each.startswith("dp.")]:
        gradient = said[f"d{name}"]
        place = int(np.abs(gradient).argmax())
        section.get_by_label("Parameter").select_option(name)
        section.get_by_label("Index in the flattened array").fill(str(place))
        index = ", ".join(map(str, np.unravel_index(place, gradient.shape)))
        assert f"[{index}] of layer {name.split('.', 1)[1].rpartition('.')[0]}" in section.inner_text()
        section.get_by_role("button", name="Check this number").click()
        tab.wait_for_function("document.querySelector('#backward-check-result').innerText.includes('analytic')")
        words = text(tab, "#backward-check-result")
        analytic, numeric = (number(re.search(rf"{each}\s+(\S+)", words)[1]) for each in ("analytic", "numeric"))
        assert analytic == pytest.approx(gradient.flat[place], rel=1e-4)
        assert numeric == pytest.approx(analytic, rel=1e-4)
        assert "They agree" in words


@pytest.mark.thorough
def test_a_number_is_chosen_in_the_heat_map_of_a_gradient(bundled, tab, image):
    address, model = bundled
    last = max(int(name.split(".")[1]) for name in explain(model, image, LABEL) if name.startswith("dp."))
    open_page(tab, address + address_of(image, view="backward", label=LABEL, step=2))
    section = tab.get_by_role("region", name="Gradient check")
    canvas = section.locator("canvas")
    canvas.focus()
    canvas.press("End")
    canvas.press("Enter")
    size = explain(model, image, LABEL)[f"dp.{last}.bias"].size
    assert section.get_by_label("Index in the flattened array").input_value() == str(size - 1)
    assert tab.evaluate("document.activeElement.tagName") == "CANVAS"


def changed_image(tab):
    """The grey levels of the picture of the changed image."""
    return np.array(
        tab.evaluate(
            """() => {
              const region = document.querySelector('section[aria-label="What would make it another digit"]');
              const canvas = region.querySelector('canvas');
              const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              return Array.from(data.filter((_, i) => i % 4 === 0));
            }"""
        ),
        np.uint8,
    ).reshape(28, 28)


def test_what_would_make_it_another_digit(site, new_tab, image):
    """The animation ends with the digit, and Python reads that digit, too; the drawing is as it was."""
    address, model = site
    tab = new_tab(reduced_motion="reduce")
    open_page(tab, address + address_of(image, view="backward", label=LABEL))
    section = tab.get_by_role("region", name="What would make it another digit")
    drawn = changed_image(tab)
    assert np.array_equal(drawn, image)
    wanted = int(np.argsort(explain(model, image, LABEL)["logits"][:10])[-2])
    section.get_by_label("Make it").select_option(str(wanted))
    section.get_by_role("button", name="Play").click()
    tab.wait_for_function("document.querySelector('#backward-towards-result').innerText.startsWith('After')")
    words = re.match(r"After (\d+) steps?, most probable is (\d) \(([\d.]+)", text(tab, "#backward-towards-result"))
    assert words[2] == str(wanted)
    assert int(words[1]) >= 1
    changed = changed_image(tab)
    probabilities = explain(model, changed, LABEL)["probabilities"]
    assert probabilities[wanted] == pytest.approx(float(words[3]) / 100, abs=0.02)
    assert np.abs(changed.astype(int) - image).max() > 0
    section.get_by_role("button", name="Play").click()
    assert address_of(image).split("#")[1] in tab.evaluate("location.href")


@pytest.mark.thorough
def test_the_animation_can_be_stopped(bundled, tab, image):
    address, model = bundled
    open_page(tab, address + address_of(image, view="backward", label=LABEL))
    section = tab.get_by_role("region", name="What would make it another digit")
    section.get_by_label("Make it").select_option(str(int(np.argmin(explain(model, image, LABEL)["logits"][:10]))))
    button = section.get_by_role("button")
    button.click()
    tab.wait_for_function("document.querySelector('#backward-towards-result').innerText.includes('step')")
    button.click()
    stopped = text(tab, "#backward-towards-result")
    assert stopped.startswith("Stopped after")
    assert button.inner_text() == "Play"
    tab.wait_for_timeout(300)
    assert text(tab, "#backward-towards-result") == stopped


@pytest.mark.thorough
def test_the_engine_answers_between_two_steps_and_ends_them_when_told(bundled, tab, image):
    """Steps towards the least probable digit are many; the page waits for none of them."""
    address, model = bundled
    open_page(tab, address + address_of(image, view="collect"))
    wanted = int(np.argmin(explain(model, image, LABEL)["logits"][:10]))
    run = """async ([image, label, stop]) => {
      const { EngineClient, startWorker } = await import("/page/app/engine_client.js");
      const engine = new EngineClient(startWorker());
      await engine.load(await (await fetch("/model")).arrayBuffer(), "tested");
      const levels = Uint8Array.from(image);
      const ending = new AbortController();
      let [parts, between] = [0, Infinity];
      const { steps, done } = await engine.towards(levels, label, () => {
        if (++parts > 1) return;
        engine.see({ image: levels }).then(() => {
          between = parts;
          if (stop) ending.abort();
        });
      }, ending.signal);
      engine.worker.terminate();
      return { parts, between, steps, done };
    }"""
    whole = tab.evaluate(run, [image.ravel().tolist(), wanted, False])
    assert whole["done"]
    assert whole["steps"] == whole["parts"] - 1 > 5
    assert whole["between"] < whole["parts"]
    stopped = tab.evaluate(run, [image.ravel().tolist(), wanted, True])
    assert not stopped["done"]
    assert stopped["parts"] < whole["parts"]


@pytest.mark.thorough
def test_a_check_of_a_number_is_not_shown_beside_another(bundled, new_tab, image):
    address, _ = bundled
    tab = new_tab()
    tab.add_init_script(  # the engine is slow to hear of checks
        """const post = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (message) {
          setTimeout(() => post.call(this, message), message.method === "check" ? 300 : 0);
        };"""
    )
    open_page(tab, address + address_of(image, view="backward", label=LABEL))
    section = tab.get_by_role("region", name="Gradient check")
    section.get_by_role("button", name="Check this number").click()
    section.get_by_label("Index in the flattened array").fill("1")
    tab.wait_for_timeout(800)
    assert text(tab, "#backward-check-result") == "Not checked yet."
    section.get_by_role("button", name="Check this number").click()
    tab.wait_for_function("document.querySelector('#backward-check-result').innerText.includes('analytic')")


def focus(tab):
    """What holds the focus, as text."""
    return tab.evaluate(
        "`${document.activeElement.tagName} ${document.activeElement.id || document.activeElement.name}`"
    )


def test_the_keyboard_alone(bundled, tab, image):
    """From the tab to the truth, a step, a layer, its heat map, the update: the focus is never lost."""
    address, model = bundled
    open_page(tab, address + address_of(image, view="backward"))
    assert text(tab, "#backward-invite").startswith("Most probable is ")
    tab.locator("#tab-backward").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    assert focus(tab) == "INPUT backward-label"
    tab.keyboard.press("ArrowRight")
    assert "label=1" in tab.wait_for_function("location.href.includes('label=1') && location.href").json_value()
    tab.wait_for_selector("#backward-loss:visible")
    said = explain(model, image, 1)
    tab.wait_for_function("document.querySelector('#backward-loss').innerText.includes('nats')")
    assert rounded(re.search(r"= (\S+) nats", text(tab, "#backward-loss"))[1], said["loss"][0])
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    assert focus(tab) == "BUTTON backward-next"
    for key in ("Enter", "ArrowRight"):
        tab.keyboard.press(key)
    tab.wait_for_function("document.querySelector('#backward-title').innerText.startsWith('Layer')")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    assert focus(tab).startswith("CANVAS")
    tab.keyboard.press("End")
    last = len(model.network.layers) - 1
    told = text(tab, ".backward-panel:visible .heatmap-readout >> nth=0")
    assert rounded(told.split(": ")[1], said[f"dy.{last}"].flat[-1])
    for _ in range(30):
        tab.keyboard.press("n")
    tab.wait_for_selector("#backward-rate:visible")
    assert focus(tab) == "H2 backward-title"
    tab.keyboard.press("ArrowLeft")
    tab.wait_for_function("document.querySelector('#backward-title').innerText.includes('pixels')")
    assert focus(tab) == "H2 backward-title"


@pytest.mark.thorough
def test_the_truth_stays_when_the_drawing_changes(bundled, tab, image):
    """A new drawing with the same truth: the numbers are those of the new one."""
    address, model = bundled
    open_page(tab, address + address_of(image, view="backward", label=LABEL))
    other = image[::-1].copy()
    tab.evaluate("hash => { location.hash = hash; }", address_of(other, view="backward", label=LABEL).split("#")[1])
    loss = explain(model, other, LABEL)["loss"][0]
    tab.wait_for_function(
        "loss => Math.abs(document.querySelector('#backward-loss').innerText.match(/= (\\S+) nats/)?.[1] - loss)"
        " < 0.01 * loss",
        arg=float(loss),
    )
