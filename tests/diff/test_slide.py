"""Where a block stands that could stand at several places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import LineDiff, line_diff
from reviewer.diff.slide import MAX_STEPS


def block(diff: LineDiff, kind: str) -> list[str]:
    """The lines of the only block of that kind."""
    (found,) = (b for b in diff.blocks if b.kind == kind)
    if kind == "added":
        return list(diff.right[found.right_start : found.right_end])
    return list(diff.left[found.left_start : found.left_end])


FUNCTIONS = {name: f"def {name}():\n    return 1\n\n\n" for name in "abc"}


def test_a_function_comes_and_goes_as_a_whole() -> None:
    some, more = FUNCTIONS["a"] + FUNCTIONS["c"], "".join(FUNCTIONS.values())
    assert "".join(block(line_diff(some, more), "added")) == FUNCTIONS["b"]
    assert "".join(block(line_diff(more, some), "removed")) == FUNCTIONS["b"]


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        # Among equals the lowest place.
        ("x\n", "x\nx\n", 1),
        # Less indentation at the edges: not `  b / end / a`, not `end / a / b` from within.
        ("a\n  b\nend\n", "a\n  b\nend\na\n  b\nend\n", 3),
        # A blank line above is a better start than one in the block.
        ("p\n\np\n\n", "p\n\np\n\np\n\n", 4),
        ("  p\n\n  q\n", "  p\n\n  p\n\n  q\n", 2),
        ("  p\n\n  q\n", "  p\n\n  q\n\n  q\n", 3),
        ("p\nq\n\np\nr\n", "p\nq\n\np\nq\n\np\nr\n", 3),
    ],
)
def test_the_place_that_reads_best(before: str, after: str, added: int) -> None:
    diff = line_diff(before, after)
    (found,) = (b for b in diff.blocks if b.kind == "added")
    assert found.right_start == added


def test_insertions_on_both_sides_of_a_line_become_one() -> None:
    diff = line_diff("a\nx\nb\n", "a\n  q\nx\n  y\nx\nb\n")
    assert block(diff, "added") == ["  q\n", "x\n", "  y\n"]


@given(st.integers(1, 30), st.integers(1, 3 * MAX_STEPS), st.integers(1, 5))
def test_long_runs_of_one_line_are_counted_right(left: int, right: int, more: int) -> None:
    before = "x\n" * left + "m\n" + "x\n" * right
    after = "x\n" * (left + more) + "m\n" + "x\n" * right
    diff = line_diff(before, after)
    assert diff.counts.added == more
    assert diff.counts.removed == 0
    assert block(diff, "added") == ["x\n"] * more
