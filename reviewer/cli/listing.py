"""`reviewer list`, `show`, `diff`: look without a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import complete
from .commands import FilterCommand, command, filter_text
from .output import Table, say, say_json, say_marked, width
from .session import Session

if TYPE_CHECKING:
    from ..diff import WriteDiff
    from ..domain.query import Query
    from ..queue import Entry, Item, Queue

PAGE = 200
IdArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="An id, the start of one, or a key.",
        autocompletion=complete.anything,
    ),
]
FilterArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILTER", help="As in the desk, e.g.: risk:>=high due:<1h"),
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    command(app, "list", panel="Look", cls=FilterCommand)(_list)
    command(app, "show", panel="Look")(_show)
    command(app, "diff", panel="Look")(_diff)


def _list(
    session: Session,
    filter: FilterArgument = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    everything: Annotated[bool, typer.Option("--all", help="All that match.")] = False,
) -> None:
    """List artifacts that match a filter; without one, what waits.

    With --json one object per line.
    """
    from ..domain.query import parse

    query = parse(filter_text(filter or []))
    session.run(lambda queue: _listed(session, queue, query, None if everything else limit))


async def _listed(session: Session, queue: Queue, query: Query, limit: int | None) -> None:
    from . import facts
    from .columns import cell

    shown, rest, names = 0, False, ("id", *session.config.column_names)
    lines = Table([(name, _greatest(name)) for name in names], width())
    async for entries, rest in _pages(session, queue, query, limit):  # noqa: B007
        if session.as_json:
            for entry in entries:
                say_json(facts.entry(entry), lines=True)
        else:
            now = await queue.now()
            rows = [[cell(entry, name, now) for name in names] for entry in entries]
            for line in lines.add(rows):
                say(*line)
        shown += len(entries)
    if session.as_json:
        return
    if not shown:
        say("Nothing matches.", "dim")
    elif rest:
        count = await queue.count(query, session.person())
        total = f"{count.number:,}" + ("" if count.exact else "+")
        say(f"{shown:,} of {total}; --all lists all.", "dim")


async def _pages(
    session: Session, queue: Queue, query: Query, limit: int | None
) -> AsyncIterator[tuple[tuple[Entry, ...], bool]]:
    after, left = None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = await queue.page(query, session.person(), limit=size, after=after)
        after = page.next
        if page.entries:
            yield page.entries, after is not None
        left = None if left is None else left - len(page.entries)
        if after is None or not page.entries:
            return


def _greatest(name: str) -> int:
    from .columns import GREATEST

    return GREATEST[name] if width() or name != "title" else 200


def _show(
    session: Session,
    artifact: IdArgument,
    full: Annotated[bool, typer.Option(help="Context and texts in full.")] = False,
) -> None:
    """Show one artifact: what, who, as whom, why you see it, its writes and its context."""
    from . import facts
    from .showing import lines

    async def work(queue: Queue) -> tuple[Item, int]:
        from .lookup import find

        return await find(queue, artifact, session.person()), await queue.now()

    item, now = session.run(work)
    if session.as_json:
        say_json(facts.item(item))
        return
    for text, style in lines(item, now, full):
        say(text, style)


def _diff(
    session: Session,
    artifact: IdArgument,
    context: Annotated[
        int | None, typer.Option("--context", "-U", min=0, help="Unchanged lines around a change.")
    ] = None,
    ignore_whitespace: Annotated[
        bool, typer.Option("--ignore-whitespace", "-w", help="Pass over changes of whitespace.")
    ] = False,
) -> None:
    """Show what the writes of one artifact would change."""
    from ..diff import diff_write
    from .lookup import find

    item = session.run(lambda queue: find(queue, artifact, session.person()))
    around = session.config.context_lines if context is None else context
    diffs = [
        diff_write(write, ignore_whitespace=ignore_whitespace) for write in item.artifact.writes
    ]
    if session.as_json:
        named = {"id": item.entry.state.id, "digest": item.entry.state.digest}
        say_json(named | _json(diffs, around))
        return
    from .difftext import lines

    for number, diff in enumerate(diffs, 1):
        for line in lines(diff, number, len(diffs), around):
            say_marked(*line)
    if not diffs:
        say("There are no writes; `reviewer show` has the reasons.", "dim")


def _json(diffs: list[WriteDiff], around: int) -> dict[str, Any]:
    from .difftext import lines

    return {
        "writes": [
            {
                "type": diff.type,
                "title": diff.title,
                "changed": diff.changed,
                "counts": {
                    "added": diff.counts.added,
                    "removed": diff.counts.removed,
                    "changed": diff.counts.changed,
                },
                "facts": [
                    {"code": f.code, "sentence": f.sentence, "before": f.before, "after": f.after}
                    for f in diff.facts
                ],
                "lines": [line.text for line in lines(diff, 1, 1, around)],
            }
            for diff in diffs
        ]
    }
