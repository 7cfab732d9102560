"""What the figures of an evaluation mean, in a line each: for the terminal and for the report."""

import math

CALIBRATION_ERROR = "mean gap between confidence and share of correct answers"
TEMPERATURE = "divides logits; above 1 it lowers confidence, not accuracy"
COVERAGE = "share of images that is answered, highest confidence first"
PRECISION = "of the images read as a class, the share that belongs to it"
RECALL = "of the images of a class, the share that was read as it"
F1 = "harmonic mean of precision and recall"


def cross_entropy(n_classes: int) -> str:
    """A nat is the unit of natural logarithms. A guess gives each class the same probability."""
    return f"mean of −ln(probability of the true class); guess: {math.log(n_classes):.2f} nats"


def meanings(n_classes: int) -> dict[str, str]:
    """The meaning of each figure of an evaluation with this many classes, by the figure's name."""
    return {
        "cross-entropy": cross_entropy(n_classes),
        "calibration error": CALIBRATION_ERROR,
        "temperature": TEMPERATURE,
        "coverage": COVERAGE,
        "precision": PRECISION,
        "recall": RECALL,
        "F1": F1,
    }
