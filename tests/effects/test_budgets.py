"""Workers about budgets: several real ones at once, and what each of them says."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from backends.sql.open import open_sqlite
from reviewer.domain.decision import Kind, Refusal
from reviewer.policy.budget import BUCKET
from tests.support.making import ANNA, BOT, LEAD, decision, refund
from tests.support.receiving import hook
from tests.support.shared import ROOT

POLICY = """
version: 1
agents:
  refund-bot:
    owner: olga
    mode: autonomous
    grants: [{write: record}]
    kinds:
      good: {budget: {rate: 10%, window: 7d, least: 10}}
      burning: {budget: {rate: 2%, window: 7d, least: 500}}
      spent: {budget: {rate: 2%, window: 7d, least: 2}}
notify:
  chat: {type: webhook, url: "URL"}
"""


async def lived(url: str, policy: str) -> None:
    """A kind that earned its promotion, one whose budget burns, and one whose is spent."""
    queue = await open_sqlite(url)
    queue.dialect.clock_offset = -2 * BUCKET
    row = await queue.propose_policy(policy, "", LEAD)
    assert not isinstance(row, Refusal)
    assert await queue.set_cap("refund-bot", "good", "assisted", "a try", LEAD) is None
    queue.dialect.clock_offset = 0
    for kind, approved, rejected in (("good", 70, 0), ("burning", 3, 3), ("spent", 0, 2)):
        for number in range(approved + rejected):
            made = refund(f"{kind}-{number}", kind=kind)
            item = await queue.get((await queue.submit(made, BOT)).artifact_id)
            assert item is not None
            what = Kind.APPROVE if number < approved else Kind.REJECT
            done = await queue.decide(decision(item.entry, what, f"op-{kind}-{number}"), ANNA)
            assert not isinstance(done, Refusal)
    await queue.close()


async def records(url: str) -> list[dict[str, Any]]:
    queue = await open_sqlite(url)
    found = [json.loads(row.record) async for row in queue.audit()]
    await queue.close()
    return found


def workers(url: str, number: int, home: Path) -> list[str]:
    """What so many workers say, each a process of its own, all at once."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "reviewer", "worker", "--once", "--queue", url],
            cwd=ROOT,
            env={"REVIEWER_HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(number)
    ]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * number, said
    return said


def test_of_several_workers_one_tells_each_thing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'q.db'}"
    with hook() as chat:
        asyncio.run(lived(url, POLICY.replace("URL", chat.url)))
        said = "".join(workers(url, 4, tmp_path))
        texts = sorted(text.splitlines()[0] for text in chat.texts)
        assert texts == [
            "A promotion is proposed",
            "Urgent: An error budget burns too fast",
            "Urgent: An error budget is spent",
        ]
        assert all("For: olga" in text for text in chat.texts)
        workers(url, 2, tmp_path)
        assert len(chat.texts) == 3
    assert said.count("burns its error budget") == 1
    assert said.count("It may go from assisted to autonomous.") == 1
    assert said.count("refund-bot (spent) is at most assisted now") == 1
    assert said.count("Told olga") == 3
    found = asyncio.run(records(url))
    events = [(one["event"], one["facts"].get("kind")) for one in found]
    assert events.count(("told", "burning")) == 1
    assert events.count(("told", "spent")) == 1
    assert events.count(("promotion_proposed", "good")) == 1
    policies = {one["actor"]["id"] for one in found if one["event"] == "told"}
    assert policies == {"policy"}
