"""Notes: one that has expired already ends, and none stands on what a dialog asks."""

from __future__ import annotations

from pathlib import Path

import pytest
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
