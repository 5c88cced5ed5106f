"""How triage looks: pictures on a telephone, a small terminal and a wide one; a clock that stands.

`pytest --snapshot-update` makes the pictures anew; look at them before they are committed.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor, Decision, Kind
from reviewer.domain.instant import MINUTE, SECOND, iso, parse_iso
from reviewer.policy.schedule import Rotation
from reviewer.queue import open_queue
from reviewer.tui.app import DeskApp
from reviewer.tui.screens.triage import TriageScreen
from reviewer.tui.session import Session

from .review_desk import AGENT, BOB, document

NOW = parse_iso("2026-11-20T10:00:00Z")
ROTATIONS = (
    Rotation("*", ("ana", "ben"), "2026-11-20T09:00", "1d", "UTC"),
    Rotation("billing", ("mia", "cy"), "2026-11-20T09:00", "12h", "UTC"),
)
DUE = (  # minutes from now, risk, queue, agent, title
    (-43, "critical", "data", "sql-agent", "Anonymise accounts closed before 2020"),
    (-4, "high", "support", "mailer", "Reply to ticket 5817: account closed"),
    (6, "low", "billing", "refund-bot", "Refund order 8841 (damaged)"),
    (12, "medium", "data", "crm-sync", "顧客の住所を更新する (東京)"),
    (
        25,
        "high",
        "support",
        "mailer",
        "Hostile \x1b]52;c;AAAA\x07 \u202etitle [@click=app.quit]x[/]",
    ),
    (95, "medium", "legal", "contract-clerk", "Andes Roasters SpA: liability"),
    (1700, "low", "billing", "refund-bot", "Refund order 8907 (late)"),
)


async def prepared(pilot: Pilot[None], url: str) -> None:
    """Hands everything in, opens triage, and lets the desk's clock stand."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    queue = await open_queue(url)
    real = await queue.now() // SECOND * SECOND
    ids = []
    for number, (minutes, risk, name, agent, title) in enumerate(DUE):
        made = document(
            key=f"k{number}", title=title, risk=risk, queue=name,
            agent={"name": agent, "version": "1"}, due_at=iso(real + minutes * MINUTE),
        )  # fmt: skip
        actor = Actor(agent, "agent", AGENT.roles)
        ids.append((await queue.submit(parse(made), actor)).artifact_id)
    await queue.claim(ids[3], BOB)
    item = await queue.get(ids[1])
    assert item is not None
    state = item.entry.state
    up = Decision(Kind.ESCALATE, ids[1], state.revision, state.digest, "op", to="ana")
    await queue.decide(up, BOB)
    while app.inbox.reader.pending != str(len(DUE)):
        await pilot.pause(0.05)
    await pilot.press("t")
    while not isinstance(app.screen, TriageScreen) or app.screen.due.row_count != len(DUE):
        await pilot.pause(0.05)
    screen = app.screen
    while not all(load.pending for load in screen.load.loads) or len(screen.load.loads) != 4:
        await pilot.pause(0.05)
    screen.reader.look_again = lambda: None  # type: ignore[method-assign]
    while screen.reader._looking:
        await pilot.pause(0.05)
    stand(screen, real)
    await queue.close()
    await pilot.press("j")
    await pilot.pause(0.3)


def stand(screen: TriageScreen, real: int) -> None:
    """From here on it is ten o'clock."""
    from dataclasses import replace

    shift = NOW - real
    screen.session.now = lambda: NOW  # type: ignore[method-assign]
    screen.reader.entries = [
        replace(
            entry,
            state=replace(
                entry.state,
                due_at=entry.state.due_at + shift,
                lease_until=entry.state.lease_until and entry.state.lease_until + shift,
            ),
        )
        for entry in screen.reader.entries
    ]
    screen.reader.loads = tuple(
        replace(load, oldest_at=NOW - 90 * MINUTE) for load in screen.reader.loads
    )
    screen.was_read(anew=True)


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Any:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    time.tzset()


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("size", [(30, 12), (40, 20), (80, 24), (120, 40), (200, 60)])
def test_triage(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    url = f"sqlite:///{tmp_path}/queue.db"
    app = DeskApp(Session(Config(name="mia", on_call=ROTATIONS)), url)
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: prepared(pilot, url))


@pytest.mark.usefixtures("utc")
def test_triage_light(tmp_path: Path, snap_compare: Any) -> None:
    url = f"sqlite:///{tmp_path}/queue.db"
    app = DeskApp(Session(Config(name="mia", on_call=ROTATIONS, theme="reviewer-light")), url)
    assert snap_compare(app, terminal_size=(80, 24), run_before=lambda pilot: prepared(pilot, url))


@pytest.mark.usefixtures("utc")
def test_queues_on_a_telephone(tmp_path: Path, snap_compare: Any) -> None:
    url = f"sqlite:///{tmp_path}/queue.db"
    app = DeskApp(Session(Config(name="mia", on_call=ROTATIONS)), url)

    async def switched(pilot: Pilot[None]) -> None:
        await prepared(pilot, url)
        await pilot.press("tab")
        screen = pilot.app.screen
        assert isinstance(screen, TriageScreen)
        while not screen.load.has_focus:
            await pilot.pause(0.05)
        await pilot.pause(0.3)

    assert snap_compare(app, terminal_size=(40, 20), run_before=switched)
