"""Two quick presses of `escape` leave one screen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from reviewer.tui.commands import Palette
from reviewer.tui.screens.choose import ChooseScreen
from reviewer.tui.screens.help import HelpScreen
from reviewer.tui.screens.left_once import LeftOnce
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import desk


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


async def test_where_the_desk_ends_every_screen_has_been_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They stay on the stack while their widgets go, and their workers go on."""
    app: App[None] = App()
    left: list[bool] = []
    async with app.run_test() as pilot:
        beneath = Beneath()
        app.push_screen(beneath)
        await pilot.pause()
        assert not beneath.has_been_left
        prune = app._prune
        monkeypatch.setattr(
            app, "_prune", lambda *nodes: left.append(beneath.has_been_left) or prune(*nodes)
        )
    assert left
    assert all(left)


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


async def test_what_is_asked_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.submit()
        inbox = here.app.inbox
        for _ in range(5):
            inbox.action_choose_queue()
        await here.until(lambda: isinstance(here.app.screen, ChooseScreen))
        await here.pilot.pause(0.2)
        assert len(here.app.screen_stack) == 2
        await here.press("escape")
        assert here.app.screen is inbox
        inbox.action_choose_queue()
        await here.until(lambda: isinstance(here.app.screen, ChooseScreen), "a second time")


@pytest.mark.parametrize("page", ["inbox", "guide"])
async def test_a_screen_can_be_left_before_it_is_there(page: str) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        first = app.screen
        for screen in (ChooseScreen("Which?", [("a", "a", 1)], ""), HelpScreen(page)):
            app.push_screen(screen)
            screen.dismiss()
        await pilot.pause(0.2)
        assert app.screen is first


async def test_a_review_left_in_the_moment_of_its_claim_gives_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        screen, claim = ReviewScreen(id), here.session.claim
        held: list[bool] = []  # at that moment: it may be given back before anybody looks again

        async def left_meanwhile(*of: Any, **more: Any) -> Any:
            answer = await claim(*of, **more)
            held.append(here.session.held(id) is not None)
            screen.dismiss()
            for _ in range(10_000):  # until it is being taken apart
                if not screen.query("#writes-title"):
                    break
                await asyncio.sleep(0)
            return answer

        monkeypatch.setattr(here.session, "claim", left_meanwhile)
        here.app.push_screen(screen)
        await here.until(lambda: held == [True], "the claim")
        await here.until(lambda: here.app.screen is here.app.inbox, "the inbox")
        await here.until(lambda: here.session.held(id) is None, "the claim is given back")
        assert screen.opened is None
