"""Real input through the whole queue: 298 proposals of an airline agent, decided by a fixed rule.

What comes out as training data is counted and compared with the audit record.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from reviewer.audit.verify import export_line, verify_export
from reviewer.domain.artifact import Artifact, artifact_digest, parse, parse_writes
from reviewer.domain.decision import Decision, Kind
from reviewer.domain.instant import HOUR, MINUTE
from reviewer.domain.query import parse as parse_query
from reviewer.labels.conversation import writes_text
from reviewer.labels.exports import export_async
from reviewer.queue import Queue, Settled, Submitted, Target
from tests.conformance.people import ANN, BOB, BulkDecision, agent, bulk, state_of
from tests.conformance.stores import BACKENDS, Store
from tests.labels.loading import load
from tests.support.airline import artifacts, ground_truth

AGENT = agent("airline-support")
TERMINAL = [kind for kind in Kind if kind.terminal]


@dataclass(frozen=True)
class Reviewed:
    """The queue after the work, and its audit records as values."""

    queue: Queue
    records: list[dict[str, Any]]

    def decided(self, kind: str) -> dict[str, dict[str, Any]]:
        """The facts of decisions of a kind, by artifact."""
        return {
            record["artifact"]: record["facts"]
            for record in self.records
            if record["event"] == "decided" and record["facts"]["decision"] == kind
        }

    async def lines(self, format: str) -> list[str]:
        """An export."""
        return [line async for line in export_async(format, self.queue.labels())]

    async def artifact(self, artifact_id: str) -> Artifact:
        """What was handed in under an id."""
        item = await self.queue.get(artifact_id)
        assert item is not None
        return item.artifact

    async def final(self, artifact_id: str) -> str:
        """The text of the writes that went out, checked against the audit record's digest."""
        verdict = await self.queue.verdict(artifact_id)
        assert verdict is not None
        facts = (self.decided("edit") | self.decided("approve"))[artifact_id]
        writes = parse_writes(list(verdict.writes))
        final = (await self.artifact(artifact_id)).with_writes(writes)
        assert artifact_digest(final) == facts["digest_decided"] == verdict.digest
        return writes_text(verdict.writes)


def rule(document: dict[str, Any]) -> Kind:
    """Hand-offs are answered, what the tools would refuse is rejected, right calls approved."""
    if not document["writes"]:
        return Kind.RESPOND
    if not document["metadata"]["expected_outcome"]["ok"]:
        return Kind.REJECT
    return Kind.APPROVE if ground_truth(document) else Kind.EDIT


def corrected(artifact: Artifact) -> tuple[Any, ...]:
    """An edit: the first record carries a note, further records are left alone."""
    first = artifact.writes[0]
    noted = first.model_copy(update={"after": {**(first.after or {}), "checked_by": "ann"}})
    return (noted, *artifact.writes[1:])


def revised(document: dict[str, Any]) -> Artifact:
    """What the agent hands in after a reject: the same task, one record less or marked."""
    writes = [write | {"note": "revised"} for write in document["writes"]]
    key = document["key"]
    return parse(document | {"key": f"{key}-again", "supersedes": key, "writes": writes})


async def decide(queue: Queue, artifact_id: str, kind: Kind, artifact: Artifact) -> None:
    state = await state_of(queue, artifact_id)
    decision = Decision(kind, artifact_id, state.revision, state.digest, f"op-{artifact_id}")
    needed: dict[Kind, dict[str, Any]] = {
        Kind.REJECT: {"reasons": ("against_policy",)},
        Kind.RESPOND: {"comment": "Tell the customer that a person will call."},
        Kind.EDIT: {"writes": corrected(artifact) if artifact.writes else ()},
    }
    answer = await queue.decide(replace(decision, **needed.get(kind, {})), BOB)
    assert isinstance(answer, Settled), answer


async def submit(queue: Queue, handed_in: list[Artifact]) -> list[str]:
    answers = await queue.submit_many(handed_in, AGENT)
    assert all(isinstance(answer, Submitted) and answer.created for answer in answers)
    return [answer.artifact_id for answer in answers if isinstance(answer, Submitted)]


