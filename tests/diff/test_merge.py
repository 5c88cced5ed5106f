"""Three-way merges: the laws, and that nothing either side changed gets lost silently."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import ABSENT, Conflict, Settled, form, merge_json, merge_text

from .strategies import altered, documents, edited, pairs, texts

three_texts = st.one_of(
    texts.flatmap(
        lambda base: st.tuples(
            st.just(base),
            edited(st.just(base)).map(lambda pair: pair[1]),
            edited(st.just(base)).map(lambda pair: pair[1]),
        )
    ),
    st.tuples(texts, texts, texts),
)
three_documents = st.one_of(
    documents.flatmap(lambda base: st.tuples(st.just(base), altered(base), altered(base))),
    st.tuples(documents, documents, documents),
)


@given(pairs)
def test_what_one_side_changed_is_taken(pair: tuple[str, str]) -> None:
    base, other = pair
    assert merge_text(base, base, other).text == other
    assert merge_text(base, other, base).text == other
    assert merge_text(base, other, other).text == other


@given(three_texts)
def test_the_pieces_make_up_all_three_texts(three: tuple[str, str, str]) -> None:
    merge = merge_text(*three)
    sides: dict[str, list[str]] = {"base": [], "mine": [], "theirs": []}
    for piece in merge.pieces:
        assert piece.base or not isinstance(piece, Settled) or piece.lines
        for side, lines in sides.items():
            if isinstance(piece, Conflict):
                lines.extend(getattr(piece, side))
            elif side != "base" and piece.source in (side, "both"):
                assert piece.lines != piece.base
                lines.extend(piece.lines)
            else:
                lines.extend(piece.base)
        if isinstance(piece, Conflict):
            assert len({piece.base, piece.mine, piece.theirs}) == 3
    assert tuple("".join(lines) for lines in sides.values()) == three
    assert (merge.text is None) == bool(merge.conflicts)


@given(three_texts)
def test_sides_can_be_swapped(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    one, other = merge_text(base, mine, theirs), merge_text(base, theirs, mine)
    assert one.text == other.text
    assert [(c.mine, c.theirs) for c in one.conflicts] == [
        (c.theirs, c.mine) for c in other.conflicts
    ]


def test_changes_apart_merge_and_changes_that_touch_conflict() -> None:
    base = "a\nb\nc\nd\n"
    assert merge_text(base, "A\nb\nc\nd\n", "a\nb\nc\nD\n").text == "A\nb\nc\nD\n"
    merge = merge_text(base, "a\nB\nc\nd\n", "a\nb\nC\nd\n")
    assert merge.text is None
    (conflict,) = merge.conflicts
    assert conflict == Conflict(("b\n", "c\n"), ("B\n", "c\n"), ("b\n", "C\n"))
    assert merge.resolved(lambda c: c.theirs) == "a\nb\nC\nd\n"
    assert [piece.source for piece in merge.pieces if isinstance(piece, Settled)] == ["base"] * 2


def test_words_apart_in_one_line_are_suggested_never_taken() -> None:
    base = "pay 100 to the shop in Bern by Friday\n"
    mine = "pay 200 to the shop in Bern by Friday\n"
    theirs = "pay 100 to the shop in Bern by Monday\n"
    merge = merge_text(base, mine, theirs)
    assert merge.text is None
    assert merge.conflicts[0].suggestion() == "pay 200 to the shop in Bern by Monday\n"
    (conflict,) = merge_text("pay 100\n", "pay 200\n", "pay 300\n").conflicts
    assert conflict.suggestion() is None


def test_line_endings_survive() -> None:
    base = "a\r\nb\r\nc\r\nd"
    assert merge_text(base, "A\r\nb\r\nc\r\nd", "a\r\nb\r\nc\r\nd\n").text == "A\r\nb\r\nc\r\nd\n"


@given(st.tuples(documents, documents))
def test_json_that_one_side_changed_is_taken(pair: tuple[Any, Any]) -> None:
    base, other = pair
    for mine, theirs in ((base, other), (other, base), (other, other)):
        merge = merge_json(base, mine, theirs)
        assert not merge.conflicts
        assert form(merge.value) == form(other)


@given(three_documents)
def test_json_sides_can_be_swapped(three: tuple[Any, Any, Any]) -> None:
    base, mine, theirs = three
    one, other = merge_json(base, mine, theirs), merge_json(base, theirs, mine)
    assert bool(one.conflicts) == bool(other.conflicts)
    if not one.conflicts:
        assert form(one.value) == form(other.value)


@given(st.dictionaries(st.sampled_from("abcd"), documents), st.data())
def test_fields_apart_merge(base: dict[str, Any], data: st.DataObject) -> None:
    mine = {**base, "a": data.draw(documents)}
    theirs = {**base, "b": data.draw(documents)}
    merge = merge_json(base, mine, theirs)
    assert not merge.conflicts
    assert form(merge.value) == form({**base, "a": mine["a"], "b": theirs["b"]})


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged", "paths"),
    [
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 3}, {"a": 2, "b": 3}, []),
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 2}, ["/a"]),
        ({"a": 1}, {}, {"a": 3}, {}, ["/a"]),
        ({}, {"a": 1}, {"a": 1.0}, {"a": 1}, []),
        ({}, {"a": 1}, {"a": True}, {"a": 1}, ["/a"]),
        ([1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 4], [0, 1, 2, 3, 4], []),
        ([1], [2], [3], [2], [""]),
        (ABSENT, {"a": 1}, {"b": 1}, {"a": 1}, [""]),
        ({"a": 1}, ABSENT, {"a": 1}, ABSENT, []),
        ({"t": "a\nb\nc\n"}, {"t": "A\nb\nc\n"}, {"t": "a\nb\nC\n"}, {"t": "A\nb\nC\n"}, []),
        ({"t": "a\nb\n"}, {"t": "A\nb\n"}, {"t": "x\nb\n"}, {"t": "A\nb\n"}, ["/t"]),
    ],
)
def test_json_merges(base: Any, mine: Any, theirs: Any, merged: Any, paths: list[str]) -> None:
    merge = merge_json(base, mine, theirs)
    assert [conflict.path for conflict in merge.conflicts] == paths
    assert merge.value is merged or form(merge.value) == form(merged)


def lines(*pairs: tuple[int, int]) -> list[dict[str, int]]:
    return [{"id": number, "n": n} for number, n in pairs]


def test_elements_with_identities_merge_one_by_one() -> None:
    base = lines((1, 1), (2, 2), (3, 3))
    mine = lines((1, 10), (2, 2), (3, 3), (4, 4))
    theirs = lines((1, 1), (3, 30))
    merge = merge_json(base, mine, theirs)
    assert merge.value == lines((1, 10), (3, 30), (4, 4))
    assert not merge.conflicts
    both = merge_json(base, lines((1, 5), (2, 2), (3, 3)), lines((1, 6), (2, 7), (3, 3)))
    assert both.value == lines((1, 5), (2, 7), (3, 3))
    assert [conflict.path for conflict in both.conflicts] == ["/0/n"]


def test_removing_what_the_other_side_changed_is_a_conflict() -> None:
    base = lines((1, 1), (2, 2), (3, 3))
    merge = merge_json(base, lines((1, 1), (3, 3)), lines((1, 1), (2, 9), (3, 3)))
    assert [conflict.path for conflict in merge.conflicts] == [""]
