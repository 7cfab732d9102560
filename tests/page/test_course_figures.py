"""The figures of the course, in a browser: what their controls change, compared with NumPy."""

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import UsageError
from inkling.learning import figure, numeric_gradient
from page.axe import violations
from page.browser import needs_browser
from page.site import number

pytestmark = needs_browser("the figures of the course show the right numbers")
DIGIT = load("digits").train.images[3] / 255
LOGITS = np.array([0.5, -1.0, 2.0, 3.5, 0.0, 1.0, -2.0, 0.5, 1.5, -0.5])
RNG = np.random.default_rng(0)
SMALL = DIGIT.reshape(7, 4, 7, 4).mean(axis=(1, 3))
WEIGHT, BIAS = RNG.normal(size=(49, 10)).round(3), RNG.normal(size=10).round(3)
PIXEL = np.unravel_index(SMALL.argmax(), SMALL.shape)
PLAIN = '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
PLAIN += "<style>body { background: light-dark(#fff, #15171b); color: light-dark(#111, #eee) }</style>"
PLAIN += "<title>figure</title></head><body><main><h1>Figure</h1>FIGURES</main></body></html>"


def shown(tab, made):
    """A tab that shows a figure and nothing else."""
    tab.set_content(PLAIN.replace("FIGURES", made._repr_html_()))
    assert tab.locator("figure").count() == 1


def gradient():
    return figure("gradient", image=SMALL, weight=WEIGHT, bias=BIAS, label=3, pixel=PIXEL)


def softmax():
    return figure("softmax", logits=LOGITS, label=3)


def convolution():
    return figure("convolution", image=DIGIT)


def set_slider(tab, label, value):
    tab.get_by_role("slider", name=label, exact=True).fill(str(value))


def reading(tab, key):
    return number(tab.locator(f'[data-reading="{key}"]').inner_text())


def loss_at(value, output, label=3):
    """−log softmax(z)[label] where the weight from PIXEL to an output has a value."""
    weight = WEIGHT.copy()
    weight[PIXEL[0] * 7 + PIXEL[1], output] = value
    z = SMALL.round(6).ravel() @ weight + BIAS
    return float(np.log(np.exp(z).sum()) - z[label])


@pytest.mark.parametrize(("output", "w", "power"), [(3, 1.5, 0), (3, -4.0, -2), (7, 3.0, 0.5), (0, 0.0, -1)])
def test_the_slope_of_the_loss(shared_tab, output, w, power):
    shown(shared_tab, gradient())
    shared_tab.get_by_role("combobox").select_option(str(output))
    set_slider(shared_tab, "Weight w", w)
    set_slider(shared_tab, "Step h", power)
    h = 10**power
    slope = numeric_gradient(lambda at: loss_at(float(at[0]), output), np.array([w]))[0]
    difference = (loss_at(w + h, output) - loss_at(w - h, output)) / (2 * h)
    assert reading(shared_tab, "loss") == pytest.approx(loss_at(w, output), abs=1e-4)
    assert reading(shared_tab, "derivative") == pytest.approx(slope, abs=1e-4)
    assert reading(shared_tab, "difference") == pytest.approx(difference, abs=1e-4)
    assert reading(shared_tab, "error") == pytest.approx(abs(difference - slope), rel=0.06, abs=1e-7)


def test_another_digit_begins_at_its_own_weight(shared_tab):
    shown(shared_tab, gradient())
    shared_tab.get_by_role("combobox").select_option("5")
    own = WEIGHT[PIXEL[0] * 7 + PIXEL[1], 5]
    assert number(shared_tab.get_by_role("slider", name="Weight w").input_value()) == pytest.approx(own, abs=0.051)
    assert reading(shared_tab, "loss") == pytest.approx(loss_at(round(own, 1), 5), abs=1e-3)


@pytest.mark.parametrize(
    ("digit", "logit", "temperature", "truth"), [(3, 3.5, 1, 3), (8, 6.0, 0.5, 3), (1, -9.0, 5, 1)]
)
def test_softmax_and_its_gradient(shared_tab, digit, logit, temperature, truth):
    shown(shared_tab, softmax())
    shared_tab.get_by_label("Change the logit of").select_option(str(digit))
    set_slider(shared_tab, "Logit", logit)
    set_slider(shared_tab, "Temperature T", temperature)
    shared_tab.get_by_label("True digit").select_option(str(truth))
    z = LOGITS.copy()
    z[digit] = logit
    p = np.exp(z / temperature) / np.exp(z / temperature).sum()
    rows = shared_tab.locator("tr[data-digit]")
    for i in range(10):
        cells = [number(text) for text in rows.nth(i).locator("td").all_inner_texts() if text]
        assert cells == pytest.approx([z[i], p[i], p[i] - (i == truth)], abs=1e-4)
    assert reading(shared_tab, "loss") == pytest.approx(-np.log(p[truth]), abs=1e-4)
    assert reading(shared_tab, "sum") == 0
    assert [i for i in range(10) if "(true)" in rows.nth(i).inner_text()] == [truth]


