"""`u` takes back the last decision, or nothing: never an earlier one in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.domain.instant import SECOND
from reviewer.tui.screens.dialogs.answers import SnoozeDialog

from .review_desk import desk, footer


async def test_after_a_snooze_u_takes_back_no_earlier_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        one, two = await here.submit(key="1"), await here.submit(key="2")
        await here.open(one)
        await here.press("A")
        await here.until(lambda: here.session.undoable, "something to undo")
        await here.press("escape")
        await here.open(two)
        await here.press("Z")
        await here.dialog(SnoozeDialog)
        await here.press("1", "y")
        await here.until(lambda: here.session.undoable is None, "nothing to undo")
        await here.press("u")
        assert await here.status(one) == "approved"


async def test_the_countdown_goes_on_behind_a_dialog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        one, two = await here.submit(key="1"), await here.submit(key="2")
        await here.open(one)
        await here.press("A")
        await here.until(lambda: here.session.undoable, "something to undo")
        begun = here.session.now()
        monkeypatch.setattr(here.session, "now", lambda: begun)
        await here.press("escape")
        screen = await here.open(two)
        await here.press("Z")
        await here.dialog(SnoozeDialog)
        undoable = here.session.undoable
        assert undoable is not None
        for left in (4, 2):
            now = undoable.effective_at - left * SECOND
            monkeypatch.setattr(here.session, "now", lambda now=now: now)
            await here.until(lambda left=left: f"undo {left} s" in footer(screen), f"{left} s")
