"""Two quick presses of `escape` leave one screen."""

from __future__ import annotations

import pytest
from textual.app import App

from reviewer.tui.commands import Palette
from reviewer.tui.screens.choose import ChooseScreen
from reviewer.tui.screens.left_once import LeftOnce


class Beneath(LeftOnce[None]):
    """A screen that must stay."""


async def test_leaving_twice_leaves_the_screen_beneath_alone() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        answers: list[str | None] = []
        beneath, choose = Beneath(), ChooseScreen("Which?", [("a", "a", 1)], "")
        app.push_screen(beneath)
        app.push_screen(choose, answers.append)
        await pilot.pause()
        choose.dismiss("a")
        choose.dismiss("b")
        await pilot.pause()
        assert (app.screen, answers) == (beneath, ["a"])


async def test_leaving_takes_along_what_was_opened_over_it() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        first = app.screen
        beneath = Beneath()
        app.push_screen(beneath)
        app.push_screen(ChooseScreen("Which?", [("a", "a", 1)], ""))
        await pilot.pause()
        beneath.dismiss()
        await pilot.pause()
        assert app.screen is first


@pytest.mark.parametrize("presses", [2, 5])
async def test_the_palette_is_left_once(presses: int) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        beneath = Beneath()
        app.push_screen(beneath)
        app.push_screen(Palette())
        await pilot.pause()
        palette = app.screen
        assert isinstance(palette, Palette)
        for _ in range(presses):
            palette.dismiss()
        await pilot.pause()
        assert app.screen is beneath
