"""The modules of the page as one script: each form of import and export that they use, and errors for all others."""

import re
import subprocess

import pytest

from inkling.export.modules import bundle
from inkling.page import PAGE
from page.node import needs_node, node


@pytest.fixture
def write(tmp_path):
    def _write(**modules):
        for name, text in modules.items():
            (tmp_path / f"{name}.js").write_text(text)
        return tmp_path

    return _write


@needs_node("modules of every form run as one script")
def test_one_script_does_what_its_modules_do(write):
    folder = write(
        main='import { double, ONE } from "./double.js";\nimport {\n  greet as hello,\n} from "./greet.js";\n'
        "console.log(hello(double(ONE)));\n",
        double='import { add } from "./add.js";\n/** Twice. */\nexport function double(x) {\n  return add(x, x);\n}\n'
        "export const ONE = 1;\n",
        add="const secret = 0;\nexport function add(a, b) {\n  return a + b + secret;\n}\n",
        greet='import { add } from "./add.js";\nconst secret = add(0, 3);\n'
        "export class Greeter {\n  say(x) {\n    return `hello ${x} ${secret}`;\n  }\n}\n"
        "export function* numbers() {\n  yield 1;\n}\nexport async function later() {}\n"
        "export function greet(x) {\n  return new Greeter().say(x);\n}\n",
    )
    (folder / "whole.js").write_text(bundle(folder / "main.js"))
    done = subprocess.run([node(), folder / "whole.js"], capture_output=True, text=True, check=True)
    assert done.stdout == "hello 2 3\n"


@pytest.mark.parametrize(
    "text",
    [
        'import * as all from "./add.js";\n',
        'import add from "./add.js";\n',
        'export { add } from "./add.js";\n',
        "export default 1;\n",
        "const a = 1;\nexport { a };\n",
        'import "./add.js";\n',
    ],
)
def test_other_forms_are_errors(write, text):
    folder = write(main=text, add="export const add = 1;\n")
    with pytest.raises(ValueError, match=r"main\.js: this form of import or export cannot be bundled"):
        bundle(folder / "main.js")


def test_a_circle_is_an_error(write):
    folder = write(
        a='import { b } from "./b.js";\nexport const a = 1;\n', b='import { a } from "./a.js";\nexport const b = 1;\n'
    )
    with pytest.raises(ValueError, match=r"in a circle: a\.js → b\.js → a\.js"):
        bundle(folder / "a.js")


def test_a_name_that_is_not_exported_is_an_error(write):
    folder = write(a='import { b, c } from "./b.js";\nb(c);\n', b="export const b = 1;\n")
    with pytest.raises(ValueError, match=r"a\.js imports c, which b\.js does not export"):
        bundle(folder / "a.js")


@pytest.mark.parametrize("entry", ["app/main.js", "worker.js"])
def test_the_page_can_be_bundled(entry):
    script = bundle(PAGE / entry)
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
