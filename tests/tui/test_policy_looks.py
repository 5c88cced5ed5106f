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

from .governed import TEXT
from .policy_desk import made_desk, shown
from .test_policy_drawn import made
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


def test_a_file_with_problems(
    tmp_path: Path, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = TEXT.replace("quorum: 2\n    four", "quorom: two\n    four") + "\nagent: {}\n"
    (tmp_path / "policy.yaml").write_text(wrong)

    async def before(pilot: Pilot[None]) -> None:
        await shown(pilot, PolicyScreen())
        await checked(pilot)

    desk = made_desk(tmp_path, policy="policy.yaml")
    assert snap_compare(desk, terminal_size=(80, 24), run_before=before)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_simulated_file(
    tmp_path: Path, snap_compare: Any, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text(TEXT.replace("mode: assisted", "mode: autonomous"))

    async def before(pilot: Pilot[None]) -> None:
        await shown(pilot, PolicyScreen())
        screen = await checked(pilot)
        assert screen.tried is not None
        screen.show_tried(screen.tried.under(made()))
        await coloured(pilot)

    desk = made_desk(tmp_path, policy="policy.yaml")
    assert snap_compare(desk, terminal_size=size, run_before=before)


async def checked(pilot: Pilot[None]) -> PolicyScreen:
    """Checks the file and waits until that is said."""
    screen = pilot.app.screen
    assert isinstance(screen, PolicyScreen)
    await pilot.press("c")
    while screen.tried is None or screen.doing:
        await pilot.pause(0.05)
    await coloured(pilot)
    return screen


async def coloured(pilot: Pilot[None]) -> None:
    """Waits until the texts have their colours."""
    screen = pilot.app.screen
    while any(worker.group == "colours" and worker.is_running for worker in screen.workers):
        await pilot.pause(0.05)
    for pane in screen.query("PolicyText"):
        while any(w.group == "colours" and w.is_running for w in pane.workers):
            await pilot.pause(0.05)
    await pilot.pause(0.3)
