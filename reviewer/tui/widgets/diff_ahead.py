"""What of a diff may be looked at next, laid out and drawn while no key is pressed.

The other sides, more and less context, wrapped or not, with whitespace or without, the writes
beside it: each around the place where the cursor would be.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ...diff.model import WriteDiff
from .diff_draw import LONG
from .diff_layout import Laid, Plan, same_place
from .diff_rows import DiffRows, Options, TextRow
from .diff_sheet import Sheet
from .visual_lines import Plain, Wrapped

if TYPE_CHECKING:
    from .diff_draw import Painter
    from .diff_view import DiffView
    from .syntax import Syntax

BLOCKS: Final = 1_500
"""Of a diff with more blocks only what was looked at is kept: a key would wait for its layout."""
WHOLE: Final = 20_000
"""Fields and lists of more characters are not laid out either: all their rows are made at once."""
ROWS: Final = 20_000
"""Of more rows none are wrapped before it is asked for."""


class Beside(NamedTuple):
    """A write that may be shown next: its diff, how many characters it has, its colours."""

    diff: WriteDiff
    size: int
    syntax: Syntax | None


class _Way(NamedTuple):
    """A diff and how it would be laid out."""

    diff: WriteDiff
    size: int
    options: Options
    wrapped: bool
    syntax: Syntax | None


def drawn_ahead(view: DiffView) -> Iterator[int]:
    """Draws piece by piece; what it is drawn for may have gone when it goes on."""
    diff, size = view.diff, view.weight
    if diff is None or view.rows is None or view.loading:
        return
    beside, other = list(view.beside()), view.other_diff()
    view.sheets.only([diff, *([other] if other is not None else []), *(b.diff for b in beside)])
    now, wrapped, syntax = view.options(), view.wrapped, view.syntax
    fresh = Options(now.split, now.context)
    ways = [_Way(each.diff, each.size, fresh, wrapped, each.syntax) for each in beside]
    ways += [
        _Way(diff, size, view.options(split=not view.split), wrapped, syntax),
        _Way(diff, size, view.options(context=view.wider(True)), wrapped, syntax),
        _Way(diff, size, view.options(context=view.wider(False)), wrapped, syntax),
        _Way(diff, size, now, not wrapped, syntax),
    ]
    if other is not None:
        ways.append(_Way(other, size, now, wrapped, syntax))
    for way in ways:
        if way.diff is diff and (way.options, way.wrapped) == (now, wrapped):
            continue
        sheet = view.sheets.find(way.diff, way.options, way.wrapped, view.room_for_all)
        if sheet is None:
            sheet = yield from _laid(view, way)
        if sheet is not None:
            yield from _drawn(view, sheet, here=way.diff is diff or way.diff is other)


def _laid(view: DiffView, way: _Way) -> Generator[int, None, Sheet | None]:
    """Lays a diff out; gives the sheet where that is done in small pieces."""
    plan = Plan(way.diff, way.options, None, way.size)
    if not plan.light or plan.blocks > BLOCKS or (way.size > WHOLE and not plan.by_row):
        return None
    room = view.room_for_all
    plain = view.sheets.rows_of(way.diff, way.options)
    rows = plain or DiffRows(way.diff, way.options)
    if plain is None or not way.wrapped:  # kept for both: what is measured goes on with it
        sheet = Sheet(Laid(rows, Plain(len(rows)), {}), way.syntax, {}, room)
        view.sheets.keep(sheet)
        yield 0
        if not way.wrapped:
            return sheet
    heights = view.sheets.measured(rows, room)
    painter = view.painter_for(way.diff, way.options.split, room)
    if not (yield from _measured(rows, painter, heights)):
        return None
    sheet = Sheet(Laid(rows, Wrapped(heights), {}), way.syntax, {}, room)
    view.sheets.keep(sheet)
    return sheet


def _measured(rows: DiffRows, painter: Painter, heights: list[int]) -> Generator[int, None, bool]:
    """Adds the heights of rows that are not there yet; False where there are too many, or one takes
    long to measure.
    """
    if len(rows) > ROWS:
        return False
    while len(heights) < len(rows):
        row = rows[len(heights)]
        if isinstance(row, TextRow):
            sides = (row.line.left, row.line.right)
            if any(side is not None and len(side.text) > LONG for side in sides):
                return False
        heights.append(painter.height(row))
        yield 0
    return True


def _drawn(view: DiffView, sheet: Sheet, *, here: bool) -> Iterator[int]:
    """Draws the lines that would be on the screen: those where the cursor is, if it is `here`."""
    shown, height = view.rows, view.scrollable_content_region.height
    if shown is None or not len(sheet.rows):
        return
    x = 0
    if here:
        row = view.row if sheet.rows is shown else same_place(shown, sheet.rows, view.row)
        x = 0 if isinstance(sheet.visual, Wrapped) else view.scroll_offset.x
    else:
        row = sheet.rows.changes[0] if sheet.rows.changes else 0
    room, count = view.room_of(sheet), sheet.visual.count
    top = min(sheet.visual.line_of(row) - height // 4, count - height)
    tall = view.content_region.height  # what lies under the scrollbar is drawn, too
    for index in range(max(0, top), min(max(0, top) + tall, count)):
        place = (index, x, room)
        if place not in sheet.kept.strips:
            # each time: between two lines the room or the theme may have changed
            sheet.paint_for(room, view.painter_of)
            strip, full = sheet.draw(index, x, room)
            sheet.kept.strips[place] = strip.crop_extend(0, room, view.ground)
            sheet.kept.needed[index] = full
            yield index
    sheet.keep_few()
