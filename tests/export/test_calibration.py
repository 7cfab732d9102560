"""int8 is calibrated on images that do not judge it."""

import numpy as np
import pytest

from inkling.data import Dataset, Source, Split, load
from inkling.errors import DataError
from inkling.export.calibration import LEAST, MOST, calibration_from
from inkling.export.loss import loss_of
from inkling.model import Model
from inkling.nn import Flatten, Linear, Network
from inkling.optim import Adam
from inkling.recipes import Recipe
from page.golden import random_model

MODEL = random_model(Network(Flatten(), Linear(10)))


def shared(found):
    """Images, all of them different, that both calibrate and judge."""
    return {each.tobytes() for each in found.images} & {each.tobytes() for each in found.judged.images}


def different(count):
    """So many embedded digits, all of them different."""
    train = load("digits").train
    _, first = np.unique(train.images.reshape(len(train), -1), axis=0, return_index=True)
    return Dataset(train.images[np.sort(first)[:count]], train.labels[np.sort(first)[:count]])


def test_training_images_calibrate_and_the_test_part_judges():
    digits = load("digits")
    found, again = (calibration_from(digits, MODEL, "model") for _ in range(2))
    assert len(found.images) == MOST
    np.testing.assert_array_equal(found.images, again.images)
    assert {each.tobytes() for each in found.images} <= {each.tobytes() for each in digits.train.images}
    assert (found.taken, found.which) == ("from its training part", "the test part")
    assert len(found.judged) == len(digits.test)


@pytest.mark.parametrize("count", [LEAST, 7])
def test_where_all_images_judge_half_of_them_calibrate_instead(count):
    found = calibration_from(Source("few", different(count), None), MODEL, "model")
    assert (len(found.images), len(found.judged)) == (count // 2, count - count // 2)
    assert shared(found) == set()
    assert found.taken == "half of all labelled images, since no others are there"
    assert found.which == "the other half of all labelled images"


@pytest.mark.parametrize(("validation", "halved"), [(0.2, False), (0.9, True)])
def test_rows_held_out_of_training_judge_and_learnt_rows_calibrate(validation, halved):
    data = different(300)
    recipe = Recipe(MODEL.network, Adam(), split=Split(validation=validation)).to_dict()
    model = Model(MODEL.network, MODEL.params, {"recipe": recipe, "data": {"sha256": data.sha256}})
    found = calibration_from(Source("own", data, None), model, "model")
    assert shared(found) == set()
    assert found.taken.startswith("half of the validation rows" if halved else "from its training part")
    assert len(found.images) + len(found.judged) == (270 if halved else 300)


def test_one_image_is_too_few():
    with pytest.raises(DataError, match="at least two images were expected"):
        calibration_from(Source("one", different(1), None), MODEL, "model")


def test_images_of_another_size_are_refused():
    with pytest.raises(DataError, match="28"):
        calibration_from(Source("small", Dataset(np.zeros((9, 8, 8), np.uint8), np.arange(9)), None), MODEL, "model")


def test_the_loss_is_told_with_the_images_that_judge():
    found = calibration_from(Source("few", different(9), None), MODEL, "model")
    float32, int8, labels = np.array([1, 2, 3, 4]), np.array([1, 2, 5, 6]), np.array([1, 2, 3, 3])
    loss = loss_of(float32, int8, labels)
    assert (loss.float32_accuracy, loss.int8_accuracy, loss.points) == (0.75, 0.5, 25)
    assert loss.sentence(found) == (
        f"Accuracy 50.00 % on {found.judged.name}, {found.which}: 25.00 points less than in float32; 2 of 4 answers "
        "differ."
    )
    assert "25.00 points more than" in loss_of(int8, float32, labels).sentence(found)
