"""Whether the data, the state and the teacher of a training fit its recipe, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inkling.classes import NOT_A_DIGIT, listed
from inkling.data.dataset import SYNTHETIC, Dataset
from inkling.errors import UsageError, described
from inkling.model import Model
from inkling.recipes.recipe import Recipe
from inkling.training.examples import Examples
from inkling.training.executor import Executor
from inkling.training.state import TrainingState


def require_recipe(recipe: Any) -> None:
    """UsageError where this is not a recipe, but its name for instance."""
    if not isinstance(recipe, Recipe):
        read = f": load_recipe({recipe!r}) reads one" if isinstance(recipe, str) else ""
        raise UsageError(f"training takes a Recipe, not {described(recipe)}{read}")


def require_workers(workers: int | Executor | None) -> None:
    """UsageError where this is neither a number of processes nor an executor."""
    if not (workers is None or isinstance(workers, int) or hasattr(workers, "allocate")):
        raise UsageError(f"workers is a whole number of processes, or an executor, not {described(workers)}")


def labelled_examples(dataset: Dataset | Examples, recipe: Recipe) -> Examples:
    """The images or rows to train on, with labels; UsageError where they do not fit the recipe."""
    if isinstance(dataset, Examples):
        dataset.require_fit(recipe.network, recipe.loss)
        return dataset
    if not isinstance(dataset, Dataset):
        raise UsageError(f"training takes a Dataset, such as the train part of a source, not {described(dataset)}")
    if dataset.labels is None:
        raise UsageError(f"{dataset.name} has no labels: training needs to know what each image is")
    if len(dataset) == 0:
        raise UsageError(f"{dataset.name} has no images to train on")
    if recipe.synthetic and (dataset.rows != SYNTHETIC).all():
        raise UsageError(
            f"recipe {recipe.name} adds pictures to the data: train on training_set(recipe, dataset) or use inkling.fit"
        )
    require_fit(recipe, dataset)
    return Examples.of(dataset, recipe.network.input_shape)


def require_fit(recipe: Recipe, dataset: Dataset) -> None:
    """UsageError where the network takes images of another size, or has no logit for some class of the dataset."""
    recipe.require_classes(dataset)
    network = recipe.network
    if (*dataset.image_shape, 1) != network.input_shape:
        raise UsageError(
            f"recipe {recipe.name}: the network takes {network.input_shape}, but the images of {dataset.name} are "
            f"{dataset.image_shape}: use recipe.fitted_to(dataset)"
        )
    if network.shapes[-1] != (dataset.n_classes,) and recipe.n_classes != dataset.n_classes:
        raise UsageError(
            f"recipe {recipe.name}: the network has {network.shapes[-1][0]} logits, but {dataset.name} has "
            f"{listed(dataset.class_names)}: use recipe.fitted_to(dataset)"
        )


def classes_of(recipe: Recipe, training: Dataset) -> tuple[str, ...]:
    """The names of the classes of the data; the class of the pictures that `non_digits` adds is not one of them."""
    names = training.class_names
    return names[:-1] if recipe.non_digits and names[-1] == NOT_A_DIGIT else names


def require_same_kind(recipe: Recipe, training: Dataset, measured: Dataset | Examples | None, role: str) -> None:
    """UsageError where images that are only measured have another size or other classes than the training data.

    Parameters
    ----------
    role : what the images are for, in messages: "validation" or "test".
    """
    if measured is None:
        return
    if not isinstance(measured, Dataset):
        raise UsageError(f"{role} images are a Dataset, such as the test part of a source, not {described(measured)}")
    if measured.image_shape != training.image_shape:
        raise UsageError(
            f"the {role} images of {measured.name} are {measured.image_shape}, but those of {training.name} are "
            f"{training.image_shape}: they must have the same size"
        )
    if measured.class_names != (names := classes_of(recipe, training)):
        raise UsageError(
            f"the {role} images of {measured.name} have {listed(measured.class_names)}, but {training.name} has "
            f"{listed(names)}: they must have the same classes in the same order"
        )


def require_state(recipe: Recipe, state: TrainingState) -> None:
    """UsageError where the state is not that of a training with this network, this optimizer and this average."""
    if not isinstance(state, TrainingState):
        raise UsageError(f"state is a TrainingState, such as TrainingState.start(recipe), not {described(state)}")
    layout = recipe.network.layout
    held = [params.layout for params in (state.params, state.average, state.best) if params is not None]
    if any(each != layout for each in held):
        problem = f"{held[0].size} parameters of other layers than its network, which has {layout.size}"
    elif [len(moment) for moment in state.optimizer.moments] != [layout.size] * recipe.optimizer.moments:
        problem = f"{len(state.optimizer.moments)} moments, but its {recipe.optimizer!r} has {recipe.optimizer.moments}"
    elif (state.average is None) != (recipe.ema is None):
        problem = f"{'no' if state.average is None else 'an'} average of the parameters, but its ema is {recipe.ema}"
    elif state.weight_bits != recipe.weight_bits:
        problem = f"weights of {state.weight_bits} bits, but its weight_bits are {recipe.weight_bits}"
    else:
        return
    raise UsageError(
        f"recipe {recipe.name}: the training state is of another recipe: it holds {problem}; start afresh with "
        "TrainingState.start(recipe)"
    )


def check_teacher(recipe: Recipe, teacher: Model | None, training: Dataset) -> None:
    """UsageError where the teacher takes other images than the network of the recipe, or knows other classes.

    Parameters
    ----------
    training : the data whose classes the network learns, with or without synthetic pictures.
    """
    if teacher is None:
        return
    if not isinstance(teacher, Model):
        raise UsageError(f"a teacher is a Model, not {described(teacher)}")
    if teacher.network.input_shape != recipe.network.input_shape or teacher.n_classes != recipe.n_classes:
        raise UsageError(
            f"recipe {recipe.name}: its teacher takes images {teacher.network.input_shape} of {teacher.n_classes} "
            f"classes, the network {recipe.network.input_shape} of {recipe.n_classes}: they must be the same"
        )
    if teacher.class_names != (names := classes_of(recipe, training)):
        raise UsageError(
            f"recipe {recipe.name}: its teacher knows {listed(teacher.class_names)}, but {training.name} has "
            f"{listed(names)}: they must be the same classes in the same order"
        )
    if recipe.non_digits and not teacher.knows_non_digits:
        raise UsageError(
            f"recipe {recipe.name}: its teacher knows no eleventh class for what is no digit: leave non_digits out, or "
            "give one that does"
        )


def require_validation(recipe: Recipe, validation: Dataset | Examples | None) -> None:
    """UsageError where the recipe needs labelled validation images and there are none."""
    if recipe.needs_validation and (not validation or validation.labels is None):
        settings = "early stopping, keep = 'best' and temperature = 'fit'"
        raise UsageError(f"recipe {recipe.name}: {settings} need validation images with labels")


def check_training(
    recipe: Recipe,
    training: Dataset | Examples,
    validation: Dataset | Examples | None,
    test: Dataset | Examples | None,
    teacher: Model | None,
) -> None:
    """UsageError where what takes part beside the training images does not fit them or the recipe."""
    if isinstance(training, Examples):
        _check_examples(recipe, (validation, test), teacher)
        require_validation(recipe, validation)
    else:
        require_same_kind(recipe, training, validation, "validation")
        require_same_kind(recipe, training, test, "test")
        require_validation(recipe, validation)
        check_teacher(recipe, teacher, training)


def _check_examples(recipe: Recipe, measured: Sequence[Dataset | Examples | None], teacher: Model | None) -> None:
    """UsageError where training on Examples meets a Dataset, a teacher, or examples of another kind."""
    for each in measured:
        if isinstance(each, Dataset) or teacher is not None:
            raise UsageError("Examples are measured on Examples and learnt without a teacher: take a Dataset instead")
        if each is not None:
            each.require_fit(recipe.network, recipe.loss)
