"""Adaptation: a model learns the handwriting of one person and goes on reading that of others."""
