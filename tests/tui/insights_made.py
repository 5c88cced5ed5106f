"""Made-up decisions and queues for the insights screen, at an instant that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from reviewer.domain.decision import Actor
from reviewer.domain.instant import HOUR, MINUTE
from reviewer.domain.views import Count, Fact, QueueLoad

from ..insights.made import NOON

T = TypeVar("T")


def load(queue: str, pending: int, breaching: int, soon: int) -> QueueLoad:
    """One queue's load."""
    return QueueLoad(
        queue,
        pending,
        3,
        breaching // 2,
        Count(2),
        Count(pending - 2),
        Count(breaching),
        Count(soon),
        Count(1),
        NOON - pending * 7 * MINUTE,
        NOON + 5 * MINUTE,
    )


LOAD = (
    load("billing", 42, 5, 9),
    load("sales", 17, 0, 2),
    load("code", 8, 1, 0),
    load("support", 120, 0, 14),
)


class Made:
    """What the insights screen reads, made up; `now` is where the test puts it."""

    actor = Actor("mia")

    def __init__(
        self, facts: Sequence[Fact], load: Sequence[QueueLoad] = LOAD, now: int = NOON + HOUR // 3
    ) -> None:
        self.given, self.lying, self.at = list(facts), tuple(load), now
        self.asked: list[tuple[int, int | None]] = []

    def now(self) -> int:
        return self.at

    async def read(self, call: Callable[[Any], Awaitable[T]]) -> T:
        return await call(self)

    async def load(self, actor: Actor) -> tuple[QueueLoad, ...]:
        return self.lying

    async def facts(self, since: int, until: int | None = None) -> AsyncIterator[list[Fact]]:
        self.asked.append((since, until))
        end = until if until is not None else 1 << 62
        found = sorted((f for f in self.given if since <= f.at < end), key=lambda f: f.at)
        for at in range(0, len(found), 2000):
            yield found[at : at + 2000]
