"""Help: the keys of every screen, the guide, and the same moves as everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.containers import VerticalScroll
from textual.widgets import OptionList

from reviewer.actions import PLACES
from reviewer.tui.screens.help import HelpScreen, guide_pages
from reviewer.tui.screens.inbox import InboxScreen

from .review_desk import Desk, desk
from .test_inbox import text


async def opened(running: Desk, key: str = "question_mark") -> HelpScreen:
    await running.press(key)
    screen = await running.dialog(HelpScreen)
    assert isinstance(screen, HelpScreen)
    return screen


async def test_every_place_has_its_keys_and_the_guide_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, keymap={"approve": "f5"}) as running:
        screen = await opened(running)
        pages = screen.query_one(OptionList)
        assert pages.option_count == len(PLACES) + len(guide_pages())
        assert "f5" in text(running)
        await running.press("down")
        names = list(PLACES)
        await running.until(lambda: pages.highlighted == 1, names[1])
        await running.press("end")
        last = guide_pages()[-1][1].split(":")[0]
        await running.until(lambda: last in text(running), "the last page of the guide")


async def test_moves_scroll_the_page_with_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(80, 24)) as running:
        screen = await opened(running)
        page = screen.query_one("#page", VerticalScroll)
        await running.until(lambda: page.max_scroll_y > 20, "the page")
        await running.press("5", "j")
        await running.until(lambda: page.scroll_y == 5, "five lines down")
        await running.press("2", "k")
        await running.until(lambda: page.scroll_y == 3, "two lines up")
        await running.press("1", "2", "G")
        await running.until(lambda: page.scroll_y == 11, "line 12 on top")
        await running.press("g")
        await running.until(lambda: page.scroll_y == 0, "the top")
        await running.press("G")
        await running.until(lambda: page.scroll_y == page.max_scroll_y, "the end")


async def test_the_mouse_opens_a_page_and_jumping_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await opened(running)
        pages = screen.query_one(OptionList)
        await running.pilot.click(pages, offset=(3, 2))
        await running.until(lambda: pages.highlighted == 2, "the third page")
        await running.press("semicolon", "s")
        await running.until(lambda: running.app.screen is screen, "back from the letters")
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")
