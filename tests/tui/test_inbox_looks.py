"""How the inbox looks: pictures at three sizes, on a clock that stands still.

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
from reviewer.tui.session import Session

from .review_desk import AGENT, document, followed

TITLES = (
    ("critical", "Refund order 8841 (damaged)", "refund-bot", ["amount_over_limit"]),
    ("high", "Merge duplicate contact Kestrel", "crm-sync", ["low_confidence", "drift"]),
    ("high", "Backfill country codes", "sql-agent", ["rows_over_limit"]),
    ("medium", "顧客の住所を更新する (東京)", "crm-sync", ["first_time"]),
    (
        "medium",
        "Hostile \x1b]52;c;AAAA\x07 \u202etitle [@click=app.quit]x[/]",
        "mailer",
        ["sampled"],
    ),
    ("low", "Reply to ticket 5521", "mailer", ["policy"]),
)


async def submit(pilot: Pilot[None], url: str) -> None:
    """Hands everything in, lets the clock stand 90 seconds later, and waits until it is drawn."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    queue = await open_queue(url)
    for number, (risk, title, agent, codes) in enumerate(TITLES):
        actor = type(AGENT)(agent, "agent", frozenset({"agent"}))
        escalations = [{"code": code, "detail": code.replace("_", " ")} for code in codes]
        named = {"name": agent, "version": "1.4"}
        made = document(
            key=f"k{number}", title=title, risk=risk, agent=named, escalations=escalations
        )
        await queue.submit(parse(made), actor)
    rows, reader, number = app.inbox.list, app.inbox.reader, len(TITLES)
    while rows.row_count < number or rows.total != number or reader.pending != str(number):
        await pilot.pause(0.05)
    expected = await reader.feed.counts(reader._views)
    while reader.counts != expected:
        await pilot.pause(0.05)
    created = app.inbox.list.window.rows[0].state.created_at
    app.session.now = lambda: created + 90_000_000  # type: ignore[method-assign]
    app.inbox._tick()
    await queue.close()
    for key in ("j", "space", "g"):
        await pilot.press(key)
        await followed(pilot)
    first, preview = rows.window.rows[0].state.id, app.inbox.preview
    while preview.shown is None or preview.shown.entry.state.id != first:
        await pilot.pause(0.05)
    await followed(pilot)
    await pilot.pause(0.3)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("theme", ["reviewer", "reviewer-light"])
def test_inbox(tmp_path: Path, snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    url = f"sqlite:///{tmp_path}/queue.db"
    app = DeskApp(Session(Config(name="mia", theme=theme)), url)
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: submit(pilot, url))
