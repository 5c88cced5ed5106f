"""Word marks: what lies outside them is the same on both sides, always."""

from __future__ import annotations

import random

import pytest
from hypothesis import given

from reviewer.diff.words import MAX_CHARS, MAX_LINES, Marks, block_marks, carried, text_marks

from .strategies import pairs


def unmarked(text: str, marks: Marks) -> str:
    """The text without its marks; asserts that they are sorted, disjoint and not empty."""
    kept: list[str] = []
    at = 0
    for start, end in marks:
        assert at <= start < end <= len(text)
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])


@given(pairs)
def test_without_the_marks_both_sides_are_the_same(pair: tuple[str, str]) -> None:
    left, right = text_marks(*pair)
    assert unmarked(pair[0], left) == unmarked(pair[1], right)
    assert bool(left or right) == (pair[0] != pair[1])


@given(pairs)
def test_the_marks_of_lines_are_those_of_their_text(pair: tuple[str, str]) -> None:
    left, right = (text.splitlines(keepends=True) for text in pair)
    marks = block_marks(left, right)
    assert marks is not None
    for lines, found in zip((left, right), marks, strict=True):
        assert len(lines) == len(found)
    kept = [
        "".join(unmarked(line, mark) for line, mark in zip(lines, found, strict=True))
        for lines, found in zip((left, right), marks, strict=True)
    ]
    assert kept[0] == kept[1]


@pytest.mark.parametrize(
    ("left", "right", "gone", "come"),
    [
        ("def retry(call, attempts=3):", "def retry(call, attempts=5):", ["3"], ["5"]),
        ("the colour red", "the color red", ["u"], []),
        ("sleep(i)", "sleep(backoff(i))", ["i"], ["backoff(i)"]),
        ("total: 1200", "total: 7300", ["1200"], ["7300"]),
        ("a\n", "a\r\n", [], ["\r"]),
        ("a", "a\n", [], ["\n"]),
        ("pay now", "pay\u00a0now", [" "], ["\u00a0"]),
        ("admin", "\u0430dmin", ["a"], ["\u0430"]),
    ],
)
def test_marks_are_what_a_person_would_mark(
    left: str, right: str, gone: list[str], come: list[str]
) -> None:
    marks = text_marks(left, right)
    assert [left[start:end] for start, end in marks[0]] == gone
    assert [right[start:end] for start, end in marks[1]] == come


def test_a_small_edit_in_a_huge_line_is_found() -> None:
    left = "word " * 400_000
    right = left[:1_000_000] + "WORD" + left[1_000_004:]
    assert text_marks(left, right) == (((1_000_000, 1_000_004),),) * 2


def test_above_the_cap_all_between_the_first_and_last_difference_is_marked() -> None:
    rng = random.Random(1)
    left, right = ("".join(rng.choice("ab ") for _ in range(MAX_CHARS)) for _ in "lr")
    marks = text_marks("<" + left + ">", "<" + right + ">")
    assert [len(side) for side in marks] == [1, 1]
    assert unmarked("<" + left + ">", marks[0]) == unmarked("<" + right + ">", marks[1])


def test_blocks_of_very_many_lines_are_not_looked_into() -> None:
    assert block_marks(["a\n"] * MAX_LINES, ["b\n"]) is None


def test_the_same_texts_always_get_the_same_marks() -> None:
    rng = random.Random(2)
    left, right = ("".join(rng.choice("abc .") for _ in range(3_000)) for _ in "lr")
    assert len({text_marks(left, right) for _ in range(3)}) == 1


def test_edits_are_carried_to_a_moved_text() -> None:
    assert carried("one two three", "one 2 three", "zero one two three") == "zero one 2 three"
    assert carried("one two three", "one two 3", "something quite different here") is None
