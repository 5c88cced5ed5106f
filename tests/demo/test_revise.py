"""What an agent makes of a reject or a response."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from reviewer.demo import catalogue, messages, refunds
from reviewer.demo.revise import GIVES_UP, next_key, revised
from reviewer.domain.artifact import artifact_digest, parse
from reviewer.domain.decision import REASONS
from reviewer.domain.instant import SECOND
from reviewer.domain.views import Verdict

NOW = 1_795_000_000 * SECOND
LATER = NOW + 60 * SECOND


def verdict(decision: str, *reasons: str, comment: str = "") -> Verdict:
    status = "rejected" if decision == "reject" else "answered"
    return Verdict("a", "k", status, decision, "you", NOW, "sha256:0", (), reasons, comment)


def again(old: dict[str, Any], of: Verdict) -> dict[str, Any] | None:
    # as the agent reads it back from the queue
    return revised(parse(old).document(), of, Random(1), LATER)


@pytest.mark.parametrize("reason", [code for code in REASONS if code not in GIVES_UP])
def test_every_artifact_can_be_revised_for_every_reason(reason: str) -> None:
    for old in catalogue.first(3, NOW):
        new = again(old, verdict("reject", reason, comment="not like this"))
        if not old["writes"]:
            assert new is None
            continue
        assert new is not None
        after, before = parse(new), parse(old)
        assert after.supersedes == old["key"]
        assert after.key == next_key(old["key"])
        assert artifact_digest(after) != artifact_digest(before)
        assert after.escalations[-1].code == "revised"
        assert any(getattr(item, "text", "") == "not like this" for item in after.context)
        kept = [(write.type, write.system, write.resource) for write in after.writes]
        assert kept == [(w.type, w.system, w.resource) for w in before.writes][: len(kept)]


@pytest.mark.parametrize("reason", sorted(GIVES_UP))
def test_what_need_not_happen_is_left(reason: str) -> None:
    assert again(refunds.refund(Random(1), NOW), verdict("reject", reason)) is None


def test_a_number_in_the_comment_is_taken_over() -> None:
    old = refunds.chain(Random(1), NOW)[2]
    new = again(old, verdict("reject", "wrong_value", comment="only 106.00, one of two was fine"))
    assert new is not None
    record, letter = new["writes"]
    assert record["after"]["refund"]["amount"] == 106.0
    assert record["before"]["total"] == 212.0
    assert "106.00 EUR" in letter["body"]
    assert "106" in new["summary"]
    assert letter["to"] == old["writes"][1]["to"]


def test_an_address_in_the_comment_is_taken_over() -> None:
    old = messages.answer(Random(1), NOW)
    new = again(old, verdict("reject", "wrong_target", comment="to ana@mail.example, please"))
    assert new is not None
    assert new["writes"][0]["to"] == ["ana@mail.example"]


def test_unsafe_becomes_smaller() -> None:
    backfill = next(one for one in catalogue.first(3, NOW) if one["kind"] == "backfill")
    new = again(backfill, verdict("reject", "unsafe"))
    assert new is not None
    assert 0 < len(new["writes"][0]["updated"]) < len(backfill["writes"][0]["updated"])
    assert not new["writes"][0].get("deleted")


def test_missing_context_is_brought() -> None:
    old = refunds.refund(Random(2), NOW)
    new = again(old, verdict("reject", "missing_context", comment="and the last time?"))
    assert new is not None
    added = new["context"][len(old["context"]) :]
    assert [item["type"] for item in added] == ["message", "tool_call", "tool_result", "message"]
    assert new["writes"] == parse(old).document()["writes"]


def test_an_answer_to_a_question_becomes_a_letter() -> None:
    old = refunds.question(Random(1), NOW)
    new = again(old, verdict("respond", comment="Yes, until the end of the month."))
    assert new is not None
    after = parse(new)
    assert after.decisions == ("approve", "edit", "reject", "respond")
    assert "Yes, until the end of the month." in new["writes"][0]["body"]
    assert again(old, verdict("reject", "other")) is None


def test_a_response_to_a_proposal_changes_it() -> None:
    old = next(one for one in catalogue.first(3, NOW) if one["kind"] == "reply")
    new = again(old, verdict("respond", comment="say sorry first"))
    assert new is not None
    assert new["writes"][0]["body"] != old["writes"][0]["body"]


def test_keys_that_are_none_of_ours() -> None:
    assert next_key("refund-8841-r0") == "refund-8841-r1"
    assert next_key("refund-8841-r9") == "refund-8841-r10"
    assert next_key("whatever") is None
    assert again(refunds.refund(Random(1), NOW) | {"key": "x"}, verdict("reject", "other")) is None
