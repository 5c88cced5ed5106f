"""The filter language evaluated naively over all items: what every backend must agree with.

A query looks at what is ready (pending and not put off) unless a term that is not negated speaks
of status: `is:` with a status word, `status:`, `by:`, `decided:`; or names an artifact: `id:`,
`key:`.  What is pending goes by virtual deadline, what is decided by its decision, latest first;
a mixture newest first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from reviewer.domain.artifact import Risk
from reviewer.domain.decision import Actor
from reviewer.domain.instant import HOUR, MINUTE
from reviewer.domain.query import Op, Query, Term
from reviewer.domain.state import State, Status
from reviewer.queue import Count, Entry, Group, Item, QueueLoad

STUCK_AFTER = 15 * MINUTE
COMPARE: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: lambda a, b: a == b,
    Op.LT: lambda a, b: a < b,
    Op.LE: lambda a, b: a <= b,
    Op.GT: lambda a, b: a > b,
    Op.GE: lambda a, b: a >= b,
}


@dataclass(frozen=True)
class World:
    """All items in the order in which they were submitted, and when they are looked at."""

    items: tuple[Item, ...] = field(repr=False)
    now: int

    def listed(self, query: Query, actor: Actor) -> list[Entry]:
        """What the query lists, in its order."""
        within = scope(query)
        found = [
            (number, item.entry)
            for number, item in enumerate(self.items)
            if _within(within, item.entry.state)
            and all(self._holds(term, item, actor) for term in query.terms)
            and _found(query.words, item)
        ]
        order: Callable[[tuple[int, Entry]], Any] = lambda pair: pair[0]  # noqa: E731
        down = query.sort != "oldest"
        if within == "decided":
            order = lambda pair: (pair[1].state.decided_at, pair[0])  # noqa: E731
        elif within != "any" and query.sort == "deadline":
            order, down = lambda pair: (pair[1].state.rank, pair[0]), False
        return [entry for _, entry in sorted(found, key=order, reverse=down)]

    def groups(self, query: Query, actor: Actor) -> tuple[Group, ...]:
        """All groups under the query."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for item in self.items:
            state = item.entry.state
            if (
                _within("ready", state)
                and scope(query) not in ("decided", "snoozed")
                and all(self._holds(term, item, actor) for term in query.terms)
                and _found(query.words, item)
            ):
                found[item.entry.shape].append(item.entry)
        groups = [self._group(shape, entries, actor) for shape, entries in found.items()]
        return tuple(sorted(groups, key=lambda one: (-one.number, one.due_at, one.shape)))

    def _group(self, shape: str, entries: list[Entry], actor: Actor) -> Group:
        states = [entry.state for entry in entries]
        return Group(
            shape,
            len(entries),
            sum(s.leased(self.now) and s.lease_owner != actor.id for s in states),
            sum(s.due_at < self.now for s in states),
            min(s.due_at for s in states),
            max((s.risk for s in states), key=lambda risk: risk.level),
            # equals stay in the order in which they were submitted
            min(entries, key=lambda entry: entry.state.rank),
        )

    def load(self) -> tuple[QueueLoad, ...]:
        """What lies in every queue."""
        pending = [i.entry.state for i in self.items if _within("open", i.entry.state)]
        found = [self._load(name, pending) for name in {state.queue for state in pending}]
        far = 1 << 62
        return tuple(
            sorted(found, key=lambda q: (-q.breaching.number, q.next_due_at or far, q.queue))
        )

    def _load(self, name: str, pending: list[State]) -> QueueLoad:
        mine = [state for state in pending if state.queue == name]
        ready = [state for state in mine if state.snoozed_until is None]
        claimed = sum(state.leased(self.now) for state in ready)
        return QueueLoad(
            queue=name,
            pending=len(ready),
            snoozed=len(mine) - len(ready),
            critical=sum(state.risk is Risk.CRITICAL for state in ready),
            claimed=Count(claimed),
            unclaimed=Count(len(ready) - claimed),
            breaching=Count(sum(state.due_at < self.now for state in ready)),
            due_soon=Count(sum(0 <= state.due_at - self.now <= HOUR for state in ready)),
            escalated=Count(sum(state.escalated for state in ready)),
            oldest_at=min((state.created_at for state in ready), default=None),
            next_due_at=min((state.due_at for state in ready), default=None),
        )

    def _holds(self, term: Term, item: Item, actor: Actor) -> bool:
        return self._true(term, item, actor) is not term.negated

    def _true(self, term: Term, item: Item, actor: Actor) -> bool:
        state = item.entry.state
        if term.field == "is":
            return any(_flag(str(value), item.entry, self.now, actor) for value in term.values)
        if term.field == "status":
            return str(state.status) in term.values
        if term.field == "risk":
            return any(COMPARE[term.op](state.risk.level, value) for value in term.values)
        if term.field in ("due", "age", "decided"):
            return self._time(term, state)
        texts = list(_texts(term.field, item, self.now))
        if term.op is Op.PREFIX:
            return any(text and text.startswith(str(term.values[0])) for text in texts)
        return any(text in term.values for text in texts)

    def _time(self, term: Term, state: State) -> bool:
        passed = {
            "due": state.due_at - self.now,
            "age": self.now - state.created_at,
            "decided": None if state.decided_at is None else self.now - state.decided_at,
        }[term.field]
        return passed is not None and COMPARE[term.op](passed, term.values[0])


