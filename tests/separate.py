"""An executor that shares no memory with the caller, as one of several machines would be."""

import pickle

from inkling.processor import one_blas_thread
from inkling.training.step_job import Task


class Separate:
    """What it runs has arrays of its own, sent as the job declares."""

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
        for k in range(count):
            machine = self.machines[k % self.size]
            for theirs, ours in zip(machine.inputs(task), self.job.inputs(task), strict=True):
                theirs[...] = ours
            machine.run(task, k)
            for ours, theirs in zip(self.job.outputs(task, k), machine.outputs(task, k), strict=True):
                ours[...] = theirs

    def close(self):
        if self.machines:
            self.blas.__exit__(None, None, None)
        self.machines = []
