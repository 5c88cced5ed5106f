"""Panels about people and queues: pace, time to decision, what lies open."""

from __future__ import annotations

from textual.content import Content

from ...insights.overview import Overview
from ...insights.periods import following
from ...insights.shares import share
from ...insights.words import lasting, percent, rate, sure
from ..widgets.columned import Col
from ..widgets.plots import bars, meter, ranges, stacked, trend
from .insights_base import BAD, GOOD, MAIN, STRONG, WARN, Lines, Room, labels_of, parted, rows
from .insights_words import QUIET, TICKS


def pace(view: Overview, room: Room) -> Lines:
    """Decisions an hour over time, and by reviewer."""
    number = view.pace.number
    head = Content.assemble(
        (rate(number / view.hours), STRONG), (" an hour", QUIET),
        (f"   {number:,}", STRONG), (" decided", QUIET),
        (f"   {percent(view.pace.bulk / number)}" if number else "", STRONG),
        ((" in bulk" if room.width >= 40 else " bulk") if number else "", QUIET),
    )  # fmt: skip
    plot, below = parted(room, len(view.paces), plot=True)
    hours = [
        (end - start) / 3_600_000_000
        for start, end in zip(view.starts, (*view.starts[1:], _end(view)), strict=True)
    ]
    values = [p.number / h for p, h in zip(view.paces_over, hours, strict=True)]
    lines = [head]
    if plot:
        lines += bars(tuple(values), labels_of(view), room.width, plot, running=True)
    if below:
        names = list(view.paces)
        tallies = list(view.paces.values())
        trends = view.trends["reviewers"]
        cols = [
            Col("over time", 16, 2, lambda i: (trend(trends.get(names[i], ()), 16), MAIN), True),
            Col("decided", 7, 9, lambda i: f"{tallies[i].number:,}"),
            Col("an hour", 7, 5, lambda i: rate(tallies[i].number / view.hours)),
            Col("share", 5, 4, lambda i: percent(tallies[i].number / max(1, number))),
            Col("looked", 6, 3, lambda i: lasting(_micros(tallies[i].dwell.quantile(0.5)))),
            Col("moved", 5, 1, lambda i: f"{tallies[i].moved:,}"),
        ]
        lines += rows(room, below, cols, names, "reviewer")
    return lines


def _micros(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds * 1000


def _end(view: Overview) -> int:
    return following(view.starts[-1], view.unit, view.zone)


def waits(view: Overview, room: Room) -> Lines:
    """Time to decision over time (half and nine tenths), and by queue against the deadline."""
    whole = view.wait
    within = share(whole.within, whole.number)
    head = Content.assemble(
        ("● half within ", QUIET), (lasting(whole.times.quantile(0.5)), STRONG),
        ("  ┬ 90% ", QUIET), (lasting(whole.times.quantile(0.9)), STRONG),
        ("   in time ", QUIET), (percent(within.value), _health(within.value)),
        (f" ({sure(within)})" if within.whole else "", QUIET),
    )  # fmt: skip
    if room.width < 56:
        head = Content.assemble(
            ("● ½ ", QUIET), (lasting(whole.times.quantile(0.5)), STRONG),
            ("  ┬ 90% ", QUIET), (lasting(whole.times.quantile(0.9)), STRONG),
            ("  in time ", QUIET), (percent(within.value), _health(within.value)),
        )  # fmt: skip
    plot, below = parted(room, len(view.waits), plot=False)
    lines = [head]
    if plot:
        pairs = []
        for wait in view.waits_over:
            half, most = wait.times.quantile(0.5), wait.times.quantile(0.9)
            pairs.append(None if half is None or most is None else (half, most))
        lines += ranges(tuple(pairs), TICKS, labels_of(view), room.width, plot)
    if below:
        names, tallies = list(view.waits), list(view.waits.values())
        shares = [share(wait.within, wait.number) for wait in tallies]
        cols = [
            Col(
                "in time", 12, 7,
                lambda i: meter(shares[i].value or 0, 12, _health(shares[i].value)), True,
            ),
            Col("", 4, 8, lambda i: (percent(shares[i].value), _health(shares[i].value))),
            Col("95%", 6, 1, lambda i: (sure(shares[i]), QUIET)),
            Col("half", 6, 9, lambda i: lasting(tallies[i].times.quantile(0.5))),
            Col("90%", 6, 6, lambda i: lasting(tallies[i].times.quantile(0.9))),
            Col("decided", 7, 3, lambda i: f"{tallies[i].number:,}"),
        ]  # fmt: skip
        lines += rows(room, below, cols, names, "queue")
    return lines


def _health(value: float | None) -> str:
    if value is None:
        return ""
    return GOOD if value >= 0.95 else WARN if value >= 0.8 else f"bold {BAD}"


OPEN = (("█", BAD), ("▓", WARN), ("░", QUIET))
"""Breaching, due within the hour, the rest."""


def open_now(view: Overview, room: Room) -> Lines:
    """What waits in each queue: breaching, due soon, the rest."""
    load = view.load
    pending = sum(one.pending for one in load)
    late = sum(one.breaching.number for one in load)
    soon = sum(one.due_soon.number for one in load)
    if not load:
        return [Content.styled("Nothing waits in any queue.", QUIET)]
    head = Content.assemble(
        (f"{pending:,}", STRONG), (" pending  ", QUIET),
        ("█ ", BAD), (f"{late:,}", STRONG), (" breaching  ", QUIET),
        ("▓ ", WARN), (f"{soon:,}", STRONG),
        (" due within the hour  ░ later" if room.width >= 56 else " soon", QUIET),
    )  # fmt: skip
    most = max(one.pending for one in load)
    width = max(8, min(48, room.width - 40))

    def bar(row: int) -> Content:
        one = load[row]
        length = max(1, round(one.pending / max(1, most) * width)) if one.pending else 0
        rest = max(0, one.pending - one.breaching.number - one.due_soon.number)
        cells = stacked((one.breaching.number, one.due_soon.number, rest), length)
        made = Content.assemble(*((g * n, s) for n, (g, s) in zip(cells, OPEN, strict=True)))
        return made.pad_right(width - made.cell_length)

    cols = [
        Col("", width, 8, bar, True),
        Col("pending", 7, 9, lambda i: f"{load[i].pending:,}"),
        Col("breaching", 9, 7, lambda i: (_counted(load[i].breaching), BAD)),
        Col("claimed", 7, 3, lambda i: _counted(load[i].claimed)),
        Col("snoozed", 7, 2, lambda i: f"{load[i].snoozed:,}"),
        Col("oldest", 6, 5, lambda i: _age(load[i].oldest_at, view.now)),
    ]
    names = [(one.queue, "") for one in load]
    return [head, *rows(room, room.height - 1, cols, names, "queue")]


def _counted(count: object) -> str:
    number, exact = getattr(count, "number", 0), getattr(count, "exact", True)
    return f"{number:,}" + ("" if exact else "+") if number else "·"


def _age(since: int | None, now: int) -> str:
    return lasting(None if since is None else now - since)
