"""The inbox at the keyboard: marks, ranges, the filter and what it hides."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from reviewer.tui import marks
from reviewer.tui.screens.dialogs.bulk import BulkDialog
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.widgets.filter_bar import FilterBar

from .review_desk import desk
from .test_inbox import decide, fill, inbox, text


async def test_marked_ones_are_decided_together_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 8)
        await running.press("space", "j", "space")
        assert [entry.state.id for entry in inbox(running).list.marks] == [ids[0], ids[2]]
        assert "2 marked" in text(running)
        dialog = await running.ask("a", BulkDialog)
        assert dialog is not None
        running.clock.seconds += 1
        await running.press("a", "enter")
        assert await running.status(ids[0]) == "pending", "neither its own key nor enter confirms"
        await running.press("1", "ctrl+s")
        await running.until_status(ids[0], "approved")
        await running.until_status(ids[2], "approved")
        assert [await running.status(ids[n]) for n in (1, 3, 4)] == ["pending"] * 3
        await running.until(lambda: not len(inbox(running).list.marks))
        await running.until(lambda: isinstance(running.app.screen, InboxScreen))
        await running.press("u")
        await running.until_status(ids[2], "pending")
        await running.until_status(ids[0], "pending")


async def test_a_range_and_everything_are_marked_and_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "LIMIT", 150)
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 200)
        rows = inbox(running).list
        await running.press("j", "v", "j", "j", "v")
        assert [entry.title[-4:] for entry in rows.marks] == ["8801", "8802", "8803"]
        await running.press("ctrl+at")
        assert len(rows.marks) == 0
        await running.press("v", "j", "escape", "space")
        assert len(rows.marks) == 1
        await running.press("escape")
        assert len(rows.marks) == 0


async def test_marks_that_go_out_of_sight_are_taken_away_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 6)
        rows = inbox(running).list
        await running.press("space", "space", "space")
        assert len(rows.marks) == 3
        await decide(running, ids[1])
        await running.until(lambda: len(rows.marks) == 2, "the decided one loses its mark")
        await running.until(lambda: "1 mark taken away" in running.toasts(), "what is said")
        await running.press("slash", *"Refund 8802", "enter")
        await running.until(lambda: rows.row_count == 1, "the filter")
        await running.until(lambda: [e.state.id for e in rows.marks] == [ids[2]], "hidden marks go")
        await running.until(
            lambda: "Not in this list: 1 mark taken away" in running.toasts(), "what is said"
        )


async def test_what_comes_while_a_list_is_read_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 2)
        reader = inbox(running).reader
        read, told, late = reader.feed.open, asyncio.Event(), list[str]()

        async def slowly(text: str) -> Any:
            page = await read(text)  # as it was before the next one came
            if not told.is_set():
                late.append(await running.submit(key="late", title="Late"))
                await told.wait()
            return page

        def hears(changes: Any) -> None:  # after the inbox has heard it
            if any(change.artifact_id in late for change in changes):
                told.set()

        running.session.on_change(hears)
        monkeypatch.setattr(reader.feed, "open", slowly)
        await running.until(lambda: not reader._looking, "it rests")
        reader.loaded = False  # as at the start, when no list is there yet
        inbox(running).open_list()
        await running.until(lambda: inbox(running).list.row_count == 3, "the late one")


async def test_a_filter_half_typed_takes_no_marks_and_lets_none_be_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 6)
        rows = inbox(running).list
        await running.press("space", "space", "space")
        await running.press("slash", *"Refund 88")
        await running.until(lambda: rows.row_count == 0, "a number half typed matches nothing")
        assert len(rows.marks) == 3
        inbox(running).action_decide("approve", True)
        assert "enter keeps the filter first" in text(running)
        await running.press("0", "2")
        await running.until(lambda: rows.row_count == 1, "the filter")
        assert len(rows.marks) == 3
        await running.press("enter")
        await running.until(lambda: [e.state.id for e in rows.marks] == [ids[2]], "hidden marks go")
        assert "Not in this list: 2 marks taken away" in running.toasts()


async def test_everything_that_matches_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 230)
        await running.press("asterisk")
        await running.until(lambda: len(inbox(running).list.marks) == 230)
        assert "Marked all 230" in text(running)
        assert "130 further away" in text(running) or "230 marked" in text(running)


async def test_the_filter_is_live_and_names_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 30)
        rows = inbox(running).list
        await running.press("slash", *"agent:nobody")
        await running.until(lambda: rows.row_count == 0, "nothing matches")
        assert "Nothing here matches" in text(running)
        await running.press(*" is:bogus")
        await running.until(lambda: inbox(running).filter_bar.error is not None)
        assert "'bogus' is not a value of 'is:'" in text(running)
        caret = next(line for line in text(running).splitlines() if "^ 'bogus'" in line)
        field = next(line for line in text(running).splitlines() if "agent:nobody is:b" in line)
        assert caret.index("^") == field.index("is:bogus")
        await running.press("escape")
        await running.until(lambda: rows.row_count == 30, "as it was")
        await running.press("slash", *"ag")
        await running.pilot.pause(0.2)
        await running.press("tab")
        assert running.app.screen.query_one(Input).value == "agent:"
        await running.press("enter")  # at once, before the list has said what it thinks of it
        assert inbox(running).filter_bar.editing
        assert "'agent:' needs a value" in text(running)
        await running.press(*"nobody", "enter")
        await running.until(lambda: rows.row_count == 0, "nothing matches again")
        await running.press("backspace")
        await running.until(lambda: rows.row_count == 30, "the filter is dropped")


async def test_letters_in_the_filter_are_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, keymap={"approve": "b", "bulk": "f7"}) as running:
        ids = await fill(running, 3)
        running.clock.seconds += 1
        await running.press("slash", *"abcq1 ", "enter")
        assert running.app.screen.query_one(FilterBar).text == "abcq1 "
        assert await running.status(ids[0]) == "pending"
        assert running.app.is_running
