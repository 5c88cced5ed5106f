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

from .review_desk import AGENT, document

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
    while app.inbox.list.row_count < len(TITLES) or app.inbox.reader.pending != str(len(TITLES)):
        await pilot.pause(0.05)
    created = app.inbox.list.window.rows[0].state.created_at
    app.session.now = lambda: created + 90_000_000  # type: ignore[method-assign]
    app.inbox._tick()
    await queue.close()
    await pilot.press("j", "space", "g")
    while app.inbox.preview.shown is None:
        await pilot.pause(0.05)
    await pilot.pause(0.3)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("theme", ["reviewer", "reviewer-light"])
def test_inbox(tmp_path: Path, snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    url = f"sqlite:///{tmp_path}/queue.db"
    app = DeskApp(Session(Config(name="mia", theme=theme)), url)
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: submit(pilot, url))
