"""An agent in shadow mode: told at once that nothing is to be applied; its calls do not run."""

from __future__ import annotations

import asyncio

import pytest

from backends.sql.open import open_sqlite
from reviewer import Client, Shadowed
from reviewer.cli.agents import exit_of
from reviewer.cli.codes import Exit
from reviewer.domain.decision import Actor

POLICY = """
version: 1
agents:
  mailer:
    mode: shadow
    new_version: shadow
    grants: [{write: "*"}]
"""


@pytest.fixture
def shadow(url: str) -> str:
    async def activate() -> None:
        queue = await open_sqlite(url)
        try:
            await queue.propose_policy(POLICY, "", Actor("lea", roles=frozenset({"lead"})))
        finally:
            await queue.close()

    asyncio.run(activate())
    return url


def test_nothing_is_applied_and_nobody_waits(shadow: str) -> None:
    ran = []
    with Client(shadow, agent="mailer") as desk:

        @desk.reviewed(kind="email")
        def send(to: str) -> None:
            ran.append(to)

        with pytest.raises(Shadowed) as told:
            send("ada@example.org")
        assert told.value.verdict is not None
        assert told.value.verdict.status == "shadowed"
        assert told.value.verdict.writes == ()
        ticket = desk.submit(
            kind="note", title="t", writes=[{"type": "document", "resource": "d", "after": "x"}]
        )
        verdict = ticket.wait(timeout=20)
        assert verdict is not None
        assert exit_of(verdict.status, verdict.decision) is Exit.SHADOWED
    assert ran == []
