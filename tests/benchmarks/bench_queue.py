"""The queue against raw sqlite3 writing the same rows: `python -m tests.benchmarks.bench_queue`.

Options: `--size N` (pending artifacts, default 100,000), `--pairs N`, `--modes full normal`.
Raw and queue take turns in short slices on one file, because disks and neighbours change speed;
only the ratios mean something.  Raw runs the same statements on the same tables, indexes and
triggers, with texts made beforehand: no gate, no thread, no rules, no hashing, no parsing.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from backends.sql import pages, plans
from backends.sql.open import open_sqlite
from backends.sql.plans import Ask
from backends.sql.prepared.sqlite import SQL
from backends.sql.queue import SqlQueue
from backends.sql.sqlite import SYNTAX
from reviewer.domain.decision import Kind, Refusal
from reviewer.domain.query import parse
from tests.benchmarks.filling import fill
from tests.support.making import ANNA, BOT, decision, refund

ALL = parse("")
SLICE = 25


class Raw:
    """claim + decide with nothing but sqlite3: two transactions, the same rows."""

    def __init__(self, path: Path, mode: str) -> None:
        self.db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in (f"synchronous = {mode}", "wal_autocheckpoint = 0", "cache_size = -32768"):
            self.db.execute(f"PRAGMA {pragma}")
        self.numbers = itertools.count(time.time_ns())
        self.claim = plans.claim_sql(Ask("ready", ()), SYNTAX)
        self.record, self.label = "r" * 560, "l" * 330

    def pair(self) -> None:
        """One artifact claimed and approved."""
        db, now = self.db, time.time_ns() // 1000
        db.execute("BEGIN IMMEDIATE")
        row = db.execute(
            self.claim, {"me": "anna", "now": now, "until": now + 10**9, "approved": "%"}
        ).fetchone()
        public_id, digest, revision, number = row[0], row[7], row[8], row[-1]
        self._audit(public_id, "claimed", self.record[:330])
        db.execute("COMMIT")
        db.execute("BEGIN IMMEDIATE")
        db.execute(SQL["artifact_get"], {"public_id": public_id}).fetchone()
        values: dict[str, Any] = {
            "id_": number, "was": revision, "status_": "approved", "revision_": revision + 1,
            "decided_at_": now, "effective_at_": now, "decision_": "approve", "decided_by_": "anna",
        }  # fmt: skip
        db.execute(SQL["artifact_decide"], values)
        self._audit(public_id, "decided", self.record)
        values = {
            "artifact_id": number, "revision": revision, "kind": "deliver", "state": "scheduled",
            "due_at": now, "attempts": 0, "fence": 0, "worker": "", "lease_until": 0, "detail": "",
        }  # fmt: skip
        db.execute(SQL["effect_insert"], values)
        values = {
            "artifact_id": number, "revision": revision, "effective_at": now,
            "document": self.label,
        }  # fmt: skip
        db.execute(SQL["label_insert"], values)
        values = {
            "operation_id": f"raw-{next(self.numbers)}", "artifact_id": number,
            "revision": revision, "kind": "approve", "actor": "anna", "actor_kind": "person",
            "at": now, "digest": digest, "digest_decided": digest, "reasons": "[]", "comment": "",
            "writes": None, "effective_at": now, "undone_at": None, "bulk": "",
        }  # fmt: skip
        db.execute(SQL["decision_insert"], values)
        db.execute("COMMIT")

    def _audit(self, public_id: str, event: str, record: str) -> None:
        seq, previous = self.db.execute(SQL["audit_head"]).fetchone()
        values = {
            "seq": seq + 1, "artifact": public_id, "event": event, "record": record,
            "previous": previous, "hash": previous,
        }  # fmt: skip
        self.db.execute(SQL["audit_insert"], values)

    def checkpoint(self) -> None:
        """Both sides start their slices with an empty log."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


async def our_pair(queue: SqlQueue, numbers: Iterator[int]) -> None:
    """The same through the queue, with the artifact read and parsed by the claim."""
    claim = await queue.claim_next(ALL, ANNA)
    assert claim is not None
    taken = decision(claim.item.entry, Kind.APPROVE, f"op-{next(numbers)}", claim.fence)
    answer = await queue.decide(taken, ANNA)
    assert not isinstance(answer, Refusal)


def told(name: str, seconds: list[float]) -> str:
    """Median, p99 and rate."""
    ordered = sorted(seconds)
    p99 = ordered[int(len(ordered) * 0.99)]
    rate = len(ordered) / sum(ordered)
    return (
        f"{name:<28} p50 {statistics.median(ordered) * 1e3:7.3f} ms   "
        f"p99 {p99 * 1e3:7.3f} ms   {rate:8.0f}/s"
    )


