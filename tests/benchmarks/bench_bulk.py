"""Bulk decisions against raw sqlite3 and one by one: `python -m tests.benchmarks.bench_bulk`.

Options: `--size N` (pending artifacts, default 100,000), `--bulk N` (default 10,000),
`--mode full|normal`.  Raw writes the same rows with texts made beforehand, by executemany in one
transaction.  Claims meanwhile are made by another process.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Any

from backends.sql.open import open_sqlite
from backends.sql.prepared.sqlite import SQL
from reviewer.domain.decision import Kind
from reviewer.queue import BulkDecision, Target
from tests.benchmarks.bench_queue import our_pair, told
from tests.benchmarks.filling import fill
from tests.support.making import ANNA
from tests.support.processes import together


def pending(path: Path, number: int) -> list[tuple[Any, ...]]:
    """The next pending artifacts: id, public id, revision, digest."""
    db = sqlite3.connect(path)
    rows = db.execute(
        "SELECT id, public_id, revision, digest FROM artifact INDEXED BY ix_ready_rank"
        " WHERE status = 'pending' AND snoozed_until IS NULL AND lease_until = 0"
        " ORDER BY rank, id LIMIT ?",
        (number,),
    ).fetchall()
    db.close()
    return rows


def raw_bulk(path: Path, number: int, mode: str) -> float:
    """Seconds for the same rows in one transaction."""
    rows = pending(path, number)
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in (f"synchronous = {mode}", "wal_autocheckpoint = 0", "cache_size = -32768"):
        db.execute(f"PRAGMA {pragma}")
    now, stamp = time.time_ns() // 1000, time.time_ns()
    seq, link = db.execute(SQL["audit_head"]).fetchone()
    record, label = "r" * 560, "l" * 330
    of: list[dict[str, Any]] = [
        {
            "id_": i, "was": revision, "status_": "approved", "revision_": revision + 1,
            "decided_at_": now, "effective_at_": now, "decision_": "approve", "decided_by_": "anna",
            "artifact_id": i, "revision": revision, "kind": "deliver", "state": "scheduled",
            "due_at": now, "attempts": 0, "fence": 0, "worker": "", "lease_until": 0, "detail": "",
            "effective_at": now, "document": label, "seq": seq + 1 + n, "artifact": name,
            "event": "decided", "record": record, "previous": link, "hash": link,
            "operation_id": f"raw-{stamp}-{n}", "actor": "anna", "actor_kind": "person", "at": now,
            "digest": digest, "digest_decided": digest, "reasons": "[]", "comment": "",
            "writes": None, "undone_at": None, "bulk": f"raw-{stamp}", "operation": -stamp, "n": n,
            "code": "", "sentence": "",
        }
        for n, (i, name, revision, digest) in enumerate(rows)
    ]  # fmt: skip
    start = time.perf_counter()
    db.execute("BEGIN IMMEDIATE")
    names = ("item", "artifact_decide", "audit", "effect", "label", "decision")
    for name in names:
        db.executemany(SQL[name if name in SQL else name + "_insert"], of)
    db.execute("COMMIT")
    took = time.perf_counter() - start
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()
    return took


async def our_bulk(path: Path, number: int, mode: str) -> tuple[float, float]:
    """Seconds for deciding and for taking back."""
    queue = await open_sqlite(f"sqlite://{path}?synchronous={mode}")
    targets = tuple(Target(*row[1:]) for row in pending(path, number))
    operation = f"bulk-{time.time_ns()}"
    bulk = BulkDecision(operation, Kind.APPROVE, targets)
    start = time.perf_counter()
    results = [running async for running in await queue.decide_many(bulk, ANNA)]
    took = time.perf_counter() - start
    assert results[-1].decided == number, f"only {len(targets)} are left; use a fresh file"
    start = time.perf_counter()
    undone = await queue.undo(operation, ANNA)
    back = time.perf_counter() - start
    assert undone.decided == number, undone.skipped[:3]
    await queue.close()
    return took, back


async def one_by_one(path: Path, number: int, mode: str) -> float:
    """Seconds for claim + decide of each."""
    queue = await open_sqlite(f"sqlite://{path}?synchronous={mode}")
    numbers = iter(range(time.time_ns(), time.time_ns() + 10**6))
    start = time.perf_counter()
    for _ in range(number):
        await our_pair(queue, numbers)
    took = time.perf_counter() - start
    await queue.close()
    return took


async def _run(path: Path, size: int, number: int, mode: str) -> None:
    await fill(path, size)
    per = 10_000 / number
    raws, ours, backs = [], [], []
    for _ in range(3):
        raws.append(raw_bulk(path, number, mode) * per)
        took, back = await our_bulk(path, number, mode)
        ours.append(took * per)
        backs.append(back * per)
    sample = min(500, number)
    single = await one_by_one(path, sample, mode) / sample * 10_000
    raw, our = min(raws), min(ours)
    print(f"10,000 of {size:,} pending, {mode}; best of 3 in turns")
    print(f"raw, one transaction      {raw:7.3f} s   (all: {', '.join(f'{t:.2f}' for t in raws)})")
    print(f"queue, chunks             {our:7.3f} s   (all: {', '.join(f'{t:.2f}' for t in ours)})")
    print(f"queue, taking back        {min(backs):7.3f} s")
    print(f"queue, claim + decide     {single:7.3f} s   (from {sample})")
    print(
        f"  {our / raw:.1f}x raw (goal <= 5x), {single / our:.1f}x faster than one by one", end=""
    )
    print(" (goal >= 10x), goal 0.25 s")
    answers = together(
        f"sqlite://{path}?synchronous={mode}",
        [("bulker", f"lea{time.time_ns()}", number), ("claimer", "ben", 150)],
    )
    alone = together(f"sqlite://{path}?synchronous={mode}", [("claimer", "ben", 150)])
    print(f"bulk of {number} with claims beside it: {answers[0]['seconds']:.3f} s")
    print(told("claims meanwhile", answers[1]["took"][1:]) + "  (goal p99 <= 20 ms)")
    print(told("claims alone", alone[0]["took"][1:]))


def main() -> None:
    """Prints the measurements."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--bulk", type=int, default=10_000)
    options.add_argument("--mode", default="full", choices=["full", "normal"])
    options.add_argument("--file", type=Path, help="keep the filled file here and use it again")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "queue.db"
        asyncio.run(_run(path, asked.size, asked.bulk, asked.mode))


if __name__ == "__main__":
    main()
