"""`reviewer insights`: pace, time to decision, what became of agents' work, cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..domain.errors import InputError, ReviewerError
from .commands import command
from .output import Table, say, say_json, width
from .session import Session

if TYPE_CHECKING:
    from ..insights.overview import Overview
    from ..queue import Queue

GROUPS = ("agent", "reviewer", "queue")
_COLUMNS: dict[str, tuple[tuple[str, int], ...]] = {
    "agent": (
        ("agent", 24), ("version", 14), ("decided", 9), ("approved", 8), ("95%", 7), ("edited", 6),
        ("rejected", 8), ("missed", 7), ("edit", 5), ("a success", 9), ("cost", 9),
    ),
    "reviewer": (
        ("reviewer", 24), ("kind", 8), ("decided", 9), ("an hour", 8), ("approved", 8),
        ("edited", 6), ("rejected", 8), ("in bulk", 8), ("looked", 7), ("moved on", 8),
    ),
    "queue": (
        ("queue", 24), ("decided", 9), ("half", 7), ("90%", 7), ("in time", 7), ("95%", 7),
        ("pending", 8), ("breaching", 9),
    ),
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "insights", panel="Records")(_insights)


def _insights(
    session: Session,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="How far back: 1h, 24h, 7d, 30d, or all.")
    ] = "7d",
    by: Annotated[str, typer.Option(metavar="GROUP", help="agent, reviewer or queue.")] = "agent",
    csv: Annotated[
        str,
        typer.Option("--csv", metavar="FILE", help="Write every number as CSV; - for stdout."),
    ] = "",
) -> None:
    """Count decisions: by agent, by reviewer, or by queue; with --csv everything over time.

    A success is an artifact that was approved or edited and did not fail, drift or get rolled
    back since. "in time" is the share that was decided before its deadline; "95%" is the interval
    in which a share truly lies. Decisions that were taken back are not counted.
    """
    from ..insights.periods import PERIODS, period_of

    if by not in GROUPS:
        raise InputError(f"'{by}' is no group.", hint=f"Groups: {', '.join(GROUPS)}.")
    period = next((p for p in PERIODS if p.name == since), None)
    if period is None:
        from ..domain.instant import parse_duration

        length = parse_duration(since)
        if length <= 0:
            raise InputError("The time is nothing.", hint="Write it like 24h, 7d or all.")
        period = period_of(length, since)

    async def work(queue: Queue) -> Overview:
        from ..effects.budgets import look
        from ..insights.counted import Counted
        from ..insights.overview import overview
        from ..insights.periods import begin
        from ..local_zone import local_zone

        zone, now = local_zone(), await queue.now()
        counted = Counted(period.unit, zone)
        async for facts in queue.facts(begin(period, now, zone)):
            counted.add_all(facts)
        load = await queue.load(session.person())
        standing = await look(queue) if csv else ()
        return overview(counted, period, now, versions=True, load=load, standing=standing)

    view = session.run(work)
    if csv:
        _write(view, csv)
    elif session.as_json:
        say_json(_document(view, by))
    else:
        _show(view, by)


def _show(view: Overview, by: str) -> None:
    rows = _ROWS[by](view)
    if not rows:
        when = "yet" if view.period.length is None else f"in the {view.period.label}"
        say(f"No decision was taken {when}.")
        return
    lines = Table(_COLUMNS[by], width())
    for line in lines.add(rows):
        say(*line)
    say()
    say(_summary(view), "dim")


def _summary(view: Overview) -> str:
    from ..insights.shares import share
    from ..insights.words import lasting, money, percent, rate

    number, wait = view.pace.number, view.wait
    parts = [
        f"{view.period.label}: {number:,} decided, {rate(number / view.hours)} an hour",
        f"half within {lasting(wait.times.quantile(0.5))}",
        f"{percent(share(wait.within, wait.number).value)} in time",
        f"{money(view.record.cost)} a success",
    ]
    return "; ".join(parts) + "."


def _agents(view: Overview) -> list[list[str]]:
    from ..insights.shares import share
    from ..insights.tally import BASIS, NANO
    from ..insights.words import money, percent, sure

    found = []
    for name, record in view.records.items():
        approved = share(record.decided[0], record.number)
        half = record.distance.quantile(0.5)
        found.append(
            [
                *_named(name),
                f"{record.number:,}",
                percent(approved.value),
                sure(approved),
                percent(record.decided[1] / max(1, record.number)),
                percent(record.decided[2] / max(1, record.number)),
                f"{record.missed:,}",
                percent(None if half is None else half / BASIS),
                money(record.cost),
                money(record.spent / NANO if record.told else None),
            ]
        )
    return found


def _reviewers(view: Overview) -> list[list[str]]:
    from ..insights.words import lasting, percent, rate

    found = []
    for name, pace in view.paces.items():
        dwell, number = pace.dwell.quantile(0.5), max(1, pace.number)
        found.append(
            [
                *_named(name),
                f"{pace.number:,}",
                rate(pace.number / view.hours),
                *(percent(pace.decided[kind] / number) for kind in range(3)),
                percent(pace.bulk / number),
                lasting(None if dwell is None else dwell * 1000),
                f"{pace.moved:,}",
            ]
        )
    return found


def _queues(view: Overview) -> list[list[str]]:
    from ..insights.shares import share
    from ..insights.words import lasting, percent, sure

    load = {one.queue: one for one in view.load}
    names = [*view.waits, *((q, "") for q in load if (q, "") not in view.waits)]
    found = []
    for name in names:
        wait, lying = view.waits.get(name), load.get(name[0])
        within = share(wait.within, wait.number) if wait else share(0, 0)
        found.append(
            [
                _named(name)[0],
                f"{wait.number:,}" if wait else "0",
                lasting(wait.times.quantile(0.5) if wait else None),
                lasting(wait.times.quantile(0.9) if wait else None),
                percent(within.value),
                sure(within),
                f"{lying.pending:,}" if lying else "0",
                f"{lying.breaching.number:,}" if lying else "0",
            ]
        )
    return found


_ROWS = {"agent": _agents, "reviewer": _reviewers, "queue": _queues}


def _named(name: tuple[str, str]) -> list[str]:
    from ..insights.counted import OTHERS
    from ..untrusted import one_line

    return ["(others)", ""] if name == OTHERS else [one_line(part, 60) for part in name]


def _document(view: Overview, by: str) -> dict[str, Any]:
    """Every number of the whole period for the group, as in the CSV, and what lies open."""
    from ..domain.instant import iso
    from ..insights.table import rows

    wanted = {"agent": "agent", "reviewer": "reviewer", "queue": "queue"}[by]
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows(view.counted, view.first, view.now, view.load):
        name = getattr(row, wanted)
        if row.span == "bucket" or not name:
            continue
        known = groups.setdefault((name, row.version), {by: name})
        if by == "agent":
            known["version"] = row.version
        known[row.measure] = row.value
        if row.of is not None:
            known[f"{row.measure}_of"] = row.of
            known[f"{row.measure}_95"] = [row.low, row.high]
    return {
        "from": iso(view.first),
        "to": iso(view.now),
        "by": by,
        "decided": view.pace.number,
        "groups": list(groups.values()),
    }


def _write(view: Overview, file: str) -> None:
    import sys

    from ..files import replace_text
    from ..insights.table import csv_text, rows
    from ..untrusted import one_line

    numbers = list(rows(view.counted, view.first, view.now, view.load, view.standing))
    text = csv_text(numbers, view.zone, one_line)
    if file == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return
    try:
        replace_text(Path(file), text)
    except OSError as error:
        raise ReviewerError(f"The file '{file}' cannot be written: {error.strerror}.") from None
    say(f"{len(numbers):,} numbers in {file}.")
