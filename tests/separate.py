"""An executor that shares no memory with the caller, as one of several machines would be."""

import pickle

from inkling.processor import one_blas_thread
from inkling.training.order import Task


class Separate:
    """What it runs has arrays of its own; it is sent the orders of the job, and sends its answers."""

    size, shares_memory = 2, False

    def allocate(self, array):
        return array.copy()

    def publish(self, array):
        return array

    def start(self, job):
        self.job = job
        self.machines = [pickle.loads(pickle.dumps(job)) for _ in range(self.size)]
        self.blas = one_blas_thread()
        self.blas.__enter__()

    def run(self, task, count):
        assert task != Task.UPDATE
        for number, machine in enumerate(self.machines):
            if parts := range(number, count, self.size):
                order = self.job.order(task, parts)
                self.job.enter(order, pickle.loads(pickle.dumps(machine.carry_out(pickle.loads(pickle.dumps(order))))))
        self.machines = self.machines[1:] + self.machines[:1]  # no shard stays with a machine

    def close(self):
        if self.machines:
            self.blas.__exit__(None, None, None)
        self.machines = []
