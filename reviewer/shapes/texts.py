"""Long texts of a group: the lines they share, the numbers in those, and what is a member's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LONG: Final = 80
"""Longer texts, and those of several lines, are compared by line."""
LINES: Final = 400
CHARACTERS: Final = 50_000
LONGEST_LINE: Final = 500
SHARED: Final = 100
"""How many shared lines of one text are followed."""
MOST: Final = 0.8
"""The share of members that have a line which counts as shared."""

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
SLOT: Final = "‹n›"
GAP: Final = "…"


@dataclass(frozen=True, slots=True)
class Lines:
    """One text: the patterns of its lines in order, and the numbers that stand in each."""

    patterns: tuple[str, ...]
    numbers: tuple[tuple[float, ...], ...]
    raw: tuple[str, ...]


def is_long(text: str) -> bool:
    """Whether a text is compared by line."""
    return len(text) > LONG or "\n" in text


def lines_of(text: str) -> Lines:
    """The lines of a text that are not blank; a very long text is cut."""
    raw = tuple(
        line.strip()[:LONGEST_LINE]
        for line in text[:CHARACTERS].split("\n")[:LINES]
        if line.strip()
    )
    patterns = tuple(_NUMBER.sub(SLOT, line) for line in raw)
    numbers = tuple(tuple(number_of(n) for n in _NUMBER.findall(line)) for line in raw)
    return Lines(patterns, numbers, raw)


def number_of(text: str) -> float:
    """The number that a text of digits, commas and points means.

    Of two kinds of separators the last is the decimal one; a comma alone is, unless three digits
    follow each.
    """
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        thousands, decimal = (",", ".") if point > comma else (".", ",")
        text = text.replace(thousands, "").replace(decimal, ".")
    elif comma >= 0:
        grouped = all(len(part) == 3 for part in text.split(",")[1:])
        text = text.replace(",", "" if grouped else ".")
    if text.count(".") > 1:
        text = text.replace(".", "")
    return min(float(text[:300]), 1e300)


def shared_lines(texts: Sequence[Lines]) -> list[str]:
    """The patterns that most texts have, most frequent first, at most `SHARED`."""
    counts = Counter(pattern for text in texts for pattern in set(text.patterns))
    often = [(-count, pattern) for pattern, count in counts.items() if count >= MOST * len(texts)]
    return [pattern for _, pattern in sorted(often)[:SHARED]]


def own_lines(texts: Sequence[Lines]) -> list[tuple[str, ...]]:
    """For each text the lines whose pattern no other text has."""
    counts = Counter(pattern for text in texts for pattern in set(text.patterns))
    return [
        tuple(raw for raw, pattern in zip(t.raw, t.patterns, strict=True) if counts[pattern] == 1)
        for t in texts
    ]


def template(texts: Sequence[Lines]) -> list[str]:
    """The lines of all texts in order, `…` where they differ, `‹n›` where only a number does."""
    if not texts:
        return []
    everywhere = set.intersection(*(set(text.patterns) for text in texts))
    model = min(texts, key=lambda text: text.raw)
    values: dict[str, set[str]] = {}
    for text in texts:
        for pattern, raw in zip(text.patterns, text.raw, strict=True):
            if pattern in everywhere:
                values.setdefault(pattern, set()).add(raw)
    shown: list[str] = []
    for pattern, raw in zip(model.patterns, model.raw, strict=True):
        line = GAP if pattern not in everywhere else raw if len(values[pattern]) == 1 else pattern
        if line != GAP or shown[-1:] != [GAP]:
            shown.append(line)
    return shown


def slots(texts: Sequence[Lines], pattern: str) -> list[tuple[float, ...] | None]:
    """For each text the numbers in its first line of this pattern, None where it has none."""
    found: list[tuple[float, ...] | None] = []
    for text in texts:
        at = text.patterns.index(pattern) if pattern in text.patterns else -1
        found.append(text.numbers[at] if at >= 0 else None)
    return found


def slot_name(name: str, pattern: str, slot: int) -> str:
    """What a number within a text called `name` is called: by the two words before it."""
    before = pattern.split(SLOT)[slot]
    words = " ".join(before.split()[-2:])[-30:]
    return f"{name} “{words} …”" if words else name
