"""How the policy's screens look: pictures on a small terminal, a usual one and a wide one.

`pytest --snapshot-update` makes the pictures anew; look at them before they are committed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from reviewer.tui.screens.agents import AgentsScreen
from reviewer.tui.screens.policy import PolicyScreen

from .policy_desk import made_desk, shown
from .test_triage_looks import utc

__all__ = ["utc"]


@pytest.fixture(autouse=True)
def _here(utc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_agents(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await shown(pilot, AgentsScreen())
        await pilot.press("j", "j")
        await pilot.pause(0.2)

    assert snap_compare(made_desk(tmp_path), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_policy_in_force(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await shown(pilot, PolicyScreen())
        await coloured(pilot)

    assert snap_compare(made_desk(tmp_path), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_history(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await shown(pilot, PolicyScreen("history"))
        await coloured(pilot)

    assert snap_compare(made_desk(tmp_path), terminal_size=size, run_before=before)


async def coloured(pilot: Pilot[None]) -> None:
    """Waits until the texts have their colours."""
    screen = pilot.app.screen
    while any(worker.group == "colours" and worker.is_running for worker in screen.workers):
        await pilot.pause(0.05)
    for pane in screen.query("PolicyText"):
        while any(w.group == "colours" and w.is_running for w in pane.workers):
            await pilot.pause(0.05)
    await pilot.pause(0.3)
