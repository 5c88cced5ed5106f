"""Records: the audit chain has no gap, and a label is the decision replayed (invariants 6, 7)."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

from reviewer.audit.chain import verify
from reviewer.audit.replay import disagreement
from reviewer.audit.verify import export_line, verify_export
from reviewer.domain.artifact import artifact_digest, parse_writes
from reviewer.domain.decision import Kind, Seen
from reviewer.domain.digest import canonical
from reviewer.domain.instant import HOUR, iso
from reviewer.labels.label import edit_distance
from reviewer.queue import AuditRow, BulkDecision, Claim, LabelRow, Queue

from .people import (
    ANN,
    BOB,
    BOT,
    LEE,
    a_decision,
    bulk,
    decided,
    proposal,
    state_of,
    submitted,
    targets,
)
from .stores import Store


async def chain_of(queue: Queue, after: int = 0) -> list[AuditRow]:
    return [row async for row in queue.audit(after)]


async def labels_of(queue: Queue, after: int = 0) -> list[LabelRow]:
    return [row async for row in queue.labels(after)]


async def a_day(store: Store, queue: Queue) -> dict[str, str]:
    """A bit of everything; the ids by what became of them."""
    names = ["approved", "edited", "rejected", "answered", "moved", "undone", "withdrawn", "old"]
    ids = {name: await submitted(queue, proposal(name)) for name in names}
    assert isinstance(await queue.claim(ids["approved"], ANN), Claim)
    await decided(queue, ids["approved"], seen=Seen(1200, 7, 1, assistant_first=True))
    await decided(queue, ids["edited"], Kind.EDIT, BOB, comment="three")
    await decided(queue, ids["rejected"], Kind.REJECT, LEE, reasons=("unsafe", "other"))
    await decided(queue, ids["answered"], Kind.RESPOND)
    await decided(queue, ids["moved"], Kind.REASSIGN)
    await decided(queue, ids["moved"], Kind.SNOOZE)
    await decided(queue, ids["moved"], Kind.ESCALATE)
    settled = await decided(queue, ids["undone"])
    await queue.undo(settled.operation_id, ANN)
    await queue.withdraw(ids["withdrawn"], BOT)
    ids["new"] = await submitted(queue, proposal("new", supersedes="old"))
    await store.pass_time(HOUR)
    await queue.report_outcome(ids["approved"], "applied", "", BOT)
    return ids


async def test_the_chain_has_no_gap(store: Store, queue: Queue) -> None:
    await a_day(store, queue)
    rows = await chain_of(queue)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1].seq == await queue.position()
    assert list(verify([(r.seq, r.record, r.previous, r.hash) for r in rows])) == []
    lines = [export_line(r.seq, r.record, r.previous, r.hash) for r in rows]
    assert verify_export(lines).records == len(rows)
    assert await chain_of(queue, after=rows[4].seq) == rows[5:]
    assert await chain_of(queue, after=rows[-1].seq) == []


async def test_a_record_says_who_did_what_on_which_digest(store: Store, queue: Queue) -> None:
    ids = await a_day(store, queue)
    for row in await chain_of(queue):
        value = json.loads(row.record)
        assert canonical(value).decode() == row.record
        assert value["seq"] == row.seq
        assert value["actor"].keys() == {"id", "kind", "roles", "by"}
        assert value["policy"]
        if value["event"] in ("submitted", "decided", "undone", "superseded", "withdrawn"):
            assert value["facts"]["agent"] == "bot"
            assert value["facts"]["digest"].startswith("sha256:")
    approved = (await queue.history(ids["approved"]))[2].facts
    state = await state_of(queue, ids["approved"])
    assert approved["digest_shown"] == approved["digest_decided"] == state.digest
    assert approved["decision"] == "approve"
    assert approved["seen"] == {
        "dwell_ms": 1200, "lines": 7, "flags": 1, "assistant_first": True, "bulk": False,
        "sampled": 0,
    }  # fmt: skip
    edited = (await queue.history(ids["edited"]))[1].facts
    assert edited["digest_decided"] != edited["digest_shown"]


async def test_history_tells_an_artifacts_records(store: Store, queue: Queue) -> None:
    ids = await a_day(store, queue)
    rows = {row.seq: json.loads(row.record) for row in await chain_of(queue)}
    told = 0
    for artifact_id in ids.values():
        events = await queue.history(artifact_id)
        assert [event.seq for event in events] == sorted(event.seq for event in events)
        for event in events:
            record = rows[event.seq]
            assert event.artifact_id == record["artifact"] == artifact_id
            assert (event.event, event.facts) == (record["event"], record["facts"])
            assert (event.actor, event.actor_kind) == (
                record["actor"]["id"],
                record["actor"]["kind"],
            )
            assert iso(event.at)[:19] == record["at"][:19]
        told += len(events)
    assert told == len(rows)
    names = [event.event for event in await queue.history(ids["moved"])]
    assert names == ["submitted", "reassigned", "snoozed", "escalated"] or "woken" in names


async def test_a_label_is_the_decision_replayed_from_the_audit_record(
    store: Store, queue: Queue
) -> None:
    ids = await a_day(store, queue)
    more = [await submitted(queue) for _ in range(3)]
    await bulk(queue, BulkDecision("b", Kind.REJECT, await targets(queue, more), ("unsafe",)))
    await store.pass_time(HOUR)
    labels = {row.artifact_id: row for row in await labels_of(queue)}
    assert set(labels) == {
        *more,
        *(ids[name] for name in ("approved", "edited", "rejected", "answered")),
    }
    records = [json.loads(row.record) for row in await chain_of(queue)]
    replayed = {r["artifact"]: r for r in records if r["event"] == "decided"}
    for artifact_id, row in labels.items():
        assert_replays(row, replayed[artifact_id])
    item = await queue.get(ids["edited"])
    assert item is not None
    edited = labels[ids["edited"]]
    final = item.artifact.with_writes(list(parse_writes(edited.label["writes"])))
    assert edited.label["digest_decided"] == artifact_digest(final)
    assert edited.label["distance"] == edit_distance(item.artifact, final)


def assert_replays(row: LabelRow, record: dict[str, Any]) -> None:
    """The label says nothing but what the record of its decision says."""
    label, facts = row.label, record["facts"]
    assert label["artifact"] == row.artifact_id == record["artifact"]
    assert label["decision"] == facts["decision"]
    assert label["digest"] == facts["digest_shown"] == artifact_digest(row.artifact)
    assert label.get("digest_decided", label["digest"]) == facts["digest_decided"]
    assert label["reasons"] == facts["reasons"]
    assert label["comment"] == facts["comment"]
    assert (label["reviewer"], label["reviewer_kind"]) == (
        record["actor"]["id"],
        record["actor"]["kind"],
    )
    for name in ("dwell_ms", "bulk", "assistant_first"):
        assert label[name] == facts["seen"][name]
    assert label["policy"] == record["policy"]
    assert label["at"][:19] == record["at"][:19]


async def test_labels_come_in_order_and_none_is_missed(store: Store, queue: Queue) -> None:
    ids = [await submitted(queue) for _ in range(6)]
    for one in ids[:3]:
        await decided(queue, one)
    await store.pass_time(HOUR)
    for one in ids[3:]:
        await decided(queue, one)
    first = await labels_of(queue)
    assert [row.artifact_id for row in first] == ids[:3]
    await store.pass_time(HOUR)
    rest = await labels_of(queue, after=first[-1].seq)
    assert [row.artifact_id for row in rest] == ids[3:]
    seqs = [row.seq for row in first + rest]
    assert seqs == sorted(set(seqs))


async def test_a_decision_undone_and_made_anew_leaves_the_new_label(
    store: Store, queue: Queue
) -> None:
    one = await submitted(queue)
    settled = await decided(queue, one)
    await queue.undo(settled.operation_id, ANN)
    await decided(queue, one, Kind.REJECT)
    await store.pass_time(HOUR)
    assert [row.label["decision"] for row in await labels_of(queue)] == ["reject"]


async def test_a_refusal_leaves_no_record(queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one)
    before = await chain_of(queue)
    await queue.decide(await a_decision(queue, one, Kind.REJECT), ANN)
    await queue.claim(one, BOB)
    await queue.withdraw(one, BOT)
    await queue.undo("nothing", ANN)
    assert await chain_of(queue) == before


async def test_what_is_stored_is_what_the_records_say(store: Store, queue: Queue) -> None:
    ids = await a_day(store, queue)
    rows = [row async for row in queue.stored()]
    assert [row.artifact_id for row in rows] == list(ids.values())
    assert [disagreement(row) for row in rows] == [""] * len(rows)
    chain = {row.seq: row.record for row in await chain_of(queue)}
    assert {seq: text for row in rows for seq, _, text in row.records} == chain
    by_name = dict(zip(ids, rows, strict=True))
    assert [d.kind for d in by_name["moved"].decisions] == ["reassign", "snooze", "escalate"]
    assert by_name["undone"].decisions[0].undone
    assert not by_name["undone"].labels
    assert by_name["edited"].labels
    assert by_name["edited"].decisions[0].writes


ROW = (
    "agent", "key", "kind", "status", "digest", "revision", "title", "decision", "decided_by",
    "decided_at", "effective_at", "outcome", "payload", "decisions", "labels", "records",
)  # fmt: skip


async def test_whatever_is_changed_of_what_is_stored_is_told(store: Store, queue: Queue) -> None:
    ids = await a_day(store, queue)
    rows = {row.artifact_id: row async for row in queue.stored()}
    for name in ("approved", "edited", "rejected", "answered"):
        row = rows[ids[name]]
        changed = [replace(row, **{field: other(getattr(row, field))}) for field in ROW]
        [decision], [label] = row.decisions, row.labels
        for one in fields(decision):
            more = replace(decision, **{one.name: other(getattr(decision, one.name))})
            if one.name != "bulk":  # which bulk it was part of is not on record
                changed.append(replace(row, decisions=(more,)))
        changed.append(replace(row, labels=(label, label)))
        changed.append(replace(row, labels=(replace(label, revision=7),)))
        changed.append(replace(row, labels=(replace(label, effective_at=7),)))
        document = json.loads(label.document)
        for key in document:
            if key not in ("delta", "distance"):  # made of the writes
                text = json.dumps(document | {key: "x"})
                changed.append(replace(row, labels=(replace(label, document=text),)))
        told = [disagreement(one) for one in changed]
        assert [one for one, why in zip(changed, told, strict=True) if not why] == []
    assert disagreement(replace(rows[ids["moved"]], labels=row.labels))
    assert disagreement(replace(rows[ids["moved"]], payload=None))


def other(value: Any) -> Any:
    """Something else of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, tuple):
        return value[1:]
    return 7 if value is None else None if value > 10**12 else value + 1


async def test_both_handles_see_one_chain(store: Store, queue: Queue) -> None:
    other = await store.open()
    one = await submitted(queue)
    await decided(other, one)
    two = await submitted(other)
    await decided(queue, two)
    rows = await chain_of(queue)
    assert rows == await chain_of(other)
    assert list(verify([(r.seq, r.record, r.previous, r.hash) for r in rows])) == []


async def test_a_label_tells_its_outcome(store: Store, queue: Queue) -> None:
    one, two = await submitted(queue), await submitted(queue)
    await decided(queue, one)
    await decided(queue, two)
    await store.pass_time(HOUR)
    await queue.report_outcome(one, "rolled_back", "the order was gone", BOT)
    outcomes = {row.artifact_id: row.label.get("outcome", "") async for row in queue.labels()}
    assert outcomes == {one: "rolled_back", two: ""}