async def work(store: Store, queue: Queue, documents: list[dict[str, Any]]) -> None:
    """Everything is decided; every second reject is revised and approved; some are undone."""
    handed_in = [parse(document) for document in documents]
    ids = await submit(queue, handed_in)
    kinds = [rule(document) for document in documents]
    approved = [one for one, kind in zip(ids, kinds, strict=True) if kind is Kind.APPROVE]
    states = [await state_of(queue, one) for one in approved]
    aims = tuple(Target(state.id, state.revision, state.digest) for state in states)
    result = await bulk(queue, BulkDecision("bulk", Kind.APPROVE, aims), ANN)
    assert (result.decided, result.skipped) == (len(approved), ())
    for artifact_id, kind, artifact in zip(ids, kinds, handed_in, strict=True):
        if kind is not Kind.APPROVE:
            await decide(queue, artifact_id, kind, artifact)
    await store.pass_time(MINUTE)
    rejected = [d for d, kind in zip(documents, kinds, strict=True) if kind is Kind.REJECT]
    again = [revised(document) for document in rejected[::2]]
    for artifact_id, artifact in zip(await submit(queue, again), again, strict=True):
        await decide(queue, artifact_id, Kind.APPROVE, artifact)
    late = await submit(queue, [parse(documents[0] | {"key": "undone"})])
    await decide(queue, late[0], Kind.REJECT, handed_in[0])
    undone = await queue.undo(f"op-{late[0]}", BOB)
    assert undone.decided == 1
    await store.pass_time(HOUR)


@pytest_asyncio.fixture(params=BACKENDS, ids=lambda backend: backend.name)
async def reviewed(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Reviewed]:
    """The queue when all is decided and out of its undo window."""
    documents = artifacts()
    store = await request.param.fresh(tmp_path, tmp_path_factory.mktemp("shared"))
    queue = await store.open()
    await work(store, queue, documents)
    rows = [row async for row in queue.audit()]
    lines = [export_line(row.seq, row.record, row.previous, row.hash) for row in rows]
    assert verify_export(lines).records == len(rows)
    yield Reviewed(queue, [json.loads(row.record) for row in rows])
    await store.close()


async def test_real_proposals_become_the_training_data_that_was_decided(
    reviewed: Reviewed, tmp_path: Path
) -> None:
    counts = {str(kind): len(reviewed.decided(kind)) for kind in TERMINAL}
    rejected = counts["reject"] - 1
    assert sum(counts.values()) == 298 + (rejected + 1) // 2 + 1
    assert min(counts.values()) >= 40
    await preferences_agree(reviewed, tmp_path)
    await completions_agree(reviewed, tmp_path)
    left = await reviewed.queue.page(parse_query(""), ANN)
    assert [entry.state.key for entry in left.entries] == ["undone"]


async def preferences_agree(reviewed: Reviewed, folder: Path) -> None:
    """One pair for each edit, and each reject whose revision was approved: those very writes."""
    edits, rejects = reviewed.decided("edit"), reviewed.decided("reject")
    expected: Counter[tuple[str, str]] = Counter()
    for artifact_id in edits:
        proposed = await reviewed.artifact(artifact_id)
        assert artifact_digest(proposed) == edits[artifact_id]["digest_shown"]
        expected[await reviewed.final(artifact_id), text_of(proposed)] += 1
    for artifact_id in reviewed.decided("approve"):
        before = (await reviewed.artifact(artifact_id)).supersedes
        if before is not None:
            old = await reviewed.queue.find("airline-support", before)
            assert old in rejects
            earlier = await reviewed.artifact(old or "")
            expected[await reviewed.final(artifact_id), text_of(earlier)] += 1
    loaded = load(folder, await reviewed.lines("trl-preference"))
    assert len(loaded) == expected.total() > len(edits)
    found = Counter((r["chosen"][0]["content"], r["rejected"][0]["content"]) for r in loaded)
    assert found == expected
    for record in loaded:
        assert record["prompt"][0]["role"] == "system"
        assert record["prompt"][-1]["role"] == "user"
    assert len(load(folder, await reviewed.lines("openai-preference"))) == len(loaded)


def text_of(artifact: Artifact) -> str:
    return writes_text(artifact.document()["writes"])


async def completions_agree(reviewed: Reviewed, folder: Path) -> None:
    """Approved and edited are completions; approved and rejected are thumbs; all are labels."""
    counts = Counter({kind: len(reviewed.decided(kind)) for kind in Kind})
    counts[Kind.REJECT] -= 1  # the one that was taken back
    sft = load(folder, await reviewed.lines("trl-sft"))
    assert len(sft) == counts[Kind.APPROVE] + counts[Kind.EDIT]
    kto = load(folder, await reviewed.lines("trl-kto"))
    assert Counter(kto["label"]) == {True: counts[Kind.APPROVE], False: counts[Kind.REJECT]}
    full = load(folder, await reviewed.lines("jsonl"))
    assert Counter(full["decision"]) == {str(k): n for k, n in counts.items() if n}
    edited = [one for one in full if one["decision"] == "edit"]
    facts = reviewed.decided("edit")
    for one in edited:
        assert one["digest_decided"] == facts[one["artifact"]]["digest_decided"]
        assert [step["path"] for step in json.loads(one["delta"])] == ["/0/after/checked_by"]
        assert 0 < one["distance"] < 0.5
