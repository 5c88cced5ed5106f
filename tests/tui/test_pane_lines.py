"""Panes of lines, apart from what fills them."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.content import Content

from reviewer.tui.widgets.diff_draw import Pane
from reviewer.tui.widgets.drawn_lines import DrawnLines
from reviewer.tui.widgets.pane_lines import PaneLines


class Rows(PaneLines):
    """Rows that are measured by their panes."""

    row_count = 3

    def row_pane(self, row: int) -> Pane:
        return self.pane("   ", (f"row {row}", self.style("dim")))


class Shows(App[None]):
    def compose(self) -> ComposeResult:
        yield Rows(id="rows")


async def test_a_pane_that_is_filled_while_it_is_removed_harms_nobody() -> None:
    """A screen's workers are cancelled after its widgets have gone."""
    app = Shows()
    async with app.run_test():
        rows = app.query_one(Rows)
        await app.workers.wait_for_complete()
        assert rows.line_count == 3
        await rows.remove()
        rows.rebuild()
        assert rows.row_count == 3


class Filled(PaneLines):
    """Rows of given words."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = []

    def show(self, rows: list[str]) -> None:
        self.rows = rows
        self.rebuild()

    @property
    def row_count(self) -> int:
        return len(self.rows)

    def row_pane(self, row: int) -> Pane:
        return self.pane("   ", (self.rows[row], self.style()))


class Texts(App[None]):
    """Two panes, each ten lines high."""

    CSS = "Filled, DrawnLines { height: 10; }"

    def compose(self) -> ComposeResult:
        yield Filled()
        yield DrawnLines()


async def test_a_scrollbar_that_comes_takes_no_end_of_a_line_away() -> None:
    """It takes a cell of the width without a resize: what just fitted has to be wrapped then."""
    app = Texts()
    async with app.run_test(size=(40, 24)) as pilot:
        pane, fits = app.query_one(Filled), "a" * 34 + " zz"
        pane.show([fits] * 5)
        await pilot.pause()
        assert (pane.line_count, pane.show_vertical_scrollbar) == (5, False)
        pane.show([fits] * 20)
        await pilot.pause()
        assert (pane.line_count, pane.show_vertical_scrollbar) == (40, True)
        seen = "".join(part.text for y in range(2) for part in pane.render_line(y))
        assert "zz" in seen
        pane.show([fits] * 5)
        await pilot.pause()
        assert pane.line_count == 5, "no empty line stays when the scrollbar has gone"


async def test_drawn_lines_are_made_for_the_room_beside_a_scrollbar() -> None:
    app = Texts()
    async with app.run_test(size=(40, 24)) as pilot:
        pane = app.query_one(DrawnLines)
        pane.show(lambda width: [Content("x" * width)] * 20)
        await pilot.pause()
        assert "…" not in "".join(segment.text for segment in pane.render_line(0))
