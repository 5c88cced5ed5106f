"""Carrying edits over: clean where one side changed a place, a choice for each place where both."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import same
from reviewer.diff.merge_places import Choice, Shape, carry

from .strategies import altered, documents, edited, texts

choices = st.dictionaries(st.integers(0, 8), st.sampled_from(["mine", "theirs", "both"]))
three_texts = texts.flatmap(
    lambda base: st.tuples(
        st.just(base),
        edited(st.just(base)).map(lambda pair: pair[1]),
        edited(st.just(base)).map(lambda pair: pair[1]),
    )
)
three_documents = documents.flatmap(
    lambda base: st.tuples(st.just(base), altered(base), altered(base))
)


def pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def all_of(side: Choice) -> dict[int, Choice]:
    return dict.fromkeys(range(100), side)


@given(three_texts)
def test_what_only_one_side_changed_is_no_conflict(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    assert carry(base, mine, base).text() == mine
    assert carry(base, base, theirs).text() == theirs
    assert carry(base, mine, mine).text() == mine
    assert not carry(base, mine, mine).places


@given(three_texts, choices)
def test_no_place_is_settled_unasked(
    three: tuple[str, str, str], chosen: dict[int, Choice]
) -> None:
    merged = carry(*three)
    numbers = set(range(len(merged.places)))
    assert set(merged.open(chosen)) == numbers - set(chosen)
    for number, place in enumerate(merged.places):
        assert place.mine != place.theirs
        for side in (place.mine, place.theirs):
            assert (side or "") in merged.text(
                all_of("mine") | {number: "mine" if side == place.mine else "theirs"}
            )


@given(three_documents)
def test_documents_merge_by_path_and_every_choice_gives_one(three: tuple[Any, Any, Any]) -> None:
    merged = carry(*map(pretty, three), "json")
    base, mine, theirs = three
    for side in ("mine", "theirs"):
        value = json.loads(merged.text(all_of(side)))
        assert same(value, value)
    assert same(json.loads(carry(*map(pretty, (base, mine, base)), "json").text()), mine)
    assert same(json.loads(carry(*map(pretty, (base, base, theirs)), "json").text()), theirs)


@given(three_documents)
def test_choosing_a_side_puts_its_value_there(three: tuple[Any, Any, Any]) -> None:
    from jsonpointer import resolve_pointer

    merged = carry(*map(pretty, three), "json")
    for number, place in enumerate(merged.places):
        if place.theirs is None or place.where.startswith("line"):
            continue  # nothing to look for, or a number that no strict reader takes
        value = json.loads(merged.text({number: "theirs"}))
        there = resolve_pointer(value, place.where)
        assert (there if isinstance(there, str) else pretty(there)) == place.theirs


RECORD = {"status": "open", "amount": 10, "note": "a b", "lines": [1, 2]}


def test_fields_that_neither_touches_together_merge_cleanly() -> None:
    mine, theirs = RECORD | {"amount": 12}, RECORD | {"status": "done", "lines": [1, 2, 3]}
    merged = carry(pretty(RECORD), pretty(mine), pretty(theirs), "json")
    assert not merged.places
    assert json.loads(merged.text()) == {
        **RECORD,
        "amount": 12,
        "status": "done",
        "lines": [1, 2, 3],
    }


def test_a_field_both_changed_is_one_place_with_both_values() -> None:
    mine, theirs = RECORD | {"amount": 12}, RECORD | {"amount": 11}
    merged = carry(pretty(RECORD), pretty(mine), pretty(theirs), "json")
    (place,) = merged.places
    assert (place.where, place.base, place.mine, place.theirs) == ("/amount", "10", "12", "11")
    assert merged.open({}) == (0,)
    assert json.loads(merged.text({0: "theirs"}))["amount"] == 11
    assert json.loads(merged.text({0: "mine"}))["amount"] == 12


def test_a_field_that_theirs_removed_can_go() -> None:
    theirs = {key: value for key, value in RECORD.items() if key != "amount"}
    merged = carry(pretty(RECORD), pretty(RECORD | {"amount": 12}), pretty(theirs), "json")
    assert merged.places[0].theirs is None
    assert json.loads(merged.text({0: "theirs"})) == theirs


def test_words_of_both_sides_can_be_taken_together() -> None:
    base = "the quick brown fox jumps over the lazy dog\n"
    mine, theirs = base.replace("quick", "swift"), base.replace("lazy", "tired")
    merged = carry(base, mine, theirs)
    (place,) = merged.places
    assert place.where == "line 1"
    assert merged.text({0: "both"}) == base.replace("quick", "swift").replace("lazy", "tired")


HEAD = 'to: ["a"]\ncc: []\nsubject: "s"\n---\nhello\nworld\n'


def test_a_head_of_fields_merges_by_field_not_by_line() -> None:
    mine = HEAD.replace('to: ["a"]', 'to: ["a", "b"]').replace("world", "you")
    theirs = HEAD.replace("cc: []", 'cc: ["c"]').replace("hello", "good day")
    merged = carry(HEAD, mine, theirs.replace('"s"', '"t"'), "headed")
    assert [place.where for place in merged.places] == ["lines 1 to 2"]  # the two lines touch
    assert merged.text({0: "mine"}).startswith('to: ["a", "b"]\ncc: ["c"]\nsubject: "t"\n---\n')


def test_the_places_of_head_and_text_are_counted_through() -> None:
    mine = HEAD.replace('"s"', '"mine"').replace("hello", "mine")
    theirs = HEAD.replace('"s"', '"theirs"').replace("hello", "theirs")
    merged = carry(HEAD, mine, theirs, "headed")
    assert [place.where for place in merged.places] == ["/subject", "line 1"]
    text = merged.text({0: "theirs", 1: "mine"})
    assert text == 'to: ["a"]\ncc: []\nsubject: "theirs"\n---\nmine\nworld\n'


@pytest.mark.parametrize("shape", ["json", "headed"])
def test_what_cannot_be_read_merges_by_line(shape: Shape) -> None:
    base = pretty(RECORD) if shape == "json" else HEAD
    unread = base.replace("{", "[").replace("\n---\n", "\n--\n")
    merged = carry(base, unread, base, shape)
    assert not merged.places
    assert merged.text() == unread
