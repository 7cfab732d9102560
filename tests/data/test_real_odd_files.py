"""Real files of odd forms, as people published them (`INKLING_HANDWRITING`)."""

from pathlib import Path

import pytest

from inkling.data import load
from inkling.errors import DataError
from needs import HANDWRITING, needs_handwriting

pytestmark = needs_handwriting("odd files, as people published them, are read or refused in one sentence")
CASES = Path(HANDWRITING, "loader_cases")

READABLE = {  # file → rows, the first labels
    "kaggle_artefacts/train_small_50rows_CR_only__sarahlecam.csv": (50, [1, 0, 1, 4, 0, 0, 7]),
    "csv_variants/oddrationale_1x1_header_CRLF_50rows.csv": (50, [5, 0, 4, 1, 9]),
    "csv_variants/pixel0_header_50rows.csv": (50, [7, 7, 1, 7, 7]),
    "csv_variants/label_LAST_float01_headerless_50rows.csv": (50, [3, 6, 5, 6, 4]),
    "csv_variants/trailing_comma_786_fields_LF_headerless_50rows.csv": (50, [2, 4, 4, 8, 0]),
    "csv_variants/headerless_CRLF_50rows.csv": (50, [7, 2, 1, 0, 4]),
    "csv_variants/pjreddie_headerless_label_first_100rows.csv": (100, [5, 0, 4, 1, 9]),
    "csv_variants/AZ_letters_label_0_25_mixed_headerless_50rows.csv": (50, [0, 0, 0, 0, 0]),  # A-E pass for 0-4
}
REFUSED = {
    "kaggle_artefacts/knn_quoted_header__MorozovG.csv": "this is a submission",
    "kaggle_artefacts/prediction_labels_only_no_header__MorozovG.csv": "this holds labels only",
    "kaggle_artefacts/output_CRLF_240909_bytes__TerryCxy.csv": "this is a submission",
    "kaggle_artefacts/BROKEN_sample_submission_11616_blank_labels_CRLF__TerryCxy.csv": "this is a submission",
    "kaggle_artefacts/submission_LF_filled_in__20041021-hub.csv": "this is a submission",
    "csv_variants/git_lfs_pointer.csv": "this is a git-LFS pointer",
    "idx_variants/torchvision_raw_MNIST_TEST_gz_inner_name_differs_Kpasha/t10k-labels-idx1-ubyte.gz": "without images",
    "idx_variants/torchvision_raw_MNIST_TEST_gz_inner_name_differs_Kpasha/t10k-labels-idx1-ubyte": "without images",
    "idx_variants/torchvision_raw_MNIST_TEST_gz_inner_name_differs_Kpasha": "without images",
    "idx_variants/zip_with_dot_idx3_names_chshangyu/t10k-labels.zip": "without images",
    "idx_variants/qmnist_labels_only/qmnist-test-labels-idx1-ubyte.gz": "without images",
}


@pytest.mark.parametrize("name", READABLE)
def test_tables_that_can_be_read(name):
    rows, labels = READABLE[name]
    source = load(CASES / name)
    assert source.test is None
    assert len(source.train) == rows
    assert source.train.labels[: len(labels)].tolist() == labels
    assert source.train.images.max() == 255
    assert 20 < source.train.images.mean() < 60
    assert (source.train.images[:, 0] == 0).all()  # a rim: pixels and label are not shifted


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_something_else(name):
    with pytest.raises(DataError, match=REFUSED[name]):
        load(CASES / name)


def test_every_case_is_covered():
    import csv

    with (CASES / "index.csv").open(newline="") as index:
        assert {row["file"] for row in csv.DictReader(index)} <= READABLE.keys() | REFUSED.keys()


def test_labels_of_mnist_under_another_inner_name_are_the_same(real_data, make, tmp_path):
    """The published labels with MNIST's own images make its test set."""
    odd = CASES / "idx_variants/torchvision_raw_MNIST_TEST_gz_inner_name_differs_Kpasha/t10k-labels-idx1-ubyte.gz"
    images = (real_data / "mnist" / "t10k-images-idx3-ubyte.gz").read_bytes()
    files = {"t10k-labels-idx1-ubyte.gz": odd.read_bytes(), "t10k-images-idx3-ubyte.gz": images}
    assert load(make.folder(tmp_path, files)).test.sha256 == load("mnist").test.sha256
