"""`reviewer groups`: what waits, by shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .commands import FilterCommand, command, filter_text
from .listing import FilterArgument
from .output import Table, say, say_json, width
from .session import Session

if TYPE_CHECKING:
    from ..domain.query import Query
    from ..queue import Group, Queue

COLUMNS = (
    ("shape", 12), ("members", 8), ("risk", 6), ("due", 8), ("agent", 20), ("kind", 18),
    ("late", 6), ("held", 6), ("reasons", 28), ("what they change", 200),
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "groups", panel="Look", cls=FilterCommand)(_groups)


def _groups(
    session: Session,
    filter: FilterArgument = None,
    least: Annotated[int, typer.Option(min=1, help="Groups of at least so many members.")] = 2,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many groups.")] = 50,
) -> None:
    """List groups of near-identical proposals, the largest first.

    A group comes from one agent, is of one kind, and changes the same fields of the same sort of
    resource for the same reasons. `reviewer list shape:ID` lists its members. With --json one
    object per line.
    """
    from ..domain.query import parse

    query = parse(filter_text(filter or []))
    session.run(lambda queue: _listed(session, queue, query, least, limit))


async def _listed(session: Session, queue: Queue, query: Query, least: int, limit: int) -> None:
    found = await queue.groups(query, session.person(), limit=limit)
    groups = [group for group in found.groups if group.number >= least]
    told = [(group, await _what(queue, group)) for group in groups]
    if session.as_json:
        for group, what in told:
            say_json(_document(group, found.exact, what), lines=True)
        return
    if not groups:
        say("Nothing that waits is alike.", "dim")
        return
    now = await queue.now()
    more = "" if found.exact else "+"
    for line in Table(COLUMNS, width()).add([_row(g, now, more, what) for g, what in told]):
        say(*line)


async def _what(queue: Queue, group: Group) -> str:
    """What its artifacts do, read off the first."""
    from ..shapes import sentence, shape_of

    item = await queue.get(group.first.state.id)
    if item is None:
        return group.first.title
    return sentence(shape_of(item.artifact, group.first.reasons))


def _row(group: Group, now: int, more: str, what: str) -> list[str]:
    from ..domain.instant import short_duration
    from ..untrusted import one_line
    from .columns import MARKS

    state = group.first.state
    return [
        group.shape,
        f"{group.number:,}{more}",
        MARKS[str(group.risk)],
        short_duration(group.due_at - now),
        one_line(state.agent),
        one_line(state.kind),
        f"{group.breaching:,}" if group.breaching else "",
        f"{group.claimed_by_others:,}" if group.claimed_by_others else "",
        one_line(" ".join(group.first.reasons), 60),
        one_line(what, 200),
    ]


def _document(group: Group, exact: bool, what: str) -> dict[str, Any]:
    from .facts import at

    state = group.first.state
    return {
        "shape": group.shape,
        "number": group.number,
        "exact": exact,
        "agent": state.agent,
        "kind": state.kind,
        "risk": str(group.risk),
        "due_at": at(group.due_at),
        "breaching": group.breaching,
        "claimed_by_others": group.claimed_by_others,
        "reasons": list(group.first.reasons),
        "what": what,
        "first": state.id,
    }
