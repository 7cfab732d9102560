"""Drawing: by mouse, finger and keyboard, with examples and pictures, and read as a number by the service."""

import base64
import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from inkling.export.page import export_page
from inkling.ink import digit_image
from inkling.model import load
from inkling.page import PAGE
from page.browser import needs_browser, ready, until
from page.pen import ONE_AND_SEVEN, SEVEN, draw, is_blank, levels_of, place, press, seen

WEIGHTS = PAGE.parent / "weights"

pytestmark = needs_browser("one draws on the page with mouse, finger, keyboard and pictures, and reads the answer")


TO_CORNER = ["Shift+ArrowUp"] * 7 + ["Shift+ArrowLeft"] * 7  # keys that bring the cursor to 0, 0
START = "#view=collect"  # the view that is drawn fastest


@pytest.fixture(scope="module")
def opened(shared_tab, served):
    ready(shared_tab, served + START)
    return shared_tab


@pytest.fixture
def page(opened):
    """The page with the example of a 3, and nothing read out."""
    press(opened, "Example of a 3")
    expect_answer(opened, "3")
    opened.evaluate("document.getElementById('status').textContent = ''")
    return opened


def expect_answer(tab, text):
    from playwright.sync_api import expect

    expect(tab.locator("#answer-text")).to_have_text(text)


def expect_count(found, count):
    """The page draws with the next frame of the screen."""
    from playwright.sync_api import expect

    expect(found).to_have_count(count)


def assert_alike(image, expected):
    """Within one grey level, as the page's normaliser is promised to be."""
    assert abs(image.astype(int) - expected).max() <= 1


def picture(ground=255, ink=0, shade=0):
    """A PNG of a 7, whose ground gets brighter by `shade` from left to right."""
    levels = np.broadcast_to(ground + np.linspace(0, shade, 300), (200, 300)).astype(np.uint8)
    image = Image.fromarray(levels.copy())
    ImageDraw.Draw(image).line([(100, 40), (180, 40), (130, 160)], fill=ink, width=14)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue(), np.array(image)


class TestDrawing:
    def test_what_the_mouse_draws_is_answered(self, page):
        press(page, "Clear")
        expect_answer(page, "–")
        draw(page, SEVEN)
        expect_answer(page, "7")
        levels = levels_of(page)
        assert levels[52:58, 90:190].min() == 255  # the ink is bright
        assert levels[0].max() == 0  # on dark ground
        assert_alike(seen(page), digit_image(levels.astype(np.float32)))

    def test_a_stroke_reaches_the_network_once_per_frame_at_most(self, tab, served):
        ready(tab, served + START)
        page = tab
        page.evaluate(
            """() => {
              window.frames_ = 0; window.paints = 0;
              const count = () => { window.frames_++; requestAnimationFrame(count); };
              requestAnimationFrame(count);
              const put = CanvasRenderingContext2D.prototype.putImageData;
              CanvasRenderingContext2D.prototype.putImageData = function (...all) {
                if (this.canvas.id === "pad-canvas") window.paints++;
                return put.apply(this, all);
              };
              const canvas = document.getElementById("pad-canvas");
              const { left, top } = canvas.getBoundingClientRect();
              canvas.setPointerCapture = () => {};
              const send = (type, at) => canvas.dispatchEvent(new PointerEvent(type, {
                pointerId: 7, clientX: left + at, clientY: top + at, bubbles: true }));
              send("pointerdown", 20);
              for (let i = 0; i < 500; i++) send("pointermove", 20 + i / 4);
            }"""
        )
        until(page, "window.paints > 0")
        assert page.evaluate("window.paints <= window.frames_")
        assert page.evaluate("window.paints") < 20

    @pytest.mark.thorough
    def test_the_address_has_a_short_stroke_that_gives_the_same_drawing(self, page, new_tab):
        press(page, "Clear")
        draw(page, SEVEN)
        until(page, "new URLSearchParams(location.hash.slice(1)).get('draw')?.length > 8")
        letters = page.evaluate("new URLSearchParams(location.hash.slice(1)).get('draw')")
        assert 4 * 3 < len(letters) < 4 * 60
        other = new_tab()
        ready(other, page.url)
        np.testing.assert_array_equal(levels_of(other), levels_of(page))

    @pytest.mark.thorough
    def test_undo_and_redo_cross_strokes_clearing_and_pictures(self, tab, served):
        page = tab
        ready(page, served + START)
        shown = [levels_of(page)]

        def step(act):
            act()
            page.wait_for_timeout(50)
            shown.append(levels_of(page))

        step(lambda: draw(page, [[30, 30, 60, 30]]))
        step(lambda: press(page, "Clear"))
        step(lambda: draw(page, SEVEN))
        step(lambda: open_picture(page, picture()[0]))
        assert len({levels.tobytes() for levels in shown}) == 5
        for before in reversed(shown[:-1]):
            press(page, "Undo")
            np.testing.assert_array_equal(levels_of(page), before)
        assert page.get_by_role("button", name="Undo", exact=True).is_disabled()
        for after in shown[1:]:
            page.keyboard.press("Control+Shift+Z")
            np.testing.assert_array_equal(levels_of(page), after)
        page.keyboard.press("Control+Z")
        np.testing.assert_array_equal(levels_of(page), shown[-2])

    @pytest.mark.thorough
    def test_the_width_of_the_pen_changes_the_drawing(self, page):
        before = levels_of(page)
        page.get_by_label("Pen width").fill("40")
        page.wait_for_timeout(100)
        wide = levels_of(page).sum()
        page.get_by_label("Pen width").fill("20")
        assert wide > 1.5 * before.sum()

    def test_a_finger_draws_and_the_page_does_not_scroll(self, new_tab, served):
        tab = new_tab(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
        ready(tab, served + START)
        tab.get_by_role("button", name="Clear", exact=True).tap()
        tab.evaluate("scrollTo(0, 60)")
        points = [place(tab, x, y) for x, y in [(90, 60), (150, 60), (200, 60), (170, 130), (150, 200), (140, 240)]]
        session = tab.context.new_cdp_session(tab)
        for kind, point in [("touchStart", points[0]), *[("touchMove", each) for each in points], ("touchEnd", None)]:
            touch = [{"x": point[0], "y": point[1]}] if point else []
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch})
        expect_answer(tab, "7")
        assert tab.evaluate("scrollY") == 60
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


