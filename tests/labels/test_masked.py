"""Exports under a policy that masks: nothing of it in any format, and the same lines without."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import jsonpatch
import pytest
from hypothesis import given

from reviewer.domain.artifact import parse, parse_writes
from reviewer.domain.decision import Kind
from reviewer.domain.views import LabelRow
from reviewer.labels.exports import FORMATS, export, export_async
from reviewer.policy.masking import MARK, Masker
from tests.domain.strategies import simple
from tests.policy.documents import policy

from .rows import after, histories, row

IBAN = "DE89370400440532013000"


def masker(**masking: Any) -> Masker:
    return Masker.of(policy(masking=masking))


def record(resource: str, **fields: Any) -> dict[str, Any]:
    return {"type": "record", "resource": resource, "before": {}, "after": fields}


def rows() -> list[LabelRow]:
    """A reject, the revision after it that was edited, an approval, a response."""
    said = {"type": "message", "role": "user", "text": f"pay to {IBAN}"}
    first = simple(
        key=f"k-{IBAN}", title=f"Pay {IBAN}", context=[said], writes=[record("c/1", iban=IBAN, n=1)]
    )
    writes = [record("c/1", iban=IBAN, n=2), record("c/2", iban=IBAN), record("c/3", name=IBAN)]
    second = simple(key="k2", supersedes=f"k-{IBAN}", context=[said], writes=writes)
    one, _, three = second.writes
    final = one.model_copy(update={"after": {"iban": f"{IBAN}1", "n": 3}})
    return [
        row(first, Kind.REJECT, 1, reasons=("unsafe",), comment=f"not {IBAN}"),
        row(second, Kind.EDIT, 2, writes=(final, None, three)),
        row(parse(first.document() | {"key": "k3"}), Kind.APPROVE, 3),
        row(parse(first.document() | {"key": "k4"}), Kind.RESPOND, 4, comment=f"why {IBAN}?"),
    ]


def exported(format: str, given: Sequence[LabelRow], found: Masker | None) -> list[str]:
    return list(export(format, given, None, found))


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_pattern_matches_is_in_no_line(format: str) -> None:
    plain, found = exported(format, rows(), None), masker(patterns=[r"[A-Z]{2}\d{20,}"])
    told = exported(format, rows(), found)
    assert len(told) == len(plain), "revisions are followed although their keys are masked"
    assert IBAN in "".join(plain)
    assert IBAN not in "".join(told)
    assert MARK in "".join(told)
    assert found.count > 0


@pytest.mark.parametrize("format", FORMATS)
def test_a_field_is_masked_in_proposals_and_finals(format: str) -> None:
    told = "".join(exported(format, rows(), masker(fields=["/iban"])))
    assert f'\\"iban\\":\\"{IBAN}' not in told
    assert f'\\"iban\\":\\"{MARK}' in told
    assert f'\\"name\\":\\"{IBAN}' in told or "c/3" not in told


def test_the_full_form_stays_true_to_itself() -> None:
    [reject, edit, approve, respond] = [
        json.loads(line) for line in exported("jsonl", rows(), masker(patterns=[IBAN]))
    ]
    proposal, final = json.loads(edit["proposal"]), json.loads(edit["final"])
    assert jsonpatch.apply_patch(proposal, json.loads(edit["delta"])) == final
    assert len(final) == 2, "one was dropped"
    assert final[0]["after"] == {"iban": f"{MARK}1", "n": 3}
    assert list(parse_writes(edit["final"]))
    assert (reject["comment"], respond["message"]) == (f"not {MARK}", f"why {MARK}?")
    assert reject["key"] == edit["supersedes"] == f"k-{MARK}"
    assert {one["digest"] for one in (reject, edit, approve, respond)} == {""}
    assert edit["digest_decided"] == ""


def test_a_row_without_anything_masked_keeps_its_digest() -> None:
    found = masker(patterns=["nowhere"])
    assert exported("jsonl", rows(), found) == exported("jsonl", rows(), None)
    assert found.count == 0


def test_what_is_the_same_once_masked_is_no_pair() -> None:
    first = simple(key="k", writes=[record("c/1", iban="DE88")])
    second = parse(first.document() | {"key": "k2", "supersedes": "k"})
    final = second.writes[0].model_copy(update={"after": {"iban": "DE89"}})
    given = [
        row(first, Kind.REJECT, 1, reasons=("unsafe",)),
        row(second, Kind.EDIT, 2, writes=(final,)),
    ]
    for format in ("trl-preference", "openai-preference"):
        assert len(exported(format, given, None)) == 2
        assert exported(format, given, masker(fields=["/iban"])) == []
    assert len(exported("trl-sft", given, masker(fields=["/iban"]))) == 1


def test_what_leaves_no_line_counts_as_nothing_masked() -> None:
    found = masker(patterns=[IBAN])
    assert exported("trl-sft", rows()[:1], found) == []
    assert found.count == 0


@given(histories())
def test_without_masking_the_lines_are_the_same(history: Sequence[LabelRow]) -> None:
    for format in FORMATS:
        plain = exported(format, history, None)
        assert exported(format, history, Masker.of(policy())) == plain
        assert exported(format, history, masker(fields=["/none"], patterns=["nowhere"])) == plain


async def test_rows_that_stream_by_are_masked_too() -> None:
    async def stream() -> Any:
        yield row(simple(writes=[after("secret")]), Kind.APPROVE)

    lines = [line async for line in export_async("trl-sft", stream(), None, masker(fields=["/a"]))]
    assert "secret" not in "".join(lines)
    assert MARK in "".join(lines)
