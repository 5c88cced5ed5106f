"""The palette: every action by its name, and none of them by accident."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.command import CommandPalette

from reviewer.tui.screens.dialogs.answers import RejectDialog
from reviewer.tui.screens.dialogs.sure import Sure

from .review_desk import Desk, desk

Patch = pytest.MonkeyPatch


async def palette(here: Desk, text: str) -> None:
    """Opens the palette, types and presses Enter once the hits are drawn."""
    await here.press("colon")
    await here.until(lambda: isinstance(here.app.screen, CommandPalette), "the palette")
    await here.press(*text)
    await here.pilot.pause(0.5)
    await here.press("enter")


async def test_enter_in_the_palette_never_approves(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await palette(here, "approve")
        await here.dialog(Sure)
        await here.press("enter")
        await here.press("a")
        assert isinstance(here.app.screen, Sure)
        assert await here.status(id) == "pending"
        await here.press("y")
        await here.until_status(id, "approved")


async def test_what_is_typed_ahead_into_the_palette_decides_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.pilot.press("colon", *"rebook", "enter", "enter")
        await here.pilot.pause(0.5)
        assert await here.status(id) == "pending"


async def test_other_actions_run_from_the_palette(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit())
        await palette(here, "reject with")
        await here.dialog(RejectDialog)
