"""Jump mode: a letter on every pane, tab and row; no key of it can do anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from reviewer.tui.screens.choose import ChooseScreen
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.jump import JumpScreen
from reviewer.tui.targets import KEYS, labels, targets

from .review_desk import Desk, desk
from .test_inbox import fill, here, inbox, text


@given(st.integers(0, len(KEYS) ** 2))
def test_no_label_begins_another_one(number: int) -> None:
    made = labels(number)
    assert len(made) == number == len(set(made))
    singles = {label for label in made if len(label) == 1}
    assert not any(label[0] in singles for label in made if len(label) == 2)


async def jump(running: Desk, key: str = "semicolon") -> JumpScreen:
    await running.press(key)
    await running.until(lambda: isinstance(running.app.screen, JumpScreen), "the letters")
    screen = running.app.screen
    assert isinstance(screen, JumpScreen)
    return screen


def label(screen: JumpScreen, x: int, y: int) -> str:
    """The letters at a place."""
    return next(name for name, target in screen._named if (target.x, target.y) == (x, y))


async def letters(running: Desk, name: str) -> None:
    await running.press(*name)
    await running.until(lambda: not isinstance(running.app.screen, JumpScreen), "it to go")
    await running.pilot.pause()


async def test_a_letter_goes_to_a_row_a_tab_and_a_pane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 60)
        top = inbox(running).list.region.y + 1
        screen = await jump(running)
        await letters(running, label(screen, 0, top + 7))
        assert here(running) == "Refund order 8807"

        screen = await jump(running, "f12")
        at = text(running).splitlines()[1].index("6 Decided") - 1
        await letters(running, label(screen, at, 1))
        await running.until(lambda: inbox(running).views.view.name == "Decided", "the tab")


@pytest.mark.parametrize("leave", ["escape", "enter", "ctrl+d", "1", "semicolon", "space"])
async def test_every_other_key_leaves_and_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 3)
        running.clock.seconds += 5
        await jump(running)
        await running.press(leave)
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")
        await running.pilot.pause(0.1)
        for id in ids:
            assert await running.status(id) == "pending"


async def test_letters_typed_ahead_jump_and_decide_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 3)
        running.clock.seconds += 5
        for key in ("semicolon", "a"):  # both are on their way before the first has done anything
            running.app.post_message(events.Key(key, ";" if key != "a" else "a"))
        await running.pilot.pause()
        await running.until(
            lambda: isinstance(running.app.screen, ChooseScreen), "the first target"
        )
        for id in ids:
            assert await running.status(id) == "pending"


async def test_a_jump_never_offers_the_words_of_the_footer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 60)
        last = running.app.size.height - 1
        assert [target for target in targets(inbox(running)) if target.y == last] == []


async def test_it_works_in_a_review_and_by_mouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await running.open(await running.submit())
        jumping = await jump(running)
        region = screen.context.content_region
        await letters(running, label(jumping, region.x, region.y))
        await running.until(lambda: running.app.focused is screen.context, "the context")
        jumping = await jump(running)
        region = screen.writes_tree.content_region
        await running.pilot.click(offset=(region.x, region.y))
        await running.until(lambda: running.app.focused is screen.writes_tree, "the writes")
