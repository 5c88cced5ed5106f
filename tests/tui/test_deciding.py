"""The rules that prevent disasters, each tried on the running desk."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from textual.widgets import Static

from reviewer.domain.decision import Actor, Decision, Kind
from reviewer.domain.views import Claim, Entry
from reviewer.tui.deciding import decide, drafts
from reviewer.tui.screens.dialogs.answers import (
    ReassignDialog,
    RejectDialog,
    RespondDialog,
    SnoozeDialog,
)
from reviewer.tui.screens.dialogs.bulk import BulkDialog, Touched
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import BOB, desk, document, footer, held_up

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
        (await here.dialog(BulkDialog))._stop()  # as if the news came too late
        await here.queue.decide(moved, BOB)
        await here.press("a", "enter", "2", "y")
        await worker.wait()
        assert [await here.status(id) for id in ids] == [
            "approved", "pending", "approved", "pending",
        ]  # fmt: skip
        assert f"1 was skipped. Number 1 ({ids[1]})" in here.toasts()
        assert here.session.undoable.sentence == "approved 2 artifacts"
        assert here.session.undoable.artifact_ids == (ids[0], ids[2])
        await here.press("u")
        await here.until(lambda: here.session.undoable is None, "undone")
        assert [await here.status(id) for id in ids] == ["pending"] * 4


async def test_only_hidden_text_is_called_flagged_in_the_list_of_many(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = [
            await here.submit(key=f"k{risk}", title=f"Of {risk} risk", risk=risk)
            for risk in ("low", "critical")
        ]
        items = [await here.queue.get(id) for id in ids]
        entries = [item.entry for item in items if item is not None]
        screen = here.app.screen
        screen.run_worker(decide(screen, Kind.REJECT, entries, advance=True))
        dialog = await here.dialog(BulkDialog)
        what = str(dialog.query_one(".dialog--what", Static).render())
        assert "1 artifact needs a second look, listed first" in what
        assert "flagged" not in what
        assert dialog.query_one(Touched).row_text(0).startswith("critical  ")


async def test_what_is_decided_elsewhere_is_struck_out_of_the_open_bulk_dialog(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = [await here.submit(key=f"k{n}", title=f"Number {n}") for n in range(3)]
        items = [await here.queue.get(id) for id in ids]
        entries = [item.entry for item in items if item is not None]
        screen = here.app.screen
        worker = screen.run_worker(decide(screen, Kind.APPROVE, entries, advance=True))
        dialog = await here.dialog(BulkDialog)
        keys = dialog.query_one(".dialog--keys")
        assert "approve 3" in str(keys.content)
        assert "1-4 reason" in str(keys.content)
        await here.queue.decide(other_approval(entries[1]), BOB)
        await here.until(lambda: dialog.gone, "the news")
        await here.pilot.pause()
        assert "approve 2" in str(keys.content)
        assert "Approve 2 artifacts?" in str(dialog.query_one(".dialog--heading").content)
        assert "decided meanwhile" in dialog.query_one(Touched).row_text(1)
        await here.press("y")
        assert "1-4" in str(dialog.query_one(".dialog--wrong").content)
        await here.press("2", "y")
        await worker.wait()
        assert "approved 2 artifacts" in here.toasts()
        assert "skipped" not in here.toasts()
        assert here.session.undoable.artifact_ids == (ids[0], ids[2])


async def test_a_bulk_dialog_with_nothing_left_decides_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = [await here.submit(key=f"k{n}") for n in range(2)]
        items = [await here.queue.get(id) for id in ids]
        entries = [item.entry for item in items if item is not None]
        screen = here.app.screen
        screen.run_worker(decide(screen, Kind.APPROVE, entries, advance=True))
        dialog = await here.dialog(BulkDialog)
        for entry in entries:
            await here.queue.decide(other_approval(entry), BOB)
        await here.until(lambda: len(dialog.gone) == 2, "the news")
        await here.press("2", "y")
        assert here.app.screen is dialog
        assert "Nothing is left" in str(dialog.query_one(".dialog--wrong").content)


def other_approval(entry: Entry) -> Decision:
    """Somebody else's."""
    state = entry.state
    return Decision(Kind.APPROVE, state.id, state.revision, state.digest, f"bob-{state.id}")


async def test_what_was_decided_elsewhere_is_not_said_to_be_claimed_or_open(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        screen = await here.open(id)
        assert "claimed by you" in str(screen.header.content)
        # a lead takes it over and decides
        lead = Actor("lea", roles=frozenset({"lead"}))
        claim = await here.queue.claim(id, lead, take_over=True)
        assert isinstance(claim, Claim)
        entry = claim.item.entry
        await here.queue.decide(replace(other_approval(entry), fence=claim.fence), lead)
        await here.until(lambda: screen.opened.over, "the news")
        await here.until(lambda: "approved by lea" in str(screen.header.content), "the header")
        assert "claimed by you" not in str(screen.header.content)
        await here.press("a")
        await here.until(lambda: "Nothing is left to decide" in here.toasts(), "the refusal")
        assert "then decide" not in here.toasts()
        assert here.session.held(id) is None


async def test_a_click_on_the_sign_in_the_header_leads_back(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit())
        await here.pilot.click("#header", offset=(30, 0))
        await here.pilot.pause()
        assert isinstance(here.app.screen, ReviewScreen)
        await here.pilot.click("#header", offset=(1, 0))
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "left")


@pytest.mark.parametrize("size", [(100, 5), (100, 3), (100, 2)])
async def test_review_decides_nothing_while_no_line_of_the_diff_is_drawn(
    tmp_path: Path, monkeypatch: Patch, size: tuple[int, int]
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        screen = await here.open(id)
        await here.pilot.resize_terminal(*size)
        await here.until(lambda: not screen.is_drawn, "no line is left")
        here.clock.seconds += 5
        await here.press("a")
        await here.until(lambda: "diff is not on screen" in here.toasts(), "the refusal")
        assert await here.status(id) == "pending"
        await here.pilot.resize_terminal(120, 40)
        await here.until(lambda: screen.is_drawn and here.session._shown, "drawn again")
        await here.pilot.press("a")
        await here.pilot.pause(0.2)
        assert await here.status(id) == "pending", "its time on screen starts anew"
        await here.press("a")
        await here.until_status(id, "approved")


async def test_a_slow_queue_is_said_and_the_next_key_too(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        screen = await here.open(id)
        go = held_up(here, monkeypatch)
        await here.press("a")
        await here.until(lambda: "approving Fix retry loop" in footer(screen), "what is sent")
        await here.press("r")
        await here.until(lambda: "Still sending" in here.toasts(), "the answer to the next key")
        go.set()
        await here.until_status(id, "approved")
        await here.until(lambda: not here.session.sending, "nothing on its way")


async def test_the_only_write_is_not_gone_to_with_a_bracket(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    tall = {**HIDDEN, "before": "pay", "after": "pay\n" * 300 + HIDDEN["after"]}
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=[tall])
        await here.open(id)
        await here.press("a")
        await here.until(lambda: "has not been on screen yet" in here.toasts(), "the reason")
        assert "]" not in here.toasts()
        assert "n or j" in here.toasts()


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
