"""Panels about agents: what was decided, how much was edited, what a success costs."""

from __future__ import annotations

from textual.content import Content

from ...insights.overview import Overview
from ...insights.shares import share
from ...insights.tally import BASIS, BINS, DECISIONS, Record
from ...insights.words import lasting, money, percent, sure
from ..widgets.columned import Col, table
from ..widgets.plots import bars, columns, meter, stacked, trend
from .insights_base import BAD, GOOD, LOOKS, MAIN, STRONG, Lines, Room, labels_of, parted, rows
from .insights_words import QUIET, named


def decisions(view: Overview, room: Room) -> Lines:
    """What was decided over time, for all agents or the chosen one, and by agent."""
    names = list(view.records)
    records = [view.record, *view.records.values()]
    chosen = min(room.cursor or 0, len(records) - 1)
    over = view.records_over if not chosen else view.records_of(names[chosen - 1])
    plot, below = parted(room, len(records), plot=False)
    lines = [_legend(records[chosen], room.width)]
    if plot:
        lines += columns(
            tuple(tuple(r.decided) for r in over), LOOKS, labels_of(view), room.width, plot
        )
    if below:
        approved = [share(record.decided[0], record.number) for record in records]
        trends = view.trends["agents"]
        bar = 20 if room.width > 90 else 12
        cols = [
            Col("decisions", bar, 6, lambda i: _bar(records[i], bar), True),
            Col("approved", 8, 9, lambda i: percent(approved[i].value)),
            Col("95%", 6, 5, lambda i: (sure(approved[i]), QUIET)),
            Col("decided", 7, 4, lambda i: f"{records[i].number:,}"),
            Col(
                "over time", 16, 1,
                lambda i: (trend(trends.get(names[i - 1], ()) if i else (), 16), MAIN), True,
            ),
        ]  # fmt: skip

        def name(row: int, width: int) -> Content:
            if not row:
                return Content.styled("all agents".ljust(width)[:width], QUIET)
            return named(names[row - 1], width)

        lines += table(
            cols,
            name,
            len(records),
            room.width,
            below,
            head="agent",
            cursor=room.cursor,
            least=16 if view.versions else 12,
        )
    return lines


def _bar(record: Record, width: int) -> Content:
    cells = stacked(record.decided, width)
    made = Content.assemble(
        *((glyph * n, style) for n, (glyph, style) in zip(cells, LOOKS, strict=True))
    )
    return made.pad_right(width - made.cell_length)


def _legend(record: Record, width: int) -> Content:
    parts: list[tuple[str, str] | str] = []
    gap = " " if width >= 42 else ""
    for (glyph, style), kind, number in zip(LOOKS, DECISIONS, record.decided, strict=True):
        word = kind if width >= 56 else kind[:3]
        part = percent(number / record.number) if record.number else "–"
        parts += [(glyph, style), (f"{gap}{word} ", QUIET), (part, STRONG), gap or " ", gap]
    return Content.assemble(*parts)


def edits(view: Overview, room: Room) -> Lines:
    """How far people's edits are from what was proposed."""
    whole = view.record
    edited = share(whole.decided[1], whole.decided[0] + whole.decided[1])
    half = whole.distance.quantile(0.5)
    changed = percent(half / BASIS) if half is not None else ""
    head = Content.assemble(
        (percent(edited.value), STRONG), (" of approvals edited", QUIET),
        ("   half change up to " if half is not None else "", QUIET), (changed, STRONG),
    )  # fmt: skip
    if room.width < 56:
        head = Content.assemble(
            (percent(edited.value), STRONG), (" edited", QUIET),
            ("   half up to " if half is not None else "", QUIET), (changed, STRONG),
        )  # fmt: skip
    plot, below = parted(room, len(view.records), plot=True)
    lines = [head]
    if plot:
        marks = tuple(f"{100 * at // BINS}%" for at in range(BINS))
        lines += bars(tuple(whole.bins[1:]), marks, room.width, plot)
    if below:
        names, records = list(view.records), list(view.records.values())

        def far(index: int, part: float) -> str:
            found = records[index].distance.quantile(part)
            return percent(None if found is None else found / BASIS)

        cols = [
            Col("0 … 100%", 10, 6, lambda i: (trend(records[i].bins[1:], 10), MAIN), True),
            Col("edited", 6, 9, lambda i: f"{records[i].decided[1]:,}"),
            Col(
                "of all", 6, 4,
                lambda i: percent(records[i].decided[1] / max(1, sum(records[i].decided[:2]))),
            ),
            Col("half", 5, 8, lambda i: far(i, 0.5)),
            Col("90%", 5, 5, lambda i: far(i, 0.9)),
        ]  # fmt: skip
        lines += rows(room, below, cols, names, "agent")
    return lines


