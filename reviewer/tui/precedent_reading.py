"""Earlier decisions on the same resource and of the same shape, read from the queue.

The index of words finds candidates; whether one really writes to the same resource is looked up in
it, because words are found anywhere in an artifact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..domain.query import Op, Query, Term

if TYPE_CHECKING:
    from ..domain.views import Entry, Event, Item
    from .session import Session

MOST: Final = 50
"""Decided artifacts that are read for one heading."""
LOOKED_INTO: Final = 24
"""Candidates whose writes are looked at for one resource."""
RESOURCES: Final = 3
"""Resources of an artifact whose precedents are sought."""
TOLD: Final = 12
"""Precedents of one heading whose reasons are read."""

Place = tuple[str, str]
"""A resource: the system that holds it, and its name there."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said with a decision: reason codes and a comment (both may be empty)."""

    reasons: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Decided artifacts under one heading of ours, newest first; `more` where there are more.

    `none` is what is said where there are none.
    """

    heading: str
    entries: tuple[Entry, ...] = ()
    none: str = ""
    more: bool = False
    said: dict[str, Said] = field(default_factory=dict)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How often it was decided how, the most frequent first."""
        found: dict[str, int] = {}
        for entry in self.entries:
            found[entry.decision] = found.get(entry.decision, 0) + 1
        return sorted(found.items(), key=lambda one: -one[1])

    def reasons(self, decision: str) -> list[tuple[str, int]]:
        """The reason codes given with one kind of decision, the most frequent first."""
        found: dict[str, int] = {}
        for entry in self.entries:
            if entry.decision == decision and entry.state.id in self.said:
                for reason in self.said[entry.state.id].reasons:
                    found[reason] = found.get(reason, 0) + 1
        return sorted(found.items(), key=lambda one: -one[1])


async def precedents(session: Session, item: Item) -> list[Group]:
    """The groups for an artifact: its resources, its shape, and else its agent's kind of task."""
    groups = []
    places = places_of(item)
    for place in places[:RESOURCES]:
        groups.append(await _on_resource(session, item, place, len(places) > 1))
    if item.entry.shape:
        shape = Term("shape", Op.EQ, (item.entry.shape,))
        groups.append(
            await _by_query(
                session, item, "Same shape", (shape,),
                "No proposal of the same shape (fields and reasons) has been decided yet.",
            )
        )  # fmt: skip
    if not any(group.entries for group in groups):
        state = item.entry.state
        same = (Term("agent", Op.EQ, (state.agent,)), Term("kind", Op.EQ, (state.kind,)))
        groups.append(
            await _by_query(
                session, item, "This agent, this kind", same,
                "It is the first of its kind: what you decide will be the precedent.",
            )
        )  # fmt: skip
    return groups


def places_of(item: Item) -> list[Place]:
    """The resources that an artifact writes to, each once."""
    return list(dict.fromkeys((w.system, w.resource) for w in item.artifact.writes if w.resource))


async def _on_resource(session: Session, item: Item, place: Place, several: bool) -> Group:
    name = place[1] if several else "this resource"
    query = Query((Term("is", Op.EQ, ("decided",)),), (place[1],), "newest")
    page = await session.read(lambda queue: queue.page(query, session.actor, limit=LOOKED_INTO + 1))
    found = []
    for entry in _others(page.entries, item)[:LOOKED_INTO]:
        candidate = await _get(session, entry.state.id)
        if candidate is not None and place in places_of(candidate):
            found.append(entry)
    none = "Nobody has decided about it before, as far as the search reaches back."
    said = await _said(session, found)
    return Group(f"On {name}", tuple(found), none, page.next is not None, said)


async def _by_query(
    session: Session, item: Item, heading: str, terms: tuple[Term, ...], none: str
) -> Group:
    query = Query((Term("is", Op.EQ, ("decided",)), *terms), (), "newest")
    page = await session.read(lambda queue: queue.page(query, session.actor, limit=MOST + 1))
    found = _others(page.entries, item)[:MOST]
    said = await _said(session, found)
    return Group(heading, tuple(found), none, page.next is not None, said)


def _others(entries: Sequence[Entry], item: Item) -> list[Entry]:
    """What people decided, not what expired or was replaced, and not the artifact itself."""
    mine = item.entry.state.id
    return [entry for entry in entries if entry.decision and entry.state.id != mine]


async def _get(session: Session, artifact_id: str) -> Item | None:
    return await session.get(artifact_id)


async def _said(session: Session, entries: Sequence[Entry]) -> dict[str, Said]:
    found = {}
    for entry in entries[:TOLD]:
        found[entry.state.id] = said_in(await read_events(session, entry.state.id))
    return found


async def read_events(session: Session, artifact_id: str) -> list[Event]:
    """The history of an artifact."""
    return await session.read(lambda queue: queue.history(artifact_id))


def said_in(events: Sequence[Event]) -> Said:
    """What was said with the decision that stands."""
    for event in reversed(events):
        if event.event == "decided":
            reasons = event.facts.get("reasons", ())
            comment = event.facts.get("comment", "")
            return Said(tuple(map(str, reasons)), str(comment))
    return Said()
