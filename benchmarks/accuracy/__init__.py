"""Accuracy: on the test set of MNIST, in the least time, and under corruptions."""
