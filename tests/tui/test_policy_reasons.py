"""The reason codes of the policy in force, where a person is asked why."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.domain.decision import Actor
from reviewer.tui.screens.dialogs.answers import RejectDialog
from reviewer.tui.screens.dialogs.choices import Choices

from .review_desk import desk

POLICY = """
version: 1
agents: {"*": {grants: [{write: "*"}]}}
reasons: {no_receipt: "no receipt\\u202E"}
"""


async def test_the_policys_reason_codes_are_the_first_digits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        lead = Actor("lea", roles=frozenset({"lead"}))
        await running.queue.propose_policy(POLICY, "", lead)
        governing = running.session.governing
        await running.until(
            lambda: governing.policy is not None and governing.policy.reasons, "the policy"
        )
        id = await running.submit()
        await running.open(id)
        await running.ask("r", RejectDialog)
        shown = running.app.screen.query_one(Choices).render_line(0).text
        assert "no receipt⟨U+202E⟩" in shown
        await running.press("1", "y")
        await running.until_status(id, "rejected")
        assert (await running.queue.history(id))[-1].facts["reasons"] == ["no_receipt"]
