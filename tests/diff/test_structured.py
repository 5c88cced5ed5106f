"""JSON by path: applied to the document before, the changes give the one after, exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from reviewer.diff import (
    ABSENT,
    FieldChange,
    FieldDiff,
    FieldFold,
    apply_changes,
    field_diff,
    field_rows,
    form,
    same,
)
from reviewer.domain.digest import canonical
from reviewer.domain.writes import RecordWrite
from tests.support.shared import shared_data

from .strategies import document_pairs, documents


def at(document: Any, path: str) -> Any:
    """The value at a pointer (RFC 6901)."""
    for escaped in path.split("/")[1:]:
        token = escaped.replace("~1", "/").replace("~0", "~")
        document = document[int(token) if isinstance(document, list) else token]
    return document


def check(before: Any, after: Any) -> FieldDiff:
    """The diff, after it was found true: complete, and each change as it says."""
    diff = field_diff(before, after)
    assert same_or_absent(apply_changes(before, diff.changes), after)
    for change in diff.entries:
        if change.before_path is not None and change.before is not ABSENT:
            assert form(at(before, change.before_path)) == form(change.before)
        if change.after_path is not None and change.after is not ABSENT:
            assert form(at(after, change.after_path)) == form(change.after)
        if change.op == "changed":
            assert not same(change.before, change.after)
        if change.text is not None:
            assert "".join(change.text.left) == change.before
            assert "".join(change.text.right) == change.after
    return diff


def same_or_absent(one: Any, other: Any) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return canonical(one) == canonical(other)


@given(document_pairs)
def test_the_changes_make_the_document_after(pair: tuple[Any, Any]) -> None:
    diff = check(*pair)
    assert diff.changed == (canonical(pair[0]) != canonical(pair[1]))
    assert bool(diff.counts) == diff.changed


@given(documents)
def test_a_document_that_comes_or_goes(document: Any) -> None:
    assert check(ABSENT, document).counts.added >= 1
    assert check(document, ABSENT).counts.removed >= 1
    assert not check(document, document).changed
    assert not field_diff(ABSENT, ABSENT).changed


@given(document_pairs)
def test_equality_is_that_of_the_canonical_form(pair: tuple[Any, Any]) -> None:
    equal = canonical(pair[0]) == canonical(pair[1])
    assert same(*pair) == equal
    assert (form(pair[0]) == form(pair[1])) == equal


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """The scalars and empty containers of a document by pointer."""
    if not isinstance(value, dict | list) or not value:
        return {path: value}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found: dict[str, Any] = {}
    for key, inner in items:
        found |= leaves(inner, path + "/" + str(key).replace("~", "~0").replace("/", "~1"))
    return found


@given(document_pairs)
def test_the_rows_hold_every_leaf_of_both_documents(pair: tuple[Any, Any]) -> None:
    rows = field_rows(field_diff(*pair), None)
    for document, side in zip(pair, ("before", "after"), strict=True):
        shown: dict[str, Any] = {}
        for row in rows:
            assert isinstance(row, FieldChange)
            path, value = getattr(row, f"{side}_path"), getattr(row, side)
            if path is not None:
                shown |= leaves(value, path)
        expected = leaves(document)
        # A container that lost or gained all its fields is told by the rows of those fields.
        assert shown.keys() <= expected.keys()
        for path, value in expected.items():
            if path in shown or value not in ({}, []):
                assert form(shown[path]) == form(value)


@given(document_pairs)
def test_folding_hides_only_what_is_the_same(pair: tuple[Any, Any]) -> None:
    diff = field_diff(*pair)
    everything = field_rows(diff, None)
    for context in (0, 1, 2):
        rows = field_rows(diff, context)
        hidden = sum(row.count for row in rows if isinstance(row, FieldFold))
        shown = [row for row in rows if isinstance(row, FieldChange)]
        assert hidden + len(shown) == len(everything)
        changed = [row for row in everything if isinstance(row, FieldChange) and row.op != "same"]
        assert [row for row in shown if row.op != "same"] == changed


def ops(before: Any, after: Any) -> list[tuple[str, str]]:
    return [(change.op, change.path) for change in check(before, after).changes]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [("changed", "/a")]),
        ({"a": 1}, {"a": "1"}, [("changed", "/a")]),
        ({"a": 0}, {"a": False}, [("changed", "/a")]),
        ({"a": [0]}, {"a": [False]}, [("changed", "/a/0")]),
        ({"a": None}, {}, [("removed", "/a")]),
        ({"a": None}, {"a": {}}, [("changed", "/a")]),
        ({"a": []}, {"a": {}}, [("changed", "/a")]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ({"a/b": 1, "~": 2}, {"a/b": 2, "~": 3}, [("changed", "/a~1b"), ("changed", "/~0")]),
        ([1, 2, 3], [1, 3], [("removed", "/1")]),
        ([1, 3], [1, 2, 3], [("added", "/1")]),
        ([1, 2], [1, 3], [("changed", "/1")]),
        ({"e\u0301": 1}, {"\u00e9": 1}, [("removed", "/e\u0301"), ("added", "/\u00e9")]),
    ],
)
def test_changes_by_path(before: Any, after: Any, expected: list[tuple[str, str]]) -> None:
    assert ops(before, after) == expected


def test_elements_are_known_by_their_identity() -> None:
    before = [{"id": 1, "n": "a"}, {"id": 2, "n": "b"}, {"id": 3, "n": "c"}]
    after = [{"id": 0, "n": "z"}, {"id": 2, "n": "B"}, {"id": 3, "n": "c"}]
    assert ops(before, after) == [("added", "/0"), ("removed", "/0"), ("changed", "/1/n")]


def test_an_element_that_moves_is_said_to_move() -> None:
    before = [{"id": n, "v": 0} for n in range(4)]
    after = [before[3], before[0], {"id": 1, "v": 9}, before[2]]
    assert ops(before, after) == [("moved", "/0"), ("changed", "/2/v")]


def test_an_element_may_move_and_change() -> None:
    before = [{"id": n, "v": 0} for n in range(3)]
    after = [before[1], before[2], {"id": 0, "v": 1}]
    assert ops(before, after) == [("moved", "/2"), ("changed", "/2/v")]
    assert ops(before, [before[1], before[2], before[0]]) == [("moved", "/2")]


def test_two_elements_of_one_identity_have_none() -> None:
    before = [{"id": 1, "v": 1}, {"id": 1, "v": 2}]
    assert ops(before, [{"id": 1, "v": 2}]) == [("removed", "/0")]


def test_context_is_counted_in_leaves() -> None:
    before = dict.fromkeys("abcdef", 0)
    rows = field_rows(field_diff(before, {**before, "c": 1}), 1)
    assert [r.count if isinstance(r, FieldFold) else r.path for r in rows] == [
        1,
        "/b",
        "/c",
        "/d",
        2,
    ]


@pytest.mark.parametrize("one", [0, 0.0, -0.0, False, "0", None, 1, 1.0, True, "1", 1e16, 10**15])
@pytest.mark.parametrize("other", [0, 1.0, True, "1", 10**16 // 10, 1e15, [], {}])
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [v], lambda v: {"a": [{"b": v}]}])
def test_numbers_are_told_apart_as_canonical_json_does(one: Any, other: Any, wrap: Any) -> None:
    equal = form(one) == form(other)
    assert same(wrap(one), wrap(other)) == equal
    assert (form(wrap(one)) == form(wrap(other))) == equal
    if 1e16 not in (one, other):
        assert (canonical(one) == canonical(other)) == equal


def test_elements_without_identity_are_matched_by_likeness() -> None:
    before = [{"sku": "a", "n": 1, "p": 2}, {"sku": "b", "n": 1, "p": 3}]
    after = [{"sku": "new", "n": 7, "p": 9}, {"sku": "a", "n": 2, "p": 2}, before[1]]
    assert ops(before, after) == [("added", "/0"), ("changed", "/1/n")]


def test_a_long_text_is_compared_within() -> None:
    before, after = {"body": "one\ntwo\nthree\n"}, {"body": "one\n2\nthree\n"}
    (change,) = check(before, after).changes
    assert change.text is not None
    assert change.text.counts.added == change.text.counts.removed == 1


def test_a_change_that_does_not_fit_is_refused() -> None:
    changes = field_diff({"a": {"b": 1}}, {"a": {"b": 2}}).changes
    with pytest.raises(ValueError, match="no fields"):
        apply_changes({"a": 5}, changes)


def test_a_large_array_is_bounded() -> None:
    before = [{"v": n % 3, "w": n} for n in range(3_000)]
    after = [{"v": (n + 1) % 3, "w": n} for n in range(3_000)]
    assert check(before, after).counts.changed == 3_000


def conformance() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in ("tests.json", "spec_tests.json"):
        path: Path = shared_data("json-patch", name)
        found += json.loads(path.read_text(encoding="utf-8"))
    return [case for case in found if "expected" in case and not case.get("disabled")]


def test_conformance_cases_of_json_patch() -> None:
    cases = conformance()
    assert len(cases) > 50
    through_a_write = 0
    for case in cases:
        expected = case["expected"]
        check(case["doc"], expected)
        if isinstance(case["doc"], dict) and isinstance(expected, dict):
            write = RecordWrite(type="record", before=case["doc"], patch=case["patch"])
            result = write.result()
            diff = check(write.before, result)
            assert form(apply_changes(write.before, diff.changes)) == form(expected)
            through_a_write += 1
    assert through_a_write > 30
