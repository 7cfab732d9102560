"""Whatever interrupts a training, at any instruction, its state is that of a whole epoch or refuses to be saved."""

import functools
import hashlib
import pickle
import random
import signal
import sys
from pathlib import Path

import pytest

import inkling.training
from inkling.data import Split
from inkling.errors import InklingError
from inkling.nn import BatchNorm1d, Dropout, Flatten, Linear, Network, ReLU
from inkling.optim import Adam, ConstantLR
from inkling.recipes import Recipe
from inkling.runs import ingredients, run
from inkling.runs.run import Run
from inkling.training import ForkedWorkers, TrainingState, train
from inkling.training.interrupts import deferred_signals
from lively import digits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="this is not Linux: an interrupted epoch is undone")

# Above 100,000 parameters two workers share an update, each moving a part of θ.
PLAN = Recipe(
    Network(Flatten(), Linear(160), BatchNorm1d(), ReLU(), Dropout(0.1), Linear(10)),
    Adam(),
    ConstantLR(0.01),
    batch_size=50,
    epochs=8,
    ema=0.9,
    split=Split(validation=0.9),
    keep="best",
    shards=2,
    name="interrupted",
)
ENGINE = str(Path(inkling.training.__file__).parent)


@functools.cache
def parts():
    data = digits()
    return data[:150], data[150:250]


def digest(state):
    """A hash of all that a state packs, but for times."""
    vectors, metadata = state.pack()
    timeless = [{k: v for k, v in r.items() if k not in ("seconds", "images_per_second")} for r in metadata["history"]]
    content = hashlib.sha256(repr((timeless, metadata["steps"], metadata["best_epoch"])).encode())
    for name in sorted(vectors):
        content.update(name.encode() + vectors[name].tobytes())
    return content.hexdigest()


@pytest.fixture(scope="module")
def whole():
    """The digest of the uninterrupted state after each number of epochs, and one more than a training has."""
    state = TrainingState.start(PLAN)
    digests = [digest(state)]
    for _ in train(PLAN, *parts(), state, workers=1):
        digests.append(digest(state))
    return digests


class Interrupted(Exception):
    """What a handler of a signal raises."""


