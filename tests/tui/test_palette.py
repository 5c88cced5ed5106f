"""The palette: every action by its name, and none of them by accident."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.command import CommandPalette

from reviewer.domain.decision import Decision, Kind
from reviewer.tui.screens.dialogs.answers import RejectDialog
from reviewer.tui.screens.dialogs.sure import Sure

from .review_desk import BOB, Desk, desk

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
        sure = await here.dialog(Sure)
        assert "Fix retry loop in sync" in str(sure.query_one(".dialog--what").content)
        await here.press("enter")
        await here.press("a")
        assert isinstance(here.app.screen, Sure)
        assert await here.status(id) == "pending"
        await here.press("y")
        await here.until_status(id, "approved")


async def test_the_palette_approves_what_it_named_and_nothing_else(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        rows = here.app.inbox.list
        ids = [await here.submit(key=f"k{n}", title=f"Number {n}") for n in range(2)]
        await here.until(lambda: rows.row_count == 2 and here.app.inbox.preview.shown)
        await palette(here, "approve")
        sure = await here.dialog(Sure)
        assert "Number 0" in str(sure.query_one(".dialog--what").content)
        item = await here.queue.get(ids[0])
        assert item is not None
        state = item.entry.state
        await here.queue.decide(
            Decision(
                Kind.REJECT, state.id, state.revision, state.digest, "bob-1", reasons=("unsafe",)
            ),
            BOB,
        )
        await here.until(lambda: rows.entry and rows.entry.title == "Number 1", "the next one")
        await here.press("y")
        await here.until(lambda: "another artifact stands there" in here.toasts(), "the refusal")
        assert await here.status(ids[1]) == "pending"


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
