"""The changes of a text one by one, to take or to leave, as `git add -p` does.

A `Patch` is cut into pieces, the smallest changes that can be taken alone.  Neighbouring pieces
make up a hunk; a hunk is split at unchanged lines first, then at blank lines, then by line.  All
pieces taken give the proposed text, none the text before, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .align import align
from .layout import alike
from .lines import line_diff
from .model import Block

AROUND: Final = 3
"""Changes with no more than twice as many unchanged lines between them are one hunk."""
MAX_LINES: Final = 2_000
"""A changed block of more lines is one piece."""
MAX_CELLS: Final = 4_000
"""Of a replaced block, so many pairs of lines are compared to find out which belong together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines `start` to before `end` of the text before, and the proposed ones in their place.

    `right` to before `right_end` are the proposed lines' places; all count from 0.
    """

    start: int
    end: int
    right: int
    right_end: int
    block: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """Pieces `first` to before `end` of a patch, which are shown and taken together."""

    first: int
    end: int

    @property
    def pieces(self) -> range:
        """The numbers of its pieces."""
        return range(self.first, self.end)


@dataclass(frozen=True)
class Patch:
    """What leads from one text to another; `before` and `after` are its lines with their ends."""

    before: Sequence[str]
    after: Sequence[str]
    pieces: tuple[Piece, ...]
    hunks: tuple[Hunk, ...]

    def text(self, taken: Collection[int]) -> str:
        """The text before with these pieces of the patch."""
        lines: list[str] = []
        at = 0
        for number, piece in enumerate(self.pieces):
            lines += self.before[at : piece.start]
            if number in taken:
                lines += self.after[piece.right : piece.right_end]
            else:
                lines += self.before[piece.start : piece.end]
            at = piece.end
        lines += self.before[at:]
        return "".join(lines)

    def split(self, hunk: Hunk) -> tuple[Hunk, ...]:
        """The hunk in smaller ones; itself alone where it cannot be split."""
        pieces = self.pieces
        cuts = [n for n in hunk.pieces[1:] if pieces[n].block != pieces[n - 1].block]
        cuts = cuts or [n for n in hunk.pieces[1:] if self._blank(n - 1) and not self._blank(n)]
        cuts = cuts or list(hunk.pieces[1:])
        return tuple(map(Hunk, [hunk.first, *cuts], [*cuts, hunk.end]))

    def _blank(self, number: int) -> bool:
        """Whether a piece adds or removes nothing but blank lines."""
        piece = self.pieces[number]
        lines = [*self.before[piece.start : piece.end], *self.after[piece.right : piece.right_end]]
        return not any(line.strip() for line in lines)


def patch(before: str, after: str) -> Patch:
    """The patch that leads from one text to another."""
    diff = line_diff(before, after)
    pieces: list[Piece] = []
    hunks: list[Hunk] = []
    ended = None
    for number, block in enumerate(diff.blocks):
        if block.kind == "same":
            continue
        first = len(pieces)
        pieces += _pieces(diff.left, diff.right, block, number)
        near = ended is not None and block.left_start - ended <= 2 * AROUND
        hunks.append(Hunk(hunks.pop().first if near else first, len(pieces)))
        ended = block.left_end
    return Patch(diff.left, diff.right, tuple(pieces), tuple(hunks))


def with_hunks(before: str, after: str, taken: Collection[int]) -> str:
    """The text before with these hunks of the patch, by their numbers from 0."""
    made = patch(before, after)
    return made.text({piece for number in taken for piece in made.hunks[number].pieces})


def _pieces(
    left: Sequence[str], right: Sequence[str], block: Block, number: int
) -> Iterator[Piece]:
    """The pieces of a changed block.

    A line without a line end goes together with what follows it, for taken alone it would run
    into the next line.
    """
    a, b, c, d = block.left_start, block.left_end, block.right_start, block.right_end
    for start, end, to, to_end in _steps(left[a:b], right[c:d]):
        old, new = left[a + start : a + end], right[c + to : c + to_end]
        if any(not line.endswith(("\n", "\r")) for line in (*old[-1:], *new[-1:])):
            yield Piece(a + start, b, c + to, d, number)
            return
        yield Piece(a + start, a + end, c + to, c + to_end, number)


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Ranges of both sides that are replaced together, in order; they cover both sides."""
    if len(old) + len(new) > MAX_LINES:
        yield 0, len(old), 0, len(new)
        return
    pairs: list[tuple[int, int]] = []
    if len(old) * len(new) <= MAX_CELLS:
        pairs = align(len(old), len(new), lambda i, j: alike(old[i], new[j]))
    at = to = 0
    for i, j in [*pairs, (len(old), len(new))]:
        if at < i and to < j:
            yield at, i, to, j
        else:
            yield from ((n, n + 1, to, to) for n in range(at, i))
            yield from ((at, at, n, n + 1) for n in range(to, j))
        if i < len(old):
            yield i, i + 1, j, j + 1
        at, to = i + 1, j + 1
