"""What `inkling train` says: before training what is trained on what, and at the end what it came to."""

import math
from typing import TYPE_CHECKING

from inkling.cli.console import complain, log, print_json
from inkling.errors import DataError, MissingExtraError, printable

if TYPE_CHECKING:
    from inkling.model import Model
    from inkling.recipes import Recipe
    from inkling.runs.run import Run


def introduce(run: "Run", recipe: "Recipe") -> None:
    """Say what is trained on what, and where the network differs from the recipe's."""
    held_out = f", {len(run.parts.validation):,} to validate on" if run.parts.validation is not None else ""
    log(f"Training {recipe.name} on {run.source.name}: {len(run.parts.training):,} images{held_out}.")
    if run.devices[-1] != "cpu":
        log(f"Inkling's --device {run.devices[-1]} was never tried on a GPU yet: compare with a training on the cpu.")
    fitted, data = run.recipe.network, run.parts.training
    if fitted.input_shape != recipe.network.input_shape:
        log(f"The network takes images of {data.image_shape[0]}×{data.image_shape[1]} pixels, the size of the data's.")
    if fitted.shapes[-1] != recipe.network.shapes[-1]:
        log(f"The network ends in {fitted.layers[-1]}: one logit per class of {run.source.name}.")
    if run.start is not None:
        log(f"Training starts from {run.start.path}.{_known_to(run.start.model, run)}")
    if run.teacher is not None:
        log(f"Taught by {run.teacher.path}.{_known_to(run.teacher.model, run)}")


def _known_to(model: "Model", run: "Run") -> str:
    """A sentence where a model learnt from validation images, which are then a poor test of what learns from it."""
    from inkling.provenance import leakage_note

    known = leakage_note(model, run.source, run.parts.validation) if run.parts.validation is not None else ""
    return f" The validation images are no test of it{known}." if "NOT unseen" in known else ""


def conclude(run: "Run", json: bool) -> None:
    """Draw the plots, then print where the files are and what to do next."""
    from inkling.runs.pictures import draw

    guessing = math.log(run.recipe.network.shapes[-1][0])  # nats: the loss where all classes are equally probable
    if run.state.history[-1]["training_loss"] > guessing:
        complain(f"The loss is worse than guessing ({guessing:.2f} nats): try a lower learning rate, --lr.")
    log("Drawing the plots.")
    try:
        plots = f"{', '.join(draw(run))} as .png and .svg"
    except MissingExtraError as error:
        plots = f"none: {error}"
    epoch = run.state.chosen(run.recipe)[1]
    final = run.state.history[epoch - 1]
    if json:
        print_json({"run": str(run.folder), "recipe": run.recipe.name, **final})
        return
    part = "validation" if "validation_accuracy" in final else "training"
    print(
        f"{part.capitalize()} accuracy {100 * final[f'{part}_accuracy']:.2f} % after epoch {epoch}, "
        f"{run.state.history[-1]['seconds']:.1f} s of training.\n"
        f"  run folder  {printable(run.folder)}\n"
        f"  model       {printable(run.folder / 'model.safetensors')}\n"
        f"  plots       {plots}\n"
        f"Next: {_next(run)}"
    )


def _next(run: "Run") -> str:
    """The command that evaluates the model, on the run's own source where that has images it did not learn from."""
    from inkling.provenance import unseen

    command = f"inkling evaluate {printable(run.folder)}"
    try:
        unseen(run.model(), run.source)
    except DataError:
        return f"{command} --data SOURCE, on images that it did not learn from"
    return command
