"""What a worker does about error budgets: tells of what burns, and asks people for promotions.

Demotion is no business of a worker's: the transaction that spends a budget sets the cap as well.
Several workers may do this at once.  Each thing is recorded by the queue before it is told, and
only the worker whose record it is tells it: one that goes away in between tells nobody, and the
record and the desk still show it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from ..domain.decision import POLICY, Actor
from ..domain.governance import Cap, LedgerRow, PolicyRow, Stop
from ..domain.instant import DAY
from ..policy.budget import BUCKET, PACES, budget_of, burns, by_kind
from ..policy.document import Policy
from ..policy.promotion import agent_of, begin, proposals
from ..policy.reading import read
from ..policy.roster import InForce, roster
from .notify.budget_news import News, send

_known = lru_cache(maxsize=4)(read)
"""A policy's text is read once: every worker asks each minute, the desk's beside a person."""
FRESH = DAY
"""What is older is not told any more."""
CODES = tuple(f"burn:{pace.factor:g}" for pace in PACES)
SLOWER = {code: CODES[number + 1 :] for number, code in enumerate(CODES)}


class BudgetSide(Protocol):
    """What of a queue is needed here."""

    async def now(self) -> int:
        """The queue's clock."""

    async def policy(self) -> PolicyRow:
        """The policy in force."""

    async def ledger(self, since: int, agent: str = "") -> list[LedgerRow]:
        """The error ledger's buckets from `since` on, by time."""

    async def caps(self) -> list[Cap]:
        """Caps in force, promotions proposed, and those that were declined last."""

    async def stops(self) -> list[Stop]:
        """Kill switches that are thrown now."""

    async def propose_promotion(
        self,
        agent: str,
        kind: str,
        mode: str,
        why: str,
        actor: Actor,
        *,
        as_of: int | None = None,
    ) -> bool:
        """Asks people to lift a cap; False where that was asked already, or declined since."""

    async def tell_once(
        self,
        agent: str,
        kind: str,
        code: str,
        why: str,
        quiet: int,
        actor: Actor,
        *,
        also: Sequence[str] = (),
    ) -> bool:
        """Records what people are to be told; False where it was told within `quiet`."""


async def look(queue: BudgetSide, also: Iterable[str] = ()) -> list[InForce]:
    """Every agent as it stands now, `also` those of these names; reads only."""
    policy, now = _known((await queue.policy()).text), await queue.now()
    ledger = await queue.ledger(_since(policy, now))
    caps, stops = await queue.caps(), await queue.stops()
    # a ledger of a busy year is long: whoever draws a screen goes on meanwhile
    return await asyncio.to_thread(roster, policy, ledger, caps, stops, now, also)


async def warn(queue: BudgetSide, now: int) -> str:
    """Tells of budgets that burn, and of agents that were capped or stopped for one; once.

    Answers with what was told, for the worker's own log; empty for nothing.
    """
    row = await queue.policy()
    policy = _known(row.text)
    actor, told = _actor(row.digest), []
    for news, code, quiet in await _found(queue, policy, now):
        # a budget that burned fast is no news when it burns more slowly
        also = SLOWER.get(code, ())
        if await queue.tell_once(
            news.agent, news.kind, code, news.sentence, quiet, actor, also=also
        ):
            told.append(await _told(news, policy, now))
    return " ".join(told)


async def ask(queue: BudgetSide, now: int) -> str:
    """Asks people for the promotions that the evidence is good enough for; each once.

    Answers with what was asked; empty for nothing.
    """
    row, as_of = await queue.policy(), await queue.now()
    policy = _known(row.text)
    ledger = await queue.ledger(_since(policy, now))
    stopped = {stop.agent for stop in await queue.stops()}
    caps, told = await queue.caps(), []
    for one in await asyncio.to_thread(proposals, policy, ledger, caps, now, stopped):
        asked = (one.agent, one.kind, one.mode, one.why)
        if await queue.propose_promotion(*asked, _actor(row.digest), as_of=as_of):
            news = News(one.agent, one.kind, "promotion", one.why, _owner(policy, one.agent))
            told.append(await _told(news, policy, now))
    return " ".join(told)


@dataclass(frozen=True, slots=True)
class _Held:
    """What the policy set on an agent's kind of late."""

    agent: str
    kind: str
    code: str
    at: int
    why: str


async def _found(queue: BudgetSide, policy: Policy, now: int) -> list[tuple[News, str, int]]:
    """What there is to tell, each with the code that is told once in a time, and that time."""
    held = [*_stopped(await queue.stops()), *_capped(await queue.caps())]
    held = [one for one in held if 0 <= now - one.at < FRESH]
    found = []
    for one in held:
        news = News(one.agent, one.kind, one.code, one.why, _owner(policy, one.agent), urgent=True)
        found.append((news, f"{one.code}:{one.at}", FRESH))
    silent = {(one.agent, one.kind) for one in held} | {(one.agent, "") for one in held}
    rows = await queue.ledger(now - PACES[-1].long - BUCKET)
    for (agent, kind), own in by_kind(rows).items():
        budget = budget_of(agent_of(policy, agent), kind)
        if budget is None or (agent, kind) in silent:
            continue
        for burn in burns(agent, kind, budget, own, now)[:1]:
            urgent, owner = burn.pace.page, _owner(policy, agent)
            news = News(agent, kind, "burn", burn.sentence, owner, urgent)
            found.append((news, CODES[PACES.index(burn.pace)], burn.pace.long))
    return found


def _capped(caps: Iterable[Cap]) -> Iterator[_Held]:
    for cap in caps:
        if cap.state == "capped" and cap.by == POLICY:
            whole = f"{cap.agent} ({cap.kind})" if cap.kind else cap.agent
            why = f"{whole} is at most {cap.mode} now, until a person lifts it: {cap.why}"
            yield _Held(cap.agent, cap.kind, "capped", cap.at, why)


def _stopped(stops: Iterable[Stop]) -> Iterator[_Held]:
    for stop in stops:
        if stop.by == POLICY:
            why = f"{stop.agent} is stopped now, until a person lets it go on: {stop.why}"
            yield _Held(stop.agent, "", "stopped", stop.at, why)


async def _told(news: News, policy: Policy, now: int) -> str:
    """Sends it by the policy's channels; what became of that, in sentences."""
    return " ".join([news.sentence, *(sent.sentence for sent in await send(news, policy, now))])


def _since(policy: Policy, now: int) -> int:
    """How far back evidence and the windows of budgets reach."""
    windows = (
        budget.window
        for agent in policy.agents.values()
        for budget in (agent.budget, *(kind.budget for kind in agent.kinds.values()))
        if budget is not None
    )
    return min(begin(now), now - max(windows, default=0) - BUCKET)


def _actor(digest: str) -> Actor:
    return Actor(POLICY, POLICY, frozenset(), digest)


def _owner(policy: Policy, agent: str) -> str:
    entry = agent_of(policy, agent)
    return (entry.owner or "") if entry is not None else ""