class TestKeyboard:
    def test_a_digit_is_drawn_without_a_pointer(self, page):
        press(page, "Clear")
        page.locator("#pad-canvas").focus()
        keys = (
            ["Shift+ArrowUp"] * 7
            + ["Shift+ArrowLeft"] * 7
            + ["Shift+ArrowDown", "Shift+ArrowRight"]
            + ["Space"]
            + ["Shift+ArrowDown"] * 4
            + ["Escape"]
        )
        for key in keys:
            page.keyboard.press(key)
        expect_answer(page, "1")
        assert "Pen up, across 40, down 200 of 280" in page.locator(".pad-spoken").inner_text()
        levels = levels_of(page)
        assert levels[40:199, 40].min() == 255
        assert levels[:, 60].max() == 0

    @pytest.mark.thorough
    def test_enter_makes_a_dot_and_backspace_takes_it_back(self, page):
        press(page, "Clear")
        page.locator("#pad-canvas").focus()
        for key in [*TO_CORNER, "Shift+ArrowDown", "ArrowRight", "ArrowRight", "Enter"]:
            page.keyboard.press(key)
        page.wait_for_timeout(50)
        assert np.argwhere(levels_of(page)).mean(axis=0) == pytest.approx([39.5, 19.5], abs=1)
        page.keyboard.press("Backspace")
        page.wait_for_timeout(50)
        assert is_blank(page)

    @pytest.mark.thorough
    def test_the_hint_and_the_cursor_are_shown_with_the_keyboard_only(self, page):
        hint = page.locator("#pad-hint")
        assert not hint.is_visible()
        page.locator("#theme").focus()
        for _ in range(3):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "pad-canvas":
                break
        assert hint.is_visible()
        assert page.locator(".pad-cursor").is_visible()
        assert "space puts the pen down" in hint.inner_text()
        page.keyboard.press("ArrowLeft")
        assert not hint.is_visible()


def test_the_reader_answers_every_example_right(page):
    press(page, "Clear")
    model, examples = load("reader"), []
    for digit in range(10):
        for _ in range(3):
            press(page, f"Example of a {digit}")
            expect_answer(page, str(digit))
            page.wait_for_timeout(30)
            examples.append((digit, levels_of(page).astype(np.float32)))
    assert len({levels.tobytes() for _, levels in examples}) == 30
    images = np.stack([digit_image(levels) for _, levels in examples])
    assert model.predict_proba(images).argmax(axis=1).tolist() == [digit for digit, _ in examples]


def open_picture(tab, content, name="seven.png"):
    tab.locator("#pad-picture").set_input_files([{"name": name, "mimeType": "image/png", "buffer": content}])


