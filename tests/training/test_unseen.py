"""A model is judged only on images it did not learn from, and where that cannot be, the reader is told."""

import numpy as np
import pytest

from inkling.data import Dataset, Source, Split, load
from inkling.errors import DataError
from inkling.nn import Flatten, Linear, Network
from inkling.optim import SGD
from inkling.training import Recipe
from inkling.training.run import Run, divide
from inkling.training.unseen import caveat, unseen


def trained(tmp_path, split, data="digits"):
    run = Run.create(tmp_path / "run", Recipe(Network(Flatten(), Linear(10)), SGD(), epochs=1, split=split), data)
    for _ in run.train():
        pass
    return run, run.model()


def without_test(source):
    return Source(source.name, source.train, None)


def test_a_test_part_comes_first(tmp_path):
    _, model = trained(tmp_path, Split(validation=0.1))
    part, which = unseen(model, load("digits"))
    assert (len(part), which) == (360, "the test part")


@pytest.mark.parametrize(
    ("split", "rows"), [(Split(validation=0.1, test=0.2), 287), (Split(validation=0.1), 144), (Split(test=50), 50)]
)
def test_on_the_training_data_only_held_out_rows_count(tmp_path, split, rows):
    run, model = trained(tmp_path, split)
    source = without_test(load("digits"))
    part, which = unseen(model, source)
    assert len(part) == rows
    assert "held out" in which
    learnt = {image.tobytes() for image in divide(run.recipe, source).training.images}
    assert not learnt & {image.tobytes() for image in part.images}
    np.testing.assert_array_equal(source.train.images[part.rows], part.images)
    assert caveat(model, source, part) == ""


def test_a_model_that_learnt_all_rows_is_not_judged_on_them(tmp_path):
    _, model = trained(tmp_path, Split())
    with pytest.raises(DataError, match="trained on every row"):
        unseen(model, without_test(load("digits")))


def test_other_data_count_whole(tmp_path):
    _, model = trained(tmp_path, Split())
    other = load("digits").train[:100]
    source = Source("other", other, None)
    part, which = unseen(model, source)
    assert (len(part), which) == (100, "all labelled images")
    assert caveat(model, source, part) == " (not checked for images that the model learnt from)"
    with pytest.raises(DataError, match="no labels"):
        unseen(model, Source("other", None, Dataset(other.images)))


def test_a_leaked_test_set_is_named(tmp_path, monkeypatch):
    """The competition's training rows hold 6,049 of MNIST's test images; a file of them alone is no test part."""
    test = load("digits").test
    monkeypatch.setattr("inkling.training.unseen.count_mnist_test_images", len)
    _, model = trained(tmp_path, Split())
    assert caveat(model, Source("x", None, test), test) == ""
    model.facts["data"]["mnist_test_images"] = 6049
    for source in (Source("x", None, test), Source("x", test, None)):
        assert "NOT unseen: the model learnt from 6,049 images of MNIST" in caveat(
            model, source, unseen(model, source)[0]
        )


def test_a_rival_is_asked_for_the_very_rows_it_learnt_from(tmp_path):
    source = without_test(load("digits"))
    run, model = trained(tmp_path, Split(validation=0.1))
    part, _ = unseen(model, source)
    rival_recipe = run.recipe.override(seed=run.recipe.seed + 1)
    learnt = {image.tobytes() for image in divide(rival_recipe, source).training.images}
    shared = sum(image.tobytes() in learnt for image in part.images)
    model.facts["recipe"] = rival_recipe.to_dict()
    assert 0 < shared < len(part)
    assert caveat(model, source, part) == f" (NOT unseen: the model learnt from {shared} of these images)"
    assert caveat(model, source, source.train) == " (NOT unseen: the model learnt from 1,293 of these images)"


def test_the_same_recipe_divides_the_same_data_the_same_way():
    recipe = Recipe(Network(Flatten(), Linear(10)), SGD(), split=Split(validation=0.2, test=0.1), seed=3)
    first, second = (divide(recipe, without_test(load("digits"))) for _ in range(2))
    np.testing.assert_array_equal(first.validation.images, second.validation.images)
    np.testing.assert_array_equal(first.test.labels, second.test.labels)
    other = divide(recipe.override(seed=4), without_test(load("digits")))
    assert not np.array_equal(first.validation.images, other.validation.images)
