"""How groups look: pictures at three sizes, on a clock that stands still.

`pytest --snapshot-update` makes the pictures anew; look at them before they are committed.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from textual.pilot import Pilot

from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.queue import open_queue
from reviewer.tui.app import DeskApp
from reviewer.tui.screens.group import GroupScreen
from reviewer.tui.screens.groups import GroupsScreen
from reviewer.tui.session import Session
from tests.support.refunds import refunds

from .review_desk import AGENT, document

SIZES = [(80, 24), (120, 40), (200, 60)]


async def submit(pilot: Pilot[None], url: str) -> None:
    """Hands groups in, lets the clock stand 90 seconds later, and opens the groups."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    hostile = [
        document(
            key=f"h{at}", kind="mail", title="Hostile \x1b]52;c;AAAA\x07 \u202etitle [@click=x]",
            agent={"name": "mailer"}, risk="high",
        )
        for at in range(2)
    ]  # fmt: skip
    made = [document(key=f"c{at}", title=f"Fix retry loop {at}") for at in range(3)]
    queue = await open_queue(url)
    for batch in (refunds(23), made, hostile):
        await queue.submit_many([parse(entry) for entry in batch], AGENT)
    first = await queue.get((await queue.find("refund-bot", "refund-8800")) or "")
    assert first is not None
    await queue.close()
    while app.session.queue is None:
        await pilot.pause(0.05)
    created = first.entry.state.created_at
    app.session.now = lambda: created + 90_000_000  # type: ignore[method-assign]
    screen = GroupsScreen(None, Random(1))
    app.push_screen(screen)
    while len(screen._sentences) < 3:
        await pilot.pause(0.05)
    screen._tick()
    await pilot.pause(0.1)


def app(tmp_path: Path) -> tuple[DeskApp, str]:
    """A desk on an empty queue."""
    url = f"sqlite:///{tmp_path}/queue.db"
    return DeskApp(Session(Config(name="mia")), url), url


@pytest.mark.parametrize("size", SIZES)
def test_groups(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: object,
    size: tuple[int, int],
) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))
    desk, url = app(tmp_path)

    async def run(pilot: Pilot[None]) -> None:
        await submit(pilot, url)

    assert snap_compare(desk, terminal_size=size, run_before=run)  # type: ignore[operator]


@pytest.mark.parametrize("size", [(40, 10), *SIZES])
def test_one_group(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: object,
    size: tuple[int, int],
) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))
    desk, url = app(tmp_path)

    async def run(pilot: Pilot[None]) -> None:
        await submit(pilot, url)
        await pilot.press("enter")
        while not (isinstance(desk.screen, GroupScreen) and desk.screen.members is not None):
            await pilot.pause(0.05)
        await pilot.press("G", "space", "space", "g")
        await pilot.pause(0.1)

    assert snap_compare(desk, terminal_size=size, run_before=run)  # type: ignore[operator]