class TestPictures:
    @pytest.mark.parametrize(("ground", "ink"), [(255, 0), (10, 240)])
    def test_an_opened_picture_is_seen_as_python_sees_it(self, page, ground, ink):
        content, levels = picture(ground, ink)
        open_picture(page, content)
        expect_answer(page, "7")
        assert_alike(seen(page), digit_image(levels.astype(np.float32)))
        np.testing.assert_array_equal(levels_of(page)[5::10, 5::10], seen(page))

    @pytest.mark.parametrize("how", ["drop", "paste"])
    def test_a_picture_is_dropped_or_pasted(self, page, how):
        press(page, "Clear")
        content = base64.b64encode(picture()[0]).decode()
        page.evaluate(
            """([how, content]) => {
              const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
              const data = new DataTransfer();
              data.items.add(new File([bytes], "seven.png", { type: "image/png" }));
              const target = how === "drop" ? document.getElementById("pad-canvas") : document.body;
              const event = how === "drop"
                ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
                : new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
              target.dispatchEvent(event);
            }""",
            [how, content],
        )
        expect_answer(page, "7")

    @pytest.mark.thorough
    def test_what_was_drawn_or_opened_last_stays_when_a_picture_is_decoded_late(self, new_tab, served):
        tab = new_tab()
        tab.add_init_script(
            """const decode = createImageBitmap;
            window.createImageBitmap = async (file) => {
              if (file.name === "late.png") await new Promise((done) => (window.goOn = done));
              return decode(file);
            };"""
        )
        ready(tab, served + START)
        open_picture(tab, picture()[0], "late.png")
        until(tab, "window.goOn !== undefined")
        press(tab, "Example of a 2")
        expect_answer(tab, "2")
        tab.evaluate("goOn()")
        tab.wait_for_timeout(300)
        expect_answer(tab, "2")

        tab.evaluate("window.goOn = undefined")
        open_picture(tab, picture(ink=100)[0], "late.png")
        until(tab, "window.goOn !== undefined")
        open_picture(tab, picture()[0], "early.png")
        expect_answer(tab, "7")
        before = levels_of(tab)
        tab.evaluate("goOn()")
        tab.wait_for_timeout(300)
        np.testing.assert_array_equal(levels_of(tab), before)
        assert "early.png" in tab.locator("#status").inner_text()

    @pytest.mark.thorough
    def test_a_stroke_on_a_picture_begins_a_new_drawing(self, page):
        open_picture(page, picture()[0])
        expect_answer(page, "7")
        draw(page, [[140, 60, 138, 220]])
        expect_answer(page, "1")

    def test_a_file_that_is_no_picture_is_told(self, page):
        before = levels_of(page)
        open_picture(page, b"no picture", "notes.png")
        page.get_by_text("this file is none that the browser can open").wait_for()
        np.testing.assert_array_equal(levels_of(page), before)

    @pytest.mark.thorough
    def test_a_photograph_with_uneven_light_is_seen_as_python_sees_it(self, page):
        content, levels = picture(ground=90, ink=20, shade=120)
        open_picture(page, content)
        expect_answer(page, "7")
        assert_alike(seen(page), digit_image(levels.astype(np.float32)))


class TestNumber:
    def test_several_digits_are_read_by_the_service(self, page):
        press(page, "Clear")
        draw(page, ONE_AND_SEVEN)
        page.get_by_text("As a number: 17", exact=True).wait_for()
        boxes = page.locator(".pad-box")
        assert boxes.all_inner_texts() == ["1", "7"]
        first, second = (boxes.nth(i).bounding_box() for i in range(2))
        assert place(page, 40, 0)[0] < first["x"] < first["x"] + first["width"] < second["x"]
        assert "1 " in page.locator(".number-notes").inner_text()
        press(page, "Clear")
        expect_count(boxes, 0)

    @pytest.mark.thorough
    def test_the_digits_of_an_opened_picture_are_read_by_the_service(self, page):
        image = Image.new("L", (400, 200), 255)
        for line in ([(80, 40), (76, 160)], [(220, 40), (300, 40), (250, 160)]):
            ImageDraw.Draw(image).line(line, fill=0, width=14)
        file = io.BytesIO()
        image.save(file, "PNG")
        open_picture(page, file.getvalue())
        page.get_by_text("As a number: 17", exact=True).wait_for()
        assert page.locator(".pad-box").count() == 0  # they would stand beside the digits of the 28×28
        press(page, "Example of a 3")
        page.get_by_text("As a number: 3", exact=True).wait_for()

    @pytest.mark.thorough
    def test_a_late_answer_to_an_earlier_drawing_is_not_shown(self, page):
        held = []
        press(page, "Clear")
        page.route("**/read", lambda route: held.append(route) if not held else route.continue_())
        draw(page, ONE_AND_SEVEN[:1])
        while not held:
            page.wait_for_timeout(50)
        draw(page, ONE_AND_SEVEN[1:])
        page.get_by_text("As a number: 17", exact=True).wait_for()
        held[0].fulfill(json={"text": "8888", "digits": [], "warnings": []})
        page.wait_for_timeout(200)
        assert page.locator("#number-text").inner_text() == "As a number: 17"

    @pytest.mark.thorough
    def test_a_page_from_disk_says_who_reads_several_digits(self, tab, tmp_path):
        path = tmp_path / "tiny.html"
        path.write_text(export_page((WEIGHTS / "tiny.safetensors").read_bytes(), "tiny"), encoding="utf-8")
        ready(tab, path.as_uri() + START)
        press(tab, "Clear")
        draw(tab, SEVEN)
        expect_answer(tab, "7")
        assert "inkling serve" in tab.locator(".number").inner_text()
