"""Words and characters that changed inside a replaced block of lines.

The match of words is found by rapidfuzz on word ids, made legible by diff-match-patch's semantic
clean-up (Fraser, "Diff Strategies", 2006), and refined to characters inside a replaced word by
diff-match-patch itself.  No timeout is used, so the result depends on the text alone; size caps
bound the cost instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

Marks: TypeAlias = tuple[tuple[int, int], ...]
BlockMarks: TypeAlias = tuple[tuple[Marks, ...], tuple[Marks, ...]]

MAX_CHARS: Final = 12_000
"""Above this many characters between the first and the last difference all of it is marked."""
MAX_LINES: Final = 2_000
"""Blocks of more lines (both sides together) are marked as a whole."""
MAX_WORD: Final = 48
"""Longer words are marked whole when they change."""
CLEANED_AT_ONCE: Final = 128
"""Pieces given to the semantic clean-up at once: it starts over after each step."""

_WORD = re.compile(r"\w+|\r\n|\s|[^\w\s]")
_Piece: TypeAlias = tuple[int, str]


def _tool() -> diff_match_patch:
    tool = diff_match_patch()
    tool.Diff_Timeout = 0  # a clock would make the result depend on the machine
    # A patch may move far, but what stands around it has to be nearly what it was made for.
    tool.Match_Distance = MAX_CHARS
    tool.Match_Threshold = tool.Patch_DeleteThreshold = 0.2
    return tool


_TOOL = _tool()


def block_marks(left: Sequence[str], right: Sequence[str]) -> BlockMarks | None:
    """The changed words of a replaced block: marks for each left and each right line.

    None for a block of too many lines to look into: then all of it counts as changed.

    Marks are (start, end) in code points of the line, terminator included, sorted and disjoint.
    Everything outside the marks is equal on both sides, in order.
    """
    if len(left) + len(right) > MAX_LINES:
        return None
    left_spans, right_spans = text_marks("".join(left), "".join(right))
    return _per_line(left_spans, left), _per_line(right_spans, right)


def text_marks(left: str, right: str) -> tuple[Marks, Marks]:
    """The changed spans of two texts; dropping them leaves the same text on both sides."""
    start, left_end, right_end = _middle(left, right)
    old, new = left[start:left_end], right[start:right_end]
    if len(old) + len(new) > MAX_CHARS or not old or not new:
        left_spans = ((start, left_end),) if old else ()
        return left_spans, ((start, right_end),) if new else ()
    return _spans(_refined(_word_pieces(old, new)), start)


def carried(base: str, mine: str, theirs: str) -> str | None:
    """`theirs` with the words that `mine` changed in `base`; None where they find no place.

    Uses the fuzzy patches of diff-match-patch, so the result is a suggestion only.
    """
    if max(len(base), len(mine), len(theirs)) > MAX_CHARS:
        return None
    patches = _TOOL.patch_make(base, _word_pieces(base, mine))
    text, applied = _TOOL.patch_apply(patches, theirs)
    return str(text) if all(applied) else None


def _middle(left: str, right: str) -> tuple[int, int, int]:
    """Where the two texts first and last differ, widened to whole words where those are short."""
    start = int(_TOOL.diff_commonPrefix(left, right))
    start -= _to_word_edge((left, start), (right, start), -1)
    tail = int(_TOOL.diff_commonSuffix(left[start:], right[start:]))
    tail -= _to_word_edge((left, len(left) - tail), (right, len(right) - tail), 1)
    return start, len(left) - tail, len(right) - tail


def _to_word_edge(old: tuple[str, int], new: tuple[str, int], step: int) -> int:
    """How far both places have to move to stand between words; 0 where that is too far."""
    for moved in range(MAX_WORD + 1):
        if not any(_inside_word(text, at + step * moved) for text, at in (old, new)):
            return moved
    return 0


def _inside_word(text: str, at: int) -> bool:
    before, after = text[max(at - 1, 0) : at], text[at : at + 1]
    return (_wordlike(before) and _wordlike(after)) or (before, after) == ("\r", "\n")


def _wordlike(char: str) -> bool:
    return char.isalnum() or char == "_"


def _word_pieces(old: str, new: str) -> list[_Piece]:
    """(-1 removed, 0 kept, 1 added) pieces of whole words."""
    old_words, new_words = _WORD.findall(old), _WORD.findall(new)
    ids: dict[str, int] = {}
    kept = Indel.editops(
        [ids.setdefault(word, len(ids)) for word in old_words],
        [ids.setdefault(word, len(ids)) for word in new_words],
    ).as_matching_blocks()
    pieces: list[_Piece] = []
    old_at = new_at = 0
    for block in kept:
        pieces.append((-1, "".join(old_words[old_at : block.a])))
        pieces.append((1, "".join(new_words[new_at : block.b])))
        old_at, new_at = block.a + block.size, block.b + block.size
        pieces.append((0, "".join(old_words[block.a : old_at])))
    pieces = [piece for piece in pieces if piece[1]]
    legible: list[_Piece] = []
    for start in range(0, len(pieces), CLEANED_AT_ONCE):
        some = pieces[start : start + CLEANED_AT_ONCE]
        _TOOL.diff_cleanupSemantic(some)
        legible += some
    return legible


def _refined(pieces: list[_Piece]) -> Iterator[_Piece]:
    """The pieces with replaced words compared by character where they have much in common."""
    at = 0
    while at < len(pieces):
        pair = pieces[at : at + 2]
        if [op for op, _ in pair] == [-1, 1]:
            yield from _characters(pair)
            at += 2
        else:
            yield pieces[at]
            at += 1


def _characters(pair: list[_Piece]) -> list[_Piece]:
    old, new = pair[0][1], pair[1][1]
    # Part of a number is no number: a replaced one is marked whole.
    if max(len(old), len(new)) > MAX_WORD or any(map(str.isdigit, old + new)):
        return pair
    finer: list[_Piece] = _TOOL.diff_main(old, new, False)
    _TOOL.diff_cleanupSemantic(finer)
    kept = sum(len(text) for op, text in finer if op == 0)
    return finer if 2 * kept >= max(len(old), len(new)) else pair


def _spans(pieces: Iterator[_Piece], offset: int) -> tuple[Marks, Marks]:
    places = {-1: offset, 1: offset}
    found: dict[int, list[tuple[int, int]]] = {-1: [], 1: []}
    for op, text in pieces:
        for side in (-1, 1) if op == 0 else (op,):
            start = places[side]
            places[side] = end = start + len(text)
            if op == 0 or not text:
                continue
            if found[side] and found[side][-1][1] == start:
                start = found[side].pop()[0]
            found[side].append((start, end))
    return tuple(found[-1]), tuple(found[1])


def _per_line(spans: Marks, lines: Sequence[str]) -> tuple[Marks, ...]:
    marks: list[list[tuple[int, int]]] = [[] for _ in lines]
    number, start = 0, 0
    for span_start, span_end in spans:
        while number < len(lines):
            end = start + len(lines[number])
            low, high = max(span_start, start), min(span_end, end)
            if low < high:
                marks[number].append((low - start, high - start))
            if span_end <= end:
                break
            number, start = number + 1, end
    return tuple(tuple(line) for line in marks)
