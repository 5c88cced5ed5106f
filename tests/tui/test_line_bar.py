"""Scroll bars look as Textual's, and what stays of them is the same object."""

from __future__ import annotations

import random
from typing import Any

import pytest
from rich.color import ColorSystem
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from .test_drawn_once import Lines, Numbered

SEED = 20261129


def cells(strips: list[Strip]) -> list[list[tuple[str, str]]]:
    """Each cell and its look."""
    colours = ColorSystem.TRUECOLOR
    return [
        [(char, Strip.render_ansi(style, colours) if style else "")
         for text, style, _ in strip for char in text]
        for strip in strips
    ]  # fmt: skip


@pytest.mark.parametrize("lines", [40, 400, 40_000])
@pytest.mark.parametrize("colour", [True, False])
async def test_a_bar_looks_as_textuals(
    lines: int, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    luck = random.Random(SEED)
    print(f"seed {SEED}")
    shown = Lines(lines)
    async with Numbered(shown).run_test(size=(30, 16)) as pilot:
        await pilot.pause(0.05)
        shown.needs(200)
        await pilot.pause(0.05)
        for _ in range(30):
            shown.go(luck.randrange(lines), top=luck.random() < 0.5)
            shown.scroll_sideways(luck.randrange(-20, 30))
            await pilot.pause()
            for bar in (shown.vertical_scrollbar, shown.horizontal_scrollbar):
                assert bar.display
                whole: Any = Region(0, 0, *bar.size)
                mine = cells(bar.render_lines(whole))
                bar._dirty_regions.add(whole)
                bar._styles_cache.clear()
                assert mine == cells(Widget.render_lines(bar, whole))


async def test_cells_that_stay_are_the_same() -> None:
    shown = Lines(4_000)
    async with Numbered(shown).run_test(size=(30, 16)) as pilot:
        await pilot.pause(0.05)
        bar = shown.vertical_scrollbar
        whole = Region(0, 0, *bar.size)
        before = bar.render_lines(whole)
        shown.go(40)
        await pilot.pause()
        after = bar.render_lines(whole)
        others = [
            y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old is not new
        ]
        assert len(others) <= 2
