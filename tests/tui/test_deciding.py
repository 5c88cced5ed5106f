"""The rules that prevent disasters, each tried on the running desk."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from reviewer.domain.decision import Decision, Kind
from reviewer.tui.deciding import decide, drafts
from reviewer.tui.screens.dialogs.answers import (
    ReassignDialog,
    RejectDialog,
    RespondDialog,
    SnoozeDialog,
)
from reviewer.tui.screens.dialogs.bulk import BulkDialog
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import BOB, desk, document

HIDDEN = {
    "type": "document",
    "resource": "clause/2",
    "before": "pay",
    "after": "pay\u202e twice\u200b",
}
Patch = pytest.MonkeyPatch


async def test_a_key_typed_ahead_decides_nothing(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id, wait=0.1)
        await here.pilot.press("a")
        await here.pilot.pause(0.2)
        assert await here.status(id) == "pending"
        here.clock.seconds += 0.2
        await here.pilot.press("a")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "approved")
        assert await here.status(id) == "approved"


async def test_lower_case_goes_on_to_the_next_and_shift_stays(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = [await here.submit(key=f"k{n}", title=f"Number {n}") for n in range(3)]
        order = dict(pairwise(ids))
        await here.open(ids[0], next_id=lambda id, step: order.get(id) if step == 1 else None)
        await here.press("a")
        await here.shown(ids[1])
        assert await here.status(ids[0]) == "approved"
        await here.press("A")
        await here.until(lambda: "approved" in here.review.opened.whose(BOB, 0)[0], "stays")
        assert here.review.opened.id == ids[1]
        assert await here.status(ids[2]) == "pending"


async def test_u_takes_the_last_decision_back(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.press("A")
        await here.until(lambda: here.session.undoable, "something to undo")
        assert await here.status(id) == "approved"
        await here.press("u")
        await here.until(lambda: here.session.undoable is None, "undone")
        assert await here.status(id) == "pending"


@pytest.mark.parametrize(("key", "dialog"), [("r", RejectDialog), ("c", RespondDialog)])
async def test_neither_enter_nor_the_actions_own_key_confirms(
    tmp_path: Path, monkeypatch: Patch, key: str, dialog: type
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.press(key)
        await here.until(lambda: isinstance(here.app.screen, dialog), "the dialog")
        await here.press("1", key, "enter", key, "enter")
        assert isinstance(here.app.screen, dialog)
        assert await here.status(id) == "pending"


async def test_a_confirm_typed_ahead_confirms_nothing(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.press("r")
        await here.until(lambda: isinstance(here.app.screen, RejectDialog), "the dialog")
        await here.pilot.press("1")
        await here.pilot.press("y")
        await here.pilot.pause()
        assert isinstance(here.app.screen, RejectDialog)
        await here.press("y")
        await here.until(lambda: here.session.undoable, "rejected")
        assert await here.status(id) == "rejected"


async def test_a_reject_needs_a_reason_and_says_so(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.press("R")
        await here.until(lambda: isinstance(here.app.screen, RejectDialog), "the dialog")
        await here.press("y")
        assert isinstance(here.app.screen, RejectDialog)
        assert "reason" in str(here.app.screen.query_one(".dialog--wrong").content)
        await here.press("9", "y")
        assert "words" in str(here.app.screen.query_one(".dialog--wrong").content)
        await here.press("1", "y")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "rejected")
        await here.until(lambda: here.session.undoable, "rejected")
        event = (await here.queue.history(id))[-1]
        assert event.facts["reasons"] == ["other", "wrong_value"]


async def test_flagged_text_must_have_been_on_screen(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=[*document()["writes"], HIDDEN])
        await here.open(id)
        await here.press("a")
        await here.until(lambda: "write 3" in here.toasts(), "the reason")
        assert await here.status(id) == "pending"
        await here.press("]", "]", "a")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "approved")
        assert await here.status(id) == "approved"


async def test_flagged_text_is_asked_for_outside_the_review_screen_too(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=[HIDDEN])
        item = await here.queue.get(id)
        assert item is not None
        here.session.note_shown(id, item.entry.state.digest)
        here.clock.seconds += 1
        here.session.touch()
        screen = here.app.screen
        assert not await decide(screen, Kind.APPROVE, [item.entry], advance=True)
        assert await here.status(id) == "pending"


async def test_what_changed_under_the_reviewer_is_said_and_refused(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        screen = await here.open(id)
        newer = await here.submit(key="a2", supersedes="a1", title="Fix it better")
        await here.until(lambda: screen.opened.changed, "the news")
        assert "new revision" in screen.news.text
        await here.press("a")
        await here.until(lambda: "ctrl+r" in here.toasts(), "the refusal")
        assert await here.status(newer) == "pending"
        await here.press("ctrl+r")
        await here.shown(newer)
        assert "since you looked: the writes are the same" in screen.news.text
        await here.press("a")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "approved")
        assert await here.status(newer) == "approved"


async def test_anothers_claim_is_read_only_until_a_lead_takes_it_over(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.queue.claim(id, BOB)
        screen = await here.open(id)
        assert "bob has claimed it" in screen.news.text
        await here.press("a")
        await here.until(lambda: "bob has claimed it" in here.toasts(), "the refusal")
        assert await here.status(id) == "pending"
        await here.press("T")
        await here.until(lambda: screen.opened and screen.opened.claimed, "taken over")
        await here.shown(id)
        await here.press("a")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "approved")
        assert await here.status(id) == "approved"


async def test_leaving_gives_the_claim_back(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        item = await here.queue.get(id)
        assert item is not None
        assert item.entry.state.lease_owner == "mia"
        await here.press("escape")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "left")
        item = await here.queue.get(id)
        assert item is not None
        assert not item.entry.state.lease_owner


async def test_a_bulk_decision_lists_and_acts_on_exactly_those_digests(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = [await here.submit(key=f"k{n}", title=f"Number {n}") for n in range(4)]
        items = [await here.queue.get(id) for id in ids]
        entries = [item.entry for item in items if item is not None]
        screen = here.app.screen
        worker = screen.run_worker(decide(screen, Kind.APPROVE, entries[:3], advance=True))
        await here.until(lambda: isinstance(here.app.screen, BulkDialog), "the confirm")
        listed = here.app.screen.entries
        assert [entry.state.id for entry in listed] == ids[:3]
        seen = entries[1].state
        moved = Decision(
            Kind.REASSIGN, seen.id, seen.revision, seen.digest, "op-other", to="queue:other"
        )
        await here.queue.decide(moved, BOB)
        await here.press("a", "enter", "2", "y")
        await worker.wait()
        assert [await here.status(id) for id in ids] == [
            "approved", "pending", "approved", "pending",
        ]  # fmt: skip
        assert "1 were skipped" in here.toasts()
        await here.press("u")
        await here.until(lambda: here.session.undoable is None, "undone")
        assert [await here.status(id) for id in ids] == ["pending"] * 4


async def test_a_bulk_approve_leaves_out_what_hides_something(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        plain = await here.submit(key="k1")
        hiding = await here.submit(key="k2", writes=[HIDDEN])
        items = [await here.queue.get(id) for id in (plain, hiding)]
        entries = [item.entry for item in items if item is not None]
        screen = here.app.screen
        worker = screen.run_worker(decide(screen, Kind.APPROVE, entries, advance=True))
        dialog = await here.dialog(BulkDialog)
        assert dialog.heading == "Approve 1 artifact?"
        assert "left out" in dialog.flags[hiding]
        await here.press("2", "y")
        await worker.wait()
        assert [await here.status(id) for id in (plain, hiding)] == ["approved", "pending"]


async def test_many_cannot_be_edited_at_once(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = [await here.submit(key=f"k{n}") for n in range(2)]
        items = [await here.queue.get(id) for id in ids]
        entries = [item.entry for item in items if item is not None]
        assert not await decide(here.app.screen, Kind.EDIT, entries, advance=True)
        await here.until(lambda: "cannot be edited at once" in here.toasts(), "the reason")


async def test_words_survive_a_cancelled_dialog_and_go_when_decided(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.press("C", "h", "i", "escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        assert drafts().comment(id, "respond") == "hi"
        await here.press("C")
        await here.until(lambda: isinstance(here.app.screen, RespondDialog), "the dialog")
        assert here.app.screen.comment == "hi"
        await here.press("ctrl+s")
        await here.until_status(id, "answered")
        await here.until(lambda: drafts().load(id) is None, "the draft goes")


async def test_snooze_and_reassign_ask_and_do(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.press("Z")
        await here.dialog(SnoozeDialog)
        await here.press("2", "y")
        await here.until(lambda: here.review.opened.item.entry.state.snoozed_until, "reopened")
        item = await here.queue.get(id)
        assert item is not None
        assert item.entry.state.snoozed_until is not None
        await here.shown(id)
        await here.press("M")
        await here.dialog(ReassignDialog)
        await here.press(*"bob", "ctrl+s")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "reassigned")
        for _ in range(50):
            item = await here.queue.get(id)
            assert item is not None
            if item.entry.state.assignee == "bob":
                break
            await here.pilot.pause(0.02)
        assert item.entry.state.assignee == "bob"


async def test_the_record_says_what_was_seen(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id, wait=3.0)
        await here.press("A")
        await here.until(lambda: here.session.undoable, "approved")
        seen = (await here.queue.history(id))[-1].facts["seen"]
        assert seen["dwell_ms"] >= 3000
        assert seen["lines"] > 5
