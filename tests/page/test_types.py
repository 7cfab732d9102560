"""The JSDoc types of the page's modules are right, strictly: TypeScript's compiler reads them and writes nothing."""

import contextlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from inkling.page import PAGE
from needs import Need, needs_source

VERSION = "5.9.3"
CLAIM = "the types of the page's modules are right"
OPTIONS = {
    "allowJs": True,
    "checkJs": True,
    "strict": True,
    "noEmit": True,
    "target": "es2022",
    "module": "es2022",
    "moduleResolution": "bundler",
    "lib": ["es2022", "dom", "dom.iterable"],
    "types": [],
}
needs_npm = Need("npm is not installed", lambda: shutil.which("npm") is not None)
pytestmark = needs_source(CLAIM)


@pytest.fixture(scope="module")
def compiler(request, tmp_path_factory):
    """TypeScript's compiler, installed once into pytest's cache; other processes may install it at the same time."""
    needs_npm.or_skip(CLAIM)
    kept = Path(request.config.cache.mkdir("typescript")) / VERSION
    if not kept.is_dir():
        fresh = tmp_path_factory.mktemp("typescript")
        command = [shutil.which("npm"), "install", "--silent", "--prefix", str(fresh), f"typescript@{VERSION}"]
        if subprocess.run(command, capture_output=True, timeout=300, cwd=fresh).returncode != 0:
            pytest.skip(f"npm cannot install typescript: {CLAIM}")
        with contextlib.suppress(OSError):  # another process was faster
            shutil.move(fresh / "node_modules", kept)
    return kept / "typescript" / "bin" / "tsc"


def complaints(compiler, folder, *files):
    """What the compiler says of modules."""
    settings = folder / "tsconfig.json"
    settings.write_text(json.dumps({"compilerOptions": OPTIONS, "files": [str(file) for file in files]}))
    command = [shutil.which("node"), str(compiler), "--project", str(settings), "--pretty", "false"]
    return subprocess.run(command, capture_output=True, text=True, timeout=300).stdout.splitlines()


def test_types_of_all_modules(compiler, tmp_path):
    modules = sorted(PAGE.rglob("*.js"))
    assert len(modules) > 30
    assert complaints(compiler, tmp_path, *modules) == []


@pytest.mark.thorough
def test_a_wrong_type_is_found(compiler, tmp_path):
    wrong = tmp_path / "wrong.js"
    wrong.write_text("/** @param {number} x */\nexport function twice(x) {\n  return x.length;\n}\n")
    assert "Property 'length' does not exist on type 'number'" in complaints(compiler, tmp_path, wrong)[0]
