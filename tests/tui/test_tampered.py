"""An artifact whose stored bytes were changed: said once, never shown or decided, nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.tui.screens.focus import FocusScreen
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import Desk, desk

Patch = pytest.MonkeyPatch


async def two(here: Desk, folder: Path) -> tuple[str, str]:
    """A tampered artifact, due first, and a good one."""
    bad = await here.submit(key="bad", due_at="2027-01-01T00:00:00Z", title="Swapped")
    good = await here.submit(key="good", due_at="2027-01-01T00:01:00Z", title="Left alone")
    with closing(sqlite3.connect(folder / "queue.db")) as raw, raw:
        changed = raw.execute(
            "UPDATE artifact_body SET payload = replace(payload, 'backoff', 'bakcoff') WHERE id = 1"
        )
        assert changed.rowcount == 1
    return bad, good


async def test_it_is_said_and_never_shown(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        bad, good = await two(here, tmp_path)
        here.app.push_screen(ReviewScreen(bad))
        await here.until(lambda: bad in here.toasts(), "what is wrong with it")
        await here.until(lambda: isinstance(here.app.screen, InboxScreen), "the inbox")
        assert here.session.connection == "live"
        assert await here.session.get(bad) is None
        assert here.toasts().count(bad) == 1  # once is enough
        await here.open(good)
        await here.press("A")
        await here.until_status(good, "approved")
        assert await here.queue.history(bad)


async def test_it_cannot_be_decided_from_the_list(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        inbox = here.app.inbox
        await here.press("7")  # a view that reads neither before it was changed
        await here.until(lambda: "is:stuck" in inbox.reader.feed.query.text, "another view")
        bad, good = await two(here, tmp_path)
        await here.press("2")
        await here.until(lambda: inbox.list.row_count == 2, "the list")
        await here.until(lambda: bad in here.toasts(), "what is wrong with it")
        here.clock.seconds += 1
        await here.press("a")
        await here.press("j")
        await here.until(lambda: here.session._shown is not None, "the good one")
        here.clock.seconds += 1
        await here.press("a")
        await here.until_status(good, "approved")
        entries = (await here.queue.page(inbox.reader.feed.query, here.session.actor)).entries  # type: ignore[arg-type]
        assert [entry.state.id for entry in entries] == [bad]


async def test_focus_passes_over_it(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        bad, good = await two(here, tmp_path)
        here.app.push_screen(FocusScreen(None))
        await here.until(lambda: isinstance(here.app.screen, FocusScreen))
        await here.shown(good)
        assert bad in here.toasts()
