"""What may be ordered, and what the page is told: the bodies of requests and answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from inkling.recipes import load_recipe

MOST_EPOCHS = 1000
LARGEST_RATE = 100.0

Rate = Annotated[float, Field(gt=0, le=LARGEST_RATE, allow_inf_nan=False)]
Phase = Literal["idle", "starting", "running", "stopping", "stopped", "done", "failed", "watching"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StartOrder(_Body):
    """A recipe, and settings in place of its own; what is left out, or null, is as the recipe says."""

    recipe: str = Field(max_length=100, description="A name that `inkling recipes` lists.", examples=["sgd-10"])
    epochs: int | None = Field(None, ge=1, le=MOST_EPOCHS)
    batch_size: int | None = Field(None, ge=2, le=100_000)
    lr: Rate | None = Field(None, description="The peak of the recipe's schedule.")
    seed: int | None = Field(None, ge=0, lt=2**32)
    validation: float | None = Field(None, gt=0, le=0.9, description="The fraction of the images to hold out.")
    pace: float = Field(0.0, ge=0, le=10, description="The least time from epoch to epoch, in seconds, to watch them.")

    def changes(self) -> dict[str, Any]:
        """The settings that differ from the recipe's, as `Recipe.override` takes them."""
        return self.model_dump(exclude={"recipe", "pace"}, exclude_none=True)


class RateOrder(_Body):
    lr: Rate = Field(description="The learning rate from the next epoch on.")


class Training(BaseModel):
    """The state of the training.

    `run` tells recipe, data and network of the current run, `history` its epochs; null and [] where there is none.
    """

    state: Phase
    sentence: str = Field(description="Why the training failed; else empty.")
    may_start: bool = Field(description="False where the server watches a run of another process.")
    has_model: bool = Field(description="Whether `/training/model` has the model of the run.")
    data: str
    recipes: list[dict[str, Any]] = Field(description="The recipes that can be started, with their own settings.")
    run: dict[str, Any] | None
    history: list[dict[str, Any]]


def described(name: str) -> dict[str, Any]:
    """A recipe as the page's chooser shows it."""
    recipe = load_recipe(name)
    return {
        "name": name,
        "description": recipe.description,
        "epochs": recipe.epochs,
        "lr": recipe.schedule.lr,
        "batch_size": recipe.batch_size,
        "schedule": repr(recipe.schedule),
        "seed": recipe.seed,
        "parameters": recipe.network.layout.size,
    }
