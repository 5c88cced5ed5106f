"""A queue under a policy with a chain that is due at once, and workers on it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.governance import PolicyRow
from reviewer.effects.notify.sending import Setup
from reviewer.effects.worker import Report, Worker
from tests.support.making import BOT, LEAD, refund
from tests.support.receiving import Hook, Postbox
from tests.support.shared import ROOT

LATE = "2020-01-01T00:00:00Z"
"""A due time that is over at admission: every step is due at once."""


def policy(hook: Hook, box: Postbox | None = None, steps: str = "") -> str:
    """A policy file: on-call by a message, then the lead by mail, both due with the artifact."""
    second = "\n      - {after: 100%, to: lead, notify: [mail]}" if box is not None else ""
    mail = ""
    if box is not None:
        mail = (
            f"\n  mail: {{type: mail, host: 127.0.0.1, port: {box.port}, tls: none,"
            " sender: desk@example.com, to: {lea: lea@example.com}}"
        )
    chain = steps or f"- {{after: 80%, to: on-call, notify: [chat]}}{second}"
    return f"""
version: 1
queues:
  "*":
    lead: lea
    escalate:
      {chain}
on_call:
  - {{people: [otto], starts: "2020-01-06T09:00", every: 1w, zone: UTC}}
agents:
  "*": {{grants: [{{write: "*"}}]}}
notify:
  chat: {{type: webhook, url: "{hook.url}"}}{mail}
"""


async def opened(path: Path, text: str, options: str = "") -> SqlQueue:
    """A queue on a new file with this policy in force."""
    queue = await open_sqlite(f"sqlite://{path}?synchronous=normal{options}")
    row = await queue.propose_policy(text, "", LEAD)
    assert isinstance(row, PolicyRow), row
    assert row.state == "active"
    return queue


async def late(queue: SqlQueue, number: int) -> list[str]:
    """So many artifacts whose steps are all due."""
    made = await queue.submit_many([refund(f"k{n}", due_at=LATE) for n in range(number)], BOT)
    return [one.artifact_id for one in made]  # type: ignore[union-attr]


def worker(queue: SqlQueue, pager: str = "", **more: Any) -> tuple[Worker, list[Report]]:
    """A worker in this process, and what it tells."""
    told: list[Report] = []
    return Worker(queue, Setup("local", pager), tell=told.append, **more), told


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What plain sqlite3 reads."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        return connection.execute(sql).fetchall()


def states(path: Path) -> dict[str, int]:
    """How many notifications are in each state."""
    sql = "SELECT state, count(*) FROM effect WHERE kind LIKE 'notify:%' GROUP BY state"
    return dict(rows(path, sql))


def until(holds: Callable[[], Any], seconds: float = 60.0) -> None:
    """Waits for something to be so."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it never came: {holds}"
        time.sleep(0.02)


@contextmanager
def processes(path: Path, number: int = 1) -> Iterator[list[subprocess.Popen[str]]]:
    """Real workers, `reviewer worker --json`, that have begun."""
    command = [sys.executable, "-m", "reviewer", "worker", "--json", "--queue", f"sqlite://{path}"]
    running = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "REVIEWER_HOME": str(path.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    try:
        for one in running:
            assert one.stdout is not None
            assert json.loads(one.stdout.readline())["what"] == "started"
        yield running
    finally:
        for one in running:
            one.kill()
            one.communicate()


def ended(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, list[dict[str, Any]]]:
    """Ends a worker by a signal; its code and all that it said."""
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    assert err == ""
    return process.returncode, [json.loads(line) for line in out.splitlines()]