def scope(query: Query) -> str:
    """What a query looks at: ready, open, snoozed, decided or any."""
    found = {_speaks_of(term) for term in query.terms if not term.negated} - {""}
    if found == {"open", "snoozed"}:
        return "snoozed"
    if len(found) == 1:
        return found.pop()
    named = any(term.field in ("id", "key") and not term.negated for term in query.terms)
    return "any" if found or named else "ready"


def _speaks_of(term: Term) -> str:
    if term.field in ("by", "decided"):
        return "decided"
    if term.field not in ("is", "status"):
        return ""
    words = {"pending": "open", "open": "open", "snoozed": "snoozed"}
    words |= dict.fromkeys(("decided", "stuck"), "decided")
    words |= {str(status): "decided" for status in Status if status is not Status.PENDING}
    found = {words.get(str(value), "") for value in term.values}
    return found.pop() if len(found) == 1 else "any"


def _within(scope: str, state: State) -> bool:
    pending = state.status is Status.PENDING
    return {
        "any": True,
        "open": pending,
        # a snooze ends when the clocks run, not by itself
        "ready": pending and state.snoozed_until is None,
        "snoozed": pending and state.snoozed_until is not None,
        "decided": not pending,
    }[scope]


def _flag(flag: str, entry: Entry, now: int, actor: Actor) -> bool:
    state = entry.state
    pending, leased = state.status is Status.PENDING, state.leased(now)
    silent = state.effective_at is not None and state.effective_at <= now - STUCK_AFTER
    known = {
        "pending": pending,
        "open": pending,
        "decided": not pending,
        "claimed": pending and leased,
        "unclaimed": not leased,
        "mine": actor.id in (state.assignee, state.lease_owner if leased else ""),
        "escalated": state.escalated,
        "snoozed": pending and state.snoozed_until is not None,
        "breaching": pending and state.due_at < now,
        "stuck": state.status is Status.APPROVED
        and entry.outcome not in ("applied", "rolled_back")
        and (entry.outcome != "" or silent),
        "assigned": state.assignee != "",
        "unassigned": state.assignee == "",
    }
    return known[flag] if flag in known else str(state.status) == flag


def _texts(field: str, item: Item, now: int) -> Iterable[str]:
    entry, state = item.entry, item.entry.state
    if field == "reason":
        return {reason.code for reason in item.reasons}
    return [
        {
            "agent": state.agent,
            "kind": state.kind,
            "queue": state.queue,
            "shape": entry.shape,
            "assignee": state.assignee,
            "holder": state.lease_owner if state.leased(now) else "",
            "key": state.key,
            "id": state.id,
            "by": entry.decided_by,
            "for": state.owner,
        }[field]
    ]


def _found(words: Iterable[str], item: Item) -> bool:
    """Every word (or phrase) stands in a text of the artifact, whatever its case."""
    text = " ".join(re.findall(r"\w+", item.artifact.model_dump_json().lower()))
    return all(" ".join(re.findall(r"\w+", word.lower())) in text for word in words)
