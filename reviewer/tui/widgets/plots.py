"""Plots in text: bars, stacked columns, ranges, small trends, each with its axes.

Everything is drawn with block elements that any font has, in the theme's colours, and told by
shape and label as well as by colour.  (textual-plotext 1.0 goes with plotext before 6 only, which
is not kept any more, and whose plots know neither the theme's colours nor eighths of a cell.)
Texts here are our own: names come in as content that has been through `untrusted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import ceil, floor, log, log10

from textual.content import Content

EIGHTHS = " ▁▂▃▄▅▆▇█"
AXIS = "$faint"
LABEL = "$quiet"
KEPT = 64
"""So many plots are kept as they were drawn: most of a screen stays the same at a key."""


def nice(value: float) -> float:
    """The least round number that is not below a value; 1 for none, or next to none."""
    if value < 1e-12:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(
        (step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8) if step * power >= value - 1e-12),
        10 * power,
    )


def short(value: float) -> str:
    """A number for an axis, in few characters: `0.05`, `12`, `1.5k`."""
    if value >= 1000:
        return f"{value / 1000:.3g}k" if value < 1_000_000 else f"{value / 1_000_000:.3g}M"
    return f"{value:.2g}" if value < 1 else f"{value:.3g}"


def trend(values: Sequence[float], width: int) -> str:
    """A line of small bars, the last values where there are more than cells."""
    shown = fold(values, width)
    top = max(shown, default=0)
    if not top:
        return "·" * len(shown)
    return "".join(EIGHTHS[max(1, round(v / top * 8))] if v else "·" for v in shown)


def fold(values: Sequence[float], width: int) -> list[float]:
    """The values in at most `width` numbers: neighbours are put together by their mean."""
    if len(values) <= width:
        return list(values)
    size = ceil(len(values) / max(1, width))
    parts = [values[at : at + size] for at in range(0, len(values), size)]
    return [sum(part) / len(part) for part in parts]


def meter(share: float, width: int, style: str) -> Content:
    """A thin bar for a share from 0 to 1, exact to half a cell, with what is missing in grey."""
    halves = round(max(0.0, min(1.0, share)) * width * 2)
    if share > 0:
        halves = max(1, halves)
    full = "━" * (halves // 2) + "╸" * (halves % 2)
    return Content.assemble((full, style), ("─" * (width - len(full)), AXIS))


def stacked(parts: Sequence[float], width: int, *, seen: bool = True) -> list[int]:
    """How many of `width` cells each part gets, together all of them.

    With `seen` every part gets one as far as there are enough, however small it is; without it
    the cells are as true to the shares as they can be.
    """
    total = sum(parts)
    if not total:
        return [0 for _ in parts]
    exact = [part / total * width for part in parts]
    least = 1 if seen and width >= sum(part > 0 for part in parts) else 0
    cells = [max(floor(e), least if e > 0 else 0) for e in exact]
    while sum(cells) < width:
        cells[max(range(len(cells)), key=lambda i: exact[i] - cells[i])] += 1
    while sum(cells) > width:
        spare = (i for i in range(len(cells)) if cells[i] > least)
        cells[max(spare, key=lambda i: cells[i] - exact[i])] -= 1
    return cells


def joined(pieces: Iterable[tuple[str, str]]) -> Content:
    """Content of few spans: neighbours that look alike are one, and a blank looks like any."""
    runs: list[tuple[str, str]] = []
    for text, style in pieces:
        if runs and (style == runs[-1][1] or not text.strip()):
            runs[-1] = (runs[-1][0] + text, runs[-1][1])
        else:
            runs.append((text, style))
    return Content.assemble(*runs)


class Frame:
    """The room of a plot with its two axes: `width` by `height` cells in all, for `number` values.

    `ticks` are the labels of the y axis by row, row 0 on top.
    """

    def __init__(
        self, width: int, height: int, number: int, ticks: dict[int, str], labels: Sequence[str]
    ) -> None:
        self.ticks = ticks
        self.margin = max((len(tick) for tick in ticks.values()), default=0) + 1
        self.rows = max(1, height - 2)
        self.room = max(1, width - self.margin)
        self.size = max(1, ceil(number / self.room))  # values that share a column
        self.number = max(1, ceil(number / self.size))
        step = self.room // self.number
        # wide columns are all alike and stand apart; narrow ones touch and fill the room
        self.edges = [
            index * step if step >= 3 else index * self.room // self.number
            for index in range(self.number + 1)
        ]
        self._gap = 1 if step >= 3 else 0
        self._labels = labels

    def cell(self, index: int, glyph: str) -> str:
        """One cell's glyph, drawn as wide as the column is."""
        wide = self.edges[index + 1] - self.edges[index]
        return glyph * (wide - self._gap) + " " * self._gap

    def dot(self, index: int, glyph: str) -> str:
        """One glyph in the middle of the column."""
        wide = self.edges[index + 1] - self.edges[index]
        return glyph.center(wide - self._gap) + " " * self._gap

    def fold(self, values: Sequence[float | None]) -> list[float | None]:
        """The values as they share columns, by their mean; None where there are none."""
        found: list[float | None] = []
        for at in range(0, len(values), self.size):
            some = [v for v in values[at : at + self.size] if v is not None]
            found.append(sum(some) / len(some) if some else None)
        return found

    def lines(self, rows: Sequence[Content]) -> list[Content]:
        """The rows of the plot with the axes around them."""
        found = []
        for index, row in enumerate(rows):
            tick = self.ticks.get(index)
            left = (tick or "").rjust(self.margin - 1)
            found.append(
                Content.assemble((left, LABEL), ("┤" if tick is not None else "│", AXIS), row)
            )
        span = self.edges[-1]
        found.append(Content.styled(" " * (self.margin - 1) + "└" + "─" * span, AXIS))
        found.append(Content.styled(" " * self.margin + self._under(), LABEL))
        return found

    def _under(self) -> str:
        """As many labels as there is room for, each where its column begins."""
        line = [" "] * (self.room + 1)
        free = 0
        for index, label in enumerate(self._labels):
            at = self.edges[index // self.size]
            if label and at >= free and at + len(label) <= self.room:
                line[at : at + len(label)] = label
                free = at + len(label) + 1
        return "".join(line).rstrip()


@lru_cache(maxsize=KEPT)
def bars(
    values: tuple[float, ...],
    labels: tuple[str, ...],
    width: int,
    height: int,
    *,
    style: str = "$primary",
    told: Callable[[float], str] = short,
    running: bool = False,
) -> tuple[Content, ...]:
    """Upright bars from 0, exact to an eighth of a cell; a `running` last one is drawn paler."""
    top = nice(max(values, default=0))
    rows = max(1, height - 2)
    ticks = {0: told(top), rows - 1: "0"} if rows > 1 else {0: told(top)}
    halved = not all(value == int(value) for value in values) or top % 2 == 0
    if rows >= 5 and rows % 2 and halved:  # there is no half of a decision
        ticks[rows // 2] = told(top / 2)
    frame = Frame(width, height, len(values), ticks, labels)
    shown = [value or 0.0 for value in frame.fold(values)]
    lines = []
    for row in range(frame.rows):
        floor_ = frame.rows - 1 - row
        cells = []
        for value in shown:
            eighths = round(value / top * frame.rows * 8)
            if value > 0:
                eighths = max(1, eighths)
            cells.append(EIGHTHS[max(0, min(8, eighths - floor_ * 8))])
        made = [frame.cell(index, cell) for index, cell in enumerate(cells)]
        last = made.pop() if running and made else ""
        lines.append(Content.assemble(("".join(made), style), (last, LABEL)))
    return tuple(frame.lines(lines))


@lru_cache(maxsize=KEPT)
def columns(
    parts: tuple[tuple[int, ...], ...],
    looks: tuple[tuple[str, str], ...],
    labels: tuple[str, ...],
    width: int,
    height: int,
) -> tuple[Content, ...]:
    """Upright columns in which every part of a whole has its share, the first part at the foot.

    `looks` are a glyph and a style for each part; what has no parts stays blank.
    """
    rows = max(1, height - 2)
    ticks = {0: "100%", rows - 1: "0"} if rows > 1 else {0: "100%"}
    if rows >= 5 and rows % 2:
        ticks[rows // 2] = "50%"
    frame = Frame(width, height, len(parts), ticks, labels)
    stacks: list[list[int]] = []
    for at in range(0, len(parts), frame.size):
        summed = [sum(kind) for kind in zip(*parts[at : at + frame.size], strict=True)]
        cells = stacked(summed, rows, seen=rows >= 20)  # one of five rows would be a lie
        stacks.append([kind for kind, n in enumerate(cells) for _ in range(n)])
    lines = []
    for row in range(rows):
        pieces: list[tuple[str, str]] = []
        for index, stack in enumerate(stacks):
            level = rows - 1 - row
            glyph, style = looks[stack[level]] if level < len(stack) else (" ", "")
            pieces.append((frame.cell(index, glyph), style))
        lines.append(joined(pieces))
    return tuple(frame.lines(lines))


@lru_cache(maxsize=KEPT)
def ranges(
    pairs: tuple[tuple[float, float] | None, ...],
    marks: tuple[tuple[float, str], ...],
    labels: tuple[str, ...],
    width: int,
    height: int,
    *,
    styles: tuple[str, str] = ("bold $primary", "$primary"),
) -> tuple[Content, ...]:
    """For each column a dot (the first value) and a line up to the second, on a logarithmic scale.

    `marks` are the values that the axis may name, least first, with their labels.
    """
    known = [value for pair in pairs if pair for value in pair]
    low, high = _limits(known, [value for value, _ in marks])
    rows = max(1, height - 2)

    def row_of(value: float) -> int:
        if high <= low:
            return rows - 1
        part = (log(max(value, low)) - log(low)) / (log(high) - log(low))
        return round((rows - 1) * (1 - min(1.0, part)))

    ticks: dict[int, str] = {}
    for value, label in marks:
        row = row_of(value)
        if low <= value <= high and not {row - 1, row, row + 1} & set(ticks):
            ticks[row] = label
    frame = Frame(width, height, len(pairs), ticks, labels)
    firsts = frame.fold([pair[0] if pair else None for pair in pairs])
    seconds = frame.fold([pair[1] if pair else None for pair in pairs])
    lines = []
    for row in range(rows):
        pieces: list[tuple[str, str]] = []
        for index, (first, second) in enumerate(zip(firsts, seconds, strict=True)):
            glyph, style = " ", ""
            if first is not None and second is not None:
                foot, head = row_of(first), row_of(second)
                if row == foot:
                    glyph, style = "●", styles[0]
                elif head <= row < foot:
                    glyph, style = ("┬" if row == head else "│"), styles[1]
            pieces.append((frame.dot(index, glyph), style))
        lines.append(joined(pieces))
    return tuple(frame.lines(lines))


def _limits(known: Sequence[float], marks: Sequence[float]) -> tuple[float, float]:
    if not known:
        return marks[0], marks[min(2, len(marks) - 1)]
    least, most = max(min(known), marks[0]), max(known)
    low = max((mark for mark in marks if mark <= least), default=marks[0])
    high = min((mark for mark in marks if mark >= most), default=most)
    return low, max(high, low * 2)
