"""Pixels: from files and arrays of any kind to datasets of 28×28 digits."""

from inkling.data.dataset import Dataset, Source
from inkling.data.info import describe
from inkling.data.normalize import PREPROCESSING_VERSION, normalize
from inkling.data.source import load
from inkling.data.split import Split

__all__ = ["PREPROCESSING_VERSION", "Dataset", "Source", "Split", "describe", "load", "normalize"]
