"""Registers commands: their own parameters, and the options that all share."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ..domain.errors import InputError
from .session import Session


def _given(_ctx: typer.Context, param: Any, value: str | None) -> str:
    """An option that was left out is empty; one that was given must say something."""
    if value is None:
        return ""
    if not value.strip():
        sentence = f"'{param.opts[0]}' was given nothing."
        raise InputError(sentence, hint=f"Give it a {param.metavar}, or leave it out.")
    return value


QueueOption = Annotated[
    str | None,
    typer.Option(
        "--queue",
        metavar="URL",
        help="The queue to use, instead of the settings'.",
        callback=_given,
    ),
]
AsOption = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="NAME", help="Who acts, instead of the settings' name.", callback=_given
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]

Command = Callable[..., int | None]

_SHIELD = "\ufdd0"


class FilterCommand(TyperCommand):
    """A command whose arguments are a filter, where `-queue:billing` negates and is no option."""

    no_option = re.compile(r"-[a-z]+:")

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Shields what is no option from the option parser; `unshielded` takes the shield away."""
        shielded = [_SHIELD + arg if self.no_option.match(arg) else arg for arg in args]
        return super().parse_args(ctx, shielded)


class NumberCommand(FilterCommand):
    """A command with a value that may be a negative number and is no option then."""

    no_option = re.compile(r"-[0-9.]+$")


def unshielded(word: str) -> str:
    """An argument of such a command as it was typed."""
    return word.removeprefix(_SHIELD)


def filter_text(words: Sequence[str]) -> str:
    """The filter that stands in a `FilterCommand`'s arguments."""
    return " ".join(unshielded(word) for word in words)


def paragraphs(docstring: str) -> str:
    """The text with one line for each paragraph: a terminal breaks lines where it is wide."""
    return "\n\n".join(" ".join(part.split()) for part in docstring.split("\n\n"))


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
        help_text = paragraphs(inspect.getdoc(function) or "")
        app.command(name, help=help_text, rich_help_panel=panel, **more)(run)
        return function

    return register


def _shared(on_queue: bool) -> list[inspect.Parameter]:
    options: list[tuple[str, Any, Any]] = [("as_json", JsonOption, False)]
    if on_queue:
        options += [("queue", QueueOption, None), ("as_name", AsOption, None)]
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, kind, default in options
    ]
