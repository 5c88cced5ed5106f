"""The edit screen while others work: new revisions, conflicts, lost claims, kept drafts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from reviewer.domain.decision import Kind
from reviewer.domain.views import Claim
from reviewer.tui.deciding import drafts
from reviewer.tui.screens.dialogs.edited import EditedDialog
from reviewer.tui.screens.edit import EditScreen
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import BOB, Desk, desk
from .test_edit_hunks import _none
from .test_edit_screen import RECORD, Patch, _strips, edit_screen, wrong


def revised(**changes: Any) -> list[dict[str, Any]]:
    return [{**RECORD, "after": {**RECORD["after"], **changes}}]


async def change_reason(here: Desk, edit: EditScreen, new: str) -> None:
    """Types another reason into the record's text."""
    if not edit.as_text:
        await here.press("f3")
        await here.until(lambda: edit.as_text, "its text")
    text = edit.plain.text.replace('"refunded"', f'"{new}"')
    edit.plain.editor.replace(text, (0, 0), edit.plain.editor.document.end)
    await here.until(lambda: edit.editing.changed(0), "typed")


async def test_an_edit_from_the_list_goes_on_with_the_revision_and_no_other(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        old = await here.submit(writes=revised())
        await here.submit(key="b1", title="Another")
        await here.open(old)
        await here.press("escape")
        edit = await edit_screen(here)
        assert edit.item.entry.state.id == old
        await change_reason(here, edit, "mine")
        new = await here.submit(key="a2", supersedes="a1", writes=revised(status="x"))
        await here.until(lambda: edit.newer == new, "heard of")
        await here.press("f9")
        await here.shown(new)


async def test_a_new_revision_under_an_edit_is_said_and_nothing_is_sent(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        old = await here.submit(writes=revised())
        await here.open(old)
        edit = await edit_screen(here)
        await change_reason(here, edit, "mine")
        new = await here.submit(key="a2", supersedes="a1", writes=revised(refund={"amount": 200}))
        await here.until(lambda: edit.newer == new, "heard of")
        assert "F9 carries your edit over" in edit.news.text
        await here.press("ctrl+s")
        await here.until(lambda: "new revision" in wrong(edit), "refused")
        assert here.app.screen is edit
        # the new one is seen first, under a claim of its own, then the edit goes on
        await here.press("f9")
        await here.shown(new)
        await here.until(lambda: here.session.held(new) is not None, "claimed")
        assert here.session.held(old) is None
        here.clock.seconds += 1
        edit = await edit_screen(here)
        assert edit.item.entry.state.id == new
        assert "without conflicts" in edit.news.text
        after = edit.editing.read(0).after  # type: ignore[union-attr]
        assert (after["status"], after["refund"]) == ("mine", {"amount": 200})  # type: ignore[index,call-overload]
        await here.press("f2", "f2")
        assert edit.mode == "earlier"
        await here.until(lambda: edit.diff.diff is not None and edit.diff.diff.changed, "shown")
        shown = "\n".join(row.text for row in _strips(edit.diff))
        assert "212" in shown
        assert "mine" not in shown
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until_status(new, "approved")
        assert await here.status(old) == "superseded"
        await here.until(lambda: not (drafts().load(new) or drafts().load(old)), "drafts go")


async def test_a_conflict_is_settled_by_a_key_and_refuses_until_then(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    from reviewer.tui.screens.edit_conflicts import ConflictsScreen

    async with desk(tmp_path, monkeypatch) as here:
        old = await here.submit(writes=revised())
        await here.open(old)
        edit = await edit_screen(here)
        await change_reason(here, edit, "mine")
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        # the desk was not looking while the agent changed its mind, twice
        await here.press("escape")
        await here.submit(key="a2", supersedes="a1", writes=revised(status="closed"))
        new = await here.submit(key="a3", supersedes="a2", writes=revised(status="theirs"))
        await here.open(new)
        edit = await edit_screen(here)
        assert list(edit.editing.conflicted) == [0]
        await here.press("ctrl+s")
        await here.until(lambda: "1 place where your edit meets" in wrong(edit), "refused")
        assert here.app.screen is edit
        await here.press("f9")
        screen = await here.dialog(ConflictsScreen)
        await here.until(lambda: screen.lines.row_count > 0, "the places")
        (place,) = screen.conflicted.merge.places
        assert (place.where, place.base, place.mine, place.theirs) == (
            "/status", "refunded", "mine", "theirs",
        )  # fmt: skip
        await here.press("b")
        assert screen.conflicted.choices == {}, "both changed the same word"
        assert "The two changes are too close to stand together; choose one" in here.toasts()
        await here.press("t", "escape")
        await here.until(lambda: here.app.screen is edit, "back")
        await here.until(lambda: edit.editing.conflicted == {}, "settled")
        assert not edit.editing.touched, "what is theirs is as proposed"
        await here.press("ctrl+s")
        await here.until(lambda: "approve it instead" in wrong(edit), "nothing left of it")


async def test_choices_survive_leaving(tmp_path: Path, monkeypatch: Patch) -> None:
    from reviewer.tui.screens.edit_conflicts import ConflictsScreen

    async with desk(tmp_path, monkeypatch) as here:
        old = await here.submit(writes=revised(other="x"))
        await here.open(old)
        edit = await edit_screen(here)
        await change_reason(here, edit, "mine")
        text = edit.plain.text.replace('"x"', '"my x"')
        edit.plain.editor.replace(text, (0, 0), edit.plain.editor.document.end)
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        await here.press("escape")
        new = await here.submit(
            key="a2", supersedes="a1", writes=revised(status="theirs", other="their x")
        )
        await here.open(new)
        edit = await edit_screen(here)
        await here.press("f9")
        screen = await here.dialog(ConflictsScreen)
        await here.until(lambda: screen.lines.row_count > 0, "the places")
        await here.press("m", "escape")
        await here.until(lambda: here.app.screen is edit, "back")
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        edit = await edit_screen(here)
        assert edit.editing.conflicted[0].choices == {0: "mine"}
        assert edit.editing.conflicted[0].open == (1,)


async def test_what_others_decide_under_an_edit_is_said_and_the_draft_stays(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    from reviewer.domain.decision import Decision

    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        await here.press(*"mine")
        item = await here.queue.get(id)
        assert item is not None
        lead = replace(BOB, roles=frozenset({"lead"}))
        claim = await here.queue.claim(id, lead, take_over=True)
        assert isinstance(claim, Claim)
        state = item.entry.state
        decision = Decision(
            Kind.REJECT, id, state.revision, state.digest, "op-bob",
            fence=claim.fence, reasons=("unsafe",),
        )  # fmt: skip
        await here.queue.decide(decision, lead)
        await here.until(lambda: "It is rejected by bob" in edit.over, "heard of")
        await here.press("ctrl+s")
        await here.until(lambda: "nothing is left to decide" in wrong(edit), "refused")
        assert drafts().load(id) is not None


async def test_a_lost_claim_leaves_the_draft_and_the_screen(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        await here.press(*"mine")
        held = here.session.held(id)
        assert held is not None
        here.session._lose(held, "Your claim ended.")
        assert "Your claim ended." in edit.news.text
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        assert (drafts().load(id) or _none()).texts[0].startswith("mine")


async def test_an_edit_that_the_queue_cannot_take_is_not_lost(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    from reviewer.domain.errors import QueueError

    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await edit_screen(here)
        await here.press(*"mine")
        queue = here.session.queue
        assert queue is not None

        async def gone(*_: Any) -> Any:
            raise QueueError("The line is cut.")

        monkeypatch.setattr(queue, "decide", gone)
        monkeypatch.setattr("reviewer.tui.connection.RETRY", (0.0,) * 5)
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until(lambda: "The line is cut" in here.toasts(), "said")
        assert (drafts().load(id) or _none()).texts[0].startswith("mine")
        assert await here.status(id) == "pending"
        edit = await edit_screen(here)
        assert edit.form.text.startswith("mine")


async def test_writing_a_draft_never_holds_up_the_screen(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """A slow disk is waited for in a thread; the last draft is the one that stays."""
    import threading

    from reviewer.tui.drafts import Drafts

    go, real = threading.Event(), Drafts.save

    def slow(self: Drafts, draft: Any) -> None:
        go.wait(20)
        real(self, draft)

    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        monkeypatch.setattr(Drafts, "save", slow)
        await here.press(*"a")
        await here.until(lambda: edit.keeper._work is not None, "on its way to the disk")
        await here.press(*"bcd")
        assert edit.form.text.startswith("abcd")
        assert drafts().load(id) is None
        go.set()
        edit.keep()
        await edit.keeper.flush()
        assert (drafts().load(id) or _none()).texts[0].startswith("abcd")
