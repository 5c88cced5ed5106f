"""The members of one group: who is alike, who stands out, who dropped out; read and kept true.

No widgets.  What a decision touches is `aim`: ids and digests as they were read, nothing that came,
changed, was claimed by somebody else or decided since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from ..domain.query import Op, Query, Term
from ..domain.state import Status
from .marks import LIMIT
from .policy_words import lifted_out

if TYPE_CHECKING:
    from ..domain.decision import Actor
    from ..domain.views import Entry, Item, Page
    from ..queue import Queue
    from ..shapes.analysis import Analysis
    from .session import Session

CHUNK: Final = 500
AT_ONCE: Final = 50
LIFTED_OUT: Final = "the policy lifts it out"
FEW: Final = 100
"""Of more members that changed the whole group is listed, instead of reading each."""

Progress = Callable[[str, int, int], None]
"""Told what is done, how far it is, and how far it goes."""


@dataclass
class GroupMembers:
    """What was read of a group; `gone` says why a member dropped out, `more` that it is larger."""

    entries: dict[str, Entry]
    analysis: Analysis
    more: bool = False
    gone: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        ids = list(self.entries)
        self._alike: list[str] | None = None
        self.clean = frozenset(
            entry.state.digest
            for at, entry in enumerate(self.entries.values())
            if at not in self.analysis.flagged
        )
        """The digests of what was looked through and holds no flagged text."""
        self.place = {id: at for at, id in enumerate(ids)}
        self.outliers = {ids[o.at]: o.sentences for o in self.analysis.outliers}
        for id, entry in self.entries.items():
            if lifted_out(entry.state.needs):
                self.outliers[id] = (LIFTED_OUT, *self.outliers.get(id, ()))

    @property
    def alike(self) -> list[str]:
        """The ids of those that do not stand out, as far as they are still there."""
        if self._alike is None:
            out = self.outliers.keys() | self.gone.keys()
            self._alike = [id for id in self.entries if id not in out]
        return self._alike

    @property
    def standing_out(self) -> list[str]:
        """The ids of the outliers that are still there, heaviest first."""
        return [id for id in self.outliers if id not in self.gone]

    def number(self, marked: int) -> int:
        """How many a decision touches where so many are marked."""
        return marked or len(self.alike) + len(self.taken)

    def aim(self, marked: Iterable[str]) -> list[Entry]:
        """What a decision touches: what is marked, else all that are alike or were taken in."""
        chosen = set(marked) or {*self.alike, *self.taken}
        return [e for id, e in self.entries.items() if id in chosen and id not in self.gone]

    def drop(self, now: dict[str, Entry | None], actor: str, at: int) -> dict[str, str]:
        """Who is not as it was read; answers with those that dropped out by this, and why."""
        dropped: dict[str, str] = {}
        for id, entry in now.items():
            why = why_out(self.entries[id], entry, actor, at)
            if why:
                if id not in self.gone:
                    dropped[id] = why
                self.gone[id] = why
            elif entry is not None:
                self.gone.pop(id, None)
                self.entries[id] = entry
        self.taken -= self.gone.keys()
        self._alike = None
        return dropped


def why_out(listed: Entry, now: Entry | None, actor: str, at: int) -> str:
    """Why a member cannot be decided with its group, or nothing."""
    if now is None:
        return "it does not wait here any more"
    state, before = now.state, listed.state
    if state.status is not Status.PENDING:
        return f"decided meanwhile: {state.status}"
    if (state.digest, state.revision) != (before.digest, before.revision):
        return "changed meanwhile"
    if state.leased(at) and state.lease_owner != actor:
        return f"claimed by {state.lease_owner}"
    if state.snoozed_until is not None and state.snoozed_until > at:
        return "snoozed meanwhile"
    return ""


def query_of(query: Query, shape: str) -> Query:
    """The filter of one group under the filter of the list."""
    terms = (*query.terms, Term("shape", Op.EQ, (shape,)))
    return replace(query, terms=terms, text=f"{query.text} shape:{shape}".strip())


async def read_group(
    session: Session, query: Query, shape: str, progress: Progress
) -> GroupMembers | None:
    """Reads a group and works it out in a thread; None where nobody is in it.

    Cancelling stops it, the thread as well.
    """
    entries, more = await _entries(session, query_of(query, shape), progress)
    items: list[Item] = []
    for start in range(0, len(entries), AT_ONCE):
        progress("reading", start, len(entries))
        found = await read_all(session, [e.state.id for e in entries[start : start + AT_ONCE]])
        items += [item for item in found.values() if item is not None]
    now, me = session.now(), session.actor.id
    items = [item for item in items if item.entry.state.status is Status.PENDING]
    if not items:
        return None
    from ..shapes.analysis import analyse

    stopped = False
    loop = asyncio.get_running_loop()

    def going(done: int) -> bool:
        loop.call_soon_threadsafe(progress, "comparing", done, len(items))
        return not stopped

    try:
        analysis = await asyncio.to_thread(analyse, items, going)
    finally:
        stopped = True
    assert analysis is not None
    group = GroupMembers({item.entry.state.id: item.entry for item in items}, analysis, more)
    group.drop(dict(group.entries), me, now)
    return group


async def as_they_are(
    session: Session, query: Query, shape: str, ids: Sequence[str]
) -> dict[str, Entry | None]:
    """These members as they are now; of many the group is listed, and None is who is not there."""
    if len(ids) <= FEW:
        items = await read_all(session, ids)
        return {id: None if item is None else item.entry for id, item in items.items()}
    entries, _ = await _entries(session, query_of(query, shape), lambda *_: None)
    found = {entry.state.id: entry for entry in entries}
    return {id: found.get(id) for id in ids}


async def _entries(session: Session, query: Query, progress: Progress) -> tuple[list[Entry], bool]:
    found: list[Entry] = []
    after: str | None = None
    while True:
        progress("listing", len(found), 0)
        page = await session.read(partial(_page, query=query, actor=session.actor, after=after))
        found += page.entries
        after = page.next
        if after is None or len(found) >= LIMIT:
            return found[:LIMIT], after is not None or len(found) > LIMIT


async def read_all(session: Session, ids: Sequence[str]) -> dict[str, Item | None]:
    """These artifacts as they are now."""
    items = await asyncio.gather(*(session.get(id) for id in ids))
    return dict(zip(ids, items, strict=True))


async def _page(queue: Queue, query: Query, actor: Actor, after: str | None) -> Page:
    return await queue.page(query, actor, limit=CHUNK, after=after)
