"""Where an insertion or deletion could stand at several places, the place that reads best.

When the line before a block equals its last line, the block may as well stand one line higher.
Like git's indent heuristic this prefers blocks that begin and end at little indentation, after a
blank line, and among equals the lowest place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from .matching import Match

MAX_STEPS: Final = 100
"""How far up and down a block is tried."""

_Lines: TypeAlias = tuple[Sequence[str], Sequence[int]]
"""Lines and their ids: equal ids are equal lines."""


def slide(matches: list[Match], left: _Lines, right: _Lines) -> list[Match]:
    """The matches with each pure insertion and deletion between two of them at its best place.

    As much stays in common as before; a match whose lines all go to its neighbour is left out.
    """
    if not matches:
        return matches
    first, last = matches[0], matches[-1]
    done = [] if first.left == first.right == 0 else [Match(0, 0, 0)]
    done += matches
    ends = (len(left[1]), len(right[1]))
    if (last.left + last.size, last.right + last.size) != ends:
        done.append(Match(*ends, 0))
    for at in range(len(done) - 1):
        above, below = done[at], done[at + 1]
        in_left = above.right + above.size == below.right
        if in_left == (above.left + above.size == below.left):
            continue  # a replaced block stays where it is
        lines, ids = left if in_left else right
        top = above.left + above.size if in_left else above.right + above.size
        bottom = below.left if in_left else below.right
        steps = _range(ids, (top, bottom), above.size, below.size)
        step = _best(lines, steps, (top, bottom))
        done[at] = Match(above.left, above.right, above.size + step)
        done[at + 1] = Match(below.left + step, below.right + step, below.size - step)
    return [match for match in done if match.size]


def _range(ids: Sequence[int], block: tuple[int, int], up: int, down: int) -> tuple[int, int]:
    """How many lines the block can move up (negative) and down."""
    top, bottom = block
    higher = lower = 0
    while higher < min(up, MAX_STEPS) and ids[top - 1 - higher] == ids[bottom - 1 - higher]:
        higher += 1
    while lower < min(down, MAX_STEPS) and ids[top + lower] == ids[bottom + lower]:
        lower += 1
    return -higher, lower


def _best(lines: Sequence[str], steps: tuple[int, int], block: tuple[int, int]) -> int:
    if steps == (0, 0):
        return 0
    top, bottom = block
    return min(
        range(steps[0], steps[1] + 1),
        key=lambda step: (_cost(lines, top + step) + _cost(lines, bottom + step), -step),
    )


def _cost(lines: Sequence[str], at: int) -> int:
    """How badly a block reads that begins or ends before line `at`; less is better."""
    blank_above = at in (0, len(lines)) or not lines[at - 1].strip()
    if at == len(lines):
        return -2 * blank_above
    blank_here = not lines[at].strip()
    below = at
    while below < min(len(lines) - 1, at + 10) and not lines[below].strip():
        below += 1
    head = lines[below][:200].expandtabs(8)
    indent = len(head) - len(head.lstrip())
    return 4 * indent - 2 * blank_above + blank_here
