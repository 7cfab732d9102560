"""Draw the README's picture: what a perceptron trained for a second says to embedded digits it never saw."""

from pathlib import Path

from inkling.data import load
from inkling.evaluation import Evaluation, plots
from inkling.model import Model
from inkling.training import TrainingState, load_recipe, train

TARGET = Path(__file__).parent.parent / "docs" / "pictures" / "digits"


def main() -> None:
    digits, recipe = load("digits"), load_recipe("adam-256-128-64")
    state = TrainingState.start(recipe)
    for _ in train(recipe, digits.train, state=state):
        pass
    model = Model(recipe.network, state.params)
    evaluation = Evaluation(digits.test.labels, model.predict_proba(digits.test.images))
    TARGET.parent.mkdir(exist_ok=True)
    plots.save(plots.samples(digits.test.images, evaluation, 32), TARGET)


if __name__ == "__main__":
    main()
