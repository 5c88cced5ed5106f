"""The scroll bar of a list under the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from .review_desk import desk
from .test_inbox import fill, inbox


async def test_the_scroll_bar_can_be_dragged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 90)
        rows, pilot = inbox(running).list, running.pilot
        bar = rows.size.width - 1
        await pilot.mouse_down("#list", offset=(bar, 1))
        await pilot.hover("#list", offset=(bar, rows.page // 2))
        half = rows.cursor
        assert 30 < half < 60
        await pilot.hover("#list", offset=(bar - 9, rows.page))
        assert rows.cursor > 80
        await pilot.mouse_up("#list", offset=(bar - 9, rows.page))
        await pilot.hover("#list", offset=(bar, 2))
        assert rows.cursor > 80
