"""The replay's digests are the ones that decisions name, and it reads whatever it is given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.audit.record import record
from reviewer.audit.replay import disagreement, edited_digest, payload_digest
from reviewer.domain.artifact import Artifact, artifact_digest, parse
from reviewer.domain.decision import Actor
from reviewer.domain.digest import canonical
from reviewer.domain.lifecycle import Ruling, admit
from reviewer.domain.views import StoredRow
from tests.domain.strategies import NOW, artifact_documents, simple, texts

BOT = Actor("bot", "agent", frozenset({"agent"}))


def stored(artifact: Artifact) -> StoredRow:
    """What is stored of an artifact that was just handed in."""
    ruling = Ruling("q", artifact.risk, NOW + 1)
    step = admit(artifact, "a_1", ruling, NOW)
    state = step.state
    return StoredRow(
        state.id, state.agent, state.key, state.kind, str(state.status), state.digest,
        state.revision, artifact.title, "", "", None, None, "",
        canonical(artifact.document()).decode(), (), (),
        ((1, step.event, record(1, step, BOT, NOW, "sha256:p")),),
    )  # fmt: skip


@given(artifact_documents())
def test_what_was_handed_in_agrees(document: dict[str, Any]) -> None:
    artifact = parse(document)
    row = stored(artifact)
    assert payload_digest(row.payload or "") == artifact_digest(artifact)
    assert disagreement(row) == ""


@given(artifact_documents(), artifact_documents())
def test_the_digest_of_an_edit_is_that_of_the_artifact_with_its_writes(
    document: dict[str, Any], other: dict[str, Any]
) -> None:
    artifact, writes = parse(document), parse(other).writes
    if not writes:
        return
    final = artifact.with_writes(writes)
    payload, after = canonical(artifact.document()).decode(), final.document()["writes"]
    assert edited_digest(payload, after) == artifact_digest(final)
    assert edited_digest(payload, canonical(after).decode()) == artifact_digest(final)


@given(artifact_documents(), st.data())
def test_any_changed_character_of_the_payload_is_told(
    document: dict[str, Any], data: st.DataObject
) -> None:
    row = stored(parse(document))
    payload = row.payload or ""
    at = data.draw(st.integers(0, len(payload)))
    new = data.draw(texts)
    changed = payload[:at] + new + payload[at + 1 :]
    if changed != payload:
        told = disagreement(replace(row, payload=changed))
        assert told == "the stored artifact is not the one of record 1"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", '{"seq": 1}', "[" * 100_000])
def test_a_record_that_is_none_is_told(text: str) -> None:
    row = stored(simple())
    assert disagreement(replace(row, records=((1, "submitted", text),)))
    assert disagreement(replace(row, records=(*row.records, (2, "decided", text))))


def test_an_artifact_without_records_is_told() -> None:
    row = stored(simple())
    assert disagreement(replace(row, records=())) == "no record says that it was handed in"
    twice = replace(row, records=(row.records[0], row.records[0]))
    assert disagreement(twice) == "record 1 hands it in a second time"
