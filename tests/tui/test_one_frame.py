"""What a key asks for comes in one frame: read before it is asked for, and before all else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from reviewer.tui import brief, deciding, inbox_reader
from reviewer.tui.screens import first_frame
from reviewer.tui.screens import inbox as inbox_screen
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import Desk, desk
from .test_drawn_once import as_drawn_again
from .test_inbox import decide, fill, here, inbox, shown

Patch = pytest.MonkeyPatch


def calls(patch: Patch, owner: object, name: str) -> list[tuple[Any, ...]]:
    """What a method is called with from now on."""
    found: list[tuple[Any, ...]] = []
    real: Callable[..., Any] = getattr(owner, name)

    def noted(*args: Any, **more: Any) -> Any:
        found.append((*args, more))
        return real(*args, **more)

    patch.setattr(owner, name, noted)
    return found


@asynccontextmanager
async def filled(
    tmp_path: Path, patch: Patch, number: int
) -> AsyncIterator[tuple[Desk, list[str]]]:
    """A desk with so many artifacts in its list, and their ids."""
    async with desk(tmp_path, patch) as running:
        yield running, await fill(running, number)


async def test_where_half_a_page_and_a_page_go_was_read_before(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with filled(tmp_path, monkeypatch, 200) as (running, _):
        rows, feed = inbox(running).list, inbox(running).reader.feed
        rows.go(60)
        for key, step in zip(("ctrl+d", "ctrl+u", "pagedown", "pageup"), rows.jumps, strict=True):
            aim = rows.window.rows[rows.cursor + step]
            await running.until(lambda aim=aim: feed.kept(aim) is not None, f"what {key} shows")
            title = f"Refund order {8860 + step}"
            with monkeypatch.context() as patch:  # so that nothing can come later
                patch.setattr(inbox(running).preview, "tick", lambda _now: None)
                patch.setattr(feed, "full", asyncio.Event().wait)
                await running.pilot.press(key)
                assert (here(running), shown(running)) == (title, title)
            await running.pilot.press("k" if step > 0 else "j")
            rows.go(60)


async def test_what_a_page_brings_was_drawn_before(tmp_path: Path, monkeypatch: Patch) -> None:
    async with filled(tmp_path, monkeypatch, 200) as (running, _):
        rows, preview = inbox(running).list, inbox(running).preview
        rows.go(60)
        for key, step in zip(("ctrl+d", "ctrl+u", "pagedown", "pageup"), rows.jumps, strict=True):
            aim = rows.window.rows[rows.cursor + step].state.id
            made = preview._briefs._made
            await running.until(lambda aim=aim, made=made: aim in made, "a preview")
            await running.until(lambda: rows._ahead._timer is None, "the rows around")
            drawn, briefs = calls(monkeypatch, rows, "_drawn"), calls(monkeypatch, brief, "brief")
            await running.pilot.press(key)
            assert here(running) == shown(running) == f"Refund order {8860 + step}"
            assert as_drawn_again(rows), key
            seen = rows.window.rows[rows.top : rows.top + rows.page]
            assert len(seen) == rows.page
            assert not [entry for entry, *_ in drawn if entry in seen]  # but the next page's rows
            assert aim not in [item.entry.state.id for item, *_ in briefs]
            await running.pilot.press("k" if step > 0 else "j")
            rows.go(60)


def named(screen: InboxScreen) -> str:
    """The number of the view that the tabs name as open."""
    return next(str(part.text).strip() for part in screen.tabs._left if part.style == "here")


async def test_another_view_comes_in_one_frame(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(inbox_screen, "SOON", 60)
    monkeypatch.setattr(inbox_reader, "TOGETHER", 60)
    async with filled(tmp_path, monkeypatch, 60) as (running, ids):
        screen = inbox(running)
        await decide(running, ids[0])
        await running.press("6")
        await running.until(lambda: screen.list.row_count == 1, "what was decided")
        await running.until(lambda: screen.list.total == 1, "how many")
        await running.press("2")
        await running.until(lambda: screen.list.row_count == 59, "the others")
        seen: list[tuple[str, int, str, int | None]] = []
        display = running.app._display

        def noted(on: Screen[Any], update: Any) -> None:
            if update is not None:
                seen.append(
                    (named(screen), screen.list.row_count, shown(running), screen.list.total)
                )
            display(on, update)

        monkeypatch.setattr(running.app, "_display", noted)
        await running.press("6")
        await running.until(lambda: screen.list.row_count == 1, "what was decided")
        await running.pilot.pause()
        assert seen
        assert {frame for frame in seen if frame[0] == "6"} == {("6", 1, "Refund order 8800", 1)}


async def beside(running: Desk, filled: str) -> str:
    """Opens an empty view beside a filled one; waits until that was read and drawn, its filter."""
    screen = inbox(running)
    rows, ready = screen.list, screen.reader.feed._ready
    await running.press(str(int(filled) + 1))
    await running.until(lambda: rows.row_count == 0, "an empty view")
    text = screen.views.beside(-1).text()
    await running.until(lambda: text in ready and ready[text][1].page.entries, "the view beside")
    await running.until(lambda: not rows._next and rows._ahead._timer is None, "its rows")
    return text


async def test_the_view_beside_was_read_and_drawn_before(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with filled(tmp_path, monkeypatch, 60) as (running, _):
        await beside(running, "2")
        feed, rows = inbox(running).reader.feed, inbox(running).list
        drawn, read = calls(monkeypatch, rows, "_drawn"), calls(monkeypatch, feed, "_page")
        monkeypatch.setattr(feed, "open", asyncio.Event().wait)
        await running.press("2")
        await running.until(lambda: rows.row_count == 60, "the list")
        assert here(running) == shown(running) == "Refund order 8800"
        assert as_drawn_again(rows)
        seen = rows.window.rows[: rows.page]
        assert not [entry for entry, *_ in drawn if entry in seen]
        await running.until(lambda: read, "a look at what it is now")


async def test_a_view_that_was_read_before_is_shown_as_it_is_now(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with filled(tmp_path, monkeypatch, 5) as (running, ids):
        text = await beside(running, "2")
        reader = inbox(running).reader
        monkeypatch.setattr(reader.feed, "forget_ready", lambda: None)  # as if before news
        await decide(running, ids[0])
        await running.until(lambda: reader.pending == "4", "the news")
        assert len(reader.feed._ready[text][1].page.entries) == 5
        await running.press("2")
        await running.until(lambda: inbox(running).list.row_count == 4, "what it is now")


async def test_news_let_go_of_what_was_read_before(tmp_path: Path, monkeypatch: Patch) -> None:
    async with filled(tmp_path, monkeypatch, 5) as (running, ids):
        feed = inbox(running).reader.feed
        await running.until(lambda: feed._ready, "the views beside")
        monkeypatch.setattr(feed, "make_ready", lambda _text: asyncio.Event().wait())
        await decide(running, ids[0])
        await running.until(lambda: not feed._ready, "nothing old")


@pytest.mark.parametrize("trouble", [ZeroDivisionError, None])
async def test_another_view_comes_although_its_preview_does_not(
    tmp_path: Path, monkeypatch: Patch, trouble: type[Exception] | None
) -> None:
    async with filled(tmp_path, monkeypatch, 3) as (running, ids):
        await decide(running, ids[0])
        screen = inbox(running)
        await running.until(lambda: screen.list.row_count == 2, "what is left")

        async def full(_entry: Any) -> None:
            if trouble is not None:
                raise trouble
            await asyncio.Event().wait()

        monkeypatch.setattr(screen.reader.feed, "full", full)
        await running.press("6")
        await running.until(lambda: screen.list.row_count == 1, "what was decided")


async def test_another_view_is_named_where_its_list_takes_long(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with filled(tmp_path, monkeypatch, 3) as (running, _):
        screen = inbox(running)
        monkeypatch.setattr(screen.reader.feed, "open", lambda _text: asyncio.Event().wait())
        await running.press("5")  # the third was read ahead
        await running.until(lambda: named(screen) == "5", "the view's name")
        assert screen.list.row_count == 3


async def test_a_mark_draws_the_rows_that_it_changes(tmp_path: Path, monkeypatch: Patch) -> None:
    async with filled(tmp_path, monkeypatch, 60) as (running, _):
        rows = inbox(running).list
        asked = calls(monkeypatch, rows, "refresh")
        inbox(running).action_mark()
        lines = [region.y for *regions, _ in asked for region in regions]
        assert set(lines) == {rows.HEAD, rows.HEAD + 1}
        assert all(regions for *regions, _ in asked)
        await running.press("k", "space")
        assert not rows.marks
        for keys in ("jj ", "kkkv", "jjj", "v", "jjv", "kk", "v"):
            await running.press(*(key if key != " " else "space" for key in keys))
            assert as_drawn_again(rows), keys
        assert len(rows.marks) > 3
        await running.press("ctrl+d", "escape")
        assert not rows.marks
        assert as_drawn_again(rows)
        await running.press("ctrl+u")
        assert as_drawn_again(rows)


async def test_a_mark_and_the_number_of_marks_come_in_one_frame(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with filled(tmp_path, monkeypatch, 60) as (running, _):
        for number in range(1, 9):
            drawn = calls(monkeypatch, running.app, "_display")
            await running.press("space")
            frame = next(
                "".join(strip.text for strip in strips(update))
                for _, update, _ in drawn
                if update is not None and any("●" in strip.text for strip in strips(update))
            )
            assert f"{number} marked" in frame


def strips(update: Any) -> list[Strip]:
    """What a frame draws."""
    return [strip for line in update.chops for strip in line.values() if strip is not None]


def frames(patch: Patch, running: Desk) -> list[bool]:
    """For each frame of a review from now on, whether there is an artifact in it."""
    found: list[bool] = []
    display = running.app._display

    def noted(screen: Screen[Any], update: Any) -> None:
        if isinstance(screen, ReviewScreen) and update is not None:
            found.append(screen.opened is not None)
        display(screen, update)

    patch.setattr(running.app, "_display", noted)
    return found


async def test_an_artifact_comes_up_in_its_first_frame(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(first_frame, "PATIENCE", 60)
    async with filled(tmp_path, monkeypatch, 3) as (running, ids):
        drawn = frames(monkeypatch, running)
        await running.press("enter")
        await running.shown(ids[0])
        assert drawn
        assert all(drawn)


async def test_an_empty_screen_comes_up_where_the_queue_is_slow(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with filled(tmp_path, monkeypatch, 3) as (running, _):
        queue = running.session.queue
        assert queue is not None
        monkeypatch.setattr(queue, "claim", lambda *_, **__: asyncio.Event().wait())
        drawn = frames(monkeypatch, running)
        await running.press("enter")
        await running.until(lambda: drawn == [False], "an empty frame")


async def test_what_the_inbox_has_read_is_not_read_again_when_it_is_opened(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with filled(tmp_path, monkeypatch, 3) as (running, ids):
        read: list[str] = []
        get, claim = running.session.get, running.session.claim

        async def reads(id: str) -> Any:
            read.append(id)
            return await get(id)

        async def claims(id: str, *more: Any) -> Any:
            assert ids[0] not in read
            read.append(f"claimed {id}")
            return await claim(id, *more)

        monkeypatch.setattr(running.session, "get", reads)
        monkeypatch.setattr(running.session, "claim", claims)
        await running.press("enter")
        await running.shown(ids[0])
        assert f"claimed {ids[0]}" in read


@pytest.mark.parametrize("read_only", [False, True])
async def test_what_was_read_before_is_shown_as_it_is_now(
    tmp_path: Path, monkeypatch: Patch, read_only: bool
) -> None:
    async with filled(tmp_path, monkeypatch, 2) as (running, ids):
        item = await running.queue.get(ids[0])
        assert item is not None
        await decide(running, ids[0])
        running.session.read_only = read_only
        screen = ReviewScreen(ids[0], known=item)
        running.app.push_screen(screen)
        await running.shown(ids[0])
        assert screen.opened is not None
        assert not screen.opened.claimed
        assert screen.opened.item.entry.state.status == "approved"


async def test_the_next_one_comes_before_the_note(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(deciding, "AFTER", 1.0)
    async with filled(tmp_path, monkeypatch, 3) as (running, ids):
        await running.press("enter")
        await running.shown(ids[0])
        running.clock.seconds += 1
        await running.press("a")
        await running.shown(ids[1])
        assert "approved" not in running.toasts()
        await running.until(lambda: "approved" in running.toasts(), "the note")


async def test_a_list_beneath_is_read_anew_when_it_comes_back(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with filled(tmp_path, monkeypatch, 3) as (running, ids):
        reader, rows = inbox(running).reader, inbox(running).list
        await running.press("enter")
        await running.shown(ids[0])
        await running.until(lambda: not reader._looking, "nothing to be read")
        monkeypatch.setattr(inbox_reader, "LOOK_AGAIN", 60.0)
        await running.submit(key="new")
        await running.until(lambda: reader._dirty, "news")
        await running.pilot.pause(0.1)
        assert rows.row_count == 3
        await running.press("escape")
        await running.until(lambda: rows.row_count == 4, "the new one")


async def test_what_is_said_again_lays_nothing_out(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await running.open(await running.submit())
        await settled(running)
        asked: list[Widget] = []
        real = Widget.refresh

        def noted(self: Widget, *regions: Any, **more: Any) -> Any:
            if more.get("layout"):
                asked.append(self)
            return real(self, *regions, **more)

        monkeypatch.setattr(Widget, "refresh", noted)
        running.session._changed()
        running.review.tell_header()
        running.review.tell_titles()
        running.review._tell_refusal()
        await running.pilot.pause()
        assert asked == []


async def settled(running: Desk) -> None:
    """Waits until all that is read about an artifact is there."""
    screen: Screen[Any] = running.review
    await running.until(lambda: all(w.is_finished for w in screen.workers), "the workers")
    await running.pilot.pause()
