"""The policy's screens over a real queue: a file is checked, simulated and put in force."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.decision import Kind
from reviewer.domain.governance import PolicyRow
from reviewer.tui import policy_trying
from reviewer.tui.screens.agents import AgentsScreen
from reviewer.tui.screens.dialogs.governing import (
    ActivateDialog,
)
from reviewer.tui.screens.policy import PolicyScreen
from reviewer.tui.screens.review import ReviewScreen

from .policy_desk import drawn
from .review_desk import desk
from .test_policy_desk import ANA, POLICY, Patch, decide, in_force, submit


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))


async def test_a_file_is_checked_simulated_and_put_in_force(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        for number in range(3):
            id = await submit(running, f"a{number}", confidence=0.99)
            await decide(running.queue, id, Kind.APPROVE if number else Kind.REJECT)
        (tmp_path / "policy.yaml").write_text(
            POLICY.replace("owner: ana", "owner: ana\n    mode: autonomous")
        )
        running.clock.seconds += 600  # the desk's clock goes on by itself elsewhere
        await running.press("P")
        screen = running.app.screen
        assert isinstance(screen, PolicyScreen)
        await running.until(lambda: screen.rows, "rows")
        await running.press("s")
        await running.until(
            lambda: screen.tried is not None and screen.tried.simulated is not None, "simulated"
        )
        await running.pilot.pause(0.1)
        assert "3 admissions" in drawn(screen)
        await running.press("a")
        dialog = await running.dialog(ActivateDialog)
        assert "mode assisted → autonomous" in drawn(dialog)
        await running.press("enter", *"go")
        assert running.app.screen is dialog
        await running.press("ctrl+s")
        await running.until(lambda: "is in force" in running.toasts(), "in force")
        row = await running.queue.policy()
        assert row.text == (tmp_path / "policy.yaml").read_text()
        assert row.note.strip() == "go"
        await running.until(
            lambda: running.session.governing.row == row, "the desk has the new policy"
        )


async def test_with_four_eyes_it_is_proposed_and_somebody_else_activates(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running, POLICY + "activation: {four_eyes: true}\n")
        (tmp_path / "policy.yaml").write_text(POLICY)
        await running.press("P")
        screen = running.app.screen
        assert isinstance(screen, PolicyScreen)
        await running.press("c")
        await running.until(lambda: screen.tried is not None and not screen.doing, "checked")
        await running.press("a")
        dialog = await running.dialog(ActivateDialog)
        assert "Four eyes" in drawn(dialog)
        await running.press("ctrl+s")
        await running.until(lambda: "is proposed" in running.toasts(), "proposed")
        await running.press("2")
        await running.until(lambda: screen.policies.row is not None, "history")
        await running.until(
            lambda: screen.policies.rows[0].state == "proposed", "the proposal is there"
        )
        screen.policies.go(0)
        await running.press("a")
        assert running.app.screen is screen
        assert "Four eyes: you proposed it" in running.toasts()
        digest = screen.policies.rows[0].digest
        assert isinstance(await running.queue.activate_policy(digest, ANA), PolicyRow)
        await running.until(lambda: screen.policies.rows[0].state == "active", "seen at once")


async def test_a_proposal_of_somebody_else_is_activated_from_the_history(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running, POLICY + "activation: {four_eyes: true}\n")
        row = await running.queue.propose_policy(POLICY, "calmer", ANA)
        assert isinstance(row, PolicyRow)
        await running.press("P", "2")
        screen = running.app.screen
        assert isinstance(screen, PolicyScreen)
        await running.until(lambda: len(screen.policies.rows) == 3, "history")
        await running.press("a")
        dialog = await running.dialog(ActivateDialog)
        assert "you are the second person" in drawn(dialog)
        await running.press("a", "enter")
        assert running.app.screen is dialog
        await running.press("y")
        await running.until(lambda: "is in force" in running.toasts(), "in force")
        assert (await running.queue.policy()).digest == row.digest


async def test_a_long_simulation_is_stopped_and_freezes_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def endless(session: Any, compiled: Any, progress: Any) -> Any:
        progress(1200, 0.25)
        begun.set()
        await go.wait()

    monkeypatch.setattr("reviewer.tui.screens.policy.simulated", endless)
    assert policy_trying.simulated is not endless
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        (tmp_path / "policy.yaml").write_text(POLICY)
        await running.press("P", "s")
        screen = running.app.screen
        assert isinstance(screen, PolicyScreen)
        await running.until(begun.is_set, "begun")
        await running.pilot.pause()
        assert "1,200 admissions  25%  esc stops" in drawn(screen)
        await running.press("1")
        assert screen.page == "in force", "keys work meanwhile"
        await running.press("3", "escape")
        assert not screen.doing
        assert running.app.screen is screen
        assert "Stopped" in running.toasts()
        await running.press("escape")
        await running.until(lambda: running.app.screen is running.app.inbox, "left")


async def test_screens_reach_each_other(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        id = await submit(running, "a1")
        await decide(running.queue, await submit(running, "a0"), Kind.APPROVE)
        await running.press("t", "B")
        screen = running.app.screen
        assert isinstance(screen, AgentsScreen)
        await running.until(lambda: screen.list.rows, "rows")
        await running.press("P")
        assert isinstance(running.app.screen, PolicyScreen)
        await running.press("escape", "enter")
        await running.until(lambda: running.app.screen is running.app.inbox, "the inbox")
        await running.until(lambda: running.app.inbox.list.row_count == 1, "its artifacts")
        await running.open(id)
        await running.press("B")
        await running.until(lambda: isinstance(running.app.screen, AgentsScreen), "agents")
        await running.press("escape")
        assert isinstance(running.app.screen, ReviewScreen)
