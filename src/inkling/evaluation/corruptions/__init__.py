"""The 15 corruptions of MNIST-C, at their default severities: what a reader of digits meets without warning.

Source: N. Mu, J. Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision", 2019, and the parameters that its
authors published with it (google-research/mnist-c on GitHub). Written anew, for whole stacks of images; each docstring
says where it differs. The published files are another draw of the same chances, so accuracies compare, images do not.

**These are for judging, not for learning.** Nothing that trains may import this package: a contract and a test hold it.

Every corruption is a function of images uint8 (N, 28, 28), bright ink on ground 0, and a random generator; it returns
new uint8 images. `corrupt` fixes the generator.
"""

from inkling.evaluation.corruptions.table import CORRUPTIONS, Corruption, corrupt

__all__ = ["CORRUPTIONS", "Corruption", "corrupt"]
