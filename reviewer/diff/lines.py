"""The diff of two texts by line, byte for byte.

A line ends at LF, CR LF or a lone CR, as compilers read it, and nowhere else: U+0085, U+2028, form
feeds and the like are part of a line.  Terminators belong to their lines, so a changed terminator
or a missing one at the end of the text is a change like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from .matching import Match, matching
from .model import Block, Kind, LineDiff
from .slide import slide

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_NOT_LINE_ENDS: Final = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_PIECE: Final = 1 << 16
_WHITESPACE: Final = dict.fromkeys(map(ord, " \t\r\n\x0b\x0c"))


def split_lines(text: str) -> list[str]:
    """The lines of a text with their terminators; joined they are the text."""
    if any(char in text for char in _NOT_LINE_ENDS):
        return [line for piece in _pieces(text) for line in _LINE.findall(piece)]
    # many times faster, and the same for such a text
    return [line for piece in _pieces(text) for line in piece.splitlines(keepends=True)]


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of whole lines, so that no call keeps other threads from going on."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE) + 1 or len(text)
        yield text[start:end]
        start = end


def line_diff(left: str, right: str, ignore_whitespace: bool = False) -> LineDiff:
    """The line diff of two texts.

    With `ignore_whitespace` lines count as the same that differ in spaces, tabs, vertical tabs,
    form feeds and terminators alone (as `git diff -w`); their number is in `hidden`.
    """
    return diff_lines(split_lines(left), split_lines(right), ignore_whitespace)


def diff_lines(
    left: Sequence[str], right: Sequence[str], ignore_whitespace: bool = False
) -> LineDiff:
    """The same for texts that are split already."""
    ids: dict[str, int] = {}
    left_keys, right_keys = (
        [ids.setdefault(key, len(ids)) for key in _keys(side, ignore_whitespace)]
        for side in (left, right)
    )
    matches, coarse = matching(left_keys, right_keys)
    matches = slide(matches, (left, left_keys), (right, right_keys))
    hidden = 0
    if ignore_whitespace:
        hidden = sum(
            left[match.left + n] != right[match.right + n]
            for match in matches
            for n in range(match.size)
        )
    return LineDiff(
        left=left,
        right=right,
        blocks=tuple(_blocks(matches, len(left), len(right))),
        coarse=coarse,
        whitespace_ignored=ignore_whitespace,
        hidden=hidden,
    )


def _keys(lines: Sequence[str], ignore_whitespace: bool) -> Sequence[str]:
    return [line.translate(_WHITESPACE) for line in lines] if ignore_whitespace else lines


def _blocks(matches: list[Match], left_size: int, right_size: int) -> list[Block]:
    blocks: list[Block] = []
    left = right = 0
    for match in [*matches, Match(left_size, right_size, 0)]:
        gone, come = match.left - left, match.right - right
        if gone or come:
            kind: Kind = "changed" if gone and come else "removed" if gone else "added"
            blocks.append(Block(kind, left, match.left, right, match.right))
        left, right = match.left + match.size, match.right + match.size
        if match.size:
            blocks.append(Block("same", match.left, left, match.right, right))
    return blocks
