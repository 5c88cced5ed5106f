"""The members of a group without a screen: what a decision touches, who drops out, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewer.domain.query import parse
from reviewer.domain.state import Status
from reviewer.domain.views import Entry
from reviewer.shapes.analysis import analyse
from reviewer.tui.group_members import GroupMembers, query_of, why_out
from tests.shapes.groups import items, refund

NOW = 1_780_000_000_000_000


def members() -> GroupMembers:
    """Six of whom the last stands out."""
    made = items([*(refund(at, 20.0) for at in range(5)), refund(9, 9_999)])
    named = [
        replace(item, entry=replace(item.entry, state=replace(item.entry.state, id=f"a_{at}")))
        for at, item in enumerate(made)
    ]
    analysis = analyse(named)
    assert analysis is not None
    return GroupMembers({item.entry.state.id: item.entry for item in named}, analysis)


def aimed(group: GroupMembers, *marked: str) -> list[str]:
    """The ids of what a decision touches."""
    return [entry.state.id for entry in group.aim(marked)]


def test_a_decision_touches_who_is_alike_and_was_taken_in_or_is_marked() -> None:
    group = members()
    assert group.standing_out == ["a_5"]
    assert aimed(group) == ["a_0", "a_1", "a_2", "a_3", "a_4"]
    group.taken.add("a_5")
    assert len(aimed(group)) == group.number(0) == 6
    assert aimed(group, "a_3", "a_1") == ["a_1", "a_3"]
    assert group.number(2) == 2


def test_who_dropped_out_is_not_touched_even_where_marked_or_taken_in() -> None:
    group = members()
    group.taken.add("a_5")
    dropped = group.drop({"a_0": None, "a_5": None}, "mia", NOW)
    assert set(dropped) == {"a_0", "a_5"}
    assert group.drop({"a_0": None}, "mia", NOW) == {}
    assert aimed(group) == ["a_1", "a_2", "a_3", "a_4"]
    assert aimed(group, "a_0", "a_1") == ["a_1"]
    assert group.number(0) == 4
    assert not group.standing_out


def test_who_is_given_back_is_there_again() -> None:
    group = members()
    entry = group.entries["a_0"]
    held = with_state(entry, lease_owner="bob", lease_until=NOW + 10)
    assert group.drop({"a_0": held}, "mia", NOW) == {"a_0": "claimed by bob"}
    assert group.drop({"a_0": entry}, "mia", NOW) == {}
    assert len(aimed(group)) == 5


def with_state(entry: Entry, **changes: object) -> Entry:
    """The entry in another state."""
    return replace(entry, state=replace(entry.state, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"status": Status.REJECTED}, "decided meanwhile: rejected"),
        ({"digest": "sha256:other"}, "changed meanwhile"),
        ({"revision": 9}, "changed meanwhile"),
        ({"lease_owner": "bob", "lease_until": NOW + 1}, "claimed by bob"),
        ({"lease_owner": "bob", "lease_until": NOW - 1}, ""),
        ({"lease_owner": "mia", "lease_until": NOW + 1}, ""),
        ({"snoozed_until": NOW + 1}, "snoozed meanwhile"),
    ],
)
def test_why_a_member_drops_out(changes: dict[str, object], why: str) -> None:
    entry = members().entries["a_0"]
    assert why_out(entry, with_state(entry, **changes), "mia", NOW) == why


def test_the_filter_of_a_group_is_that_of_its_list_and_its_shape() -> None:
    query = query_of(parse("agent:bot sort:newest hello"), "abc")
    assert query.has("agent", "bot")
    assert query.has("shape", "abc")
    assert (query.words, query.sort) == (("hello",), "newest")
    assert parse(query.text) == query
