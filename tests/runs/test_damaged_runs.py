"""What lies in the folder of a run is checked when the run is resumed: what is malformed is a sentence, at once."""

import numpy as np
import pytest

from inkling.errors import DataError
from inkling.recipes import Recipe
from inkling.runs.checkpoint import LATEST, load_checkpoint, save_checkpoint
from inkling.storage import load_tensors, save_tensors
from inkling.training import TrainingState
from lively import LIVELY

RECORD = {"epoch": 1, "seconds": 0.1, "training_loss": 1.0, "training_accuracy": 0.5}


@pytest.fixture
def checkpoint(tmp_path):
    """The folder of a recipe without validation, with a checkpoint after one epoch."""
    recipe = Recipe(LIVELY.network, LIVELY.optimizer, epochs=3)
    state = TrainingState.start(recipe)
    state.history.append(RECORD)
    save_checkpoint(tmp_path, state)
    assert load_checkpoint(tmp_path, recipe).history == [RECORD]
    return tmp_path, recipe


@pytest.mark.parametrize(
    "entries",
    [
        {"steps": "many"},
        {"steps": -1},
        {"steps": None},
        {"best_epoch": 2},
        {"best_epoch": 0.5},
        {"history": 5},
        {"history": [5]},
        {"history": [{}]},
        {"history": [{**RECORD, "training_loss": "low"}]},
        {"history": {"0": RECORD}},
    ],
    ids=str,
)
def test_a_checkpoint_with_malformed_metadata_is_a_sentence(checkpoint, entries):
    """Regression test: it was taken, and ended training with a traceback later."""
    folder, recipe = checkpoint
    tensors, metadata = load_tensors(folder / LATEST)
    save_tensors(folder / LATEST, tensors, metadata | entries)
    with pytest.raises(DataError, match=r"no checkpoint to go on from: .*does not fit recipe\.toml beside it"):
        load_checkpoint(folder, recipe)


def test_a_checkpoint_lacks_no_measurement_that_the_recipe_needs(checkpoint):
    folder, recipe = checkpoint
    chosen = recipe.override(keep="best", split=type(recipe.split)(validation=0.1))
    with pytest.raises(DataError, match="no checkpoint to go on from"):
        load_checkpoint(folder, chosen)


@pytest.mark.parametrize("wrong", [np.float64, np.int32, np.bool_])
def test_a_checkpoint_with_vectors_of_another_type_is_a_sentence(checkpoint, wrong):
    folder, recipe = checkpoint
    tensors, metadata = load_tensors(folder / LATEST)
    save_tensors(folder / LATEST, {**tensors, "moment.0": tensors["moment.0"].astype(wrong)}, metadata)
    with pytest.raises(DataError, match="no checkpoint to go on from"):
        load_checkpoint(folder, recipe)
