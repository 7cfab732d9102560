"""The live line of a training on real terminals of every width."""

import re

import pytest

from inkling.cli.console import complain, log, report_errors
from inkling.cli.progress import fit, follow, waiting, while_waiting
from inkling.training import EpochReport

SCORES = r"loss \d\.\d{3}  acc \d+\.\d %  val \d\.\d{3} \d+\.\d %"


def looks(shown):
    """Every look that the live line had."""
    return [line.strip() for line in shown.split("\r\x1b[K")[1:]]


@pytest.mark.parametrize(
    ("rows", "columns", "last"),
    [
        (24, 60, rf"epoch 6/6  0:00:00  {SCORES}"),
        pytest.param(24, 80, rf"epoch 6/6  0:00:00  {SCORES}  [\d,]+ images/s", marks=pytest.mark.thorough),
        (24, 120, rf"epoch 6/6  \[={{20}}\]  0:00:00 left  {SCORES}  [\d,]+ images/s"),
        (0, 0, rf"epoch 6/6  0:00:00  {SCORES}  [\d,]+ images/s"),
    ],
)
def test_the_live_line_fits_the_terminal(on_a_terminal, without_plots, recipe_file, rows, columns, last):
    train = ("train", "-r", recipe_file, "--data", "digits", "-o", "r")
    lines = looks(on_a_terminal(*train, rows=rows, columns=columns, **without_plots))
    *lines, (final, said) = *lines[:-1], lines[-1].splitlines()
    assert lines[0] == "epoch 0/6"
    assert re.fullmatch(last, final)
    assert said == "Drawing the plots."
    assert max(map(len, lines)) <= (columns or 80)


@pytest.mark.parametrize("epochs", [1, 20, 1000])
def test_epoch_and_time_left_are_never_cut(epochs):
    report = EpochReport(epochs, 0.1352, 0.9581, 0.001, 1.0, 123456.0, 0.1301, 0.969)
    for width in range(60, 140):
        line = fit(report, epochs, 3754.0, width)
        assert len(line) <= width
        assert f"{epochs}/{epochs}  " in line
        assert "1:02:34" in line
        assert "loss 0.135  acc 95.8 %  val 0.130 96.9 %" in line
        assert "images/s" in line or "[" not in line
    assert fit(report, epochs, 3754.0, 20).startswith(f"{epochs}/{epochs}  1:02:34")
    assert len(fit(report, epochs, 3754.0, 20)) == 20


def test_a_quiet_command_shows_no_progress_and_still_complains(capsys):
    report = EpochReport(1, 0.1352, 0.9581, 0.001, 1.0, 123456.0)

    @report_errors
    def command(quiet):
        assert list(follow([report], 1)) == [report]
        assert list(while_waiting("ab", 2)) == ["a", "b"]
        with waiting("tiny reads"):
            log("progress")
        complain("a warning")

    command(quiet=True)
    assert capsys.readouterr() == ("", "a warning\n")
    command(quiet=False)
    assert "epoch 1/1  loss 0.1352" in capsys.readouterr().err
