"""What is kept of lines that were drawn is what they would be if they were drawn again."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from textual.app import ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from reviewer.domain.artifact import parse
from reviewer.domain.instant import SECOND
from reviewer.tui.guard import GuardedApp
from reviewer.tui.widgets.preview import Preview
from reviewer.tui.widgets.virtual_lines import VirtualLines
from reviewer.tui.widgets.virtual_list import VirtualList
from tests.support.hostile import naughty

from .hostile_queue import documents
from .review_desk import AGENT, desk
from .test_inbox import inbox

SEED = 20261128


class Numbers(VirtualList):
    """Rows of one or of two lines, which counts how many it draws."""

    def __init__(self, rows: int, tall: int) -> None:
        super().__init__()
        self.rows, self.tall, self.drawn = rows, tall, 0

    @property
    def row_count(self) -> int:
        return self.rows

    def draw_row(self, index: int, width: int) -> Strip:
        self.drawn += 1
        return self._text(f" row {index}", width)

    def draw_more(self, index: int, line: int, width: int) -> Strip:
        return self._text(f"   and its line {line} of {index}", width)

    def draw_head(self, width: int) -> Strip:
        return self._text(f"from {self.top}", width)

    def draw_empty(self, line: int, width: int) -> Strip:
        return self._text("", width)

    def _text(self, text: str, width: int) -> Strip:
        return Strip([Segment(text)]).adjust_cell_length(width)


class Lines(VirtualLines):
    """Lines of which some are longer than the screen; knows which were drawn and which shown."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.lines, self.longest = lines, 5
        self.drawn: list[int] = []
        self.shown: set[int] = set()

    @property
    def line_count(self) -> int:
        return self.lines

    def draw_line(self, index: int, x: int, width: int) -> Strip:
        self.drawn.append(index)
        text = f" line {index} ".ljust(self.width_of(index), "-")
        self.needs(self.width_of(index))
        self.needs(1)  # as the other side of a diff, which may be the shorter one
        return Strip([Segment(text, self.ground)]).crop(x)

    def width_of(self, index: int) -> int:
        """Cells of a line."""
        return len(f" line {index} ") + self.longest * (index % 7) * (index % 5)

    def line_shown(self, index: int) -> None:
        self.shown.add(index)


class Numbered(GuardedApp[None]):
    """An app with one of these alone."""

    CSS = "Numbers { border: round red; padding: 1 2; }"

    def __init__(self, lines: Numbers | Lines) -> None:
        super().__init__()
        self.lines = lines

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"quiet": "#888888"}

    def compose(self) -> ComposeResult:
        yield self.lines


Shown = TypeVar("Shown", Numbers, Lines)


def one(lines: Shown) -> tuple[Numbered, Shown]:
    return Numbered(lines), lines


def drawn(widget: Widget) -> list[list[tuple[str, str]]]:
    """The lines of a widget as they are kept, or drawn where they are not."""
    strips = widget.render_lines(Region(0, 0, *widget.outer_size))
    colours = ColorSystem.TRUECOLOR
    return [
        [(text, Strip.render_ansi(style, colours) if style else "") for text, style, _ in strip]
        for strip in strips
    ]


def as_drawn_again(widget: Widget) -> bool:
    kept = drawn(widget)
    widget._styles_cache.clear()
    return kept == drawn(widget)


@pytest.mark.parametrize(("rows", "tall"), [(60, 1), (60, 2), (12, 1), (3, 1), (0, 1)])
async def test_a_list_that_scrolled_reads_as_if_drawn_anew(rows: int, tall: int) -> None:
    luck = random.Random(SEED)
    print(f"seed {SEED}")
    app, numbers = one(Numbers(rows, tall))
    async with app.run_test(size=(40, 16)) as pilot:
        for _ in range(150):
            for _ in range(luck.choice((1, 1, 2, 3))):  # several moves may come in one frame
                what = luck.randrange(5)
                if what == 0:
                    numbers.scroll_rows(luck.randrange(-4, 5))
                elif what == 1:
                    numbers.go(luck.randrange(-2, rows + 2))
                elif what == 2:
                    numbers.rows = max(0, numbers.rows + luck.randrange(-1, 2))
                    numbers.refresh()
                    numbers.go(numbers.cursor)
                else:
                    numbers.move(luck.choice(("down", "up", "half_page_down", "half_page_up")))
            if luck.random() < 0.3:
                await pilot.pause()
            assert as_drawn_again(numbers)


def test_a_list_can_be_moved_before_it_is_there() -> None:
    numbers = Numbers(60, 1)
    numbers.go(40)
    numbers.scroll_rows(3)
    assert numbers.cursor == numbers.top == 43


async def test_one_step_draws_what_came_into_sight_and_the_cursor() -> None:
    app, numbers = one(Numbers(500, 1))
    async with app.run_test(size=(40, 40)) as pilot:
        numbers.go(200)
        await pilot.pause()
        numbers.drawn = 0
        for _ in range(10):
            numbers.move("down")
            await pilot.pause()
        # what came into sight, what had the cursor, and what the ends of the scroll bar's thumb
        # stand beside now, which may have moved
        assert numbers.drawn <= 10 * 5 < 10 * numbers.page


