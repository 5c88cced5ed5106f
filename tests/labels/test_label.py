"""The label of a decision: what it holds, and that its patch turns the proposal into the final."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from reviewer.domain.artifact import Artifact, artifact_digest, parse
from reviewer.domain.decision import Kind, Seen
from reviewer.domain.digest import canonical
from reviewer.labels.delta import field_delta, text_delta
from reviewer.labels.label import edit_distance, label, seeded
from tests.domain.strategies import (
    NOW,
    PERSON,
    artifact_documents,
    decision,
    json_objects,
    json_values,
    pending,
    simple,
)

from .rows import edited, row


def test_a_label_says_who_decided_what_how_and_when() -> None:
    state = pending()
    seen = Seen(dwell_ms=1500, assistant_first=True)
    made = decision(state, Kind.REJECT, seen=seen, comment="no")
    assert label(state, made, PERSON, NOW, policy="p1") == {
        "format": 1,
        "artifact": "a_1",
        "digest": state.digest,
        "decision": "reject",
        "reasons": ["other"],
        "comment": "no",
        "reviewer": "ann",
        "reviewer_kind": "person",
        "at": "2026-05-28T20:26:40.000Z",
        "dwell_ms": 1500,
        "bulk": False,
        "assistant_first": True,
        "policy": "p1",
    }


def test_an_edit_adds_the_final_writes_and_how_they_differ() -> None:
    artifact = simple()
    made = row(artifact, Kind.EDIT, **edited(artifact, 3)).label
    assert made["writes"] == [
        {"type": "record", "resource": "order/1", "before": {"a": 1}, "after": {"a": 3}}
    ]
    assert made["delta"] == [{"op": "replace", "path": "/0/after/a", "value": 3}]
    assert 0 < made["distance"] < 1
    final = artifact.with_writes(edited(artifact, 3)["writes"])
    assert made["digest_decided"] == artifact_digest(final) != made["digest"]


@given(artifact_documents(), st.data())
def test_the_patch_turns_the_proposal_into_the_final(
    document: dict[str, Any], data: st.DataObject
) -> None:
    proposed = parse(document)
    writes = [_changed(write, data) for write in proposed.writes]
    kept = [write for write in writes if write is not None]
    final = proposed.with_writes(kept)
    if not kept or artifact_digest(final) == artifact_digest(proposed):
        return
    state = pending(proposed)
    made = replace(decision(state, Kind.EDIT), writes=tuple(writes))
    value = label(state, made, PERSON, NOW, proposed, final)
    applied = jsonpatch.apply_patch(proposed.document()["writes"], value["delta"])
    assert canonical(applied) == canonical(final.document()["writes"]) == canonical(value["writes"])
    assert 0 <= value["distance"] <= 1
    for step in value["delta"]:
        assert step["path"].startswith("/")


def _changed(write: Any, data: st.DataObject) -> Any:
    what = data.draw(st.sampled_from(["keep", "drop", "change"]))
    if what == "change":
        values = json_objects if write.type == "record" else st.text("ab\n", max_size=8)
        return write.model_copy(update={"after": data.draw(values)})
    return write if what == "keep" else None


@given(st.lists(json_values, max_size=3), st.data())
def test_any_values_are_patched_exactly(old: list[Any], data: st.DataObject) -> None:
    new = [data.draw(st.none() | json_values.filter(lambda v: v is not None)) for _ in old]
    patched = jsonpatch.apply_patch(old, field_delta(old, new))
    assert canonical(patched) == canonical([value for value in new if value is not None])


def test_values_that_python_holds_equal_are_still_told_apart() -> None:
    assert field_delta([{"a": 1}], [{"a": True}]) == [
        {"op": "replace", "path": "/0/a", "value": True}
    ]
    assert field_delta([{"a": 0}], [{"a": False}])
    assert field_delta([{"a": [1]}], [{"a": [True]}])


def test_a_dropped_write_is_removed_last() -> None:
    assert field_delta([{"a": 1}, {"b": 1}, {"c": 1}], [None, None, {"c": 2}]) == [
        {"op": "replace", "path": "/2/c", "value": 2},
        {"op": "remove", "path": "/1"},
        {"op": "remove", "path": "/0"},
    ]


def test_an_edit_has_one_entry_for_each_write() -> None:
    artifact, state = simple(), pending()
    made = replace(decision(state, Kind.EDIT), writes=())
    with pytest.raises(ValueError, match="one entry"):
        label(state, made, PERSON, NOW, artifact, artifact)


lines = st.lists(st.sampled_from(["a", "b", "", "c\r", "--- x"]), max_size=8).map("\n".join)


@given(lines, lines)
def test_the_text_delta_rebuilds_the_new_text(old: str, new: str) -> None:
    patch = field_delta([{"body": old}], [{"body": new}])
    delta = text_delta([{"body": old}], patch)
    assert bool(delta) is (old != new)
    assert _patched(old, delta) == new


def test_the_text_delta_of_a_huge_text_is_one_hunk() -> None:
    old = "\n".join(str(number) for number in range(20_001))
    delta = text_delta([old], field_delta([old], [old + "!"]))
    assert delta.count("@@ -") == 1
    assert _patched(old, delta) == old + "!"


def test_only_texts_have_a_text_delta() -> None:
    old, new = {"n": 1, "s": "x", "t": "y"}, {"n": 2, "s": 5, "t": "z"}
    assert (
        text_delta([old], field_delta([old], [new]))
        == "--- /0/t\n+++ /0/t\n@@ -1,1 +1,1 @@\n-y\n+z\n"
    )


def _patched(old: str, delta: str) -> str:
    """Applies a unified diff without context: what `patch` would do."""
    source, result, at = old.split("\n"), [], 0
    for hunk in delta.split("\n@@ ")[1:] if delta else ():
        head, *body = hunk.removesuffix("\n").split("\n")
        span = head.split(" ")[0].removeprefix("-").split(",")
        start = int(span[0]) - (int(span[1]) > 0)
        result += source[at:start]
        assert [x[1:] for x in body if x[0] == "-"] == source[start : start + int(span[1])]
        result += [x[1:] for x in body if x[0] == "+"]
        at = start + int(span[1])
    return "\n".join(result + source[at:])


def of(value: str) -> Artifact:
    return simple(writes=[{"type": "document", "resource": "d", "after": value}])


@given(st.text("ab\n", max_size=30), st.text("ab\n", max_size=30))
def test_distance_is_that_of_the_whole_texts(one: str, other: str) -> None:
    texts = [canonical(of(value).document()["writes"]) for value in (one, other)]
    assert edit_distance(of(one), of(other)) == round(Levenshtein.normalized_distance(*texts), 4)


def test_a_change_deep_in_a_long_text_has_its_distance() -> None:
    long = "x" * 1_000_000
    deep = edit_distance(of(long), of(long[:-1000] + "y" * 1000))
    assert deep == pytest.approx(0.001, abs=1e-4)
    assert edit_distance(of(long), of("y" * 1_000_000)) > 0.99


def test_distance_is_zero_for_the_same_and_grows() -> None:
    assert edit_distance(of("abc"), of("abc")) == 0
    assert edit_distance(of("abc"), of("abd")) < edit_distance(of("abc"), of("xyz" * 9)) < 1


@pytest.mark.parametrize(
    ("mark", "is_seeded"), [(True, True), (False, False), (1, False), ("true", False)]
)
def test_only_a_true_mark_makes_a_seeded_test(mark: Any, is_seeded: bool) -> None:
    assert seeded(simple(metadata={"seeded": mark})) is is_seeded
    assert seeded(simple()) is False
