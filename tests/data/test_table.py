"""Tables of pixels in the forms they come in, and sentences for those that are wrong."""

import numpy as np
import pytest

from inkling.data.assembly import assemble
from inkling.data.files import File
from inkling.data.table import read_table
from inkling.errors import DataError


def read(data: bytes):
    return assemble(read_table(File("t.csv", "t.csv", data)))


@pytest.fixture
def rows(make, digits):
    return make.rows(digits)


def floats(rows):
    """Labels last, pixels of 0-1 with as few digits as tell them apart."""
    return [[f"{int(value) / 255:.6g}" for value in row[1:]] + row[:1] for row in rows]


FORMS = {
    "as the competition has it": lambda m, r: m.csv([m.header(), *r]),
    "1x1 to 28x28": lambda m, r: m.csv(
        [["label", *(f"{i}x{j}" for i in range(1, 29) for j in range(1, 29))], *r], end="\r\n"
    ),
    "no header": lambda m, r: m.csv(r),
    "label last": lambda m, r: m.csv([row[1:] + row[:1] for row in r]),
    "label last, named class": lambda m, r: m.csv(
        [[*m.header()[1:], "class"], *([*row[1:], f"'{row[0]}'"] for row in r)]
    ),
    "floats of 0-1, label last": lambda m, r: m.csv(floats(r)),
    "floats of 0-255": lambda m, r: m.csv([[f"{value}.0" for value in row] for row in r]),
    "CRLF": lambda m, r: m.csv(r, end="\r\n"),
    "CR alone, none at the end": lambda m, r: m.csv([m.header(), *r], end="\r").removesuffix(b"\r"),
    "byte order mark": lambda m, r: b"\xef\xbb\xbf" + m.csv([m.header(), *r]),
    "UTF-16": lambda m, r: m.csv([m.header(), *r]).decode().encode("utf-16"),
    "trailing comma": lambda m, r: m.csv(r, end=",\n"),
    "trailing comma also in the header": lambda m, r: m.csv([m.header(), *r], end=",\r\n"),
    "quotes": lambda m, r: m.csv([[f'"{name}"' for name in row] for row in [m.header(), *r]]),
    "semicolons": lambda m, r: m.csv([m.header(), *r], delimiter=";"),
    "tabs": lambda m, r: m.csv(r, delimiter="\t"),
    "blanks": lambda m, r: m.csv(r, delimiter="  "),
    "comma and blank": lambda m, r: m.csv(r, delimiter=", "),
    "blank lines": lambda m, r: b"\n" + m.csv(r, end="\n\n") + b"\n\n",
    "row numbers": lambda m, r: m.csv([["", *m.header()], *([str(1000 + i), *row] for i, row in enumerate(r))]),
    "columns counted": lambda m, r: m.csv([[str(column) for column in range(785)], *r]),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_digits(form, make, rows, digits):
    source = read(FORMS[form](make, rows))
    assert source.test is None
    assert np.array_equal(source.train.images, digits.images)
    assert np.array_equal(source.train.labels, digits.labels)


@pytest.mark.parametrize("header", [True, False])
def test_without_labels_they_are_images_to_predict(header, make, rows, digits):
    table = [row[1:] for row in rows]
    source = read(make.csv([make.header()[1:], *table] if header else table))
    assert source.train is None
    assert source.test.labels is None
    assert np.array_equal(source.test.images, digits.images)
    assert "no labels" in source.notes[-1]


def test_a_range_of_0_to_1_is_scaled_and_noted(make, rows):
    assert read(make.csv(floats(rows))).notes == ("pixels run from 0 to 1: scaled by 255",)
    assert read(make.csv(rows)).notes == ()


@pytest.mark.parametrize("label", [0, 7])
def test_one_row_says_where_its_label_is(make, digits, label):
    row = [str(label), *make.rows(digits)[0][1:]]
    for table in ([row], [row[1:] + row[:1]]):
        assert read(make.csv(table)).train.labels.tolist() == [label]


@pytest.mark.parametrize("careful", [False, True])  # quotes take the file off the fast path
@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        (3, 0, "10", "t.csv, row 5: a label from 0 to 9 was expected, found 10"),
        (3, 0, "", "t.csv, row 5: a number was expected in column 1, found nothing"),
        (3, 0, "nan", "t.csv, row 5: a label from 0 to 9 was expected, found none (NaN)"),
        (3, 0, "2.5", "t.csv, row 5: a label from 0 to 9 was expected, found 2.5"),
        (3, 0, "inf", "t.csv, row 5: a label from 0 to 9 was expected, found inf"),
        (0, 9, "-3", "t.csv, row 2: pixels of 0-255 (or 0-1) were expected, found -3"),
        (19, 784, "256", "t.csv, row 21: pixels of 0-255 (or 0-1) were expected, found 256"),
        (0, 9, "NaN", "t.csv, row 2: pixels of 0-255 (or 0-1) were expected, found nan"),
        (0, 9, "1e300", "t.csv, row 2: pixels of 0-255 (or 0-1) were expected, found inf"),
        (0, 9, "x7", "t.csv, row 2: a number was expected in column 10, found 'x7'"),
    ],
)
def test_a_wrong_value_is_named_with_its_row(make, rows, row, column, value, sentence, careful):
    table = [make.header(), *rows]
    table[row + 1][column] = value
    if careful:
        table[1][5] = f'"{table[1][5]}"'
    with pytest.raises(DataError) as caught:
        read(make.csv(table))
    assert sentence in str(caught.value)


