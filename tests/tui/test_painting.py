"""What is drawn, and what goes with its screen."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import LayoutUpdate
from textual._styles_cache import StylesCache
from textual.screen import Screen

from reviewer.tui import painting
from reviewer.tui.screens.dialogs.answers import RejectDialog
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import desk
from .test_drawn_once import Lines, Numbered


def _drawn() -> int:
    gc.collect()
    return sum(isinstance(one, StylesCache) for one in gc.get_objects())


async def test_reviews_that_were_left_keep_no_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        got = await here.submit()
        await here.until(
            lambda: isinstance(here.app.screen, InboxScreen) and here.app.screen.list.entry
        )
        one = 0
        for _ in range(10):
            await here.press("enter")
            await here.until(lambda: isinstance(here.app.screen, ReviewScreen))
            await here.shown(got)
            one = one or _drawn()
            await here.press("escape")
            await here.until(lambda: isinstance(here.app.screen, InboxScreen))
        # the last ones may be on their way out still
        await here.until(lambda: _drawn() < one * 3, "the lines of reviews that were left")


async def test_a_screen_that_is_covered_draws_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit())
        await here.pilot.pause(0.3)
        whole: list[Any] = []
        monkeypatch.setattr(
            here.app,
            "_display",
            lambda _, update: whole.append(update) if isinstance(update, LayoutUpdate) else None,
        )
        inbox = here.app.screen_stack[-2]
        inbox.refresh()
        inbox.refresh(layout=True)
        await here.pilot.pause(0.1)
        assert whole == []


async def test_what_shows_through_a_dialog_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        review = await here.open(await here.submit())
        dialog = await here.ask("r", RejectDialog)
        await here.pilot.pause(0.1)
        drawn: list[Screen[Any]] = []
        monkeypatch.setattr(here.app, "_display", lambda screen, _: drawn.append(screen))
        review.refresh()
        await here.until(lambda: dialog in drawn)


async def test_lines_that_were_drawn_are_no_garbage() -> None:
    """What keeps itself is found by a full collection only, and those wait for a pause."""
    painting.mend()
    lines = Lines(5_000)
    async with Numbered(lines).run_test(size=(60, 30)) as pilot:
        await pilot.pause(0.1)
        gc.collect()
        gc.disable()
        try:
            for _ in range(40):
                lines.move("page_down")
                await pilot.pause()
            assert len(lines.drawn) > 1_000
            assert gc.collect() < 100
        finally:
            gc.enable()
