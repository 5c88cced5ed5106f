"""What a screen has drawn goes when the screen goes."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from textual._styles_cache import StylesCache

from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import desk


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
        counts = []
        for _ in range(10):
            await here.press("enter")
            await here.until(lambda: isinstance(here.app.screen, ReviewScreen))
            await here.shown(got)
            await here.press("escape")
            await here.until(lambda: isinstance(here.app.screen, InboxScreen))
            counts.append(_drawn())
        # the last few may be on their way out still
        assert counts[-1] < counts[0] * 3, counts
