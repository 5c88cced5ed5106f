"""`reviewer notices`: the notifications that did not arrive, or may not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .commands import command
from .output import Table, say, say_json, width
from .session import Session

if TYPE_CHECKING:
    from ..domain.governance import Unsent
    from ..queue import Queue

_COLUMNS = (
    ("state", 8), ("to", 24), ("channel", 16), ("given up", 17), ("artifact", 40), ("queue", 20),
    ("title", 60),
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "notices", panel="Look")(_notices)


def _notices(
    session: Session,
    everything: Annotated[
        bool, typer.Option("--all", help="Those of artifacts that were decided since as well.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, metavar="N", help="At most so many.")
    ] = 100,
) -> None:
    """List the notifications that failed, or of which nobody knows whether they arrived.

    The newest come first. None is sent again by itself: whoever is on call tells these people, or
    decides what waits.
    """

    async def work(queue: Queue) -> list[Unsent]:
        return await queue.unsent(limit=limit, everything=everything)

    found = session.run(work)
    if session.as_json:
        say_json([_plain(one) for one in found])
        return
    if not found:
        whose = "" if everything else " of what waits still"
        say(f"No notification{whose} failed, and none is unknown.", "green")
        return
    for line, style in _lines(found):
        say(line, style)
    if len(found) == limit:
        say(f"The newest {limit:,}; --limit shows more.", "dim")


def _lines(found: list[Unsent]) -> Any:
    from ..domain.instant import to_datetime
    from ..effects.notify.unsent import NEXT, why
    from ..untrusted import one_line

    rows = [
        [
            one.state,
            one_line(one.notice.to or "nobody", 24),
            one_line(one.notice.channel, 16),
            to_datetime(one.at).astimezone().strftime("%a %m-%d %H:%M"),
            one_line(one.notice.artifact_id, 40),
            one_line(str(one.notice.facts.get("queue", "")), 20),
            one_line(str(one.notice.facts.get("title", "")), 60),
        ]
        for one in found
    ]
    yield from Table(_COLUMNS, width()).add(rows)
    yield "", ""
    for sentence in dict.fromkeys(why(one) for one in found):
        yield one_line(sentence, 400), "yellow"
    yield NEXT, "dim"


def _plain(one: Unsent) -> dict[str, Any]:
    from ..domain.instant import iso
    from ..effects.notify.unsent import why

    notice, facts = one.notice, one.notice.facts
    return {
        "artifact": notice.artifact_id,
        "status": one.status,
        "state": one.state,
        "to": notice.to,
        "channel": notice.channel,
        "step": notice.step,
        "turn": notice.turn,
        "attempts": one.attempts,
        "at": iso(one.at),
        "sentence": why(one),
        **{name: facts.get(name, "") for name in ("title", "queue", "agent", "kind", "risk")},
    }
