"""Rules: what confirms is neither Enter nor the own key; reasons are asked; no key destroys work.

And: every decision waits for an undo window, counted down on every screen; `u` takes it back.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reviewer.actions import by_id, check_keymap, keys_of, place
from reviewer.domain.decision import Decision, Kind
from reviewer.tui.deciding import drafts
from reviewer.tui.drafts import Draft
from reviewer.tui.screens.dialogs.answers import SnoozeDialog
from reviewer.tui.screens.dialogs.bulk import BulkDialog
from reviewer.tui.screens.dialogs.edited import EditedDialog
from reviewer.tui.screens.dialogs.page import PageDialog
from reviewer.tui.screens.dialogs.sure import Sure
from reviewer.tui.screens.focus import FocusScreen
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import desk, footer
from .rules_desk import BESIDE, DIFFERENT, Rules, at
from .test_edit_screen import edit_screen
from .test_rules_seen import ask, dialogs

Patch = pytest.MonkeyPatch
OPENED_BY = {EditedDialog: ("e", "ctrl+s"), PageDialog: ("p",), Sure: ("a", "A", "colon", "ctrl+p")}


async def test_neither_enter_nor_the_key_that_opened_it_confirms_any_dialog(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as plain:
        here = Rules(plain.app, plain.pilot, plain.queue, plain.clock)
        here.ids = [await here.submit()]
        for dialog in await dialogs(here):
            answers: list[object] = []
            await ask(here, dialog, answers)
            kind = type(dialog).__name__.removesuffix("Dialog").lower()
            kind = dialog.kind.value if isinstance(dialog, BulkDialog) else kind
            keys = OPENED_BY.get(type(dialog))
            if keys is None:
                keys = (*keys_of(by_id(kind)), *keys_of(by_id(f"{kind}.stay")))
            await here.press("enter", *keys, "enter", "space", "enter")
            assert not answers, dialog
            assert here.top is dialog
            dialog.dismiss(None)
            await here.until(lambda got=answers: got, "left")  # type: ignore[misc]


def test_no_keymap_makes_a_deciding_key_confirm() -> None:
    for action in (*place("inbox"), by_id("page", "triage"), *place("focus")):
        if action.scope == "decide" or action.id == "page":
            said = check_keymap({"dialog.confirm": f"{keys_of(action)[0]},ctrl+s"})
            assert any("confirm" in one for one in said), action.id
            said = check_keymap({action.id: "y"})
            assert any("confirm" in one for one in said), action.id
    for key in ("enter", "1", "9"):
        assert any("cannot confirm" in one for one in check_keymap({"dialog.confirm": key}))


@pytest.mark.parametrize("name", ["inbox", "group"])
async def test_many_are_decided_only_with_a_reason(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    async with at(name, tmp_path, monkeypatch, bulk_looks=0) as here:
        for key in ("r", "a"):
            if name == "inbox":
                await here.press("space", "space")
            here.clock.seconds += 1
            await here.press(key)
            dialog: BulkDialog = await here.dialog(BulkDialog)
            await here.until(lambda at=dialog: at.query_one("Touched").drawn, "the list")  # type: ignore[misc]
            await here.press("y")
            assert here.top is dialog
            assert "Choose a reason" in str(dialog.query_one(".dialog--wrong").content)
            assert {status for status, _ in (await here.revisions()).values()} == {"pending"}
            await here.press("escape", "ctrl+@")
            await here.until(lambda at=dialog: here.top is not at, "left")  # type: ignore[misc]


@pytest.mark.parametrize("name", ["inbox", "focus", "group", "triage"])
async def test_whatever_a_single_key_decides_can_be_taken_back(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    """One press of every key of the screen; only approving ends an artifact, and it has `u`."""
    async with at(name, tmp_path, monkeypatch, bulk_looks=0) as here:
        home = here.top
        mine = here.aim[0].state
        drafts().save(Draft(mine.id, mine.digest, 1, {0: "mine"}))
        mean = [action for action in place(name) if action.group not in ("Move", "Views")]
        keys = dict.fromkeys(key for action in mean for key in keys_of(action)[:1])
        leave = {*keys_of(by_id("quit")), *keys_of(by_id("back"))}
        for key in keys:
            if key in leave:
                continue
            here.clock.seconds += 1
            await here.press(key)
            await here.until(lambda: not here.session.sending, "sent")
            if await here.pending() < len(here.ids):
                await here.until(lambda: here.session.undoable is not None, f"undo of {key}")
                await here.press("u")
                await here.until(lambda: here.session.undoable is None, f"{key} taken back")
                assert await here.pending() == len(here.ids), key
                await here.until(lambda: drafts().load(mine.id), f"the draft after {key}")
            kept = drafts().load(mine.id)
            assert kept is not None, key
            assert kept.texts == {0: "mine"}, key
            while here.top is not home and home in here.app.screen_stack:
                here.app.pop_screen()
                await here.pilot.pause()
            if home not in here.app.screen_stack:  # decided, and gone on
                while len(here.app.screen_stack) > 1:
                    here.app.pop_screen()
                    await here.pilot.pause()
                await here.go(name)
                home = here.top


def seconds(here: Rules) -> int:
    """What the countdown says, 0 where it says nothing."""
    found = re.search(r"approved one · u undo (\d+) s", footer(here.top))
    return int(found.group(1)) if found else 0


@pytest.mark.parametrize("name", [*DIFFERENT, *BESIDE])
async def test_the_window_is_counted_down_everywhere_and_u_takes_it_back(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    async with at(BESIDE.get(name, name), tmp_path, monkeypatch) as here:
        if name in BESIDE:
            await here.beside(name)
        shown = here.session._shown or ("", "")
        id = next(id for id in here.ids if id != shown[0])
        item = await here.queue.get(id)
        assert item is not None
        state = item.entry.state
        made = Decision(Kind.APPROVE, id, state.revision, state.digest, "op-mine")
        await here.session.decide(made, "approved one")
        await here.until(lambda: seconds(here) > 2, "the countdown")
        left = seconds(here)
        here.clock.seconds += 2
        await here.until(lambda: seconds(here) == left - 2, "it goes on")
        assert await here.status(id) == "approved"
        await here.press("u")
        await here.until_status(id, "pending")
        await here.until(lambda: "u undo" not in footer(here.top), "nothing to undo")


async def test_an_edit_that_is_taken_back_is_a_draft_again(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """Also one that was kept while the proposal itself was approved, or put aside."""
    async with desk(tmp_path, monkeypatch) as plain:
        here = Rules(plain.app, plain.pilot, plain.queue, plain.clock)
        id = await here.submit()
        await here.open(id)
        await edit_screen(here, "E")
        await here.press(*"mine", "ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until_status(id, "approved")
        await here.until(lambda: here.session.undoable, "something to undo")
        assert drafts().load(id) is None
        await here.press("u")
        await here.until_status(id, "pending")
        await here.until(lambda: drafts().load(id), "the draft")
        draft = drafts().load(id)
        assert draft is not None
        assert draft.texts[0].startswith("mine")
        await here.press("ctrl+r")
        await here.until(lambda: here.review.opened and here.review.opened.claimed, "claimed")
        here.clock.seconds += 1
        await here.press("Z")
        await here.dialog(SnoozeDialog)
        await here.press("1", "y")
        for _ in range(400):
            item = await here.queue.get(id)
            if item is not None and item.entry.state.snoozed_until:
                break
            await here.pilot.pause(0.02)
        else:
            raise AssertionError("never put aside")
        await here.until(lambda: isinstance(here.top, ReviewScreen), "back")
        assert (drafts().load(id) or replace(draft, texts={})).texts == draft.texts


async def test_of_two_decisions_u_takes_back_the_last_one_first(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with at("focus", tmp_path, monkeypatch) as here:
        first = here.top.opened.id
        here.clock.seconds += 1
        await here.press("a")
        await here.until_status(first, "approved")
        await here.until(lambda: here.top.opened and here.top.opened.id != first, "the next")
        second = here.top.opened.id
        await here.shown(second)
        here.clock.seconds += 1
        await here.press("a")
        await here.until_status(second, "approved")
        await here.until(
            lambda: here.session.undoable and second in here.session.undoable.artifact_ids
        )
        await here.press("u")
        await here.until_status(second, "pending")
        assert await here.status(first) == "approved"
        assert isinstance(here.top, FocusScreen)
