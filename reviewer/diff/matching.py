"""What two sequences have in common, exactly where that is cheap and within bounds where not.

The exact answer is a longest common subsequence by rapidfuzz's bit-parallel search (Hyyrö 2004),
whose cost and memory grow with the product of the lengths.  Larger inputs are cut at lines that
are unique on both sides (patience diff, Cohen), and where there are none at arbitrary places.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

MAX_CELLS: Final = 100_000_000
"""Product of lengths that is searched exactly: at most some 25 ms and 12 MB."""
SLICE: Final = 2_000
"""Length of the slices that a part without unique lines is cut into."""
MAX_SLICED: Final = 400_000
"""Longer parts (both sides together) without unique lines count as replaced as a whole."""


class Match(NamedTuple):
    """`size` entries are the same from `left` and from `right` on."""

    left: int
    right: int
    size: int


class Span(NamedTuple):
    """A part of both sequences: `left[a:b]` and `right[c:d]`."""

    a: int
    b: int
    c: int
    d: int


def matching(left: Sequence[int], right: Sequence[int]) -> tuple[list[Match], bool]:
    """What `left` and `right` have in common, in order, and whether it is coarse.

    Both are ids, equal where lines are, best numbered from 0 in order of appearance, left first.

    The matches are maximal runs, sorted, disjoint on both sides and never empty.  Coarse means
    that more may have been in common: the part was too large to search.
    """
    start = _same_start(left, right)
    end = _same_end(left, right, start)
    found = [Match(0, 0, start)]
    coarse = False
    # An entry that the other side does not have cannot match, so the search leaves it out.  With
    # ids counted up from the left side, one above all of the left is not there.
    old, new = left[start : len(left) - end], right[start : len(right) - end]
    in_left = list(map(max(old, default=-1).__ge__, new))
    in_right = list(map(set(new).__contains__, old))
    kept_left = list(compress(range(start, len(left) - end), in_right))
    kept_right = list(compress(range(start, len(right) - end), in_left))
    few_left, few_right = list(compress(old, in_right)), list(compress(new, in_left))
    for part, exact in _parts(few_left, few_right):
        coarse = coarse or not exact
        for at, to, size in _exact(few_left, few_right, part):
            found += _runs(kept_left[at : at + size], kept_right[to : to + size])
    found.append(Match(len(left) - end, len(right) - end, end))
    return _joined(found), coarse


def _runs(lefts: list[int], rights: list[int]) -> Iterator[Match]:
    """Matching places as runs without a hole on either side."""
    start, start_right, size = lefts[0], rights[0], 0
    for left, right in zip(lefts, rights, strict=True):
        if left - start != size or right - start_right != size:
            yield Match(start, start_right, size)
            start, start_right, size = left, right, 0
        size += 1
    yield Match(start, start_right, size)


def _joined(found: list[Match]) -> list[Match]:
    """The matches that are not empty, with those joined that touch on both sides."""
    joined: list[Match] = []
    for match in found:
        if not match.size:
            continue
        last = joined[-1] if joined else None
        if last and last.left + last.size == match.left and last.right + last.size == match.right:
            joined[-1] = Match(last.left, last.right, last.size + match.size)
        else:
            joined.append(match)
    return joined


def _same_start(left: Sequence[int], right: Sequence[int]) -> int:
    for at, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return at
    return min(len(left), len(right))


def _same_end(left: Sequence[int], right: Sequence[int], start: int) -> int:
    limit = min(len(left), len(right)) - start
    for at in range(limit):
        if left[-1 - at] != right[-1 - at]:
            return at
    return limit


def _exact(left: Sequence[int], right: Sequence[int], part: Span) -> Iterator[Match]:
    some_left, some_right = left[part.a : part.b], right[part.c : part.d]
    if not some_left or not some_right:
        return
    if some_left == some_right:
        yield Match(part.a, part.c, len(some_left))
        return
    edits = Indel.editops(some_left, some_right)
    for block in edits.as_matching_blocks():
        if block.size:
            yield Match(block.a + part.a, block.b + part.c, block.size)


def _parts(left: Sequence[int], right: Sequence[int]) -> Iterator[tuple[Span, bool]]:
    """Parts small enough to be searched, in order, and whether they were cut between anchors."""
    todo = [Span(0, len(left), 0, len(right))]
    while todo:
        part = todo.pop()
        if part.a == part.b or part.c == part.d:
            continue
        small = (part.b - part.a) * (part.d - part.c) <= MAX_CELLS
        if small or left[part.a : part.b] == right[part.c : part.d]:
            yield part, True
            continue
        anchors = _anchors(left, right, part)
        if anchors:
            todo += reversed(_between(anchors, part))
        else:
            yield from ((piece, False) for piece in _sliced(part))


def _anchors(left: Sequence[int], right: Sequence[int], part: Span) -> list[tuple[int, int]]:
    """Entries that are unique on both sides, the most that stand in the same order."""
    left_counts, right_counts = Counter(left[part.a : part.b]), Counter(right[part.c : part.d])
    once = {key for key, n in left_counts.items() if n == 1 and right_counts.get(key) == 1}
    places = {right[i]: i for i in range(part.c, part.d) if right[i] in once}
    pairs = [(i, places[left[i]]) for i in range(part.a, part.b) if left[i] in once]
    return increasing(pairs)


def increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second numbers grow (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [place]
        piles[pile : pile + 1] = [at]
    chain: list[tuple[int, int]] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _between(anchors: list[tuple[int, int]], part: Span) -> list[Span]:
    """The anchors and the parts between them, runs of neighbouring anchors as one part each."""
    parts: list[Span] = []
    a, c = part.a, part.c
    start, start_right, end, end_right = a, c, a, c
    for i, j in [*anchors, (part.b, part.d)]:
        if i != end or j != end_right or i == part.b:
            parts += (Span(a, start, c, start_right), Span(start, end, start_right, end_right))
            a, c = end, end_right
            start, start_right = i, j
        end, end_right = i + 1, j + 1
    parts.append(Span(a, part.b, c, part.d))
    return [span for span in parts if span.a < span.b and span.c < span.d]


def _sliced(part: Span) -> Iterator[Span]:
    lengths = (part.b - part.a, part.d - part.c)
    if sum(lengths) > MAX_SLICED:
        yield Span(part.a, part.a, part.c, part.c)
        return
    slices = -(-max(lengths) // SLICE)
    for n in range(slices):
        yield Span(
            part.a + lengths[0] * n // slices,
            part.a + lengths[0] * (n + 1) // slices,
            part.c + lengths[1] * n // slices,
            part.c + lengths[1] * (n + 1) // slices,
        )