async def pairs(path: Path, mode: str, number: int) -> None:
    """claim + decide, in turns."""
    queue = await open_sqlite(f"sqlite://{path}?synchronous={mode}")
    raw = Raw(path, mode)
    numbers = itertools.count(int(time.time() * 1000))
    ours: list[float] = []
    theirs: list[float] = []
    ratios: list[float] = []
    for turn in range(number // SLICE + 1):
        raw.checkpoint()
        one: list[float] = []
        two: list[float] = []
        for _ in range(SLICE):
            start = time.perf_counter()
            raw.pair()
            one.append(time.perf_counter() - start)
        raw.checkpoint()
        for _ in range(SLICE):
            start = time.perf_counter()
            await our_pair(queue, numbers)
            two.append(time.perf_counter() - start)
        if turn:  # the first turn warms up
            theirs += one
            ours += two
            ratios.append(statistics.median(one) / statistics.median(two))
    print(told(f"raw pair, {mode}", theirs))
    print(told(f"queue pair, {mode}", ours))
    print(
        f"  queue/raw: {statistics.median(ratios):.2f}x by median of slices, "
        f"{sum(theirs) / sum(ours):.2f}x by total  (goal >= 0.8x, p99 <= 2 ms)"
    )
    raw.db.close()
    await queue.close()


QUERIES = (
    "", "agent:agent-3", "kind:kind-2", "queue:q1", "risk:>=high", "reason:reason-7",
    "reason:rare", "agent:agent-3 kind:kind-2 queue:q1", "is:breaching", "due:<1h", "for:c17",
    "is:mine", "is:claimed", "sort:newest", "is:decided", "by:anna", "needle", "refund",
    "refund agent:agent-3", "key:k77", "agent:rare",
)  # fmt: skip


async def reads(path: Path) -> None:
    """First page, deep page and count of each filter: the SQL alone, median of 30."""
    queue = await open_sqlite(f"sqlite://{path}")
    print("\nms of SQL (goal <= 1, deep <= 2x the first page)")
    print(f"{'filter':<36} {'page':>9} {'deep':>9} {'count':>9}")
    worst = 0.0
    for text in QUERIES:
        first, deep, count = await queue.read(lambda reader, text=text: _timed(reader, text))
        worst = max(worst, first, deep, count)
        print(f"{text or '(all pending)':<36} {first:9.3f} {deep:9.3f} {count:9.3f}")
    print(f"worst: {worst:.2f} ms")
    start = time.perf_counter()
    for _ in range(20):
        await queue.page(ALL, ANNA)
    print(f"page of 100 through the queue: {(time.perf_counter() - start) / 20 * 1e3:.2f} ms")
    await queue.close()


def _timed(reader: Any, text: str) -> tuple[float, float, float]:
    query, now = parse(text), time.time_ns() // 1000
    first = _median(lambda: pages.page(reader, query, "anna", now, 100, None, None), reader)
    cursor = None
    for _ in range(30):
        page = pages.page(reader, query, "anna", now, 1000, cursor, None)
        if page.next is None:
            break
        cursor = page.next
    deep = first
    if cursor:
        deep = _median(lambda: pages.page(reader, query, "anna", now, 100, cursor, None), reader)
    count = _median(lambda: pages.count(reader, query, "anna", now, 10_000), reader)
    return first, deep, count


def _median(work: Callable[[], object], reader: Any) -> float:
    """Milliseconds inside the driver, without making values of the rows."""
    taken = []
    inner = reader.connection
    for _ in range(30):
        meter = _Meter(inner)
        reader.connection = meter
        work()
        taken.append(meter.seconds)
    reader.connection = inner
    return statistics.median(taken) * 1e3


class _Meter:
    """Counts the seconds that a connection spends in SQL."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.seconds = 0.0

    def execute(self, sql: str, values: Any = ()) -> Any:
        start = time.perf_counter()
        rows = self.inner.execute(sql, values).fetchall()
        self.seconds += time.perf_counter() - start
        return _Rows(rows)


class _Rows:
    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def fetchall(self) -> list[Any]:
        return self.rows

    def fetchone(self) -> Any:
        return self.rows[0] if self.rows else None


async def _rate(name: str, number: int, work: Callable[[], Awaitable[object]]) -> None:
    start = time.perf_counter()
    await work()
    print(f"{name:<28} {number / (time.perf_counter() - start):8.0f}/s")


async def submits(path: Path, mode: str) -> None:
    """Submitting, one by one and in batches."""
    queue = await open_sqlite(f"sqlite://{path}?synchronous={mode}")
    stamp = time.time_ns()
    one = [refund(f"s{stamp}-{n}") for n in range(500)]
    many = [refund(f"m{stamp}-{n}") for n in range(5000)]

    async def singly() -> None:
        for artifact in one:
            await queue.submit(artifact, BOT)

    await _rate(f"submit, {mode}", len(one), singly)
    await _rate(f"submit_many, {mode}", len(many), lambda: queue.submit_many(many, BOT))
    await queue.close()


def main() -> None:
    """Prints the measurements."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--pairs", type=int, default=1_500)
    options.add_argument("--modes", nargs="*", default=["full", "normal"])
    options.add_argument("--file", type=Path, help="keep the filled file here and use it again")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "queue.db"
        asyncio.run(_run(path, asked.size, asked.pairs, asked.modes))


async def _run(path: Path, size: int, number: int, modes: list[str]) -> None:
    seconds = await fill(path, size)
    mib = path.stat().st_size / 2**20  # noqa: ASYNC240
    print(f"SQLite {sqlite3.sqlite_version}, {size:,} rows, {mib:.0f} MiB, made in {seconds:.0f} s")
    for mode in modes:
        await pairs(path, mode, number)
        await submits(path, mode)
    await reads(path)


if __name__ == "__main__":
    main()
