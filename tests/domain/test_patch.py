"""RFC 6902 patches within bounds: bombs are refused where they are handed in, by construction."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reviewer.diff.states import ABSENT
from reviewer.diff.states import _representation as representation
from reviewer.domain import patch as patching
from reviewer.domain.artifact import parse
from reviewer.domain.errors import InputError
from reviewer.domain.patch import DEEPEST, MAX_MOVED, MAX_STEPS, apply_patch
from reviewer.domain.writes import RequestWrite

Steps = list[dict[str, Any]]


def doubling(times: int) -> Steps:
    """Each step copies the whole document into itself."""
    return [{"op": "copy", "from": "", "path": f"/{number}"} for number in range(times)]


def nesting(times: int) -> Steps:
    """Each step puts the document below its deepest place: it is twice as deep afterwards."""
    return [
        {"op": "copy", "from": "/a", "path": "/a" * (2**number + 1)} for number in range(1, times)
    ]


def submitted(before: dict[str, Any], steps: Steps) -> Any:
    """What is handed in by an agent, as text, comes through the one way in."""
    write = {"type": "record", "resource": "r", "before": before, "patch": steps}
    return parse(json.dumps({"agent": {"name": "a"}, "kind": "k", "title": "t", "writes": [write]}))


def test_a_patch_that_doubles_the_document_again_and_again_is_refused() -> None:
    with pytest.raises(InputError, match="copies and moves more than 4 MiB"):
        submitted({"a": 1}, doubling(60))


def test_it_stops_before_the_copy_that_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was copied until then is bounded, whatever the steps to come."""
    made = []
    whole = patching.copy.deepcopy

    class Counting:
        @staticmethod
        def deepcopy(value: Any) -> Any:
            made.append(len(json.dumps(value)))
            return whole(value)

    monkeypatch.setattr("jsonpatch.copy", Counting)
    with pytest.raises(ValueError, match="copies and moves"):
        apply_patch({"a": "x" * 1000}, doubling(60))
    assert 0 < sum(made) < 2 * MAX_MOVED


def test_texts_count_by_their_length() -> None:
    text = "x" * (MAX_MOVED // 4)
    few = [{"op": "copy", "from": "/t", "path": f"/{n}"} for n in range(3)]
    assert len(apply_patch({"t": text}, few)) == 4
    with pytest.raises(ValueError, match="copies and moves"):
        apply_patch({"t": text}, [*few, {"op": "move", "from": "/t", "path": "/u"}])


def test_what_is_added_and_removed_may_be_as_large_as_the_artifact() -> None:
    text = "x" * (2 * MAX_MOVED)
    steps: Steps = [{"op": "add", "path": "/t", "value": text}, {"op": "remove", "path": "/t"}]
    assert apply_patch({}, steps) == {}


def test_a_patch_that_nests_what_it_finds_is_refused() -> None:
    with pytest.raises(InputError, match="nests deeper than"):
        submitted({"a": {"a": {}}}, nesting(12))
    value: dict[str, Any] = {}
    for _ in range(40):
        value = {"a": value}
    steps: Steps = [{"op": "add", "path": "/a" * (40 * n + 1), "value": value} for n in range(3)]
    with pytest.raises(InputError, match="nests deeper than"):
        submitted({}, steps)


def test_as_deep_as_a_document_may_be_a_patch_may_make_it() -> None:
    deep: Any = 1
    for _ in range(DEEPEST - 1):
        deep = {"a": deep}
    steps: Steps = [{"op": "add", "path": "/a", "value": deep}]
    done = apply_patch({}, steps)
    write = {"type": "record", "resource": "r", "after": done}
    body = {"agent": {"name": "a"}, "kind": "k", "title": "t", "writes": [write]}
    assert parse(json.dumps(body)).writes[0].after == done  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="nests deeper"):
        apply_patch({}, [{"op": "add", "path": "/a", "value": {"a": deep}}])


def test_too_many_steps_are_refused() -> None:
    steps: Steps = [{"op": "test", "path": "/a", "value": 1}] * (MAX_STEPS + 1)
    with pytest.raises(InputError, match="more than 10,000 steps"):
        submitted({"a": 1}, steps)


@pytest.mark.parametrize(
    "step",
    [
        5, {}, {"op": "copy", "path": "/b"}, {"op": "copy", "from": 5, "path": "/b"},
        {"op": "add", "path": 5, "value": 1}, {"op": "add", "path": "b", "value": 1},
        {"op": "move", "from": "/x", "path": "/b"}, {"op": "grow", "path": "/b"},
        {"op": "add", "path": "/b"}, {"op": "copy", "from": "/a/b", "path": "/c"},
        {"op": ["add"], "path": "/b"}, {"op": "remove", "path": "/a/0"},
    ],
)  # fmt: skip
def test_what_is_no_patch_is_said_and_nothing_else_is_raised(step: Any) -> None:
    before = {"a": 1}
    with pytest.raises(ValueError, match="does not apply"):
        apply_patch(before, [step])
    assert before == {"a": 1}


def test_a_request_that_carries_a_bomb_is_shown_without_what_it_would_make() -> None:
    write = RequestWrite(
        type="request", method="PATCH", url="https://a.example/x", before={"a": 1},
        headers={"Content-Type": "application/json-patch+json"}, body=doubling(60),
    )  # fmt: skip
    assert representation(write) is ABSENT


def test_the_document_before_stays_as_it_was() -> None:
    before = {"a": {"b": [1]}}
    done = apply_patch(before, [{"op": "add", "path": "/a/b/-", "value": 2}])
    assert (before, done) == ({"a": {"b": [1]}}, {"a": {"b": [1, 2]}})
