"""A queue file changed behind the queue: nothing swapped is shown, edited, delivered or exported.

What is approved is what happens (DESIGN §1); a byte swapped after display is refused, every time.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backends.sql.queue import SqlQueue
from reviewer.audit.replay import disagreement
from reviewer.domain.artifact import parse_writes
from reviewer.domain.decision import Kind
from reviewer.domain.errors import TamperedError
from reviewer.domain.instant import HOUR
from reviewer.domain.query import parse
from reviewer.queue import BulkDecision, Item, Settled
from tests.support.making import ANNA, BEN, BOT, decision, refund, target

SWAPPED = (
    "UPDATE artifact_body SET payload = replace(payload, 'refunded', 'doubled')",
    "UPDATE artifact_body SET payload = payload || ' '",
    "UPDATE artifact_body SET payload = CAST(payload AS BLOB)",
    "UPDATE artifact_body SET payload = '{}'",
    "UPDATE artifact SET digest = 'sha256:' || hex(zeroblob(32))",
    "DELETE FROM artifact_body",
)


def tamper(path: Path, statement: str) -> None:
    """Changes the file with SQLite alone, as anybody may who can write it."""
    with closing(sqlite3.connect(path)) as raw:
        changed = raw.execute(statement).rowcount
        raw.commit()
    assert changed > 0


async def item(queue: SqlQueue, key: str = "one") -> Item:
    """An artifact as the desk reads it."""
    found = await queue.get(await queue.find("refund-bot", key) or "")
    assert found is not None
    return found


async def replayed(queue: SqlQueue) -> list[str]:
    """What `audit verify` finds, artifact by artifact."""
    return [disagreement(row) async for row in queue.stored()]


async def edited(queue: SqlQueue) -> str:
    """An artifact whose edit has gone out."""
    await queue.submit(refund("one"), BOT)
    entry = (await item(queue)).entry
    writes = (await item(queue)).artifact.document()["writes"]
    writes[0]["after"]["status"] = "EDITOR"
    answer = await queue.decide(
        decision(entry, Kind.EDIT, "op", writes=parse_writes(writes), comment="less"), ANNA
    )
    assert isinstance(answer, Settled)
    queue.dialect.clock_offset += HOUR  # type: ignore[attr-defined]
    return entry.state.id


@pytest.mark.parametrize("statement", SWAPPED)
async def test_a_swapped_body_is_neither_shown_nor_claimed_nor_edited(
    queue: SqlQueue, path: Path, statement: str
) -> None:
    await queue.submit(refund("one"), BOT)
    seen = await item(queue)
    tamper(path, statement)
    name = seen.entry.state.id
    for _ in range(3):  # every time
        with pytest.raises(TamperedError, match=f"{name} is not the one that was handed in") as no:
            await queue.get(name)
        assert "reviewer audit verify" in no.value.hint
    with pytest.raises(TamperedError):
        await queue.claim(name, BEN)
    with pytest.raises(TamperedError):
        await queue.decide(decision(seen.entry, Kind.EDIT, "op", writes=seen.artifact.writes), ANNA)
    page = await queue.page(parse(""), ANNA)
    assert [entry.state.id for entry in page.entries] == [name]
    assert (await replayed(queue))[0]


async def test_a_claim_on_what_cannot_be_shown_is_given_back(queue: SqlQueue, path: Path) -> None:
    await queue.submit(refund("one", risk="critical"), BOT)
    seen = await item(queue)
    name = seen.entry.state.id
    tamper(path, "UPDATE artifact_body SET payload = replace(payload, 'refunded', 'doubled')")
    for _ in range(3):
        with pytest.raises(TamperedError, match=name):
            await queue.claim(name, BEN)
        with pytest.raises(TamperedError, match=name):
            await queue.claim_next(parse(""), ANNA)
        [entry] = (await queue.page(parse(""), ANNA)).entries
        assert not entry.state.leased(await queue.now())
    await queue.submit(refund("two"), BOT)
    # it comes first and holds nobody up
    claim = await queue.claim_next(parse(""), ANNA)
    assert claim is not None
    assert claim.item.artifact.key == "two"
    entries = (await queue.page(parse(""), ANNA)).entries
    assert [entry.state.leased(await queue.now()) for entry in entries] == [False, True]
    with pytest.raises(TamperedError, match=name):
        await queue.claim_next(parse(""), BEN)


@pytest.mark.parametrize("statement", SWAPPED)
@pytest.mark.parametrize("before", [True, False])
async def test_an_approval_over_swapped_bytes_is_not_delivered(
    queue: SqlQueue, path: Path, statement: str, before: bool
) -> None:
    """Whether the bytes were swapped before the approval, which reads none, or after it."""
    await queue.submit(refund("one"), BOT)
    entry = (await item(queue)).entry
    if before:
        tamper(path, statement)
    bulk = BulkDecision("op", Kind.APPROVE, (target(entry),))
    results = [result async for result in await queue.decide_many(bulk, ANNA)]
    if not before:
        tamper(path, statement)
    queue.dialect.clock_offset += HOUR  # type: ignore[attr-defined]
    if results[-1].decided:
        for _ in range(3):
            with pytest.raises(TamperedError):
                await queue.verdict(entry.state.id)
        with pytest.raises(TamperedError):
            await queue.wait(entry.state.id, 5)
        with pytest.raises(TamperedError):
            [row async for row in queue.labels()]
        assert "delivered" not in [e.event for e in await queue.history(entry.state.id)]
    else:  # its digest was swapped: it is another than was shown
        assert before
        assert results[-1].skipped[0].code == "stale"
    assert (await replayed(queue))[0]


async def test_a_body_swapped_together_with_its_digest_is_not_delivered(
    queue: SqlQueue, path: Path
) -> None:
    from reviewer.audit.replay import payload_digest

    await queue.submit(refund("one"), BOT)
    entry = (await item(queue)).entry
    assert isinstance(await queue.decide(decision(entry, Kind.APPROVE, "op"), ANNA), Settled)
    with closing(sqlite3.connect(path)) as raw:
        [payload] = raw.execute("SELECT payload FROM artifact_body").fetchone()
        payload = payload.replace("refunded", "doubled")
        raw.execute("UPDATE artifact_body SET payload = ?", (payload,))
        raw.execute("UPDATE artifact SET digest = ?", (payload_digest(payload),))
        raw.commit()
    queue.dialect.clock_offset += HOUR  # type: ignore[attr-defined]
    with pytest.raises(TamperedError):
        await queue.verdict(entry.state.id)
    with pytest.raises(TamperedError):
        [row async for row in queue.labels()]
    assert "digest" in (await replayed(queue))[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET writes = replace(writes, 'EDITOR', 'HACKED')",
        "UPDATE decision SET writes = 'no JSON'",
        "UPDATE decision SET writes = '[]'",
        "UPDATE decision SET writes = NULL",
        "UPDATE decision SET kind = 'approve'",
        "UPDATE decision SET kind = 'reject'",
        "UPDATE decision SET digest_decided = digest",
        "UPDATE decision SET reasons = '{'",
        "UPDATE artifact SET status = 'rejected'",
        "UPDATE artifact SET status = 'nonsense'",
        "UPDATE artifact SET decision = ''",
        "DELETE FROM decision",
    ],
)
async def test_an_edit_whose_writes_were_swapped_is_not_delivered(
    queue: SqlQueue, path: Path, statement: str
) -> None:
    name = await edited(queue)
    tamper(path, statement)
    for _ in range(3):
        with pytest.raises(TamperedError, match=name):
            await queue.wait(name, 5)
    assert "delivered" not in [event.event for event in await queue.history(name)]
    assert (await replayed(queue))[0]


async def test_the_record_of_the_swapped_writes_is_named(queue: SqlQueue, path: Path) -> None:
    await edited(queue)
    assert await replayed(queue) == [""]
    tamper(path, "UPDATE decision SET writes = replace(writes, 'EDITOR', 'HACKED')")
    assert await replayed(queue) == ["the stored writes are not those of record 2"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE label SET document = replace(document, 'EDITOR', 'HACKED')",
        "UPDATE label SET document = '{}'",
        "UPDATE label SET document = ''",
    ],
)
async def test_a_swapped_label_is_not_exported(queue: SqlQueue, path: Path, statement: str) -> None:
    await edited(queue)
    tamper(path, statement)
    with pytest.raises(TamperedError, match="stored label"):
        [row async for row in queue.labels()]
    assert (await replayed(queue))[0]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM label",
        "UPDATE label SET document = replace(document, 'less', 'more')",
        "UPDATE decision SET undone_at = 1",
        "UPDATE decision SET comment = 'more'",
        "UPDATE decision SET actor = 'ben'",
        "UPDATE artifact SET title = 'Harmless'",
        "UPDATE artifact SET outcome = 'applied'",
        "UPDATE artifact SET decided_by = 'ben'",
        "UPDATE audit SET artifact = 'a_other' WHERE seq = 2",
    ],
)
async def test_whatever_else_was_changed_is_found_by_the_replay(
    queue: SqlQueue, path: Path, statement: str
) -> None:
    await edited(queue)
    await queue.submit(refund("two"), BOT)
    tamper(path, statement)
    first, second = await replayed(queue)
    assert first
    assert bool(second) is ("artifact SET" in statement)
