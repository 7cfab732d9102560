"""Tasks for the tests of executors, in a module that spawned workers can import."""

import errno
import os
import signal

from threadpoolctl import threadpool_info


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


class Job:
    """Tasks that a spawned worker finds by name: `function(arrays, k)`."""

    def __init__(self, function, *arrays):
        self.function, self.arrays = function, arrays

    def run(self, task, k):
        self.function(self.arrays, k)

    def order(self, task, parts):
        return parts, self.arrays

    def carry_out(self, order):
        parts, arrays = order
        for mine, theirs in zip(self.arrays, arrays, strict=True):
            mine[...] = theirs
        for k in parts:
            self.run(0, k)
        return [array[parts] for array in self.arrays]

    def enter(self, order, answer):
        for array, written in zip(self.arrays, answer, strict=True):
            array[order[0]] = written


def count_up(arrays, k):
    done, who = arrays
    done[k] += 1
    who[k] = os.getpid()


def tell_blas_threads(arrays, k):
    arrays[0][k] = max(blas_threads())


def kill_itself(arrays, k):
    if k == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def exit_early(arrays, k):
    if k == 1:
        os._exit(7)


class Stubborn(Exception):
    """It can be pickled, and not be read again."""

    def __reduce__(self):
        return refuse, ()


def refuse():
    raise TypeError("this cannot be read again")


def fail(arrays, k):
    if k == 1:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def fail_for_want_of_memory(arrays, k):
    if k == 1:
        raise MemoryError("no 5 TiB here")


def fail_stubbornly(arrays, k):
    if k == 1:
        raise Stubborn("a b")


def fail_at_length(arrays, k):
    if k == 1:
        raise ValueError("x" * 100_000)


def fail_slowly(arrays, k):
    if k == 1:
        raise TimeoutError("too slow")


def fail_here(arrays, k):
    if k == 0:
        raise ValueError("broken")
