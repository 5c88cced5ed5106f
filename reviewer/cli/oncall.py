"""`reviewer oncall`: who is on call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .commands import command
from .output import Table, say, say_json, width
from .session import Session

if TYPE_CHECKING:
    from ..policy.document import Policy
    from ..policy.schedule import Duty
    from ..queue import Queue


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "oncall", panel="Look")(_oncall)


def _oncall(
    session: Session,
    of_queue: Annotated[
        str, typer.Argument(metavar="QUEUE", help="One queue; every rotation without it.")
    ] = "",
    at: Annotated[
        str,
        typer.Option(
            "--at", metavar="TIME", help="Then instead of now, such as 2026-11-20T10:00:00Z."
        ),
    ] = "",
) -> None:
    """Who is on call, until when, and who comes next, by the policy or [[on_call]] in the settings.

    Where the policy in force has rotations, those of the settings do not count.
    """
    from ..domain.instant import parse_iso
    from ..policy.chain import turns
    from ..policy.schedule import on_call

    rotations = turns(session.run(_policy), session.config.on_call)
    now = parse_iso(at) if at else time.time_ns() // 1000
    names = [of_queue] if of_queue else [rotation.queue for rotation in rotations]
    found = [(name, on_call(rotations, name, now)) for name in names]
    if session.as_json:
        say_json([_plain(name, duty) for name, duty in found])
    elif not rotations:
        say("There are no rotations; the guide's page on triage shows how to write [[on_call]].")
    else:
        _table(found)


async def _policy(queue: Queue) -> Policy:
    from ..policy.reading import read

    return read((await queue.policy()).text)


def _plain(queue: str, duty: Duty | None) -> dict[str, Any]:
    from ..domain.instant import iso

    if duty is None:
        return {"queue": queue, "person": None, "until": None, "next": None, "instead_of": None}
    return {
        "queue": queue,
        "person": duty.person,
        "until": None if duty.until is None else iso(duty.until),
        "next": duty.next or None,
        "instead_of": duty.instead_of or None,
    }


def _table(found: list[tuple[str, Duty | None]]) -> None:
    from ..domain.instant import to_datetime
    from ..untrusted import one_line

    rows = []
    for queue, duty in found:
        if duty is None:
            rows.append([one_line(queue, 40), "nobody", "", "", ""])
            continue
        until = ""
        if duty.until is not None:
            until = to_datetime(duty.until).astimezone().strftime("%a %Y-%m-%d %H:%M %z")
        names = [one_line(name, 30) for name in (duty.person, duty.next, duty.instead_of)]
        rows.append([one_line(queue, 40), names[0], until, names[1], names[2]])
    columns = [("queue", 40), ("on call", 30), ("until", 30), ("next", 30), ("instead of", 30)]
    if not any(row[4] for row in rows):
        columns, rows = columns[:4], [row[:4] for row in rows]
    for line, style in Table(columns, width()).add(rows):
        say(line, style)
