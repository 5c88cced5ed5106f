"""`reviewer policy simulate`: what another policy would have made of what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..domain.errors import InputError
from .output import say_json
from .policy_files import Named, compiled, find, own_file, short
from .session import Session

if TYPE_CHECKING:
    from ..policy.compiled import Compiled
    from ..policy.document import Policy
    from ..policy.simulated import Simulated
    from ..queue import Queue

ALL = "all"


def simulate(
    session: Session,
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW",
            help="A file, a digest, or `starter`.",
            show_default="policy.yaml here, else the one that the desk edits",
        ),
    ] = "",
    since: Annotated[
        str, typer.Option(metavar="TIME", help="How far back: 12h, 30d, or all.")
    ] = "30d",
    csv: Annotated[
        str,
        typer.Option("--csv", metavar="FILE", help="Write every number as CSV; - for stdout."),
    ] = "",
) -> None:
    """Replay what came in under another policy, and show what would have been otherwise.

    "then" is what was ruled when it came in, "now" what NEW rules. Nothing is changed. People are
    taken to decide as and when they did; what nobody decided then counts as open until it is due.
    """
    length = _length(since)

    async def work(queue: Queue) -> tuple[Named, Simulated]:
        named = await find(queue, new or own_file(lambda: session.config))
        return named, await replayed(queue, compiled(named), length)

    named, found = session.run(work)
    if csv:
        from .policy_numbers import write_csv

        write_csv(found, csv)
    elif session.as_json:
        from .policy_numbers import document

        say_json(document(found))
    else:
        from .policy_drawn import say_simulated

        name = short(found.policy) if named.row is not None else named.name
        say_simulated(found, name)


async def replayed(queue: Queue, policy: Compiled, length: int | None) -> Simulated:
    """The simulation of the last `length` microseconds, or of everything; batch by batch."""
    from ..policy.simulate import Simulation

    until = await queue.now()
    since = 0 if length is None else until - length
    begin = since
    if length is None:
        since = begin = await _first(queue, until)
    simulation = Simulation(policy, since, until, await _past(queue))
    if length is not None:
        begin = max(0, since - simulation.warm_up)
    async for batch in queue.admissions(begin, until + 1):
        simulation.add(batch)
    return simulation.result()


async def _first(queue: Queue, until: int) -> int:
    """When the first admission came, so that a period of everything has a beginning."""
    async for batch in queue.admissions(0):
        if batch:
            return batch[0].at
    return until


async def _past(queue: Queue) -> dict[str, Policy]:
    """The policies that ruled, as far as they can still be read."""
    from ..policy.reading import read
    from ..policy.starter import starter

    found = {starter().digest: starter().policy}
    for row in await queue.policies():
        try:
            found[row.digest] = read(row.text)
        except InputError:
            continue
    return found


def _length(since: str) -> int | None:
    if since == ALL:
        return None
    from ..domain.instant import parse_duration

    length = parse_duration(since)
    if length <= 0:
        raise InputError("The time is nothing.", hint="Write it like 12h, 30d or all.")
    return length
