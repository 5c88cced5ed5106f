"""Rule: keys typed ahead never decide what has not been seen for 250 ms, on any screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.domain.decision import Kind
from reviewer.tui.screens.dialogs.answers import (
    EscalateDialog,
    ReassignDialog,
    RejectDialog,
    RespondDialog,
    SnoozeDialog,
)
from reviewer.tui.screens.dialogs.base import Dialog
from reviewer.tui.screens.dialogs.bulk import BulkDialog
from reviewer.tui.screens.dialogs.edited import EditedDialog, EditedWrites
from reviewer.tui.screens.dialogs.page import PageDialog
from reviewer.tui.screens.dialogs.sure import Sure
from reviewer.untrusted import show_line

from .review_desk import desk
from .rules_desk import READING, SCREENS, Rules, at, deciding, key_of

Patch = pytest.MonkeyPatch


@pytest.mark.parametrize("name", SCREENS)
async def test_what_was_just_drawn_is_neither_decided_nor_moved(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    """However many keys are typed, the clock stands; then one of them acts."""
    async with at(name, tmp_path, monkeypatch) as here:
        screen = here.top
        here.session.note_hidden()  # drawn anew right now, whatever opening took
        screen.note_shown() if name == "triage" else screen._note_shown()
        await here.until(lambda: here.session._shown, "drawn anew")
        before = await here.revisions()
        for action in deciding(name):
            await here.pilot.press(key_of(action))
            await here.pilot.pause()
            assert here.top is screen, f"{action.id} {here.describe()}"
        if name == "look":
            await here.pilot.press("space", "space")
        assert await here.revisions() == before
        if name not in (*READING, "look"):
            assert "has not been on screen long enough" in here.said()
        await here.press("space" if name == "look" else "x")
        if name == "look":
            await here.look_shown(1)
        else:
            await here.goes(EscalateDialog)


async def test_each_artifact_has_its_own_250_ms(tmp_path: Path, monkeypatch: Patch) -> None:
    """The time that one was on screen does not count for the next, nor for another content."""
    async with at("inbox", tmp_path, monkeypatch) as here:
        here.clock.seconds += 5
        await here.pilot.press("j", "x")
        await here.pilot.pause()
        assert here.top is here.app.inbox
        session = here.session
        session.note_shown("one", "digest")
        here.clock.seconds += 5
        session.touch()
        assert session.shown_long_enough("one", "digest")
        assert not session.shown_long_enough("one", "another digest")


async def ask(here: Rules, dialog: Dialog[object], answers: list[object]) -> None:
    """Opens a dialog and gives what it needs, without letting time pass."""
    here.app.push_screen(dialog, answers.append)
    await here.until(lambda: dialog._since is not None, "drawn")
    if isinstance(dialog, RejectDialog | BulkDialog | SnoozeDialog):
        await here.pilot.press("2")
    elif isinstance(dialog, RespondDialog):
        await here.pilot.press("h", "i")
    elif isinstance(dialog, ReassignDialog):
        await here.pilot.press("b", "o", "b")
        if isinstance(dialog, EscalateDialog):
            dialog.query_one("#words").focus()
            await here.pilot.pause()
            await here.pilot.press("w", "h", "y")
    await here.pilot.pause()


async def dialogs(here: Rules) -> list[Dialog[object]]:
    """Every dialog that decides."""
    item = await here.queue.get(here.ids[0])
    assert item is not None
    entry, writes, what = item.entry, item.artifact.writes, show_line("what", 10)
    mine = EditedWrites.of(writes, [*writes[:-1], None])

    async def places() -> list[str]:
        return []

    return [
        RejectDialog(what),
        RespondDialog(what),
        SnoozeDialog(here.session.now(), what),
        ReassignDialog(places, what),
        EscalateDialog(places, what),
        *(BulkDialog(kind, [entry], {}) for kind in Kind if kind is not Kind.EDIT),
        EditedDialog(mine, keep=lambda _words: None),
        PageDialog(what, "ana", "", "true", draft="", keep=lambda _words: None),
        Sure("Approve.", "approve", what),
    ]  # type: ignore[list-item]


async def test_a_confirm_typed_ahead_confirms_nothing_in_any_dialog(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as plain:
        here = Rules(plain.app, plain.pilot, plain.queue, plain.clock)
        here.ids = [await here.submit()]
        for dialog in await dialogs(here):
            answers: list[object] = []
            if isinstance(dialog, BulkDialog) and dialog.kind is Kind.RESPOND:
                continue  # the same dialog, which needs words besides
            await ask(here, dialog, answers)
            keys = ("y",) if isinstance(dialog, EditedDialog) else ("ctrl+s", "y")
            if isinstance(dialog, RespondDialog | ReassignDialog):
                keys = ("ctrl+s",)
            await here.pilot.press(*keys)
            await here.pilot.pause()
            assert not answers, dialog
            assert here.top is dialog
            await here.press(keys[0])
            await here.until(lambda got=answers: got, f"the answer of {dialog}")  # type: ignore[misc]
            assert answers[0] is not None
