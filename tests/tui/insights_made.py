"""Made-up decisions and queues for the insights screen, at an instant that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from reviewer.domain.decision import Actor
from reviewer.domain.governance import Cap, LedgerRow, PolicyRow, Stop, Tally
from reviewer.domain.instant import DAY, HOUR, MINUTE
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


POLICY = """
version: 1
agents:
  refund-bot:
    mode: autonomous
    budget: {rate: 5%, window: 7d, least: 20}
    kinds: {note: {budget: {rate: 2%, window: 7d, least: 20}}}
  crm-sync: {mode: shadow}
  mailer: {mode: assisted, budget: {rate: 10%, window: 7d, least: 20}}
  "*": {mode: assisted}
"""


def bucket(agent: str, kind: str, ago: int, **tally: int) -> LedgerRow:
    """A bucket of the error ledger, so long before noon."""
    return LedgerRow(agent, "2.3.1", kind, NOON - ago, Tally(**tally))


LEDGER = (
    bucket("refund-bot", "refund", 2 * DAY, decided=118, approved=115, edited=2, rejected=1),
    bucket("refund-bot", "note", 20 * MINUTE, decided=40, approved=30, edited=4, rejected=6),
    bucket("mailer", "reply", DAY, decided=44, approved=41, edited=3),
    bucket("crm-sync", "merge", DAY, decided=7, approved=7),
    bucket("coder", "code_change", DAY, decided=90, approved=60, edited=20, rejected=10),
)
CAPS = (
    Cap("refund-bot", "note", "assisted", "The error budget is spent", "policy", NOON - HOUR),
    Cap("mailer", "reply", "autonomous", "It errs rarely", "policy", NOON - HOUR, "promotion"),
)
STOPS = (Stop("crm-sync", "it merges the wrong people", "ben", NOON - HOUR),)


class Standing(NamedTuple):
    """How agents stand under a policy."""

    policy: str = "version: 1\nagents: {'*': {}}\n"
    ledger: Sequence[LedgerRow] = ()
    caps: Sequence[Cap] = ()
    stops: Sequence[Stop] = ()


GOVERNED = Standing(POLICY, LEDGER, CAPS, STOPS)


class Made:
    """What the insights screen reads, made up; `now` is where the test puts it."""

    actor = Actor("mia")

    def __init__(
        self,
        facts: Sequence[Fact],
        load: Sequence[QueueLoad] = LOAD,
        now: int = NOON + HOUR // 3,
        standing: Standing = GOVERNED,
    ) -> None:
        self.given, self.lying, self.at = list(facts), tuple(load), now
        self.standing = standing
        self.asked: list[tuple[int, int | None]] = []

    def now(self) -> int:
        return self.at

    async def read(self, call: Callable[[Any], Awaitable[T]]) -> T:
        return await call(MadeQueue(self))

    async def load(self, actor: Actor) -> tuple[QueueLoad, ...]:
        return self.lying

    async def facts(self, since: int, until: int | None = None) -> AsyncIterator[list[Fact]]:
        self.asked.append((since, until))
        end = until if until is not None else 1 << 62
        found = sorted((f for f in self.given if since <= f.at < end), key=lambda f: f.at)
        for at in range(0, len(found), 2000):
            yield found[at : at + 2000]


class MadeQueue:
    """The queue behind it: what is about policies, and for the rest what was made up."""

    def __init__(self, made: Made) -> None:
        self.made = made

    def __getattr__(self, name: str) -> Any:
        return getattr(self.made, name)

    async def now(self) -> int:
        return self.made.at

    async def policy(self) -> PolicyRow:
        return PolicyRow("sha256:p", self.made.standing.policy, "active", "", "lea", 0)

    async def ledger(self, since: int, agent: str = "") -> list[LedgerRow]:
        return [row for row in self.made.standing.ledger if row.at >= since]

    async def caps(self) -> list[Cap]:
        return list(self.made.standing.caps)

    async def stops(self) -> list[Stop]:
        return list(self.made.standing.stops)
