"""One facet of a group: what it is in each member, how it spreads, how it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from .facets import Key, Scalar
from .numbers import Spread, spread
from .texts import is_long

Values: TypeAlias = tuple[Scalar, ...] | None
"""What a member has there; None where it has nothing."""

TOP: Final = 5
SHORT: Final = 40


@dataclass(frozen=True, slots=True)
class Categories:
    """The most frequent values with their counts, and how many different ones there are."""

    top: tuple[tuple[str, int], ...]
    distinct: int


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts: shortest and longest, characters, and how many different ones there are."""

    shortest: int
    longest: int
    distinct: int


Distribution: TypeAlias = Spread | Categories | Texts


@dataclass(frozen=True)
class Column:
    """One thing that varies: its name, its cells by member, and how they are distributed.

    `changed` is whether the write changes it; `number` whether the cells are numbers, and then
    `order` is what to sort by.
    """

    key: Key
    name: str
    changed: bool
    kind: Literal["number", "category", "text"]
    distribution: Distribution
    cells: tuple[str, ...]
    order: tuple[float, ...] = ()


def is_number(value: Scalar) -> bool:
    """Whether a scalar is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def written(value: Scalar) -> str:
    """A scalar for people, texts as they are; hostile where it is a text."""
    if value is None:
        return "∅"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    # every digit: what is shown is what would be written
    return f"{int(value):,}" if abs(value) < 1e16 and value == int(value) else f"{value:,}"


def number_written(value: float) -> str:
    """A number that was worked out, for people: rounded, `24.5`, `0.0412`."""
    if value and not 1e-4 <= abs(value) < 1e16:
        return f"{value:.4g}"
    return written(round(value, 2 if abs(value) >= 1 else 4))


def short(text: str, most: int = SHORT) -> str:
    """The first line of a text, cut."""
    line = text[: most * 4].strip().split("\n", 1)[0]
    return line if len(line) <= most and len(line) == len(text.strip()) else f"{line[: most - 1]}…"


def plain(value: Scalar) -> str:
    """A scalar as it stands in the document: a number may be an id, its digits are not parted."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if abs(value) < 1e16 and value == int(value) else repr(value)
    return written(value)


def cell(values: Values) -> str:
    """What a member has, in one line."""
    if values is None:
        return ""
    shown = ", ".join(short(plain(value), 60) for value in values[:4])
    return shown if len(values) <= 4 else f"{shown} and {len(values) - 4} more"


def distribution(series: Sequence[Values]) -> tuple[Distribution, tuple[float, ...]]:
    """How a facet is distributed, and the numbers to sort by where it is one of numbers."""
    flat = [value for values in series if values is not None for value in values]
    if flat and all(is_number(value) for value in flat):
        order = tuple(
            float(max(map(float, v))) if v else float("-inf") for v in map(_numbers, series)
        )
        return spread([float(value) for value in flat if value is not None]), order
    texts = [value for value in flat if isinstance(value, str)]
    if len(texts) == len(flat) and any(is_long(text) for text in texts):
        sizes = [len(text) for text in texts]
        return Texts(min(sizes), max(sizes), len(set(texts))), ()
    counts = Counter(cell(values) if values is not None else "(not there)" for values in series)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Categories(tuple(ordered[:TOP]), len(counts)), ()


def _numbers(values: Values) -> list[float]:
    return [float(value) for value in values or () if isinstance(value, int | float)]
