"""The loop: what a batch holds, what an epoch reports, when it ends, and that a step leaves no array behind."""

import dataclasses
import math
import tracemalloc

import numpy as np
import pytest

from inkling.data import Dataset, Split, load
from inkling.errors import UsageError
from inkling.nn import BatchNorm1d, Dropout, Flatten, Linear, Network, ReLU, softmax
from inkling.optim import SGD, ConstantLR, ExponentialLR
from inkling.recipes import LossVariance, Patience, Recipe
from inkling.training import TrainingDiverged, TrainingState, train
from lively import LIVELY, Spy, digits


def recipe(*layers, shards=1, **settings):
    return Recipe(Network(*(layers or (Flatten(), Linear(10)))), SGD(), ConstantLR(0.1), shards=shards, **settings)


def numbered(count):
    """Images that carry their row in their first two pixels."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.divmod(np.arange(count), 256)
    return Dataset(images, np.arange(count) % 10, "numbered")


def batches_of(settings, data):
    """Rows of every batch, as the network got them, epoch by epoch."""
    seen = []
    Spy.watch = lambda x: seen.append(np.rint(x[:, 0, 0, 0] * 255 * 256 + x[:, 0, 1, 0] * 255).astype(int))
    epochs = []
    for _ in train(recipe(Spy(), Linear(10), **settings), data, workers=1):
        epochs.append(seen[:])
        seen.clear()
    return epochs


def test_every_row_is_seen_once_an_epoch_and_the_last_batch_is_what_is_left():
    for epoch in batches_of({"batch_size": 128, "epochs": 2}, numbered(1000)):
        assert [len(batch) for batch in epoch] == [128] * 7 + [104]
        assert sorted(np.concatenate(epoch)) == list(range(1000))


def test_two_epochs_have_different_sets_of_batches():
    """Regression test for a loop (joelnet's) that shuffles where batches start, and never what is in them."""
    first, second = batches_of({"batch_size": 100, "epochs": 2}, numbered(1000))
    assert not {frozenset(batch) for batch in first} & {frozenset(batch) for batch in second}


@pytest.mark.parametrize("size", ["full", 1000, 10**12])
def test_a_full_batch_is_all_rows_at_once(size):
    assert [
        [len(batch) for batch in epoch] for epoch in batches_of({"batch_size": size, "epochs": 2}, numbered(300))
    ] == [
        [300],
        [300],
    ]


def test_shards_cut_a_batch_and_lose_no_row():
    (epoch,) = batches_of({"batch_size": 100, "epochs": 1, "shards": 3}, numbered(201))
    assert sorted(np.concatenate(epoch)) == list(range(201))
    assert sorted(map(len, epoch)) == [1, 33, 33, 33, 33, 34, 34]


# Made by this code, in float32, and confirmed in float64 by the second test below. They guard against any unwanted
# change of the streams, the initialisation, the gradients and the updates.
GOLDEN = [2.344342, 2.175368, 2.037375, 1.873799, 1.696516, 1.510490, 1.317841, 1.130182, 0.9518322, 0.7934515]


def golden_recipe():
    network = Network(Flatten(), Linear(32), ReLU(), Linear(10))
    return Recipe(network, SGD(momentum=0.9, nesterov=True, weight_decay=1e-3), ConstantLR(0.1), "full", 10, seed=1)


def test_ten_golden_losses():
    losses = [report.training_loss for report in train(golden_recipe(), digits())]
    assert losses == pytest.approx(GOLDEN, rel=1e-5)


def test_ten_golden_losses_come_from_the_equations():
    """The same ten steps, written down once more without any of the machinery."""
    start, data = golden_recipe(), digits()
    params = TrainingState.start(start).params.astype(np.float64)
    θ = [params[i].weight for i in (1, 3)] + [params[i].bias for i in (1, 3)]
    v = [np.zeros_like(each) for each in θ]
    x, y = data.images.reshape(-1, 784) / 255, np.eye(10)[data.labels]
    losses = []
    for _ in range(10):
        h = np.maximum(x @ θ[0] + θ[2], 0)
        p = softmax(h @ θ[1] + θ[3])
        losses.append(-np.log(p[y == 1]).mean())
        dz = (p - y) / len(x)
        dh = dz @ θ[1].T * (h > 0)
        gradients = [x.T @ dh + 1e-3 * θ[0], h.T @ dz + 1e-3 * θ[1], dh.sum(axis=0), dz.sum(axis=0)]
        for i, g in enumerate(gradients):
            v[i] = 0.9 * v[i] + g
            θ[i] -= 0.1 * (g + 0.9 * v[i])
    assert losses == pytest.approx(GOLDEN, rel=1e-5)


@pytest.mark.parametrize("ema", [None, 0.9])
def test_a_report_measures_what_it_says(ema):
    data = digits()
    training, validation, _ = Split(validation=0.2).apply(data, np.random.default_rng(0))
    scheduled = dataclasses.replace(recipe(batch_size=100, epochs=3, ema=ema), schedule=ExponentialLR(0.1, gamma=0.5))
    state = TrainingState.start(scheduled)
    for report in train(scheduled, training, validation, state, test=data):
        for part, loss, accuracy in (
            (validation, report.validation_loss, report.validation_accuracy),
            (data, report.test_loss, report.test_accuracy),
        ):
            answers = state.params if ema is None else state.average
            p = softmax(scheduled.network.logits(answers, part.images[..., None] / np.float32(255)))
            probabilities = p[np.arange(len(part)), part.labels].astype(np.float64)
            assert loss == pytest.approx(-np.log(probabilities).mean(), rel=1e-5)
            assert accuracy == (p.argmax(axis=1) == part.labels).mean()
        assert report.learning_rate == pytest.approx(0.1 * 0.5 ** (report.epoch - 1))
        assert report.images_per_second > 0
    assert [record["epoch"] for record in state.history] == [1, 2, 3]
    assert state.history[-1] == report.to_dict()
    assert state.history[0]["seconds"] < state.history[1]["seconds"] < state.history[2]["seconds"]


def test_dropout_is_off_when_measuring():
    """Regression test for a project that forgot: with 95 % of the features silent, measuring would show it."""
    network = Network(Flatten(), Linear(64), ReLU(), Dropout(0.95), Linear(10))
    with_dropout = Recipe(network, SGD(), ConstantLR(1e-12), epochs=1)
    without = dataclasses.replace(with_dropout, network=Network(Flatten(), Linear(64), ReLU(), Linear(10)))
    (a,), (b,) = (list(train(each, digits(), digits())) for each in (with_dropout, without))
    assert a.validation_loss == pytest.approx(b.validation_loss, rel=1e-6)
    assert a.training_loss > 1.2 * b.training_loss


def test_divergence_in_the_last_step_is_noticed_too():
    hot = recipe(Flatten(), Linear(30), ReLU(), Linear(10), batch_size="full", epochs=1).override(lr=1e38)
    with pytest.raises(TrainingDiverged):
        list(train(hot, digits(), digits()))


def test_an_interrupted_epoch_leaves_no_trace():
    class Impatient(Exception):
        pass

    def give_up(x):
        if next(batches) == 12:
            raise Impatient

    data, plan = digits()[:1000], recipe(Spy(), Linear(10), batch_size=100, epochs=2, ema=0.9)
    Spy.watch = lambda x: None
    whole = TrainingState.start(plan)
    list(train(plan, data, state=whole, workers=1))
    state, batches = TrainingState.start(plan), iter(range(100))
    Spy.watch = give_up
    with pytest.raises(Impatient):
        list(train(plan, data, state=state, workers=1))
    assert (state.epoch, state.optimizer.steps) == (1, 10)
    Spy.watch = lambda x: None
    list(train(plan, data, state=state, workers=1))
    np.testing.assert_array_equal(state.params.flat, whole.params.flat)
    np.testing.assert_array_equal(state.average.flat, whole.average.flat)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_state_gets_vectors_of_its_own(workers):
    state = TrainingState.start(recipe())
    held, before = state.params.flat, state.params.flat.copy()
    list(train(recipe(epochs=1, shards=2), digits()[:200], state=state, workers=workers))
    np.testing.assert_array_equal(held, before)
    assert not np.array_equal(state.params.flat, before)


@pytest.mark.parametrize("workers", [0, -1])
def test_a_number_of_workers_that_cannot_work_is_refused(workers):
    with pytest.raises(UsageError, match=f"at least 1 worker, not {workers}"):
        next(train(recipe(), digits(), workers=workers))


def test_a_batch_of_one_image_has_no_batch_statistics():
    """201 images in batches of 100 and two shards: the last image waits for another epoch."""
    network = Network(Flatten(), Linear(20), BatchNorm1d(), ReLU(), Linear(10))
    plan = Recipe(network, SGD(), ConstantLR(0.1), 100, 3, shards=2)
    state = TrainingState.start(plan)
    reports = list(train(plan, digits()[:201], state=state))
    assert state.optimizer.steps == 6
    assert reports[-1].training_accuracy > reports[0].training_accuracy
    tiny = dataclasses.replace(plan, batch_size=3)  # a batch of three is one shard, not one of two and one of one
    assert all(math.isfinite(report.training_loss) for report in train(tiny, digits()[:60]))


def test_a_source_is_no_dataset():
    with pytest.raises(
        UsageError, match="takes a Dataset, such as the train part of a source, not a value of type Source"
    ):
        next(train(recipe(), load("digits")))


def test_divergence_names_step_and_learning_rate():
    hot = recipe(Flatten(), Linear(30), ReLU(), Linear(10), batch_size=100, epochs=2).override(lr=1e20)
    with pytest.raises(TrainingDiverged, match=r"step \d+ .* learning rate 1e\+20; try a lower --lr") as caught:
        list(train(hot, digits()))
    assert 2 <= caught.value.step <= 15
    assert caught.value.learning_rate == 1e20


@pytest.mark.parametrize("settings", [{"keep": "best"}, {"stopping": Patience()}], ids=repr)
def test_rules_that_need_validation_images_say_so(settings):
    with pytest.raises(UsageError, match="need validation images"):
        next(train(recipe(split=Split(validation=0.1), **settings), digits()))


@pytest.mark.parametrize(
    ("data", "message"),
    [(Dataset(digits().images), "no labels"), (digits()[:0], "no images to train on")],
    ids=["unlabelled", "empty"],
)
def test_data_that_cannot_be_learnt_from_is_refused(data, message):
    with pytest.raises(UsageError, match=message):
        list(train(recipe(), data))


@pytest.mark.parametrize("rule", [Patience(2), LossVariance(epochs=4, threshold=1e-3)], ids=repr)
def test_training_stops_when_its_rule_says_so(rule):
    data = digits()
    stopped = recipe(batch_size=100, epochs=200, split=Split(validation=0.2), stopping=rule).override(lr=1.0)
    state = TrainingState.start(stopped)
    for _ in train(stopped, data[:1000], data[1000:], state):
        pass
    assert 2 <= state.epoch < 200
    assert rule.should_stop(state.history)
    assert not any(rule.should_stop(state.history[:n]) for n in range(state.epoch))


@pytest.mark.parametrize("ema", [None, 0.5])
def test_the_best_epoch_is_kept(ema):
    data = digits()
    best = dataclasses.replace(LIVELY, epochs=25, schedule=ConstantLR(0.05), ema=ema)
    state, after = TrainingState.start(best), {}
    for report in train(best, data[:300], data[300:600], state):
        kept = state.params if ema is None else state.average
        after[report.epoch] = kept.flat.copy(), kept.statistics.copy()
    accuracy = max(record["validation_accuracy"] for record in state.history)
    tied = [record for record in state.history if record["validation_accuracy"] == accuracy]
    expected = min(tied, key=lambda record: record["validation_loss"])["epoch"]
    params, epoch = state.chosen(best)
    assert epoch == expected != best.epochs, "choose another learning rate: the last epoch is the best"
    np.testing.assert_array_equal(params.flat, after[epoch][0])
    np.testing.assert_array_equal(params.statistics, after[epoch][1])
    last, epoch = state.chosen(dataclasses.replace(best, keep="last"))
    assert epoch == 25
    np.testing.assert_array_equal(last.flat, after[25][0])


@pytest.mark.parametrize("ema", [None, 0.9])
@pytest.mark.parametrize("shards", [1, 2])
def test_a_steady_step_allocates_no_array_of_a_batch(shards, ema):
    """Traced memory from one forward to the next: it does not grow, and never rises by one layer's activations."""
    passes = shards if ema is None else 2 * shards  # of a batch in an epoch; the second is for the statistics
    levels, steps = np.zeros((24 * 3 * passes, 2)), iter(range(1000))

    def look(x):
        levels[next(steps)] = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()

    Spy.watch = look
    network = Network(Spy(), Linear(128), *LIVELY.network.layers[2:])
    watched = LIVELY.override(network=network, batch_size=400, epochs=24, shards=shards, keep="last", ema=ema)
    images = digits()[:1200]  # loaded before allocations are traced, which takes a multiple of the time
    tracemalloc.start()
    try:
        for _ in train(watched, images, workers=1):
            pass
    finally:
        tracemalloc.stop()
    current, peak = levels[20 * passes : 60 * passes].T
    assert (peak[1:] - current[:-1]).max() < 400 // shards * 128 * 4
    half = len(current) // 2
    assert current[half:].min() < current[:half].min() + 16_384  # the history grows by a kilobyte an epoch


def test_losses_are_finite_numbers_of_python():
    (report,) = train(recipe(epochs=1), digits())
    assert type(report.training_loss) is float
    assert math.isfinite(report.training_loss)


@pytest.mark.parametrize(("batch_size", "shards", "images"), [(4, 2, 7), (16, 8, 23), (6, 3, 15)])
def test_a_short_last_batch_fits_where_shards_need_two_images(batch_size, shards, images):
    """Three images left over are one shard, larger than those of a whole batch."""
    network = Network(Flatten(), Linear(4), BatchNorm1d(), Linear(10))
    recipe = Recipe(network, SGD(), batch_size=batch_size, shards=shards, epochs=1)
    (report,) = train(recipe, digits()[:images], workers=1)
    assert report.training_loss > 0
