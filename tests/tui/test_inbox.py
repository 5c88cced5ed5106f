"""The inbox with real keys over a real queue."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from reviewer.config import View
from reviewer.domain.artifact import parse
from reviewer.domain.decision import Decision, Kind
from reviewer.tui import deciding
from reviewer.tui.screens.edit import EditScreen
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen

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
