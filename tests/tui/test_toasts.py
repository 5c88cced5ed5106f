"""Notes: one that has expired already ends, and none stands on what a dialog asks."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from textual.app import App
from textual.notifications import Notification
from textual.widgets._toast import Toast

from reviewer.tui.screens.dialogs.answers import RejectDialog
from reviewer.tui.toasts import FRESH, SOON, mend

from .review_desk import desk

Patch = pytest.MonkeyPatch


def test_a_note_that_has_expired_sets_no_timer_in_the_past() -> None:
    mend()
    mend()
    assert Toast(Notification("late", timeout=-5))._timeout == SOON
    assert Toast(Notification("in time", timeout=5))._timeout > 4


async def test_a_dialog_is_not_covered_by_what_only_informs(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit())
        here.app.notify("approved another", timeout=60)
        here.app.notify("something is wrong", severity="error", timeout=60)
        await here.press("r")
        await here.dialog(RejectDialog)
        shown = [note.message for note in here.app._notifications]
        assert "approved another" not in shown
        assert "something is wrong" in shown


async def test_a_note_that_stands_is_not_told_again(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        for _ in range(20):
            here.app.notify("That was the last change.")
        here.app.notify("That was the last change.", severity="warning")
        here.app.notify("That is the first change.")
        await here.until(lambda: len(here.app._notifications) == 3, "three notes")
        first, *others = here.app._notifications
        first.raised_at -= FRESH
        here.app.notify(first.message)
        await here.until(lambda: first not in here.app._notifications, "a newer one instead")
        *others_still, newer = here.app._notifications
        assert others_still == others
        assert (newer.message, newer.severity) == (first.message, first.severity)


class Notes(App[None]):
    """The desk's frame around nothing."""

    CSS_PATH = files("reviewer.tui").joinpath("reviewer.tcss")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"quiet": "#888888", "faint": "#555555"}


@pytest.mark.parametrize("columns", [63, 80, 99, 120, 121])
async def test_no_line_of_a_note_is_cut_off(columns: int) -> None:
    app = Notes()
    async with app.run_test(size=(columns, 24), notifications=True) as pilot:
        for length in range(24, 64):
            app.clear_notifications()
            app.notify(f"Written to {'x' * length}", markup=False)
            await pilot.pause()
            seen = "".join(strip.text for strip in app.screen._compositor.render_strips())
            assert seen.count("x") == length