def test_lines_are_counted_with_blank_ones(make, rows):
    rows[2][0] = "11"
    with pytest.raises(DataError, match="row 8: a label"):
        read(b"\n" + make.csv([make.header(), *rows], end="\n\n"))


def test_a_damaged_first_row_is_not_taken_for_a_header(make, rows):
    rows[0][100] = "?"
    with pytest.raises(DataError, match=r"row 1: a number was expected in column 101, found '\?'"):
        read(make.csv(rows))


@pytest.mark.parametrize("cut", [1, 5000, 20_000])
def test_a_row_cut_off_is_named(make, rows, cut):
    text = make.csv([make.header(), *rows])
    last = len(text[:-cut].splitlines())
    with pytest.raises(DataError, match=rf"row {last}: 785 values were expected, found \d+"):
        read(text[: -cut - 4])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"ImageId,Label\n1,2\n", "this is a submission (ImageId, Label)"),
        (b'"ImageId","Label"\r\n1,\r\n', "this is a submission (ImageId, Label)"),
        (b"1,2\n2,0\n", "this is a submission (ImageId, Label)"),
        (b"2\n0\n9\n", "this holds labels only"),
        (b"label\n2\n", "this holds labels only"),
        (b"Dear reader,\nthis is prose.\n", "begins with 'Dear reader,'"),
        (b"1,2,3\n", "its first line has 3 columns"),
        (b",".join([b"0"] * 63), "its first line has 63 columns"),
        (b",".join([b"0"] * 786), "784 columns of pixels (28×28) were expected, found 786"),
    ],
)
def test_another_table_is_told_from_one_of_images(text, sentence):
    with pytest.raises(DataError) as caught:
        read(text)
    assert sentence in str(caught.value)


def test_a_header_alone_has_no_images(make):
    with pytest.raises(DataError, match="rows of 784 pixels were expected, but there is none"):
        read(make.csv([make.header()]))


def test_letters_are_refused_not_taken_for_pixels(make, rows):
    """A-Z tables: the first column runs to 25 and the last one, a corner pixel, is 0 throughout."""
    for row, letter in zip(rows, range(6, 26), strict=True):
        row[0] = str(letter)
    with pytest.raises(DataError, match="row 5: a label from 0 to 9 was expected, found 10"):
        read(make.csv(rows))
