"""How far a bulk decision has come, and what showing it leaves behind."""

from __future__ import annotations

from textual.app import App

from reviewer.tui.screens.dialogs.bulk import ProgressDialog
from reviewer.tui.themes import quieter
from reviewer.tui.widgets.bar import Bar, Part


class Coloured(App[None]):
    """An app that knows the colours of the desk."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        found = self.current_theme.to_color_system().generate()
        return quieter(found["foreground"], found["background"])


async def test_progress_is_told_and_bars_that_are_made_later_keep_their_width() -> None:
    app = Coloured()
    async with app.run_test(size=(100, 20)) as pilot:
        dialog = ProgressDialog("Approving 47 artifacts …", 47)
        await app.push_screen(dialog)
        dialog.go(12)
        await pilot.pause()
        assert "12 of 47" in dialog.query_one(Bar).render_line(0).text
        await app.pop_screen()
        bar = Bar()
        await app.screen.mount(bar)
        bar.show([Part("left")], [Part("right")])
        await pilot.pause()
        assert bar.size.width == 100
