"""`kill -9` at any moment: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import json
import os
import pickle
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backends.sql.open import open_sqlite
from reviewer.domain.decision import Refusal
from tests.support.invariants import invariants
from tests.support.making import LEAD
from tests.support.shared import ROOT

ROUNDS = 15
BATCHES = 8
"""Two workers are killed in every round: 240 kills."""

STRICT = json.dumps(
    {
        "version": 1,
        "agents": {
            "*": {
                "mode": "autonomous",
                "new_version": "autonomous",
                "grants": [{"write": "*", "rates": {"hour": 150}, "over": "deny"}],
                "budget": {"rate": 0.3, "window": "1d", "least": 10},
            }
        },
    }
)
"""Soon denies what goes over a rate, learns numbers, and is capped when its budget is spent."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are made by fork")


@pytest.mark.parametrize(("policy", "batches"), [("", BATCHES), (STRICT, 3)])
async def test_killed_workers_lose_nothing_and_repeat_nothing(
    tmp_path: Path, policy: str, batches: int
) -> None:
    path = tmp_path / "queue.db"
    queue = await open_sqlite(f"sqlite://{path}")
    if policy:
        assert not isinstance(await queue.propose_policy(policy, "", LEAD), Refusal)
    await queue.close()
    seed = int(os.environ.get("CRASH_SEED", random.randrange(2**32)))
    print(f"CRASH_SEED={seed}")  # shown with a failure
    heard: list[tuple[str, Any]] = []
    for batch in range(batches):
        heard += _rounds(path, seed + batch, batch * ROUNDS)
        assert invariants(path) == []
        with closing(sqlite3.connect(path)) as db:
            assert [
                loss for name, (what, answer) in heard for loss in _lost(db, name, what, answer)
            ] == []
    done = {what for _, (what, _) in heard}
    assert done == {"submit", "withdraw", "decide", "undo", "bulk"}


def _rounds(path: Path, seed: int, first: int) -> list[tuple[str, Any]]:
    url = f"sqlite://{path}?synchronous=normal"
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.crashing", url, str(seed), str(ROUNDS), str(first)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    return pickle.loads(done.stdout)  # type: ignore[no-any-return]


def _lost(db: sqlite3.Connection, name: str, what: str, answer: Any) -> list[str]:
    """What was acknowledged and is not stored exactly once."""

    def number(sql: str, *values: Any) -> int:
        return int(db.execute(f"SELECT count(*) {sql}", values).fetchone()[0])

    if (
        what == "submit"
        and number("FROM artifact WHERE public_id = ? AND key = ?", answer, name) != 1
    ):
        return [f"submit {name}"]
    if what == "withdraw":
        found = [number("FROM artifact WHERE public_id = ?", one) for one in answer]
        return [] if found == [1, 1, 1] else [f"submit_many {name}: {found}"]
    if what == "decide" and answer is not None:
        sql = (
            "FROM decision d JOIN artifact a ON a.id = d.artifact_id"
            " WHERE operation_id = ? AND public_id = ?"
        )
        return [] if number(sql, name, answer) == 1 else [f"decision {name}"]
    if what == "undo" and answer[1]:
        sql = "FROM decision WHERE (operation_id = ? OR bulk = ?) AND undone_at IS NOT NULL"
        found_undone = number(sql, answer[0], answer[0])
        return [] if found_undone >= answer[1] else [f"undo of {answer[0]}"]
    if what == "bulk" and answer is not None:
        decided, skipped, total = answer
        stored = number("FROM decision WHERE bulk = ?", name)
        if (stored, decided + skipped) != (decided, total):
            return [f"bulk {name}: {answer}, stored {stored}"]
    return []