def sum_at(row, column, kernel):
    return float((DIGIT[row : row + 3, column : column + 3] * kernel).sum())


def test_the_window_of_a_convolution(shared_tab):
    shown(shared_tab, convolution())
    edges = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    for row, column in ((10, 12), (0, 0), (25, 25), (8, 15)):
        set_slider(shared_tab, "Row of the window", row)
        set_slider(shared_tab, "Column of the window", column)
        assert reading(shared_tab, "y") == pytest.approx(sum_at(row, column, edges), abs=1e-4)
    marked = shared_tab.locator("svg .marked")
    where = [[marked.nth(i).get_attribute(name) for name in ("y", "x", "width")] for i in range(2)]
    assert where == [["8", "15", "3"], ["8", "15", "1"]]
    products = [text.split(" · ") for text in shared_tab.locator(".grid span").all_inner_texts()]
    assert [number(weight) for _, weight in products] == edges.ravel().tolist()
    assert [number(pixel) for pixel, _ in products] == pytest.approx(DIGIT[8:11, 15:18].ravel(), abs=0.006)


def test_the_kernel_of_a_convolution(shared_tab):
    shown(shared_tab, convolution())
    shared_tab.get_by_role("combobox", name="Kernel").select_option("blur")
    kernel = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    assert reading(shared_tab, "y") == pytest.approx(sum_at(10, 12, kernel), abs=1e-4)
    shared_tab.get_by_label("Weight in row 1, column 2").fill("-3.5")
    kernel[1, 2] = -3.5
    assert reading(shared_tab, "y") == pytest.approx(sum_at(10, 12, kernel), abs=1e-4)
    assert (
        shared_tab.get_by_role("combobox", name="Kernel").evaluate("each => each.selectedOptions[0].text") == "your own"
    )
    y = np.array([[sum_at(row, column, kernel) for column in range(26)] for row in range(26)])
    squares = shared_tab.locator("svg").nth(1).locator("rect.low, rect.high")
    kinds = squares.evaluate_all(
        "all => all.map((each) => [each.getAttribute('class'), +each.getAttribute('fill-opacity')])"
    )
    strengths = [-(strength**2) if kind == "low" else strength**2 for kind, strength in kinds]
    assert strengths == pytest.approx((y / np.abs(y).max()).ravel(), abs=0.003)


@pytest.mark.parametrize("make", [gradient, softmax, convolution])
def test_by_keyboard_on_a_phone_in_the_dark(new_tab, make):
    tab = new_tab(viewport={"width": 360, "height": 740}, color_scheme="dark", reduced_motion="reduce")
    shown(tab, make())
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert tab.locator("figure[data-dark]").count() == 1
    assert violations(tab) == []
    sliders = tab.get_by_role("slider").all()
    assert len(sliders) == 2
    for each in sliders:
        before = tab.locator("[data-reading]").all_inner_texts(), each.get_attribute("aria-valuetext")
        each.focus()
        for _ in range(3):
            tab.keyboard.press("ArrowRight")
        assert tab.locator("[data-reading]").all_inner_texts() != before[0]
        assert each.get_attribute("aria-valuetext") != before[1]
    tab.emulate_media(color_scheme="light")
    tab.wait_for_timeout(50)
    assert tab.locator("figure[data-dark]").count() == 0
    assert violations(tab) == []


def test_a_theme_of_the_page_around_it(shared_tab):
    """The documentation's theme may differ from the system's, and may be changed on the page."""
    theme = "<style>html[data-theme=dark] body { background: #111; color: #eee }</style>"
    shared_tab.set_content(PLAIN.replace("FIGURES", theme + softmax()._repr_html_()))
    assert shared_tab.locator("figure[data-dark]").count() == 0
    shared_tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    shared_tab.locator("figure[data-dark]").wait_for()


def test_several_figures_stand_on_one_page(shared_tab):
    parts = [softmax(), softmax(), figure("softmax", logits=-LOGITS, label=0), convolution()]
    shared_tab.set_content(PLAIN.replace("FIGURES", "".join(each._repr_html_() for each in parts)))
    assert shared_tab.locator("figure").count() == 4
    losses = [number(text) for text in shared_tab.locator('[data-reading="loss"]').all_inner_texts()]
    assert losses[0] == losses[1] != losses[2]


def test_a_figure_asks_for_nothing(new_tab):
    tab = new_tab()
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    for make in (gradient, softmax, convolution):
        shown(tab, make())
    assert asked == []


def test_a_name_that_is_none():
    with pytest.raises(
        UsageError, match="the figures are convolution, gradient, softmax, and there is none named 'pool'"
    ):
        figure("pool")
