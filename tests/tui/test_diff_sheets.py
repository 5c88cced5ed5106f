"""What of a diff was laid out and drawn before, or ahead, is what it would be if it were now."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from reviewer.diff import line_diff
from reviewer.diff.model import Section, WriteDiff
from reviewer.tui.widgets import diff_layout
from reviewer.tui.widgets.diff_ahead import Beside, drawn_ahead
from reviewer.tui.widgets.diff_draw import Painter
from reviewer.tui.widgets.diff_layout import Plan
from reviewer.tui.widgets.diff_sheet import SHEETS
from reviewer.tui.widgets.diff_view import DiffView

from .test_drawn_once import drawn
from .test_one_frame import calls

Patch = pytest.MonkeyPatch
SEED = 20261129
BEFORE = "".join(f"line {n}{' and more of it' * (n % 9)}\n" for n in range(300))
AFTER = BEFORE.replace("line 1", "line one").replace(" more", "  more", 7)
SMALL = "a\nb\nc\n", "a\nB\nc\n"
WAYS: tuple[Callable[[DiffView], None], ...] = (
    lambda view: setattr(view, "split", not view.split),
    lambda view: setattr(view, "wrapped", not view.wrapped),
    lambda view: setattr(view, "ignoring", not view.ignoring),
    lambda view: view.widen_context(True),
    lambda view: view.widen_context(False),
)


class Two(App[None]):
    """A view of one of two writes, whose diffs are made once."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = {"long": (BEFORE, AFTER), "small": SMALL}
        self.made: dict[tuple[str, bool], WriteDiff] = {}

    def compose(self) -> ComposeResult:
        yield DiffView()

    @property
    def view(self) -> DiffView:
        return self.query_one(DiffView)

    def diff(self, name: str, ignoring: bool) -> WriteDiff:
        key = (name, ignoring)
        if key not in self.made:
            body = line_diff(*self.texts[name], ignoring)
            self.made[key] = WriteDiff("document", name, "before", (), (Section("text", body),))
        return self.made[key]

    def show(self, name: str) -> None:
        size = sum(map(len, self.texts[name]))
        self.view.show(
            name, lambda ignoring: self.diff(name, ignoring), size,
            lambda ignoring: (name, ignoring) in self.made,
        )  # fmt: skip

    def beside(self) -> Iterator[Beside]:
        for name in self.texts:
            if name != self.view.key and (name, False) in self.made:
                yield Beside(self.diff(name, False), 100, None)


def fresh(view: DiffView) -> list[Any]:
    """What it looks like when nothing is kept."""
    view.sheets.undraw()
    view._styles_cache.clear()
    return drawn(view)


async def drawn_everything(pilot: Any, view: DiffView) -> None:
    """Waits until nothing is left to draw ahead."""
    for _ in range(1_000):
        await pilot.pause(0.01)
        if view._ahead._timer is None:
            return
    raise AssertionError("it draws on and on")


async def test_whatever_is_looked_at_in_turn_looks_as_if_drawn_now() -> None:
    luck = random.Random(SEED)
    print(f"seed {SEED}")
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.show("long")
        app.view.beside = app.beside
        for _ in range(120):
            for _ in range(luck.choice((1, 1, 2))):
                what = luck.randrange(len(WAYS) + 4)
                if what < len(WAYS):
                    WAYS[what](app.view)
                elif what == len(WAYS):
                    app.show(luck.choice(("long", "small")))
                elif what == len(WAYS) + 1:
                    app.view.scroll_sideways(luck.choice((-8, 8)))
                elif what == len(WAYS) + 2:
                    app.view.unfold()
                else:
                    app.view.go(luck.randrange(app.view.line_count), top=luck.random() < 0.5)
            await pilot.pause()
            if luck.random() < 0.5:
                await drawn_everything(pilot, app.view)
            if luck.random() < 0.1:
                await pilot.resize_terminal(luck.choice((90, 120, 130)), luck.choice((12, 30)))
                await pilot.pause()
            assert drawn(app.view) == fresh(app.view)


@pytest.mark.parametrize(
    "way", range(len(WAYS)), ids=["split", "wrap", "whitespace", "more", "less"]
)
async def test_another_way_of_looking_was_laid_out_and_drawn_before(
    way: int, monkeypatch: Patch
) -> None:
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.diff("long", True)
        app.show("long")
        app.view.move("page_down")
        await drawn_everything(pilot, app.view)
        laid, painted = calls(monkeypatch, Plan, "run"), calls(monkeypatch, Painter, "strip")
        before = app.view._sheet
        WAYS[way](app.view)
        lines = drawn(app.view)
        assert app.view._sheet is not before
        assert not laid
        assert len(painted) == 0
        assert lines == fresh(app.view)


