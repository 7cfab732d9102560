"""Learning: what the pages of docs/learn need, and exercises with tests that grade them (`inkling learn`)."""

from inkling.learning.figures import Figure, figure
from inkling.learning.single_layer import LayerPass, layer_pass
from inkling.learning.solutions.gradient import numeric_gradient

__all__ = ["Figure", "LayerPass", "figure", "layer_pass", "numeric_gradient"]
