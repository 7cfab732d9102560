"""The space of a sweep: what --set may say, and what Optuna draws from it."""

import pytest

from inkling.cluster.sweeps.space import Choice, Range, setting_of
from inkling.errors import UsageError
from needs import needs_optuna


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("lr=0.05:0.4:log", "lr", Range(0.05, 0.4, True)),
        ("batch_size=32:256", "batch_size", Range(32, 256)),
        ("network.0.out_channels=16,24,32", "network.0.out_channels", Choice((16, 24, 32))),
        ("optimizer=Adam(), SGD(0.1, 0.9)", "optimizer", Choice(("Adam()", "SGD(0.1, 0.9)"))),
        ("stopping=None,Patience(3)", "stopping", Choice((None, "Patience(3)"))),
        ("seed=1", "seed", Choice((1,))),
    ],
)
def test_what_may_be_said(text, name, values):
    assert setting_of(text) == (name, values)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lr", "--set lr: NAME=LOW:HIGH"),
        ("=1", "--set =1: NAME=LOW:HIGH"),
        ("lr=", "--set lr=: NAME=LOW:HIGH"),
        ("lr=0.4:0.1", "with LOW below HIGH"),
        ("lr=a:b", "a range is LOW:HIGH"),
        ("lr=0.1:0.4:linear", "a range is LOW:HIGH or LOW:HIGH:log"),
        ("lr=0:0.4:log", "a logarithmic range begins above 0"),
        ("seed=1,1", "different values were expected"),
        ("seed=1,,2", "different values were expected, none of them empty"),
    ],
)
def test_what_may_not(text, says):
    with pytest.raises(UsageError, match=says):
        setting_of(text)


@needs_optuna("settings are drawn by Optuna")
def test_what_is_drawn_is_a_value_that_a_recipe_file_shows():
    import optuna

    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    for _ in range(50):
        trial = study.ask()
        rate = Range(1e-4, 1e-1, True).suggest(trial, "lr")
        assert 1e-4 <= rate <= 1e-1
        assert rate == float(f"{rate:.6g}")
        assert Range(3, 5).suggest(trial, "epochs") in (3, 4, 5)
        assert Choice((None, "Adam()", 2)).suggest(trial, "mixed") in (None, "Adam()", 2)
        assert trial.params["mixed"] in ("None", "Adam()", "2")
