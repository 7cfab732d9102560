"""The 15 corruptions of MNIST-C at their default severities.

Source: N. Mu, J. Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision", 2019, and the parameters that its
authors published with it (google-research/mnist-c on GitHub). Written anew for arrays of many images; each docstring
says where it differs from the published code. The published files are another random draw: accuracies can be compared
with theirs, single images cannot.

**The corruptions are for evaluation, not for training.** Nothing that trains may import this package; an import
contract and a test hold that.

Every corruption is a function of images uint8 (N, 28, 28), bright ink on ground 0, and a random generator. It returns
new uint8 images. `corrupt` seeds the generator.
"""

from inkling.evaluation.corruptions.table import CORRUPTIONS, Corruption, corrupt

__all__ = ["CORRUPTIONS", "Corruption", "corrupt"]
