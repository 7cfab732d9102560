"""The page's normaliser gives the same 28×28 as Python's, to one grey level, and the same warnings."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from inkling.ink import Ink, box_of, digit_image, find_ink, normalize, pad_tight_crop
from inkling.ink.thin import stroke_width
from inkling.page import PAGE
from inkling.reading import read as read_picture
from inkling.reading.marks import told
from inkling.reading.page import Page, frame_marks, ink_warnings
from inkling.reading.page_warnings import MUCH_INK, SEVERAL_DIGITS, page_warnings, single_warnings
from page.ink_drawings import KINDS
from page.node import needs_node, node

INK = PAGE / "ink"

pytestmark = needs_node("the page makes of a drawing the 28×28 that Python makes of it")


@cache
def drawings(kind: str) -> list[np.ndarray]:
    return list(KINDS[kind]())


@cache
def inks(kind: str) -> list[Ink]:
    return [find_ink(drawing) for drawing in drawings(kind)]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's normaliser where Node takes its files for ES modules."""
    folder = tmp_path_factory.mktemp("modules")
    shutil.copytree(INK, folder / "ink")
    (folder / "package.json").write_text('{"type": "module"}')
    return folder / "ink"


def run(script: str, *arguments: Path | str) -> str:
    command = [str(node()), str(Path(__file__).with_name(script)), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


@pytest.fixture(scope="module")
def read(modules: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[np.ndarray, list[dict]]]:
    """By kind of drawings: the page's images (N, 28, 28), and what else it found."""
    folder = tmp_path_factory.mktemp("drawings")
    pictures = [drawing for kind in KINDS for drawing in drawings(kind)]
    shapes = [{"height": height, "width": width} for height, width in (picture.shape for picture in pictures)]
    (folder / "drawings.json").write_text(json.dumps(shapes))
    (folder / "levels.bin").write_bytes(b"".join(picture.tobytes() for picture in pictures))
    run("ink_images.mjs", modules / "digit_image.js", folder)
    images = np.frombuffer((folder / "images.bin").read_bytes(), np.uint8).reshape(-1, 28, 28)
    found = json.loads((folder / "found.json").read_text())
    ends = np.cumsum([len(drawings(kind)) for kind in KINDS]).tolist()
    return {
        kind: (images[end - len(drawings(kind)) : end], found[end - len(drawings(kind)) : end])
        for kind, end in zip(KINDS, ends, strict=True)
    }


@pytest.mark.parametrize("kind", KINDS)
class TestEveryDrawing:
    def test_is_the_same_28_by_28(self, kind: str, read: dict) -> None:
        images, found = read[kind]
        for number, (drawing, image, more) in enumerate(zip(drawings(kind), images, found, strict=True)):
            assert more["error"] is None, (kind, number, more)
            apart = np.abs(image.astype(int) - digit_image(drawing)).max()
            assert apart <= 1, (kind, number, drawing.shape, apart)

    def test_has_the_same_ink(self, kind: str, read: dict) -> None:
        for number, (ink, more) in enumerate(zip(inks(kind), read[kind][1], strict=True)):
            frames = [(each.kind, each.rows.start, each.columns.stop) for each in ink.frames]
            found = [(each["kind"], each["box"]["top"], each["box"]["right"]) for each in more["frames"]]
            assert (more["components"], more["dark"], found) == (len(ink.components), ink.dark, frames), (kind, number)
            assert more["noise"] == pytest.approx(ink.noise, rel=1e-4), (kind, number)

    def test_has_the_same_box(self, kind: str, read: dict) -> None:
        pictures = zip(drawings(kind), inks(kind), read[kind][1], strict=True)
        for number, (drawing, ink, more) in enumerate(pictures):
            roomy, margin = pad_tight_crop(drawing)
            expected = box_without_margin(find_ink(roomy) if margin else ink, margin)
            assert more["box"] == expected, (kind, number)

    def test_has_the_same_warnings(self, kind: str, read: dict) -> None:
        for number, (drawing, more) in enumerate(zip(drawings(kind), read[kind][1], strict=True)):
            assert more["warnings"] == warnings_of(drawing), (kind, number)


def warnings_of(drawing: np.ndarray) -> list[str]:
    """Python's warnings about a single digit, where low writing is not enlarged first and no turn is tried."""
    levels, margin = pad_tight_crop(drawing)
    page = Page(find_ink(levels), (1, 1), margin)
    own = ink_warnings(page, page.ink.components) if page.ink.components else ()
    return [*page_warnings(page, [()], layout_known=True), *single_warnings(page), *told(frame_marks(page)), *own]


def box_without_margin(ink: Ink, margin: int) -> dict[str, int] | None:
    if not ink.components:
        return None
    rows, columns = box_of(ink.components)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    return {"x": columns.start - margin, "y": rows.start - margin, "width": width, "height": height}


class TestTheDrawings:
    """What the comparisons above are worth: the drawings use every part of the normaliser."""

    def test_have_frames_of_every_kind(self) -> None:
        kinds = {frame.kind for ink in inks("framed") for frame in ink.frames}
        assert kinds == {"frame", "boxes", "comb", "line", "ring", "grid"}

    def test_have_thin_strokes_and_broad_ones(self) -> None:
        widths = [stroke_width(ink.depth) for ink in inks("figures")]
        assert min(widths) < 2.1 < 20 < max(widths)

    def test_are_read_as_ink_and_as_none(self) -> None:
        images = [digit_image(drawing) for drawing in drawings("special")]
        assert 5 < sum(image.any() for image in images) < len(images) - 5

    def test_have_warnings_of_every_sentence(self) -> None:
        pictures = [*drawings("special"), *drawings("several"), *drawings("framed")]
        found = {warning for each in pictures for warning in warnings_of(each)}
        assert found >= {"nothing drawn", "light on dark", SEVERAL_DIGITS, MUCH_INK}
        assert found >= {"touches the border", "very thin strokes", "left out: a frame", "left out: boxes"}

    def test_have_the_warnings_that_people_get(self) -> None:
        """Where no turn is tried and low writing is not enlarged, `read` says the same."""
        for drawing in drawings("several")[:12]:
            picture = np.rint(drawing).astype(np.uint8)
            assert list(read_picture(picture, single=True, min_confidence=0).all_warnings) == warnings_of(drawing)


INKS = {
    "blank": np.zeros((5, 7)),
    "one pixel": np.eye(1, 9, 4),
    "another scale": 7.5 * np.tri(30, 44),
    "tall": np.outer(np.linspace(0.1, 1, 90), [0.2, 1, 0.5]),
    "wide and small": np.outer([1, 2], np.arange(12)),
    "a thin line": np.eye(200),
}


@pytest.mark.parametrize("name", INKS)
def test_any_ink_is_normalized_the_same(name: str, modules: Path) -> None:
    ink = INKS[name]
    image = json.loads(ask(modules, f"normalize({ink.tolist()}.flat(), {len(ink)}, {ink.shape[1]})"))
    assert np.abs(np.reshape(image, (28, 28)) - normalize(ink).astype(int)).max() <= 1


def test_levels_of_another_size_are_refused(modules: Path) -> None:
    refused = ask(modules, "digitImage(new Uint8ClampedArray(100), 11, 10)")
    assert refused.startswith("InkError: a picture has height × width levels, one or more; 11 × 10 came with 100;")


def ask(modules: Path, expression: str) -> str:
    """The bytes of what an expression gives, as JSON, or the error that it ends with."""
    code = f"""import {{ digitImage }} from "{(modules / "digit_image.js").as_uri()}";
        import {{ normalize }} from "{(modules / "normalization.js").as_uri()}";
        try {{ console.log(JSON.stringify(Array.from({expression}))); }}
        catch (error) {{ console.log(`${{error.name}}: ${{error.message}}`); }}"""
    command = [str(node()), "--input-type=module", "-"]
    return subprocess.run(command, check=True, capture_output=True, input=code, text=True, timeout=60).stdout.strip()
