"""Proofs of the training engine that take too long for the tests."""