def cost(view: Overview, room: Room) -> Lines:
    """What a successful task cost, over time and by agent."""
    whole = view.record
    told = f"{percent(whole.told / whole.number)}" if whole.number else "–"
    head = Content.assemble(
        (money(whole.cost), STRONG), (" a success", QUIET),
        (f"   {money(whole.spent / 1e9)}", STRONG), (f" for {whole.paid:,}", QUIET),
        (f"   told of {told}" if room.width >= 56 else "", QUIET),
    )  # fmt: skip
    names = [name for name, record in view.records.items() if record.told]
    records = [view.records[name] for name in names]
    plot, below = parted(room, len(names), plot=False)
    lines = [head]
    if plot:
        values = tuple(record.cost or 0.0 for record in view.records_over)
        lines += bars(values, labels_of(view), room.width, plot, told=_dollars, style=GOOD)
    if below:
        most = max((record.cost or 0 for record in records), default=0) or 1
        wide = 14 if room.width < 90 else 24
        cols = [
            Col("", wide, 4, lambda i: meter((records[i].cost or 0) / most, wide, GOOD), True),
            Col("each", 7, 9, lambda i: money(records[i].cost)),
            Col("in all", 7, 6, lambda i: money(records[i].spent / 1e9)),
            Col("succeeded", 9, 5, lambda i: f"{records[i].paid:,}"),
            Col("took", 6, 2, lambda i: lasting(records[i].seconds / max(1, records[i].number))),
        ]
        lines += rows(room, below, cols, names, "agent")
    return lines


def _dollars(value: float) -> str:
    return f"${value:.3g}"


def agents(view: Overview, room: Room) -> Lines:
    """Every agent in one line."""
    wide = max(16, min(62, room.width - 110))
    names, records = list(view.records), list(view.records.values())
    trends = view.trends["agents"]

    def part(row: int, kind: int) -> str:
        return percent(records[row].decided[kind] / max(1, records[row].number))

    def far(row: int) -> str:
        half = records[row].distance.quantile(0.5)
        return percent(None if half is None else half / BASIS)

    approved = [share(record.decided[0], record.number) for record in records]
    cols = [
        Col("over time", wide, 2, lambda i: (trend(trends.get(names[i], ()), wide), MAIN), True),
        Col("decided", 7, 20, lambda i: f"{records[i].number:,}"),
        Col("approved", 8, 19, lambda i: part(i, 0)),
        Col("95%", 6, 10, lambda i: (sure(approved[i]), QUIET)),
        Col("edited", 6, 18, lambda i: part(i, 1)),
        Col("rejected", 8, 17, lambda i: part(i, 2)),
        Col("answered", 8, 6, lambda i: part(i, 3)),
        Col(
            "missed", 6, 9, lambda i: (f"{records[i].missed:,}" if records[i].missed else "·", BAD)
        ),
        Col("edit", 5, 8, far),
        Col("a success", 9, 12, lambda i: money(records[i].cost)),
        Col("cost", 7, 4, lambda i: money(records[i].spent / 1e9)),
    ]
    return rows(room, room.height, cols, names, "agent", most=36)
