"""`inkling ensemble`: one model made of several, of those that are there or of those that it trains."""

from typing import Any

import typer
from typer.core import TyperGroup

from inkling.cli.console import report_errors
from inkling.cli.ensemble import models, train

_MODELS, _TRAIN = "models", "train"


class _ModelsUnlessTold(TyperGroup):
    """`inkling ensemble RUN RUN -o FILE`: the word `models` may be left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [_MODELS, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_ModelsUnlessTold, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def ensemble() -> None:
    """Make one model of several, which averages their logits.

    inkling ensemble MODEL MODEL... -o FILE.safetensors is short for inkling ensemble models. A folder that is called
    train is ./train.
    """


app.command(name=_MODELS)(report_errors(models.models))
app.command(name=_TRAIN)(report_errors(train.train))
