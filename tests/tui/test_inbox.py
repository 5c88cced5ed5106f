"""The inbox with real keys over a real queue."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from reviewer.config import View
from reviewer.domain.artifact import parse
from reviewer.domain.decision import Decision, Kind
from reviewer.tui import deciding, marks
from reviewer.tui.screens.dialogs.bulk import BulkDialog
from reviewer.tui.screens.edit import EditScreen
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.widgets.filter_bar import FilterBar

from .review_desk import AGENT, BOB, Desk, desk, document, held_up


async def fill(running: Desk, number: int, **more: Any) -> list[str]:
    """Submits so many and waits until the list shows them."""
    found = [
        parse(document(key=f"k{n}", title=f"Refund order {8800 + n}", **more))
        for n in range(number)
    ]
    answers = await running.queue.submit_many(found, AGENT)
    await running.until(lambda: inbox(running).list.row_count >= min(number, 100), "the list")
    await running.until(lambda: inbox(running).preview.shown is not None, "the preview")
    await running.pilot.pause()
    return [answer.artifact_id for answer in answers]  # type: ignore[union-attr]


def inbox(running: Desk) -> InboxScreen:
    return running.app.inbox


def here(running: Desk) -> str:
    entry = inbox(running).list.entry
    return entry.title if entry is not None else ""


def shown(running: Desk) -> str:
    item = inbox(running).preview.shown
    return item.artifact.title if item is not None else ""


def text(running: Desk) -> str:
    """What stands on the screen."""
    _width, height = running.app.size
    strips = running.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips[:height])


async def test_the_cursor_moves_and_the_preview_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 60)
        assert here(running) == "Refund order 8800"
        await running.press("j", "down", "k")
        assert here(running) == "Refund order 8801"
        await running.until(lambda: shown(running) == "Refund order 8801")
        await running.press("G")
        assert here(running) == "Refund order 8859"
        await running.press("g", "ctrl+d")
        half = inbox(running).list.page // 2
        assert here(running) == f"Refund order {8800 + half}"
        assert "refund.amount" in text(running)


async def test_a_long_list_is_read_page_by_page_in_both_directions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 950)
        rows = inbox(running).list
        rows.hands_on()  # as a key does
        for step in range(1, 950):
            await running.until(lambda step=step: rows.span()[0] + rows.row_count > step)
            rows.move("down")
            if step % 25 == 0:
                await running.pilot.pause()
            assert here(running) == f"Refund order {8800 + step}"
            assert rows.row_count <= 600
        await running.press("g")
        await running.until(lambda: here(running) == "Refund order 8800")
        await running.press("G")
        await running.until(lambda: here(running) == "Refund order 9749")
        for step in range(948, 300, -1):
            await running.until(lambda step=step: rows.cursor > 0)
            rows.move("up")
            if step % 25 == 0:
                await running.pilot.pause()
            assert here(running) == f"Refund order {8800 + step}"


async def test_who_scrolls_far_while_the_list_is_read_anew_stays_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 250)
        rows, reader = inbox(running).list, inbox(running).reader
        rows.hands_on()
        rows.go(99)
        await running.until(lambda: rows.row_count == 200, "the second page")
        rows.go(0)
        await running.until(lambda: not reader._looking, "nothing to be read")
        go, reading, again = asyncio.Event(), asyncio.Event(), reader.feed.again

        async def slow(*of: Any) -> Any:
            found = await again(*of)
            reading.set()
            await go.wait()
            return found

        monkeypatch.setattr(reader.feed, "again", slow)
        reader.look_again()
        await reading.wait()
        rows.go(180)
        go.set()
        await running.until(lambda: not reader._looking, "read anew")
        assert here(running) == "Refund order 8980"


async def test_changes_by_others_leave_the_cursor_on_its_artifact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 12)
        await running.press("j", "j", "j")
        assert here(running) == "Refund order 8803"
        for id in ids[:2]:
            await decide(running, id)
        await running.until(lambda: inbox(running).list.row_count == 10)
        assert here(running) == "Refund order 8803"
        await decide(running, ids[3])
        await running.until(lambda: here(running) == "Refund order 8804", "the next one")
        await running.until(lambda: shown(running) == "Refund order 8804", "its preview")


async def decide(running: Desk, artifact_id: str) -> None:
    """Somebody else approves it."""
    item = await running.queue.get(artifact_id)
    assert item is not None
    state = item.entry.state
    decision = Decision(Kind.APPROVE, state.id, state.revision, state.digest, f"bob-{state.id}")
    await running.queue.decide(decision, BOB)


async def test_a_decision_key_does_nothing_before_250_ms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 3)
        await running.pilot.press("a")
        await running.pilot.pause(0.2)
        assert await running.status(ids[0]) == "pending"
        assert "not been on screen long enough" in text(running)
        await running.press("a")
        await running.until_status(ids[0], "approved")
        assert await running.status(ids[1]) == "pending"
        await running.until(lambda: "u undo" in text(running), "the countdown")
        await running.until(lambda: here(running) == "Refund order 8801", "the next one")
        await running.press("u")
        await running.until_status(ids[0], "pending")
        assert "Taken back" in running.toasts()


async def test_keys_typed_ahead_decide_one_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 6)
        running.clock.seconds += 1
        await running.pilot.press("a", "a", "a", "a")
        await running.until_status(ids[0], "approved")
        await running.pilot.pause(0.3)
        assert [await running.status(id) for id in ids[1:]] == ["pending"] * 5


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


async def test_views_keep_their_filter_and_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = (View("All", "is:pending"), View("High", "risk:>=high"), View("Done", "is:decided"))
    async with desk(tmp_path, monkeypatch, views=views) as running:
        ids = await fill(running, 4)
        await running.queue.submit(parse(document(key="h", risk="high", title="Hot")), AGENT)
        await running.until(lambda: " 1 All 5 " in text(running), "counts")
        await running.press("2")
        await running.until(lambda: here(running) == "Hot")
        await running.press("9")
        assert "There are 3 views." in text(running)
        await decide(running, ids[0])
        await running.press("l")
        await running.until(lambda: here(running) == "Refund order 8800")
        await running.press("1", "slash", *"8802", "enter")
        await running.until(lambda: inbox(running).list.row_count == 1)
        await running.press("2")
        await running.until(lambda: here(running) == "Hot")
        await running.press("1")
        await running.until(lambda: here(running) == "Refund order 8802", "its own filter")


async def test_enter_opens_and_escape_comes_back_to_the_same_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 5)
        await running.press("j", "enter")
        await running.until(lambda: isinstance(running.app.screen, ReviewScreen))
        await running.shown(ids[1])
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen))
        assert here(running) == "Refund order 8801"


async def test_the_mouse_chooses_rows_tabs_and_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 60)
        await running.pilot.click("#list", offset=(20, 4))
        assert here(running) == "Refund order 8803"
        await running.pilot.click("#list", offset=(20, 6), times=2)
        await running.until(lambda: isinstance(running.app.screen, ReviewScreen))
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen))
        at = text(running).splitlines()[1].index("Decided")
        await running.pilot.click("#tabs", offset=(at, 0))
        await running.until(lambda: inbox(running).list.row_count == 0)
        assert "Nothing has been decided yet" in text(running)


async def test_where_the_artifact_is_not_on_screen_nothing_is_decided_from_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(40, 10)) as running:
        answer = await running.submit()
        await running.until(lambda: inbox(running).list.row_count == 1)
        running.clock.seconds += 5
        await running.press("a")
        await running.pilot.pause(0.1)
        assert await running.status(answer) == "pending"
        assert "Approve: enter opens it first." in text(running)


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 16), (80, 24), (200, 60)])
async def test_every_size_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with desk(tmp_path, monkeypatch, size=size) as running:
        await running.submit(title="Refund order 8841 (damaged)")
        await running.until(lambda: inbox(running).list.row_count == 1)
        await running.until(lambda: "Ref" in text(running))
        assert all(len(line) <= size[0] for line in text(running).splitlines())


@pytest.mark.parametrize("size", [(100, 5), (100, 3), (100, 2)])
async def test_a_screen_too_small_to_draw_anything_approves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 3)
        await running.pilot.resize_terminal(*size)
        await running.until(lambda: not inbox(running).is_drawn, "nothing is left of it")
        running.clock.seconds += 5
        await running.press("j")
        running.clock.seconds += 5
        await running.press("a")
        await running.pilot.pause(0.2)
        assert [await running.status(id) for id in ids] == ["pending"] * 3
        assert "enter opens it first" in inbox(running)._notice
        await running.pilot.resize_terminal(120, 40)
        await running.until(lambda: inbox(running).is_drawn and running.session._shown, "back")
        await running.pilot.press("a")
        await running.pilot.pause(0.2)
        assert [await running.status(id) for id in ids] == ["pending"] * 3, "time starts anew"
        await running.press("a")
        await running.until_status(ids[1], "approved")


async def test_an_edit_from_the_list_is_made_under_a_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def owner(id: str) -> str:
        item = await running.queue.get(id)
        assert item is not None
        return item.entry.state.lease_owner

    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 2)
        running.clock.seconds += 1
        await running.ask("e", EditScreen)
        assert await owner(ids[0]) == "mia"
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "left")
        await running.until(lambda: running.session.held(ids[0]) is None, "given back")
        await running.pilot.pause(0.1)
        assert await owner(ids[0]) == ""


async def test_an_edit_of_what_another_has_claimed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 1)
        monkeypatch.setattr(deciding, "why_not", lambda *_args: "")  # the list has not heard of it
        await running.queue.claim(ids[0], BOB)
        await running.press("e")
        await running.until(lambda: "bob" in running.toasts(), "the refusal")
        assert isinstance(running.app.screen, InboxScreen)
        item = await running.queue.get(ids[0])
        assert item is not None
        assert item.entry.state.lease_owner == "bob"


async def test_enter_opens_nothing_while_a_decision_is_on_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 3)
        go = held_up(running, monkeypatch)
        await running.press("a", "enter")
        await running.pilot.pause(0.1)
        assert isinstance(running.app.screen, InboxScreen)
        go.set()
        await running.until_status(ids[0], "approved")
        await running.until(lambda: here(running) == "Refund order 8801", "the next one")
        await running.press("enter")
        await running.shown(ids[1])


async def test_a_decision_that_takes_long_is_said_and_the_next_one_is_not_swallowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 3)
        go = held_up(running, monkeypatch)
        await running.press("a")
        await running.until(lambda: "approving Refund order 8800" in text(running), "what is sent")
        await running.press("j", "a")
        assert "Still sending the last decision." in text(running)
        go.set()
        await running.until_status(ids[0], "approved")
        await running.until(lambda: "Still sending" not in text(running), "said no more")
        assert "approving" not in text(running)
        assert await running.status(ids[1]) == "pending"


@pytest.mark.parametrize("width", [120, 44])
async def test_an_empty_view_says_so_while_others_wait_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    views = (View("All", ""), View("Criticals", "risk:critical"))
    async with desk(tmp_path, monkeypatch, views=views, size=(width, 30)) as running:
        await running.until(lambda: "Nothing waits in the queue." in text(running), "really empty")
        words = " ".join(line.strip(" │┃") for line in text(running).splitlines())
        assert width < 100 or "reviewer submit FILE" in words
        await fill_quietly(running, 3)
        await running.until(lambda: inbox(running).reader.pending == "3", "the count")
        await running.press("2")
        await running.until(lambda: inbox(running).list.row_count == 0, "none is critical")
        await running.until(lambda: "Nothing matches the view" in text(running), "why it is empty")
        assert "Nothing waits" not in text(running)
        words = " ".join(
            " ".join(line.split("│")[0].split()) for line in text(running).splitlines()
        )
        assert "3 pending in the whole queue · 1-9 open the views · / filters" in words


async def fill_quietly(running: Desk, number: int) -> None:
    """Submits so many; the preview may have no room."""
    found = [parse(document(key=f"k{n}", title=f"Order {n}")) for n in range(number)]
    await running.queue.submit_many(found, AGENT)
    await running.until(lambda: inbox(running).list.row_count == number, "the list")


async def test_an_empty_list_that_fills_keeps_its_cursor_on_the_first_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        rows = inbox(running).list
        await running.until(lambda: inbox(running).reader.loaded, "the empty list")
        await running.submit(key="first", title="First", risk="low")
        await running.until(lambda: here(running) == "First", "the first arrival")
        await urgent(running, "a", 60)
        await running.until(lambda: rows.row_count == 61, "those above it")
        assert (rows.cursor, rows.top) == (0, 0)
        assert here(running) != "First"
        # somebody is there: the cursor belongs to its artifact from now on
        await running.press("p")
        stays = here(running)
        await urgent(running, "b", 3, due_at="2020-01-01T00:00:00Z")
        await running.until(lambda: rows.row_count == 64, "more above it")
        assert here(running) == stays
        assert rows.cursor == 3


async def test_after_two_seconds_the_cursor_stays_with_what_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        rows = inbox(running).list
        await running.until(lambda: inbox(running).reader.loaded, "the empty list")
        await running.submit(key="first", title="First", risk="low")
        await running.until(lambda: here(running) == "First", "the first arrival")
        rows.now += 3_000_000
        monkeypatch.setattr(running.session, "now", lambda: rows.now)
        await urgent(running, "a", 3)
        await running.until(lambda: rows.row_count == 4, "those above it")
        assert here(running) == "First"
        assert rows.cursor == 3


async def urgent(running: Desk, name: str, number: int, **more: Any) -> None:
    """Submits what is due before everything else."""
    made = [
        parse(document(**{"key": f"{name}{n}", "title": f"{name} {n}", "risk": "critical", **more}))
        for n in range(number)
    ]
    await running.queue.submit_many(made, AGENT)
