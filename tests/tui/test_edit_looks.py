"""How editing looks: the text beside its diff, hunks, and where an edit meets a new proposal.

`pytest --snapshot-update` makes the pictures anew; look at them before they are committed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.queue import open_queue
from reviewer.tui.app import DeskApp
from reviewer.tui.drafts import Draft
from reviewer.tui.screens.edit import EditScreen
from reviewer.tui.session import Session

from .review_desk import AGENT, CODE, document

Patch = pytest.MonkeyPatch
SIZES = [(80, 24), (120, 40), (200, 60)]

BEFORE = CODE.replace("    return", "    # as before\n    return")
AFTER = (
    BEFORE.replace("call(3)", "call(three)").replace("call(5)", "backoff(call(5))")
    + "\n\ndef last(call):\n    return None  # ⟨\u202e⟩ hidden\n"
)
MESSAGE = {
    "type": "message", "channel": "email", "to": ["ann@x.example"], "subject": "Your refund",
    "body": "Hello Ann,\n\nwe refund 199.00.\n\nBest\n",
}  # fmt: skip
FILE = {
    "type": "file", "system": "sync", "resource": "src/sync/retry.py",
    "before": {"text": BEFORE}, "after": {"text": AFTER},
}  # fmt: skip
MINE = 'to: ["ann@x.example"]\ncc: []\nbcc: []\nsubject: "A refund"\n---\nHello Ann,\n\n'


async def _until(pilot: Pilot[Any], holds: Any) -> None:
    for _ in range(500):
        if holds():
            await pilot.pause(0.1)
            return
        await pilot.pause(0.02)
    raise AssertionError("it never came")


async def edit_screen(pilot: Pilot[Any], url: str, draft: dict[str, Any]) -> EditScreen:
    """The edit screen on a fresh artifact, with a draft."""
    from reviewer.tui.deciding import drafts

    queue = await open_queue(url)
    submitted = await queue.submit(parse(document(writes=[FILE, MESSAGE])), AGENT)
    item = await queue.get(submitted.artifact_id)
    await queue.close()
    assert item is not None
    if draft:
        drafts().save(Draft(submitted.artifact_id, "sha256:old", 1, **draft))
    app: Any = pilot.app
    await _until(pilot, lambda: app.session.queue is not None)
    screen = EditScreen(item)
    await app.push_screen(screen)
    await _until(pilot, lambda: screen.ready)
    return screen


def app_for(tmp_path: Path) -> tuple[DeskApp, str]:
    url = f"sqlite:///{tmp_path}/queue.db"
    return DeskApp(Session(Config(name="mia")), url), url


@pytest.mark.parametrize("size", SIZES)
def test_a_text_and_what_is_mine(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    app, url = app_for(tmp_path)

    async def run(pilot: Pilot[Any]) -> None:
        screen = await edit_screen(pilot, url, {})
        screen.plain.editor.replace("backoff(call(5, tries=3))", (17, 11), (17, 99))
        screen.plain.editor.cursor_blink = False
        screen.look()
        await _until(pilot, lambda: screen.diff.diff is not None)

    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_hunks(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    app, url = app_for(tmp_path)

    async def run(pilot: Pilot[Any]) -> None:
        screen = await edit_screen(pilot, url, {})
        await pilot.press("f7")
        await _until(
            pilot, lambda: getattr(app.screen, "ready", False) and app.screen is not screen
        )
        hunks: Any = app.screen
        await pilot.press("s")
        await pilot.press("n")
        await _until(pilot, lambda: screen.editing.left_out and hunks.lines.hunk == 1)

    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_places_where_an_edit_meets_the_new_proposal(
    tmp_path: Path, snap_compare: Any, size: tuple[int, int]
) -> None:
    app, url = app_for(tmp_path)
    base = MINE.replace("A refund", "Refund") + "we refund 212.00.\n\nBest\n"
    mine = MINE + "we refund 205.00.\n\nBest\n"
    draft = {
        "texts": {1: mine}, "bases": {1: base}, "targets": {1: "message   email"},
    }  # fmt: skip

    async def run(pilot: Pilot[Any]) -> None:
        screen = await edit_screen(pilot, url, draft)
        await pilot.press("f9")
        await _until(pilot, lambda: app.screen is not screen)
        conflicts: Any = app.screen
        await _until(pilot, lambda: conflicts.lines.row_count > 0)
        await pilot.press("m")
        await _until(pilot, lambda: conflicts.conflicted.choices == {0: "mine"})

    assert snap_compare(app, terminal_size=size, run_before=run)
