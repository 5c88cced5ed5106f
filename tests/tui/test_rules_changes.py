"""Rules: what changes under the reviewer is said, shown, and refused until seen; marks.

Marks never survive out of sight, and a decision on many lists exactly what it touches.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.domain.decision import Actor, Kind
from reviewer.domain.views import Claim
from reviewer.tui.screens.dialogs.answers import RejectDialog
from reviewer.tui.screens.dialogs.bulk import BulkDialog, Touched
from reviewer.tui.screens.inbox import InboxScreen
from tests.support.refunds import refunds

from .review_desk import BOB
from .rules_desk import READING, at, inbox_of

Patch = pytest.MonkeyPatch


@pytest.mark.parametrize("name", READING)
async def test_a_new_revision_is_said_and_refused_until_it_was_seen(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    async with at(name, tmp_path, monkeypatch) as here:
        screen, old = here.top, here.top.opened
        document = refunds(9)[here.ids.index(old.id)]
        write = document["writes"][0]
        changed = write | {"after": write["after"] | {"refunded": 9999}}
        (new,) = await here.hand_in(
            [document | {"key": "newer", "supersedes": document["key"], "writes": [changed]}]
        )
        await here.until(lambda: "new revision" in screen.news.text, "the news")
        await here.until(lambda: "new revision" in here.text(), "drawn")
        await here.press("a")
        await here.until(lambda: "ctrl+r" in here.toasts(), "the refusal")
        await here.press("ctrl+r")
        await here.shown(new)
        assert "since you looked: write 1: ~1" in screen.news.text
        await here.pilot.press("a")  # the clock stands
        await here.pilot.pause()
        assert await here.status(new) == "pending"
        await here.press("a")
        await here.until_status(new, "approved")


@pytest.mark.parametrize("name", READING)
async def test_a_claim_that_is_lost_is_said_and_what_follows_is_refused(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    async with at(name, tmp_path, monkeypatch) as here:
        screen, id = here.top, here.top.opened.id
        held = here.session.held(id)
        assert held is not None
        lead = Actor("lea", roles=frozenset({"lead"}))
        assert isinstance(await here.queue.claim(id, lead, take_over=True), Claim)
        here.session._lose(held, "lea has taken it over.")
        await here.until(lambda: "lea has taken it over" in screen.news.text, "the news")
        assert "claimed by you" not in str(screen.header.content)
        await here.press("a")
        await here.until(lambda: "lea has claimed it" in here.toasts(), "the refusal")
        assert await here.status(id) == "pending"


@pytest.mark.parametrize("name", ["inbox", "triage"])
async def test_what_another_claims_is_refused_on_a_list(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    async with at(name, tmp_path, monkeypatch) as here:
        id = here.aim[0].state.id
        await here.queue.claim(id, BOB)
        await here.until(lambda: here.aim[0].state.lease_owner == "bob", "the news")
        assert "bob" in here.text()
        here.clock.seconds += 1
        await here.press("x" if name == "triage" else "a")
        await here.until(lambda: "bob has claimed it" in here.toasts(), "the refusal")
        assert await here.status(id) == "pending"


async def test_another_artifact_under_the_cursor_has_to_be_seen_first(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """Bob decides what is shown: the next one takes its place, and the key meant for the first."""
    async with at("inbox", tmp_path, monkeypatch) as here:
        here.clock.seconds += 5
        first = here.aim[0].state.id
        await here.bob(first)
        await here.until(lambda: here.aim and here.aim[0].state.id != first, "the next")
        await here.pilot.press("a")
        await here.pilot.pause()
        assert "approve: " in here.text().lower()
        assert {s for s, _ in (await here.revisions()).values()} == {"pending", "rejected"}


async def test_what_changed_while_the_question_was_open_is_refused(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with at("inbox", tmp_path, monkeypatch) as here:
        id = here.aim[0].state.id
        await here.press("r")
        await here.dialog(RejectDialog)
        await here.bob(id, Kind.REASSIGN, to="queue:other")
        await here.press("1", "y")
        await here.until(lambda: isinstance(here.top, InboxScreen) and here.toasts(), "the refusal")
        assert await here.status(id) == "pending"


# ---------------------------------------------------------------------------------------- marks


async def test_a_single_mark_is_listed_and_decided_wherever_the_cursor_is(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with at("inbox", tmp_path, monkeypatch) as here:
        marked = here.aim[0].state.id
        await here.press("space", "j")
        here.clock.seconds += 1
        await here.press("a")
        dialog: BulkDialog = await here.dialog(BulkDialog)
        assert [entry.state.id for entry in dialog.entries] == [marked]
        await here.press("2", "y")
        await here.until_status(marked, "approved")
        assert await here.pending() == len(here.ids) - 1


async def test_marks_further_away_are_counted(tmp_path: Path, monkeypatch: Patch) -> None:
    """A page that goes out of memory keeps its marks, and says how many are out of reach."""
    async with at("inbox", tmp_path, monkeypatch, refunds(240)[:230]) as here:
        box = inbox_of(here)
        await here.press("*")
        await here.until(lambda: len(box.list.marks) == 230, "all marked")
        near = len(box.list.window.rows)
        assert near < 230
        await here.until(lambda: f"230 marked, {230 - near} further away" in here.text(), "said")


async def test_another_view_takes_hidden_marks_away_and_says_so(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with at("inbox", tmp_path, monkeypatch) as here:
        box = inbox_of(here)
        await here.press("space", "space")
        assert len(box.list.marks) == 2
        decided = next(n for n, view in enumerate(box.views.views, 1) if view.name == "Decided")
        await here.press(str(decided))
        await here.until(lambda: not len(box.list.marks), "the marks")
        assert "2 marks taken away" in here.toasts()


@pytest.mark.parametrize("name", ["inbox", "group"])
async def test_exactly_what_was_listed_is_touched(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    """What comes while the list is open is not touched; what is struck out is not either."""
    async with at(name, tmp_path, monkeypatch, bulk_looks=0) as here:
        if name == "inbox":
            await here.press("space", "space", "space")
        else:
            await here.press("G", "space", "k", "k", "space", "k", "k", "space")
        here.clock.seconds += 1
        await here.press("a")
        dialog: BulkDialog = await here.dialog(BulkDialog)
        listed = [entry.state.id for entry in dialog.entries]
        assert len(listed) == 3
        touched = dialog.query_one(Touched)
        rows = [touched.row_text(row) for row in range(touched.row_count)]
        assert sorted(row.rpartition("  ")[2] for row in rows) == sorted(listed)
        await here.bob(listed[0], Kind.REASSIGN, to="queue:other")
        await here.until(lambda: dialog.gone, "struck out")
        here.ids += await here.hand_in([refunds(9)[0] | {"key": "later"}])
        await here.press("2", "y")
        await here.until_status(listed[1], "approved")
        await here.until_status(listed[2], "approved")
        found = await here.revisions()
        assert {id for id, (status, _) in found.items() if status == "approved"} == set(listed[1:])


async def test_a_look_claims_nothing_and_drops_who_was_replaced(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """Reading it anew drops one that was replaced; the new revision was not in the list."""
    async with at("look", tmp_path, monkeypatch) as here:
        look = here.look
        first = look.artifact_id
        await here.queue.claim(first, BOB)
        here.clock.seconds += 1
        await here.press("T")
        await here.until(lambda: "only a look" in here.toasts(), "the refusal")
        item = await here.queue.get(first)
        assert item is not None
        assert item.entry.state.lease_owner == "bob"
        assert here.session.held(first) is None
        document = refunds(9)[here.ids.index(first)]
        await here.hand_in([document | {"key": "newer", "supersedes": document["key"]}])
        await here.until(lambda: look.opened is not None and look.opened.changed, "the news")
        await here.press("ctrl+r")
        await here.until(lambda: first in look.dropped, "dropped")
        await here.look_shown(0)
        assert look.artifact_id in here.ids