@pytest.mark.parametrize("count", [200, 12, 1])
async def test_lines_that_scrolled_read_as_if_drawn_anew(count: int) -> None:
    luck = random.Random(SEED)
    print(f"seed {SEED}")
    app, lines = one(Lines(count))
    async with app.run_test(size=(40, 16)) as pilot:
        for _ in range(120):
            for _ in range(luck.choice((1, 1, 2, 3))):
                what = luck.randrange(6)
                if what == 0:
                    lines.scroll_relative(y=luck.randrange(-5, 6), animate=False, immediate=True)
                elif what == 1:
                    lines.go(luck.randrange(count), top=luck.random() < 0.5)
                elif what == 2:
                    lines.scroll_sideways(luck.randrange(-9, 10))
                else:
                    lines.move(luck.choice(("down", "up", "half_page_down", "half_page_up")))
            if luck.random() < 0.3:
                await pilot.pause()
            assert as_drawn_again(lines)


async def test_the_next_page_is_drawn_before_it_is_asked_for_and_counts_as_unseen() -> None:
    app, lines = one(Lines(200))
    async with app.run_test(size=(40, 16)) as pilot:
        while len(set(lines.drawn)) < 30:
            await pilot.pause(0.02)
        assert lines.shown <= set(range(16))
        assert lines.wide == max(map(lines.width_of, lines.shown))
        height = lines.scrollable_content_region.height
        lines.drawn.clear()
        lines.go(2 * height - 1)
        await pilot.pause(0)
        assert not set(lines.drawn) & set(range(height, 2 * height))
        assert set(range(height, 2 * height)) <= lines.shown
        await pilot.pause()
        assert lines.wide == max(map(lines.width_of, lines.shown))


async def test_what_lies_where_it_goes_is_drawn_first() -> None:
    app, lines = one(Lines(400))
    async with app.run_test(size=(40, 16)) as pilot:
        for aim, onward in ((200, True), (100, False)):
            lines.drawn.clear()
            lines.go(aim)
            ahead: list[int] = []
            while len(ahead) < 5:
                await pilot.pause(0.02)
                top, height = lines.scroll_offset.y, lines.scrollable_content_region.height
                ahead = [index for index in lines.drawn if not top <= index < top + height]
            assert all(index >= top for index in ahead[:5]) is onward


async def test_how_far_it_scrolls_comes_with_the_line_that_was_drawn_ahead() -> None:
    app, lines = one(Lines(200))
    lines.width_of = lambda index: 90 if index == 29 else 60  # type: ignore[method-assign]
    async with app.run_test(size=(40, 16)) as pilot:
        while 29 not in lines.drawn:
            await pilot.pause(0.02)
        assert lines.horizontal_scrollbar.window_virtual_size == 60
        lines.go(29)
        assert lines.wide == 90
        assert lines.horizontal_scrollbar.window_virtual_size == 90


async def test_a_line_under_the_scrollbar_is_not_shown() -> None:
    app, lines = one(Lines(200))
    async with app.run_test(size=(40, 16)) as pilot:
        await pilot.pause()
        assert lines.show_horizontal_scrollbar
        lines.shown.clear()
        lines.scroll_to(y=100, animate=False, immediate=True)
        await pilot.pause()
        assert lines.shown == set(range(100, 115))
        lines.scroll_relative(y=1, animate=False, immediate=True)  # what lay under it comes out
        await pilot.pause()
        assert 115 in lines.shown
        lines.wide = 0
        lines._measure()
        await pilot.pause()
        await pilot.pause()
        assert not lines.show_horizontal_scrollbar
        assert lines.scroll_offset.y + 15 in lines.shown


def shows(preview: Preview, id: str) -> bool:
    return not preview.display or (preview.shown is not None and preview.shown.entry.state.id == id)


async def test_a_preview_reads_as_if_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    naughty()
    async with desk(tmp_path, monkeypatch) as here:
        found = [parse(document) for document in documents(range(40), shared=True)]
        await here.queue.submit_many(found, AGENT)
        rows, preview = inbox(here).list, inbox(here).preview
        await here.until(lambda: rows.row_count == len(found), "the list")
        seen = set()
        for size in ((120, 40), (100, 24), (60, 30)):
            await here.pilot.resize_terminal(*size)
            rows.go(0)
            for step in range(len(found)):
                rows.go(step)
                entry = rows.entry
                assert entry is not None
                await here.until(partial(shows, preview, entry.state.id), "the preview")
                kept = drawn(preview)
                preview._drawn_for = None
                preview._styles_cache.clear()
                assert kept == drawn(preview)
                seen.add(str(kept))
        assert len(seen) > len(found)


async def test_the_last_seconds_of_a_deadline_are_counted_in_the_preview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.submit()
        preview = inbox(here).preview
        await here.until(lambda: preview.shown is not None, "the preview")
        item = preview.shown
        assert item is not None
        for left in (119, 118, 60, 59, -1):
            preview.tick(item.entry.state.due_at - left * SECOND)
            said = f"due in {left} s" if left > 0 else f"due {-left} s ago"
            assert any(said in line.plain for line in preview._lines), left
