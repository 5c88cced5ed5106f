"""Panes of lines, apart from what fills them."""

from __future__ import annotations

from textual.app import App, ComposeResult

from reviewer.tui.widgets.diff_draw import Pane
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
