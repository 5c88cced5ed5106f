"""Three-way merges: what I made of a text or document, on what became of it meanwhile.

A merge takes over what only one side changed and what both changed alike; all else is a conflict,
a value that a person resolves.  Nothing is guessed: changes that touch each other conflict.
Sources: diff3 (Khanna, Kunal and Pierce, "A Formal Investigation of Diff3", 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from reviewer.domain.strict_json import pointer

from .arrays import form, identities, same
from .lines import split_lines
from .matching import matching
from .model import ABSENT
from .structured import ID_KEYS
from .words import carried

Path: TypeAlias = tuple[str | int, ...]
Source: TypeAlias = Literal["base", "mine", "theirs", "both"]


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines of the merged text, who wrote them (`both`: alike), and what they stand for."""

    source: Source
    base: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines that both sides changed, each in its own way."""

    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def suggestion(self) -> str | None:
        """Both changes together, where they concern different words; never taken unasked.

        Computed when called: each side's words carried over to the other by diff-match-patch,
        None unless both ways give the same text.
        """
        base, mine, theirs = ("".join(side) for side in (self.base, self.mine, self.theirs))
        text = carried(base, mine, theirs)
        return text if text is not None and text == carried(base, theirs, mine) else None


@dataclass(frozen=True, slots=True)
class TextMerge:
    """A merged text as pieces in order."""

    pieces: tuple[Settled | Conflict, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What a person has to resolve."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Conflict))

    @property
    def text(self) -> str | None:
        """The merged text; None with conflicts."""
        return None if self.conflicts else self.resolved(lambda _: ())

    def resolved(self, choose: Callable[[Conflict], Sequence[str]]) -> str:
        """The text with the lines that `choose` gives for each conflict."""
        lines: list[str] = []
        for piece in self.pieces:
            lines += choose(piece) if isinstance(piece, Conflict) else piece.lines
        return "".join(lines)


@dataclass(frozen=True, slots=True)
class JsonConflict:
    """A place of the merged document that both sides changed, each in its own way."""

    path: str
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class JsonMerge:
    """A merged document; where there are conflicts it holds what is mine."""

    value: Any
    conflicts: tuple[JsonConflict, ...]


def merge_text(base: str, mine: str, theirs: str) -> TextMerge:
    """The line-wise merge of two versions of a text, byte for byte."""
    sides = [split_lines(text) for text in (base, mine, theirs)]
    ids: dict[str, int] = {}
    keys = [[ids.setdefault(line, len(ids)) for line in side] for side in sides]
    pieces: list[Settled | Conflict] = []
    for chunk in _chunks(*keys):
        old, left, right = (
            tuple(side[start:end]) for side, (start, end) in zip(sides, chunk, strict=True)
        )
        if left == right:
            pieces.append(Settled("base" if left == old else "both", old, left))
        elif right == old:
            pieces.append(Settled("mine", old, left))
        elif left == old:
            pieces.append(Settled("theirs", old, right))
        else:
            pieces.append(Conflict(old, left, right))
    return TextMerge(tuple(pieces))


def merge_json(base: Any, mine: Any, theirs: Any) -> JsonMerge:
    """The merge of two versions of a JSON document by path; `ABSENT` where there is none.

    Arrays merge by element where their elements have identities (`ID_KEYS`), else by what they
    have in common in order; multi-line strings by line.
    """
    conflicts: list[JsonConflict] = []
    return JsonMerge(_merged((base, mine, theirs), (), conflicts), tuple(conflicts))


_Range: TypeAlias = tuple[int, int]


def _chunks(
    base: Sequence[int], mine: Sequence[int], theirs: Sequence[int]
) -> Iterator[tuple[_Range, _Range, _Range]]:
    """Ranges of base, mine and theirs that belong together and cover all three.

    Every second one is in common; changes of both sides that overlap or touch are one range.
    """
    hunks = sorted(
        [(*hunk, 0) for hunk in _hunks(base, mine)] + [(*hunk, 1) for hunk in _hunks(base, theirs)]
    )
    at, offsets = 0, [0, 0]
    while hunks:
        start, end = hunks[0][:2]
        touched: list[tuple[int, int, int, int]] = []
        while hunks and hunks[0][0] <= end:
            touched.append(hunks.pop(0))
            end = max(end, touched[-1][1])
        if at < start:
            yield _shifted(at, start, offsets, [0, 0])
        growth = [0, 0]
        for old_start, old_end, size, side in touched:
            growth[side] += size - (old_end - old_start)
        yield _shifted(start, end, offsets, growth)
        offsets = [offset + more for offset, more in zip(offsets, growth, strict=True)]
        at = end
    if at < len(base):
        yield _shifted(at, len(base), offsets, [0, 0])


def _shifted(
    start: int, end: int, offsets: Sequence[int], growth: Sequence[int]
) -> tuple[_Range, _Range, _Range]:
    mine, theirs = (
        (start + offset, end + offset + more) for offset, more in zip(offsets, growth, strict=True)
    )
    return (start, end), mine, theirs


def _hunks(base: Sequence[int], side: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """What `side` changed: start and end in `base`, and how many entries stand there instead."""
    at = to = 0
    matches, _ = matching(base, side)
    for start, start_side, size in [*matches, (len(base), len(side), 0)]:
        if start > at or start_side > to:
            yield at, start, start_side - to
        at, to = start + size, start_side + size


def _merged(sides: tuple[Any, ...], path: Path, conflicts: list[JsonConflict]) -> Any:
    base, mine, theirs = sides
    if _same(mine, theirs) or _same(base, theirs):
        return mine
    if _same(base, mine):
        return theirs
    if all(isinstance(side, dict) for side in sides):
        return _merged_objects(base, mine, theirs, path, conflicts)
    if all(isinstance(side, list | tuple) for side in sides):
        array = _merged_arrays(base, mine, theirs, path, conflicts)
        if array is not None:
            return array
    if all(isinstance(side, str) and "\n" in side for side in sides):
        text = merge_text(base, mine, theirs).text
        if text is not None:
            return text
    conflicts.append(JsonConflict(pointer(path), base, mine, theirs))
    return mine


def _same(before: Any, after: Any) -> bool:
    if before is ABSENT or after is ABSENT:
        return before is after
    return same(before, after)


def _merged_objects(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    path: Path,
    conflicts: list[JsonConflict],
) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for name in dict.fromkeys((*theirs, *mine, *base)):
        sides = tuple(side.get(name, ABSENT) for side in (base, mine, theirs))
        value = _merged(sides, (*path, name), conflicts)
        if value is not ABSENT:
            done[name] = value
    return done


def _merged_arrays(
    base: Sequence[Any],
    mine: Sequence[Any],
    theirs: Sequence[Any],
    path: Path,
    conflicts: list[JsonConflict],
) -> list[Any] | None:
    """None where both sides changed the order or the members of the array in different ways."""
    sides = (base, mine, theirs)
    named = _identified(sides)
    forms = named or [[form(element) for element in side] for side in sides]
    ids: dict[str, int] = {}
    keys = [[ids.setdefault(text, len(ids)) for text in side] for side in forms]
    order: list[int] = []
    for chunk in _chunks(*keys):
        old, left, right = (key[start:end] for key, (start, end) in zip(keys, chunk, strict=True))
        if left != right and old not in (left, right):
            return None
        order += left if right in (left, old) else right
    if named:
        return _merged_elements(sides, keys, order, path, conflicts)
    elements = {
        key: element
        for key_side, side in zip(keys, sides, strict=True)
        for key, element in zip(key_side, side, strict=True)
    }
    return [elements[key] for key in order]


def _identified(sides: Sequence[Sequence[Any]]) -> list[list[str]] | None:
    for names in ID_KEYS:
        found = [identities(side, names) for side in sides]
        if all(side is not None for side in found):
            return [side or [] for side in found]
    return None


def _merged_elements(
    sides: Sequence[Sequence[Any]],
    keys: Sequence[Sequence[int]],
    order: Sequence[int],
    path: Path,
    conflicts: list[JsonConflict],
) -> list[Any] | None:
    by_key = [dict(zip(key, side, strict=True)) for key, side in zip(keys, sides, strict=True)]
    if len(set(order)) < len(order):
        return None
    for key in by_key[0].keys() - set(order):
        left = [side[key] for side in by_key[1:] if key in side]
        if any(not same(by_key[0][key], element) for element in left):
            return None  # one side removed what the other changed
    return [
        _merged(tuple(side.get(key, ABSENT) for side in by_key), (*path, at), conflicts)
        for at, key in enumerate(order)
    ]
