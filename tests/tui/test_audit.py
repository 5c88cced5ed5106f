"""The audit screen: what the records say, all of it, and whether they hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor
from reviewer.tui.screens.audit import AuditScreen
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen
from tests.support.hostile import hostile_artifact

from .review_desk import AGENT, Desk, desk

BOB = Actor("bob", "person", frozenset({"reviewer"}))
Patch = pytest.MonkeyPatch


def text(here: Desk) -> str:
    """Everything that stands on the screen."""
    return "\n".join(strip.text for strip in here.app.screen._compositor.render_strips())


async def audit(here: Desk, artifact_id: str = "") -> AuditScreen:
    """The screen with its records."""
    screen = AuditScreen(artifact_id)
    here.app.push_screen(screen)
    await here.until(lambda: bool(screen.records.events), "the records")
    await here.pilot.pause()
    return screen


async def test_it_tells_what_happened_and_unfolds_all_of_it(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.press("A")
        await here.until_status(id, "approved")
        await here.press("H")
        await here.until(lambda: isinstance(here.app.screen, AuditScreen))
        screen = here.app.screen
        assert isinstance(screen, AuditScreen)
        await here.until(lambda: len(screen.records.events) == 3, "three records")
        assert [event.event for event in screen.records.events] == [
            "submitted", "claimed", "decided",
        ]  # fmt: skip
        assert "mia  approve" in text(here)
        assert "digest_decided" not in text(here)
        await here.press("enter")
        assert '"digest_decided": "sha256:' in text(here)
        await here.press("enter")
        assert "digest_decided" not in text(here)


async def test_it_follows_what_happens_and_goes_to_the_whole_queue(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        first, second = await here.submit(), await here.submit(key="other")
        screen = await audit(here, first)
        assert len(screen.records.events) == 1
        await here.queue.claim(first, BOB)
        await here.until(lambda: len(screen.records.events) == 2, "the claim")
        await here.press("asterisk")
        await here.until(lambda: len(screen.records.events) == 3, "the whole queue")
        assert second in text(here)
        await here.press("k", "o")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "the artifact")


async def test_the_proof_says_that_it_holds_and_gives_the_head(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        screen = await audit(here, await here.submit())
        await here.press("v")
        await here.until(lambda: screen.report is not None, "the proof")
        assert "1 records hold" in screen.proof.text
        await here.press("y")
        assert screen.report is not None
        assert here.app.clipboard == f"1:{screen.report.head[1]}"


async def test_the_proof_names_the_record_that_was_tampered_with(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = [await here.submit(key=f"k{at}") for at in range(3)]
        with closing(sqlite3.connect(tmp_path / "queue.db")) as raw, raw:
            raw.execute("UPDATE audit SET record = replace(record, 'coder', 'codex') WHERE seq = 2")
        screen = await audit(here, ids[0])
        await here.press("v")
        await here.until(lambda: screen.report is not None, "the proof")
        assert "Record 2 is broken" in screen.proof.text
        await here.press("y")  # the record, never the head of a broken chain
        assert here.app.clipboard.startswith("1 submitted bot ")


async def test_hostile_names_are_shown_made_visible(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        for index in range(8):
            await here.queue.submit(parse(hostile_artifact(index)), AGENT)
        await audit(here)
        for key in ("enter", "j", "G", "g"):
            await here.press(key)
        assert "\x1b" not in text(here)
        assert "\u202e" not in text(here)


async def test_an_empty_queue_says_so_and_escape_leaves(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.press("H")
        await here.until(lambda: isinstance(here.app.screen, AuditScreen))
        await here.until(lambda: "There is no record yet." in text(here), "the empty record")
        await here.press("enter", "o", "asterisk", "y", "escape")
        await here.until(lambda: isinstance(here.app.screen, InboxScreen))
