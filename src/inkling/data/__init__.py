"""Data: from files and arrays of any kind to labelled images, by default digits of 28×28 pixels."""

from inkling.data.dataset import Dataset, Source
from inkling.data.fingerprints import count_mnist_test_images, count_mnist_training_images
from inkling.data.info import PartInfo, SourceInfo, describe
from inkling.data.parts import Parts, split_source
from inkling.data.source import SOURCE_NAMES, load
from inkling.data.split import SPLITS, Split
from inkling.ink.normalization import PREPROCESSING_VERSION, normalize

__all__ = [
    "PREPROCESSING_VERSION",
    "SOURCE_NAMES",
    "SPLITS",
    "Dataset",
    "PartInfo",
    "Parts",
    "Source",
    "SourceInfo",
    "Split",
    "count_mnist_test_images",
    "count_mnist_training_images",
    "describe",
    "load",
    "normalize",
    "split_source",
]
