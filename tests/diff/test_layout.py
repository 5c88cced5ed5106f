"""Layouts: both views carry every changed byte, folded or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import Fold, Layout, Line, LineDiff, Side, line_diff, side_by_side, unified

from .strategies import pairs
from .test_words import unmarked

contexts = st.one_of(st.none(), st.integers(0, 4))


def sides(layout: Layout, which: str) -> list[Side]:
    """All sides of the drawn lines, in the order of the text."""
    found = [getattr(row, which) for row in layout if isinstance(row, Line)]
    return sorted((side for side in found if side is not None), key=lambda side: side.number)


def drawn(layout: Layout, diff: LineDiff, which: str) -> str:
    """One of the two texts as drawn, folded lines taken from the text that both views share."""
    numbers = {side.number: side.text + side.ending for side in sides(layout, which)}
    source = getattr(diff, which)
    for row in layout:
        if isinstance(row, Fold):
            start = getattr(row, f"{which}_number")
            for number in range(start, start + row.count):
                assert number not in numbers
                numbers[number] = source[number - 1]
    assert sorted(numbers) == list(range(1, len(source) + 1))
    return "".join(numbers[number] for number in sorted(numbers))


@given(pairs, contexts)
def test_both_views_draw_every_line_of_both_texts(
    pair: tuple[str, str], context: int | None
) -> None:
    diff = line_diff(*pair)
    for layout in (unified(diff, context), side_by_side(diff, context)):
        assert drawn(layout, diff, "left") == pair[0]
        assert drawn(layout, diff, "right") == pair[1]


@given(pairs, contexts)
def test_what_is_folded_is_the_same_on_both_sides(
    pair: tuple[str, str], context: int | None
) -> None:
    diff = line_diff(*pair)
    for layout in (unified(diff, context), side_by_side(diff, context)):
        for row in layout:
            if isinstance(row, Fold):
                assert context is not None
                assert row.count > 1
                folded = [
                    side[number - 1 : number - 1 + row.count]
                    for side, number in (
                        (diff.left, row.left_number),
                        (diff.right, row.right_number),
                    )
                ]
                assert folded[0] == folded[1]
            elif row.kind == "same":
                assert row.left is not None
                assert row.right is not None
                assert row.left.text + row.left.ending == row.right.text + row.right.ending


@given(pairs, contexts)
def test_both_views_carry_the_same_changes(pair: tuple[str, str], context: int | None) -> None:
    diff = line_diff(*pair)
    one, two = unified(diff, context), side_by_side(diff, context)
    assert len(one.changes) == len(two.changes)
    for which in ("left", "right"):
        changed = [
            [
                getattr(row, which)
                for row in layout
                if isinstance(row, Line) and row.kind != "same" and getattr(row, which)
            ]
            for layout in (one, two)
        ]
        assert changed[0] == changed[1]
        assert all(row.kind != "changed" for row in one if isinstance(row, Line))


@given(pairs)
def test_marks_lie_within_the_text_and_hide_no_ending(pair: tuple[str, str]) -> None:
    diff = line_diff(*pair)
    for number, block in enumerate(diff.blocks):
        if block.kind != "changed":
            continue
        rows = [row for row in unified(diff) if isinstance(row, Line) and row.block == number]
        assert rows
        for row in rows:
            side = row.left or row.right
            assert side is not None
            unmarked(side.text, side.marks)
        marks = diff.marks(number)
        assert marks is not None
        shown = [row.left or row.right for row in rows]
        for side, line_marks in zip(shown, [*marks[0], *marks[1]], strict=True):
            assert side is not None
            if line_marks and line_marks[-1][1] > len(side.text):
                assert side.show_ending


@given(pairs, contexts)
def test_rows_are_a_sequence_and_changes_are_found(
    pair: tuple[str, str], context: int | None
) -> None:
    diff = line_diff(*pair)
    for layout in (unified(diff, context), side_by_side(diff, context)):
        rows = list(layout)
        assert len(rows) == len(layout)
        assert layout[:] == rows
        if rows:
            assert layout[-1] == rows[-1]
        with pytest.raises(IndexError):
            layout[len(rows)]
        starts = [
            at
            for at, row in enumerate(rows)
            if isinstance(row, Line)
            and row.kind != "same"
            and (at == 0 or isinstance(rows[at - 1], Fold) or rows[at - 1].block != row.block)
        ]
        assert list(layout.changes) == starts
        found, at = [], layout.next_change(-1)
        while at is not None:
            found.append(at)
            assert layout.change_at(at) == len(found)
            at = layout.next_change(at)
        assert found == starts
        back, at = [], layout.previous_change(len(rows))
        while at is not None:
            back.append(at)
            at = layout.previous_change(at)
        assert back == starts[::-1]


@given(pairs)
def test_an_opened_fold_shows_its_lines(pair: tuple[str, str]) -> None:
    diff = line_diff(*pair)
    folds = [row for row in unified(diff, 0) if isinstance(row, Fold)]
    opened = unified(diff, 0, frozenset(fold.block for fold in folds))
    assert not any(isinstance(row, Fold) for row in opened)
    assert list(opened) == list(unified(diff, None))


def test_more_context_is_more_rows() -> None:
    lines = [f"{n}\n" for n in range(100)]
    diff = line_diff("".join(lines), "".join([*lines[:50], "new\n", *lines[50:]]))
    assert [len(unified(diff, context)) for context in (0, 1, 3, None)] == [3, 5, 9, 101]


def test_lines_that_are_alike_stand_beside_each_other() -> None:
    before = "alpha = 1\nbeta = 2\ngamma = 3\n"
    after = "intro\nalpha = 10\nbeta = 20\ngamma = 30\n"
    rows = [row for row in side_by_side(line_diff(before, after)) if isinstance(row, Line)]
    assert [(r.left and r.left.text, r.right and r.right.text) for r in rows] == [
        (None, "intro"),
        ("alpha = 1", "alpha = 10"),
        ("beta = 2", "beta = 20"),
        ("gamma = 3", "gamma = 30"),
    ]


def test_endings_are_drawn_where_they_matter() -> None:
    rows = list(unified(line_diff("a\nb\nc", "a\nb\rc\n"), None))
    shown = [
        (side.text, side.ending)
        for row in rows
        if isinstance(row, Line)
        for side in (row.left, row.right)
        if side is not None and side.show_ending
    ]
    assert ("b", "\r") in shown
    assert ("c", "") in shown
    quiet = unified(line_diff("a\r\nb\r\n", "a\r\nc\r\n"), None)
    assert not any(
        side.show_ending
        for row in quiet
        if isinstance(row, Line)
        for side in (row.left, row.right)
        if side is not None
    )
