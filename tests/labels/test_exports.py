"""The exports: which decision makes which line, and that the real library reads them as meant."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from reviewer.domain.artifact import parse_writes
from reviewer.domain.decision import Kind
from reviewer.domain.errors import InputError
from reviewer.domain.views import LabelRow
from reviewer.labels.conversation import json_text
from reviewer.labels.exports import FORMATS, export, export_async
from reviewer.labels.exports.revisions import superseded_keys
from reviewer.labels.label import seeded
from tests.domain.strategies import simple

from .loading import load
from .rows import after, edited, histories, row

Records = list[dict[str, Any]]


def exported(format: str, rows: Sequence[LabelRow]) -> Records:
    return [json.loads(line) for line in export(format, rows)]


def counted(rows: Sequence[LabelRow]) -> Counter[str]:
    return Counter(one.label["decision"] for one in rows if not seeded(one.artifact))


def later_approved(rows: Sequence[LabelRow]) -> Iterator[tuple[LabelRow, LabelRow]]:
    """Every rejected row with the approved row at the end of its chain, found by looking back."""
    real = [one for one in rows if not seeded(one.artifact)]
    by_key = {(one.artifact.agent.name, one.artifact.key): one for one in real}
    for last in real:
        earlier = last
        while earlier.artifact.supersedes and last.label["decision"] in ("approve", "edit"):
            before = by_key.get((earlier.artifact.agent.name, earlier.artifact.supersedes))
            if before is None or before.label["decision"] in ("approve", "edit"):
                break
            if before.label["decision"] == "reject":
                yield before, last
            earlier = before


def writes_of(one: LabelRow) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = one.label.get("writes") or one.artifact.document()["writes"]
    return kept


@given(histories())
def test_each_decision_leaves_what_its_rule_says(rows: Sequence[LabelRow]) -> None:
    kinds = counted(rows)
    kto = Counter(record["label"] for record in exported("trl-kto", rows))
    assert kto == Counter({True: kinds["approve"], False: kinds["reject"]}) - Counter()
    for format in ("trl-sft", "openai-sft"):
        assert len(exported(format, rows)) == kinds["approve"] + kinds["edit"]
    assert len(exported("jsonl", rows)) == sum(kinds.values())


@given(histories())
def test_pairs_are_the_edits_and_the_rejected_before_an_approval(rows: Sequence[LabelRow]) -> None:
    wanted = [
        (writes_of(last), before.artifact.document()["writes"])
        for before, last in later_approved(rows)
        if before.artifact.document()["writes"] != writes_of(last)
    ] + [
        (one.label["writes"], one.artifact.document()["writes"])
        for one in rows
        if one.label["decision"] == "edit" and not seeded(one.artifact)
    ]
    for format, good, bad in (
        ("trl-preference", "chosen", "rejected"),
        ("openai-preference", "preferred_output", "non_preferred_output"),
    ):
        found = [
            (json.loads(record[good][0]["content"]), json.loads(record[bad][0]["content"]))
            for record in exported(format, rows)
        ]
        assert sorted(map(json_text, found)) == sorted(map(json_text, wanted))


@given(histories())
def test_a_first_pass_over_the_rows_changes_nothing_but_memory(rows: Sequence[LabelRow]) -> None:
    keys = superseded_keys(rows)
    for format in FORMATS:
        assert list(export(format, iter(rows), keys)) == list(export(format, iter(rows)))


@given(histories())
@settings(max_examples=20)
def test_every_completion_reads_as_writes_and_every_prompt_ends_with_the_user(
    rows: Sequence[LabelRow],
) -> None:
    for record in exported("trl-preference", rows):
        assert record.keys() == {"prompt", "chosen", "rejected"}
        assert record["prompt"][-1]["role"] == "user"
        for side in ("chosen", "rejected"):
            assert all(parse_writes(record[side][0]["content"]))
    for record in exported("trl-sft", rows):
        assert record.keys() == {"messages"}
        assert [one["role"] for one in record["messages"][-2:]] == ["user", "assistant"]
    for record in exported("openai-preference", rows):
        assert record.keys() == {"input", "preferred_output", "non_preferred_output"}
        assert record["input"].keys() == {"messages", "tools", "parallel_tool_calls"}


@given(histories())
@settings(max_examples=20)
def test_every_line_of_the_full_form_has_the_same_fields_and_types(
    rows: Sequence[LabelRow],
) -> None:
    shapes = {
        tuple((name, type(value)) for name, value in record.items())
        for record in exported("jsonl", rows)
    }
    assert len(shapes) <= 1


def chain() -> list[LabelRow]:
    """Two rejected revisions, an answered one, the approved one; an edit; a lone reject."""
    revisions = [
        row(
            simple(
                key=f"r{number}",
                title=f"revision {number}",
                writes=[after(number + 10)],
                context=[{"type": "message", "role": "user", "text": f"please {number}"}],
                **({"supersedes": f"r{number - 1}"} if number else {}),
            ),
            kind,
            number + 1,
        )
        for number, kind in enumerate((Kind.REJECT, Kind.REJECT, Kind.RESPOND, Kind.APPROVE))
    ]
    lone = simple(key="lone", writes=[after(50)])
    other = simple(key="other", writes=[after(60)])
    return [
        *revisions,
        row(lone, Kind.REJECT, 5),
        row(other, Kind.EDIT, 6, **edited(other, 61)),
        row(simple(key="s", metadata={"seeded": True}), Kind.REJECT, 7),
    ]


def test_the_real_library_loads_preferences_as_decided(tmp_path: Path) -> None:
    loaded = load(tmp_path, export("trl-preference", chain()))
    values = [
        tuple(
            json.loads(one[side][0]["content"])[0]["after"]["a"] for side in ("chosen", "rejected")
        )
        for one in loaded
    ]
    assert values == [(13, 10), (13, 11), (61, 60)]
    assert [one["prompt"][0]["content"] for one in loaded][:2] == ["please 0", "please 1"]
    assert set(loaded.column_names) == {"prompt", "chosen", "rejected"}


def test_the_real_library_loads_sft_and_kto_as_decided(tmp_path: Path) -> None:
    sft = load(tmp_path, export("trl-sft", chain()))
    assert sft.column_names == ["messages"]
    finals = [json.loads(one["messages"][-1]["content"])[0]["after"]["a"] for one in sft]
    assert finals == [13, 61]
    kto = load(tmp_path, export("trl-kto", chain()))
    assert set(kto.column_names) == {"prompt", "completion", "label"}
    assert kto.features["label"].dtype == "bool"
    assert list(kto["label"]) == [False, False, True, False]


def test_the_real_library_loads_openai_files_as_decided(tmp_path: Path) -> None:
    calls = [
        {"type": "tool_call", "name": "get", "arguments": {"id": 1}},
        {"type": "tool_result", "name": "get", "output": "found"},
    ]
    called = simple(key="called", context=calls)
    rows = [*chain(), row(called, Kind.EDIT, 8, **edited(called, 9))]
    pairs = load(tmp_path, export("openai-preference", rows))
    assert len(pairs) == 4
    last = pairs[3]["input"]
    assert last["parallel_tool_calls"] is True
    assert last["tools"][0]["function"]["name"] == "get"
    assert last["messages"][0]["tool_calls"][0]["function"]["arguments"] == '{"id":1}'
    assert last["messages"][1]["tool_call_id"] == last["messages"][0]["tool_calls"][0]["id"]
    sft = load(tmp_path, export("openai-sft", rows))
    assert [one["messages"][-1]["role"] for one in sft] == ["assistant"] * 3


def test_the_real_library_loads_the_full_form_as_decided(tmp_path: Path) -> None:
    rows = chain()
    loaded = load(tmp_path, export("jsonl", rows))
    assert list(loaded["decision"]) == ["reject", "reject", "respond", "approve", "reject", "edit"]
    assert list(loaded["seq"]) == [1, 2, 3, 4, 5, 6]
    answered, approved, edit = loaded[2], loaded[3], loaded[5]
    assert (answered["message"], answered["comment"], answered["final"]) == ("because", "", "")
    assert approved["final"] == approved["proposal"]
    assert (approved["distance"], approved["digest_decided"]) == (0.0, approved["digest"])
    assert json.loads(edit["delta"]) == [{"op": "replace", "path": "/0/after/a", "value": 61}]
    assert json.loads(edit["final"]) == rows[5].label["writes"]
    assert edit["distance"] == rows[5].label["distance"]
    assert json.loads(loaded[0]["reasons"]) == ["other"]
    assert (edit["reviewer"], edit["policy"], edit["agent"]) == ("ann", "p1", "bot")


@pytest.mark.parametrize("format", ["jsonl", "trl-sft", "trl-kto", "trl-preference"])
def test_more_than_one_block_loads_into_one_schema(tmp_path: Path, format: str) -> None:
    """The reader fixes the schema by the first ten megabytes: what comes late must fit it."""
    plain = simple(key="p", writes=[after("x" * 40_000)])
    called = simple(
        key="q",
        context=[
            {"type": "tool_call", "name": "get", "arguments": {"id": [1, None]}},
            {"type": "tool_result", "name": "get", "output": {"deep": {"er": 1.5}}, "error": True},
        ],
    )
    first = row(plain, Kind.EDIT, 1, **edited(plain, "y" * 40_000))
    late = row(called, Kind.EDIT, 999, **edited(called, {"now": ["an", 1]}))
    good, bad = row(called, Kind.APPROVE, 1000), row(called, Kind.REJECT, 1001)
    rows = [*[first] * 330, late, good, bad]
    lines = list(export(format, rows))
    assert sum(map(len, lines)) > 11_000_000 or format == "trl-kto"
    assert len(load(tmp_path, lines)) == len(lines)


async def test_a_queues_rows_are_exported_alike() -> None:
    async def rows() -> Any:
        for one in chain():
            yield one

    for format in FORMATS:
        assert [line async for line in export_async(format, rows())] == list(
            export(format, chain())
        )


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="there is no export format 'csv'") as caught:
        export("csv", [])
    assert "trl-preference" in caught.value.hint


def test_formats_know_their_names() -> None:
    assert all(name == one.name and one.sentence for name, one in FORMATS.items())
