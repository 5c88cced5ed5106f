"""What the panes of a group say: what is alike in all, and how what varies is distributed.

Values and names are an artifact's: these lines are drawn by `widgets.told`, which makes them
visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..shapes.numbers import Spread
from ..shapes.series import Categories, number_written, written
from .widgets.told import Line

if TYPE_CHECKING:
    from ..shapes.analysis import Analysis, Same
    from ..shapes.series import Column

BARS = "▁▂▃▄▅▆▇█"


def template_lines(analysis: Analysis) -> list[Line]:
    """What is the same in all: first what the writes change, then what they leave as it is."""
    changed = [entry for entry in analysis.template if entry.changed]
    lines = [line for entry in changed for line in _changed(entry)]
    quiet: list[tuple[str, str]] = []
    for entry in analysis.template:
        if entry.changed or entry.lines:
            continue
        quiet += [(" · ", "dim")] if quiet else []
        quiet += [(f"{entry.name} ", "dim"), (entry.after or entry.before or "", "")]
    lines += [line for entry in analysis.template if not entry.changed for line in _text(entry)]
    if quiet:
        lines.append(Line(" = ", tuple(quiet)))
    return lines


def _changed(entry: Same) -> list[Line]:
    if entry.lines:
        return _text(entry)
    name = (f"{entry.name}  ", "head")
    if entry.after is None:
        return [Line(" - ", (name, (entry.before or "", "bad")), "bad")]
    if entry.before is None:
        return [Line(" + ", (name, (entry.after, "good")), "good")]
    return [Line(" ~ ", (name, (entry.before, "bad"), (" → ", "dim"), (entry.after, "good")))]


def _text(entry: Same) -> list[Line]:
    if not entry.lines:
        return []
    first = Line(" ≡ ", ((entry.name, "head"), ("  the lines that all share", "dim")))
    return [first, *(Line("   ", ((line, ""),)) for line in entry.lines)]


def spread_lines(analysis: Analysis, shown: Column | None) -> list[Line]:
    """How each column is distributed, that by which is sorted first."""
    columns = [c for c in analysis.columns if c is shown]
    columns += [c for c in analysis.columns if c is not shown]
    lines: list[Line] = []
    for column in columns:
        mark = "↕" if column is shown else " "
        name = (column.name, "head" if column.changed else "")
        lines.append(Line(f"{mark} ", (name,), "mark"))
        lines += [Line("  ", words) for words in _distribution(column)]
    return lines


def _distribution(column: Column) -> list[tuple[tuple[str, str], ...]]:
    found = column.distribution
    if isinstance(found, Spread):
        return _numbers(found)
    if isinstance(found, Categories):
        top = [entry for entry in found.top if entry[1] > 1] or list(found.top[:1])
        rows = [((f"{count:>6,} ", "mark"), (text, "")) for text, count in top if count > 1]
        rest = found.distinct - len(rows)
        if not rows:
            return [((f"{found.distinct:,} different values", "dim"),)]
        return [*rows, *([((f"{rest:>6,} more values", "dim"),)] if rest else [])]
    size = f"{found.shortest:,} to {found.longest:,} characters, {found.distinct:,} different"
    return [((size, "dim"),)]


def _numbers(found: Spread) -> list[tuple[tuple[str, str], ...]]:
    most = max(found.bins)
    bars = "".join(
        BARS[-(-count * (len(BARS) - 1) // most)] if count else " " for count in found.bins
    )
    low, high = written(found.low), written(found.high)
    quarter, middle, third = map(number_written, (found.first, found.median, found.third))
    return [
        ((f"{low} ", ""), (bars, "mark"), (f" {high}", "")),
        ((f"median {middle}, half between {quarter} and {third}", "dim"),),
    ]
