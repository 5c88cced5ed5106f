"""Registers commands: their own parameters, and the options that all share."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from .session import Session

QueueOption = Annotated[
    str, typer.Option("--queue", metavar="URL", help="The queue to use, instead of the settings'.")
]
AsOption = Annotated[
    str, typer.Option("--as", metavar="NAME", help="Who acts, instead of the settings' name.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]

Command = Callable[..., int | None]

_SHIELD = "\ufdd0"


class FilterCommand(TyperCommand):
    """A command whose arguments are a filter, where `-queue:billing` negates and is no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Shields negated terms from the option parser; `filter_text` takes the shield away."""
        shielded = [_SHIELD + arg if re.match(r"-[a-z]+:", arg) else arg for arg in args]
        return super().parse_args(ctx, shielded)


def filter_text(words: Sequence[str]) -> str:
    """The filter that stands in a `FilterCommand`'s arguments."""
    return " ".join(word.removeprefix(_SHIELD) for word in words)


def command(
    app: typer.Typer, name: str, *, panel: str, on_queue: bool = True, **more: Any
) -> Callable[[Command], Command]:
    """Registers `function(session, …)` with the options that all commands share.

    The function answers with an exit code, or None for success.
    """

    def register(function: Command) -> Command:
        signature = inspect.signature(function, eval_str=True)
        own = list(signature.parameters.values())[1:]
        shared = _shared(on_queue)

        def run(ctx: typer.Context, **given: Any) -> int:
            above = ctx.find_root().obj or {}
            session = Session(
                queue=given.pop("queue", "") or above.get("queue", ""),
                name=given.pop("as_name", "") or above.get("as_name", ""),
                as_json=given.pop("as_json", False),
            )
            return int(function(session, **given) or 0)

        functools.update_wrapper(run, function)
        del run.__wrapped__  # type: ignore[attr-defined]
        ctx = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
        keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        parameters = [ctx, *keyword, *shared]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        app.command(name, rich_help_panel=panel, **more)(run)
        return function

    return register


def _shared(on_queue: bool) -> list[inspect.Parameter]:
    options: list[tuple[str, Any, Any]] = [("as_json", JsonOption, False)]
    if on_queue:
        options += [("queue", QueueOption, ""), ("as_name", AsOption, "")]
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, kind, default in options
    ]
