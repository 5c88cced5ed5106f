"""What every command starts from: settings, the queue, who acts, and how to answer."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from .. import config

if TYPE_CHECKING:
    from ..domain.decision import Actor
    from ..queue import Queue

T = TypeVar("T")

QueueOption = Annotated[
    str, typer.Option("--queue", metavar="URL", help="The queue to use, instead of the settings'.")
]
AsOption = Annotated[
    str, typer.Option("--as", metavar="NAME", help="Who acts, instead of the settings' name.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@dataclass
class Session:
    """One run of one command."""

    queue: str = ""
    name: str = ""
    as_json: bool = False

    @cached_property
    def config(self) -> config.Config:
        """The settings; raises `ReviewerError` where they are broken."""
        return config.load()

    @property
    def url(self) -> str:
        """The queue's URL."""
        return self.config.queue_url(self.queue)

    def person(self) -> Actor:
        """Who decides."""
        return self.config.actor(self.name)

    def agent(self, name: str) -> Actor:
        """An agent that hands in or asks; `--as` goes before what the artifact says."""
        from ..domain.decision import Actor

        return Actor(self.name or name, "agent", frozenset({"agent"}), "local")

    def run(self, work: Callable[[Queue], Awaitable[T]]) -> T:
        """Opens the queue, runs `work` on it and closes it whatever happens."""
        return asyncio.run(self._on_queue(work))

    async def _on_queue(self, work: Callable[[Queue], Awaitable[T]]) -> T:
        from ..queue import open_queue

        url = self.url
        if url == config.default_queue_url():
            config.ensure_home()
        queue = await open_queue(url)
        try:
            return await work(queue)
        finally:
            await queue.close()


Command = Callable[..., int | None]


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
