"""Recipe files as editors and shells write them."""

import codecs

import pytest

from inkling.errors import UsageError
from inkling.recipes import load_recipe
from inkling.recipes.recipe_file import recipe_text
from lively import LIVELY

TEXT = LIVELY.to_toml().replace('name = "lively"\n', "# Häkchen ✓\n")
ENCODINGS = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with a byte order mark": TEXT.encode("utf-8-sig"),
    "UTF-16 LE": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16 BE": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_of_windows_and_unix_gives_the_same_recipe(tmp_path, encoding, line_end):
    """Regression test: what PowerShell's `>` writes was "not a TOML file"."""
    content = ENCODINGS[encoding]
    if line_end == "\r\n":
        codec = {"UTF-16 LE": "utf-16-le", "UTF-16 BE": "utf-16-be"}.get(encoding, "utf-8")
        content = content.replace("\n".encode(codec), "\r\n".encode(codec))
    (tmp_path / "lively.toml").write_bytes(content)
    assert load_recipe(tmp_path / "lively.toml") == LIVELY
    assert recipe_text(tmp_path / "lively.toml") == TEXT


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\xff", b"name = \xe9", b"PK\x03\x04\xff"], ids=repr)
def test_what_is_no_text_is_one_sentence(tmp_path, content):
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(UsageError, match=r"mine\.toml: not a TOML file: it is no text in UTF-8 or UTF-16 "):
        load_recipe(tmp_path / "mine.toml")


def test_the_ending_may_be_in_capitals(tmp_path):
    (tmp_path / "LIVELY.TOML").write_text(LIVELY.to_toml())
    assert load_recipe(tmp_path / "LIVELY.TOML") == LIVELY


def test_the_validation_part_is_overridden_alone():
    recipe = LIVELY.override(validation=0.3)
    assert recipe.split.validation == 0.3
    assert recipe.split.stratified == LIVELY.split.stratified
    with pytest.raises(UsageError, match="need a split with validation images"):
        LIVELY.override(validation=0.0)
