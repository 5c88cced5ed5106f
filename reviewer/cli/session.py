"""What every command starts from: settings, the queue, who acts.

The desk starts through here too, so nothing heavy is imported.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from .. import config

if TYPE_CHECKING:
    from ..domain.decision import Actor
    from ..queue import Queue

T = TypeVar("T")


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
        import asyncio

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
