"""How the audit record and the help look, at three sizes.

`pytest --snapshot-update` makes the pictures anew; look at them before they are committed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from reviewer.config import Config
from reviewer.domain.views import Event
from reviewer.tui.app import DeskApp
from reviewer.tui.screens import audit
from reviewer.tui.screens.audit import AuditScreen
from reviewer.tui.screens.help import HelpScreen
from reviewer.tui.session import Session

from .review_desk import followed
from .test_inbox_looks import submit

SIZES = [(80, 24), (120, 40), (200, 60)]
ID = "a_01m8h7h0vh8pkdv96q"
AT = 1_793_527_200_000_000
TOLD: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("submitted", "refund-bot", "agent", {"digest": "sha256:06b9288aed6c5d4f", "queue": "billing"}),
    ("claimed", "aiko", "person", {"until": "2026-11-01T10:12:00.000Z"}),
    ("decided", "aiko", "person", {
        "kind": "reject", "reasons": ["wrong_amount"],
        "comment": "the order was paid twice\x1b[2J \u202e, see the ledger", "looked_ms": 5120,
    }),
    ("undone", "aiko", "person", {}),
    ("decided", "顧客", "person", {"kind": "approve", "digest_decided": "sha256:06b9288aed6c5d4f"}),
)  # fmt: skip


async def _told(*_of: Any) -> list[Event]:
    return [
        Event(number, AT + number * 61_000_000, event, ID, actor, kind, facts)
        for number, (event, actor, kind, facts) in enumerate(TOLD, 1)
    ]


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The records' times are shown in the zone of the machine."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def app(tmp_path: Path) -> DeskApp:
    """A desk on a queue of its own."""
    return DeskApp(Session(Config(name="mia", theme="reviewer")), f"sqlite:///{tmp_path}/queue.db")


@pytest.mark.usefixtures("in_utc")
@pytest.mark.parametrize("size", SIZES)
def test_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snap_compare: Any, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(audit, "_newest", _told)
    desk = app(tmp_path)

    async def go(pilot: Pilot[None]) -> None:
        screen = AuditScreen()
        desk.push_screen(screen)
        while len(screen.records.events) < len(TOLD):
            await pilot.pause(0.02)
        await pilot.press("g", "j", "j", "enter")
        await followed(pilot)

    assert snap_compare(desk, terminal_size=size, run_before=go)


@pytest.mark.parametrize("size", SIZES)
def test_help(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    desk = app(tmp_path)

    async def go(pilot: Pilot[None]) -> None:
        await submit(pilot, f"sqlite:///{tmp_path}/queue.db")
        await pilot.press("question_mark")
        while not isinstance(desk.screen, HelpScreen):
            await pilot.pause(0.02)
        while "Approve" not in str(desk.screen.query_one("#keys", Static).render()):
            await pilot.pause(0.02)
        await followed(pilot)

    assert snap_compare(desk, terminal_size=size, run_before=go)
