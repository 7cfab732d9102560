"""The summary of a network: each layer with the shape of its output and its parameters, and their sum."""

from html.parser import HTMLParser

import numpy as np
import pytest

from inkling import Model
from inkling.nn import BatchNorm1d, Conv2d, Ensemble, Flatten, Linear, Network, ReLU, Residual, Sequential

NESTED = Network(
    Conv2d(4, 3, padding=1),
    Residual(Conv2d(4, 3, padding=1, bias=False), ReLU()),
    Flatten(),
    Ensemble(Sequential(Linear(8), BatchNorm1d(), Linear(3)), Linear(3)),
    input_shape=(6, 6, 1),
)
EXPECTED = """\
layer                                output shape  parameters
-------------------------------------------------------------
input                                (6, 6, 1)
Conv2d(4, 3, padding=1)              (6, 6, 4)             40
Residual                             (6, 6, 4)            144
  Conv2d(4, 3, padding=1, bias=False)  (6, 6, 4)            144
  ReLU()                               (6, 6, 4)              0
Flatten()                            (144,)                 0
Ensemble                             (3,)               1,638
  Sequential                         (3,)               1,203
    Linear(8)                        (8,)               1,160
    BatchNorm1d()                    (8,)                  16
    Linear(3)                        (3,)                  27
  Linear(3)                          (3,)                 435
-------------------------------------------------------------
total                                                   1,822"""


def test_each_layer_has_a_line_and_those_inside_are_indented():
    lines = NESTED.summary().splitlines()
    assert [" ".join(line.split()) for line in lines if "---" not in line] == [
        " ".join(line.split()) for line in EXPECTED.splitlines() if "---" not in line
    ]
    indents = [len(line) - len(line.lstrip()) for line in lines]
    assert [indents[lines.index(line)] for line in lines if "Linear(8)" in line] == [4]
    assert {len(line) for line in lines if line[-1].isdigit()} == {len(lines[0])}, "counts end in one column"


def test_the_total_is_the_number_of_parameters_without_running_statistics():
    assert f"{NESTED.layout.size:,}" == NESTED.summary().split()[-1]
    assert NESTED.layout.statistics_size > 0


def test_a_model_has_the_summary_of_its_network():
    network = Network(Flatten(), Linear(10))
    model = Model(network, network.init(np.random.default_rng(0)))
    assert model.summary() == network.summary()


@pytest.mark.parametrize("shape", [(), (28, 0, 1), (28, 28.0, 1), "28", 28, None])
def test_what_is_no_shape_of_images_is_refused(shape):
    with pytest.raises(ValueError, match="input_shape is rows, columns and channels, such as"):
        Network(Flatten(), Linear(10), input_shape=shape)


def test_notebooks_show_the_same_table_as_html():
    class Rows(HTMLParser):
        def __init__(self):
            super().__init__()
            self.rows = []

        def handle_starttag(self, tag, attributes):
            if tag == "tr":
                self.rows.append([])
            elif tag in ("td", "th"):
                self.rows[-1].append("")

        def handle_data(self, data):
            if self.rows:
                self.rows[-1][-1] += data

    parser = Rows()
    parser.feed(NESTED._repr_html_())
    found = [" ".join(" ".join(row).split()) for row in parser.rows]
    assert found == [" ".join(line.split()) for line in EXPECTED.splitlines() if "---" not in line]
    network = Network(Flatten(), Linear(2))
    model = Model(network, network.init(np.random.default_rng(0)), class_names=("<a>", "b"))
    assert "&lt;a&gt;" in model._repr_html_()
    assert model.network._repr_html_() in model._repr_html_()
