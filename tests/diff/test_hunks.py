"""Hunks: all taken is the proposal, none is what was there, any subset is exactly those changes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from reviewer.diff import split_lines
from reviewer.diff.hunks import Hunk, patch, with_hunks

from .strategies import pairs

CODE = "".join(f"def f{n}():\n    return {n}\n\n" for n in range(20))
subsets = st.sets(st.integers(0, 60))


@given(pairs)
@example(("a\r\nb", "a\nb\n"))
@example(("a\nb", "a"))
def test_all_hunks_are_the_proposal_and_none_is_what_was_there(pair: tuple[str, str]) -> None:
    before, after = pair
    made = patch(before, after)
    assert made.text(range(len(made.pieces))) == after
    assert made.text(()) == before
    assert with_hunks(before, after, range(len(made.hunks))) == after
    assert with_hunks(before, after, ()) == before
    assert bool(made.pieces) == (before != after)


@given(pairs, subsets)
@example(("a", "a\nb"), {1})
@example(("a\nb\n", "a"), {0})
@example(("a\nb", "x\na\r\nb\n"), {0, 2})
def test_a_subset_is_exactly_those_changes(pair: tuple[str, str], taken: set[int]) -> None:
    before, after = pair
    made = patch(before, after)
    lines: list[str] = []
    at = 0
    for number, piece in enumerate(made.pieces):
        assert at <= piece.start
        lines += made.before[at : piece.start]
        side = made.after[piece.right : piece.right_end]
        lines += side if number in taken else made.before[piece.start : piece.end]
        at = piece.end
    lines += made.before[at:]
    text = made.text(taken)
    assert text == "".join(lines)
    # no line runs into the next one: they are read back as they were put together
    if not any(one.endswith("\r") and two.startswith("\n") for one, two in pairwise(lines)):
        assert split_lines(text) == lines


@given(pairs)
def test_the_pieces_are_in_order_and_the_hunks_hold_each_once(pair: tuple[str, str]) -> None:
    made = patch(*pair)
    assert [n for hunk in made.hunks for n in hunk.pieces] == list(range(len(made.pieces)))
    right = 0
    for piece in made.pieces:
        assert piece.start < piece.end or piece.right < piece.right_end
        assert right <= piece.right
        right = piece.right_end


@given(pairs)
def test_splitting_ends_at_single_pieces_and_loses_none(pair: tuple[str, str]) -> None:
    made = patch(*pair)
    todo, found = list(made.hunks), []
    while todo:
        hunk = todo.pop(0)
        parts = made.split(hunk)
        assert [n for part in parts for n in part.pieces] == list(hunk.pieces)
        if len(parts) > 1:
            todo = [*parts, *todo]
        else:
            found.append(hunk)
    assert found == [Hunk(n, n + 1) for n in range(len(made.pieces))]


def test_near_changes_are_one_hunk_until_it_is_split() -> None:
    after = CODE.replace("return 3\n", "return x\n").replace("return 4\n", "return y\n")
    after = after.replace("return 15\n", "return z\n")
    made = patch(CODE, after)
    assert [len(hunk.pieces) for hunk in made.hunks] == [2, 1]
    assert made.split(made.hunks[0]) == (Hunk(0, 1), Hunk(1, 2))
    assert with_hunks(CODE, after, {1}) == CODE.replace("return 15\n", "return z\n")
    assert made.text({1, 2}) == after.replace("return x\n", "return 3\n")


def test_a_new_text_is_split_by_paragraphs_then_by_lines() -> None:
    text = "one\ntwo\n\nthree\n"
    made = patch("", text)
    (whole,) = made.hunks
    first, second = made.split(whole)
    assert (made.text(first.pieces), made.text(second.pieces)) == ("one\ntwo\n\n", "three\n")
    lines = [made.text(part.pieces) for part in made.split(first)]
    assert lines == ["one\n", "two\n", "\n"]


def test_a_deleted_text_can_be_left_in_part() -> None:
    made = patch("one\ntwo\nthree", "")
    assert made.text({0}) == "two\nthree"
    assert made.text({1, 2}) == "one\n"


def test_line_ends_and_a_missing_one_at_the_end_are_changes_like_any_other() -> None:
    before, after = "a\r\nb\r\nc", "a\nb\r\nc\n"
    made = patch(before, after)
    texts: dict[Any, str] = {n: made.text({n}) for n in range(len(made.pieces))}
    assert texts == {0: "a\nb\r\nc", 1: "a\r\nb\r\nc\n"}


def test_a_very_long_block_is_one_piece() -> None:
    made = patch("", "x\n" * 5_000)
    assert len(made.pieces) == 1