async def test_colours_and_room_may_change_while_it_draws() -> None:
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.show("long")
        pieces = drawn_ahead(app.view)
        for number, _ in enumerate(pieces):
            if number % 7 == 0:
                app.view.notify_style_update()
            if number % 11 == 0:
                await pilot.resize_terminal(124 + number % 9, 30)
        await drawn_everything(pilot, app.view)
        app.view.split = False
        assert drawn(app.view) == fresh(app.view)


async def test_the_write_beside_was_laid_out_and_drawn_before(monkeypatch: Patch) -> None:
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.diff("long", False)
        app.view.beside = app.beside
        app.show("small")
        await drawn_everything(pilot, app.view)
        laid, painted = calls(monkeypatch, Plan, "run"), calls(monkeypatch, Painter, "strip")
        app.show("long")
        assert app.view.show_vertical_scrollbar
        lines = drawn(app.view)
        assert not laid
        assert len(painted) == 0
        assert lines == fresh(app.view)


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_large_write_comes_back(wrapped: bool, monkeypatch: Patch) -> None:
    monkeypatch.setattr(diff_layout, "AT_ONCE", 1_000)  # laid out in a thread
    monkeypatch.setattr(diff_layout, "BLOCKS_AT_ONCE", 0)
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.diff("long", False)
        app.show("long")
        await rows_there(pilot, app.view)
        app.view.wrapped = wrapped
        await pilot.pause(0.2)
        before = drawn(app.view)
        for _ in range(2):
            app.view.sheets.clear()
            app.show("small")
            await rows_there(pilot, app.view)
            app.show("long")
            await rows_there(pilot, app.view)
            await pilot.pause(0.05)
            assert not app.view.loading
            assert drawn(app.view) == before


async def rows_there(pilot: Any, view: DiffView) -> None:
    """Waits until something is shown."""
    for _ in range(300):
        if view.rows is not None:
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came")


async def test_what_was_kept_takes_part_in_colours_that_come() -> None:
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.show("long")
        await drawn_everything(pilot, app.view)

        class Red:
            complete = False

            def overlays(self, _section: int, side: str, number: int) -> Any:
                from rich.style import Style

                from reviewer.tui.widgets.ink import Overlay

                return [Overlay(0, 4, Style(color="red"))] if number < 5 else []

        for sheet in app.view.sheets.of(app.diff("long", False)):
            sheet._panes.clear()  # fewer are kept than lines may be
        app.view.syntax = Red()  # type: ignore[assignment]
        for side in ("left", "right"):
            app.view.recolour(0, side, 1, 5)
        app.view.split = False
        lines = drawn(app.view)
        assert lines == fresh(app.view)
        assert any(text == "line" for line in lines for text, _ in line)


async def test_only_what_may_be_looked_at_next_is_kept() -> None:
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.show("long")
        for _ in range(8):
            WAYS[3](app.view)
            app.view.split = not app.view.split
            await drawn_everything(pilot, app.view)
        assert len(app.view.sheets.of(app.diff("long", False))) <= SHEETS
        app.show("small")
        await drawn_everything(pilot, app.view)
        assert not app.view.sheets.of(app.diff("long", False))


async def test_what_was_drawn_ahead_has_not_been_seen() -> None:
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.show("long")
        await drawn_everything(pilot, app.view)
        app.view.split = False
        await pilot.pause()
        seen = app.view.lines_seen
        assert 0 < seen <= app.view.size.height
        await drawn_everything(pilot, app.view)
        assert app.view.lines_seen == seen


async def test_lines_go_to_the_screen_as_textual_would_give_them() -> None:
    app = Two()
    async with app.run_test(size=(130, 30)) as pilot:
        app.show("long")
        await pilot.pause()
        view = app.view
        mine, crop = drawn(view), Region(0, 0, *view.outer_size)
        view._styles_cache.clear()
        theirs = view._styles_cache.render_widget(view, crop)
        assert [strip.text for strip in theirs] == ["".join(t for t, _ in line) for line in mine]
        assert [s.crop(3, 9).text for s in theirs] == [
            strip.text for strip in view.render_lines(Region(3, 0, 6, view.outer_size.height))
        ]
