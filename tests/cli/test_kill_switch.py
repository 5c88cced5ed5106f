"""The kill switch end to end: an agent that never rests, and a person in another process."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.cli.codes import Exit
from reviewer.domain.decision import Actor, Kind, Refusal
from reviewer.domain.query import parse
from reviewer.queue import Item

from ..support.invariants import invariants
from ..support.making import ANNA, LEAD, decision
from ..support.shared import ROOT
from .conftest import Run

PATIENT = 60.0
UNDO = 2
POLICY = """
version: 1
agents:
  "*":
    mode: autonomous
    new_version: autonomous
    autonomy: {sample: 0, confidence: 0.5, known_shapes: 0, spread: null}
    grants: [{write: record, system: crm, resource: "order/*"}]
"""


class Agent:
    """A running agent, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def said(self, what: str) -> list[dict[str, Any]]:
        return [line for line in list(self.lines) if what in line]

    def wait_for(self, what: str, number: int) -> None:
        """Until it has said so many of these."""
        end = time.monotonic() + PATIENT
        while len(self.said(what)) < number:
            assert self.process.poll() is None, "the agent ended"
            assert time.monotonic() < end, f"only {len(self.said(what))} {what}"
            time.sleep(0.02)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(PATIENT) == 0
        self._reader.join(PATIENT)


@contextmanager
def agent(url: str, name: str) -> Iterator[Agent]:
    command = [sys.executable, "-m", "tests.support.loop_agent", url, name]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Agent(process)
    finally:
        process.kill()
        process.wait()


def on(url: str, work: Any) -> Any:
    """What `work` answers on the queue, opened and closed for it."""

    async def run() -> Any:
        queue = await open_sqlite(url)
        try:
            return await work(queue)
        finally:
            await queue.close()

    return asyncio.run(run())


async def activate(queue: SqlQueue, text: str = POLICY) -> None:
    row = await queue.propose_policy(text, "for the test", LEAD)
    assert not isinstance(row, Refusal)
    assert row.state == "active"


async def items(queue: SqlQueue) -> list[Item]:
    found, after = [], None
    while True:
        page = await queue.page(parse("is:pending,decided"), ANNA, limit=200, after=after)
        for entry in page.entries:
            item = await queue.get(entry.state.id)
            assert item is not None
            found.append(item)
        after = page.next
        if after is None:
            return found


def test_after_a_stop_nothing_more_is_approved_or_delivered(
    process: Run, tmp_path: Path, home: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'q.db'}?undo={UNDO}"
    on(url, activate)
    with agent(url, "loop-bot") as bot, agent(url, "calm-bot") as other:
        bot.wait_for("verdict", 5)
        stopped = process(
            "stop", "loop-bot", "--because", "it pays everybody", "--queue", url, "--json"
        )
        assert stopped.code == Exit.OK, stopped.err
        at = on(url, SqlQueue.now)
        seen = len(bot.said("submitted"))
        bot.wait_for("submitted", seen + 10)
        elsewhere = len(other.said("verdict"))
        other.wait_for("verdict", elsewhere + 3)  # nobody else is held up
        time.sleep(UNDO + 1)  # what was on its way would have gone out by now
        bot.end()
        other.end()

    assert stopped.json["called_back"] > 0
    assert stopped.json["known"] is True
    verdicts = bot.said("verdict")
    assert any(one["decision"] == "approve" and one["at"] < at for one in verdicts)
    late = [one for one in verdicts if one["at"] >= at]
    assert late, "what it hands in now is answered"
    assert {one["decision"] for one in late} == {"reject"}
    assert all("it pays everybody" in one["words"] for one in late)

    found = [one for one in on(url, items) if one.entry.state.agent == "loop-bot"]
    delivered = {one["verdict"] for one in verdicts}
    back = [one for one in found if one.entry.state.status == "pending"]
    # what the agent fetched while the rest was called back went back by that
    assert len(back) >= stopped.json["called_back"]
    assert not delivered & {one.entry.state.id for one in back}
    assert all("stopped" in [reason.code for reason in one.reasons] for one in back)
    for one in found:
        if one.entry.state.created_at >= at:
            assert one.entry.decision == "reject"
        if one.entry.decision == "approve":
            assert one.entry.state.id in delivered
    assert invariants(tmp_path / "q.db") == []


def test_what_went_back_can_be_rejected_and_is_let_go_on_by_a_lead_only(
    process: Run, tmp_path: Path, home: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'q.db'}?undo=30"
    on(url, activate)
    with agent(url, "loop-bot") as bot:
        bot.wait_for("submitted", 3)
        everyone = process("stop", "--all", "--because", "a drill", "--queue", url)
        assert everyone.code == Exit.OK
        assert "stopped all agents" in everyone.out
        seen = len(bot.said("verdict"))
        bot.wait_for("verdict", seen + 1)
        bot.end()

    async def decide(queue: SqlQueue) -> Any:
        page = await queue.page(parse("is:pending"), ANNA)
        first, second = page.entries[:2]
        approved = await queue.decide(decision(first, Kind.APPROVE, "op-1"), ANNA)
        rejected = await queue.decide(decision(second, Kind.REJECT, "op-2"), ANNA)
        return approved, rejected, await queue.resume("*", Actor("ben"))

    approved, rejected, resumed = on(url, decide)
    assert isinstance(approved, Refusal)
    assert "a drill" in approved.sentence
    assert not isinstance(rejected, Refusal)
    assert isinstance(resumed, Refusal)
    assert process("resume", "loop-bot", "--queue", url).code == Exit.NEGATIVE
    done = process("resume", "--all", "--queue", url)
    assert done.code == Exit.OK, done.err
    again = process("resume", "--all", "--queue", url)
    assert "Nobody stopped all agents" in again.sentence