@pytest.fixture
def timer(monkeypatch):
    """Raise in `consume`: timer(seconds until the first signal, seconds between the next ones, how many signals)."""
    left, before = 0, signal.getsignal(signal.SIGALRM)

    def handler(number, frame):
        nonlocal left
        left -= 1
        if left <= 0:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if is_called_by(frame, consume):
            raise Interrupted

    def start(seconds, again=0.0, times=1):
        nonlocal left
        left = times
        signal.setitimer(signal.ITIMER_REAL, seconds, again)

    # Python drops what is raised in a destructor or in a callback of its own, and tells of it.
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    signal.signal(signal.SIGALRM, handler)
    yield start
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def interrupts():
    """Have SIGINT raise KeyboardInterrupt, whatever the tests were started by."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def consume(reports):
    for _ in reports:
        pass


def is_called_by(frame, function):
    while frame is not None and frame.f_code is not function.__code__:
        frame = frame.f_back
    return frame is not None


@pytest.mark.parametrize("times", [1, pytest.param(3, marks=pytest.mark.thorough)], ids=["once", "thrice"])
def test_a_signal_at_any_moment_of_an_update_that_workers_share(timer, whole, times):
    moments, caught = random.Random(times), 0
    state = TrainingState.start(PLAN)
    for _ in range(60):
        if state.epoch == PLAN.epochs:
            state = TrainingState.start(PLAN)
        try:
            timer(moments.uniform(0.005, 0.06), moments.uniform(1e-5, 1e-3), times)
            consume(train(PLAN, *parts(), state, workers=2))
        except Interrupted:
            caught += 1
        if not state.whole:
            with pytest.raises(InklingError, match="the middle of an epoch"):
                state.pack()
            state.undo_epoch()
        assert digest(state) == whole[state.epoch]
    assert caught > 20
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, []), "Ctrl-C would stay blocked"


class Tracer:
    """Raise at the n-th instruction that the engine executes."""

    def __init__(self, n):
        self.left = n

    def __call__(self, frame, event, argument):
        if not frame.f_code.co_filename.startswith(ENGINE):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.left -= 1
            if self.left == 0:
                raise Interrupted
        return self


@pytest.mark.parametrize(("workers", "every"), [(1, 101), (2, 211)], ids=["one process", "two"])
def test_an_exception_at_any_instruction_of_an_epoch(whole, workers, every):
    """Every so-many-th instruction of the engine in the calling process, in the second epoch and what follows it."""
    moments, tried = range(1, 10**6, every), 0
    for n in moments:
        state = TrainingState.start(PLAN)
        reports = train(PLAN, *parts(), state, workers=ForkedWorkers(workers))
        next(reports)
        sys.settrace(Tracer(n))
        try:
            next(reports)
            break  # all instructions have had their turn
        except Interrupted:
            tried += 1
        finally:
            sys.settrace(None)
        assert digest(state) == whole[state.epoch], n
        assert state.epoch in (1, 2)
    else:
        raise AssertionError("the epoch does not end")
    reports.close()
    assert tried > 20
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, []), "Ctrl-C would stay blocked"


def test_a_second_interrupt_while_the_state_is_restored_waits(whole, interrupts):
    """Even where stopping the workers takes long."""
    state = TrainingState.start(PLAN)
    next(train(PLAN, *parts(), state, workers=1))
    order = []

    def epoch():
        state.params.flat += 1
        state.history.append({})
        state.optimizer.steps += 1
        signal.raise_signal(signal.SIGINT)

    def stop():
        order.append("stopping")
        signal.raise_signal(signal.SIGINT)
        order.append("stopped")

    with pytest.raises(KeyboardInterrupt):
        state.run_whole(epoch, stop)
    assert order == ["stopping", "stopped"]
    assert state.whole
    assert digest(state) == whole[1]


def test_a_state_in_the_middle_of_an_epoch_is_neither_packed_nor_pickled_nor_chosen_until_the_epoch_is_undone(whole):
    state, stops = TrainingState.start(PLAN), iter([Interrupted, None])

    def stop():
        if error := next(stops):
            raise error

    def epoch():
        state.params.flat += 1
        for use in (state.pack, lambda: pickle.dumps(state), lambda: state.chosen(PLAN)):
            with pytest.raises(InklingError, match=r"the middle of an epoch: go on from the latest checkpoint"):
                use()
        raise MemoryError

    with pytest.raises(Interrupted):
        state.run_whole(epoch, stop)
    with pytest.raises(InklingError, match=r"the middle of an epoch"):
        state.pack()
    consume(train(PLAN, *parts(), state, workers=1))
    assert digest(state) == whole[-1]


def test_signals_arrive_in_the_end_and_each_handler_is_put_back(interrupts):
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    order = []

    def work():
        with deferred_signals():
            signal.raise_signal(signal.SIGUSR1)
            signal.raise_signal(signal.SIGINT)
            order.append("worked")

    signal.signal(signal.SIGUSR1, lambda number, frame: order.append("handled"))
    try:
        with pytest.raises(KeyboardInterrupt):
            work()
    finally:
        signal.signal(signal.SIGUSR1, before[signal.SIGUSR1])
    assert order == ["worked", "handled"]
    assert {number: signal.getsignal(number) for number in signal.valid_signals()} == before


@pytest.mark.parametrize("checkpoint_seconds", [0.0, pytest.param(1e9, marks=pytest.mark.thorough)])
def test_a_run_interrupted_at_any_moments_is_resumed_to_the_same_bytes(
    timer, whole, tmp_path, monkeypatch, checkpoint_seconds
):
    monkeypatch.setattr(run, "CHECKPOINT_SECONDS", checkpoint_seconds)
    monkeypatch.setattr(ingredients, "load", functools.cache(ingredients.load))
    plan = PLAN.override(epochs=4)
    consume(Run.create(tmp_path / "whole", plan, "digits").train())
    expected = (tmp_path / "whole" / "model.safetensors").read_bytes()
    moments, caught = random.Random(7), 0
    for i in range(4):
        folder = tmp_path / f"r{i}"
        training = Run.create(folder, plan, "digits")
        for attempt in range(200):
            try:
                timer(
                    moments.uniform(0.02, 0.1 + 0.02 * attempt), moments.uniform(1e-5, 1e-3), moments.choice([1, 1, 2])
                )
                consume(training.train())
                break
            except Interrupted:
                caught += 1
            training = Run.resume(folder)
        assert (folder / "model.safetensors").read_bytes() == expected
    assert caught >= 4
