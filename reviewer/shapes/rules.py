"""What lifts a member out of its group, each rule with the sentence that it says.

The rules know no threshold of any one kind of work; what they call rare or far out is defined in
`reviewer.shapes.rare` and `reviewer.shapes.numbers`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from reviewer.domain.artifact import Risk

from .fields import type_of
from .numbers import far_out, quantile
from .rare import rare
from .series import Values, cell, is_number, number_written, short, written
from .texts import Lines, is_long, lines_of, own_lines, shared_lines, slot_name, slots

V = TypeVar("V", bound=Hashable)


class Finding(NamedTuple):
    """Member `at` (its index) stands out: `weight` orders the sentences, heaviest first."""

    at: int
    weight: int
    sentence: str


FLAGGED: Final = 6
NUMBER: Final = 5
RARE: Final = 4
TYPE: Final = 3
MISSING: Final = 2
TEXT: Final = 1
NAMES: Final = {"resource", "precondition etag", "precondition digest"}
"""Facets that name one of many: that a name is rare says nothing."""


def judge(name: str, series: Sequence[Values]) -> Iterator[Finding]:
    """Everything that stands out in one facet; `name` is how people call it."""
    there = [values is not None for values in series]
    yield from _presence(name, there)
    yield from _types(name, series)
    yield from _counts(name, series)
    yield from _far(name, series)
    texts = [_texts(values) for values in series]
    if any(is_long(text) for entry in texts for text in entry):
        yield from _long(name, texts)
    else:
        if name.rpartition(": ")[2] not in NAMES:
            yield from _rare_values(name, series)
        yield from _domains(name, texts)


def judge_confidence(series: Sequence[Values]) -> Iterator[Finding]:
    """Only who is less sure than the others stands out."""
    known = [(at, _floats(values)[0]) for at, values in enumerate(series) if _floats(values)]
    for at, value, median, others in _outside(known):
        if value < median:
            yield Finding(at, NUMBER, f"confidence is {written(value)}; {others}")


def judge_risk(series: Sequence[Values]) -> Iterator[Finding]:
    """Only what is riskier than the others stands out."""
    risks = [str(values[0]) if values else "" for values in series]
    common = Counter(risks).most_common()
    if not common:
        return
    usual = max((risk for risk, count in common if count == common[0][1]), key=_level)
    for at in _odd(risks):
        if _level(risks[at]) > _level(usual):
            yield Finding(at, RARE, f"risk is {risks[at]}; {_most_have(risks, usual)}")


def _level(risk: str) -> int:
    return Risk(risk).level if risk in tuple(Risk) else -1


def _presence(name: str, there: Sequence[bool]) -> Iterator[Finding]:
    for at in _odd(there):
        number = sum(here is not there[at] for here in there)
        what = "has" if there[at] else "lacks"
        other = "lack" if there[at] else "have"
        yield Finding(at, MISSING, f"{what} {name}, which {number:,} others {other}")


def _types(name: str, series: Sequence[Values]) -> Iterator[Finding]:
    kinds = [
        None if values is None else " and ".join(sorted({type_of(value) for value in values}))
        for values in series
    ]
    known = [kind for kind in kinds if kind is not None]
    odd = rare(known)
    usual = Counter(known).most_common(1)[0][0] if known else ""
    for at, kind in enumerate(kinds):
        if kind is not None and kind in odd:
            yield Finding(at, TYPE, f"{name} is a {kind} where others have a {usual}")


def _counts(name: str, series: Sequence[Values]) -> Iterator[Finding]:
    if all(values is None or len(values) == 1 for values in series):
        return
    counts = [(at, float(len(values))) for at, values in enumerate(series) if values is not None]
    listed = name.rpartition("[]")[0] or name
    for at, value, _, others in _outside(counts):
        entries = "1 entry" if value == 1 else f"{written(value)} entries"
        yield Finding(at, NUMBER, f"{listed} has {entries}; {others}")


def _far(name: str, series: Sequence[Values]) -> Iterator[Finding]:
    """Of several numbers of one member the largest and the smallest are judged."""
    known = [(at, _floats(values)) for at, values in enumerate(series)]
    highs = [(at, max(numbers)) for at, numbers in known if numbers]
    lows = [(at, min(numbers)) for at, numbers in known if numbers]
    told: set[tuple[int, float]] = set()
    for at, value, _, others in (*_outside(highs), *_outside(lows)):
        if (at, value) not in told:
            told.add((at, value))
            yield Finding(at, NUMBER, f"{name} is {written(value)}; {others}")


def _outside(known: Sequence[tuple[int, float]]) -> list[tuple[int, float, float, str]]:
    """Who is far out: index, value, the median, and a word on the others."""
    values = [value for _, value in known]
    out = set(far_out(values))
    if not out:
        return []
    inside = sorted(value for at, value in enumerate(values) if at not in out)
    low, middle, high = inside[0], quantile(inside, 0.5), inside[-1]
    if low == high:
        others = f"all others {written(low)}"
    else:
        span = f"{written(low)} to {written(high)}"
        others = f"others {span}, median {number_written(middle)}"
    return [(known[at][0], values[at], middle, others) for at in sorted(out)]


def _rare_values(name: str, series: Sequence[Values]) -> Iterator[Finding]:
    """Texts, booleans and nulls; numbers have their own rule."""
    values = [None if v is None or any(map(is_number, v)) else cell(v) for v in series]
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    counts = Counter(value for _, value in known)
    odd = rare([value for _, value in known])
    usual = max(counts, key=lambda value: (counts[value], value)) if counts else ""
    for at, value in known:
        if value in odd:
            most = _most_have([v for _, v in known], usual)
            yield Finding(at, RARE, f"{name} is {short(value)}; {most}")


def _domains(name: str, texts: Sequence[Sequence[str]]) -> Iterator[Finding]:
    """Addresses of a mail domain, or of a host, that hardly any other member has."""
    domains = [frozenset(filter(None, map(_domain, entry))) for entry in texts]
    known = [at for at, found in enumerate(domains) if found]
    # each domain for itself: a member may have an address of the usual one besides
    for domain in sorted(set().union(*domains)):
        holders = [domain in domains[at] for at in known]
        if True in rare(holders):
            for at in known:
                if domain in domains[at]:
                    others = "no other has" if sum(holders) == 1 else "hardly another has"
                    yield Finding(at, RARE, f"{name} goes to {short(domain)}, which {others}")


def _domain(text: str) -> str:
    before, at, domain = text.rpartition("@")
    if not at or not before or len(domain) > 255 or " " in domain.strip("> "):
        return ""
    return domain.strip("> ").lower()


def _long(name: str, texts: Sequence[Sequence[str]]) -> Iterator[Finding]:
    """Lines that all have but this one, lines of its own, numbers within lines, the length."""
    known = [(at, lines_of("\n".join(entry))) for at, entry in enumerate(texts) if entry]
    lines = [found for _, found in known]
    places = [at for at, _ in known]
    shared = shared_lines(lines)
    for pattern in shared:
        there = [pattern in found.patterns for found in lines]
        if False in rare(there):
            for index, has in enumerate(there):
                if not has:
                    said = f"{name} lacks a line of the others: {short(pattern)}"
                    yield Finding(places[index], TEXT, said)
        for slot in range(pattern.count("‹n›")):
            yield from _slot(name, pattern, slot, lines, places)
    usual = set(shared)
    own = own_lines(lines)
    extra = [
        (at, float(sum(pattern not in usual for pattern in found.patterns)))
        for at, found in enumerate(lines)
    ]
    for at, value, median, others in _outside(extra):
        if value > median:
            said = f": {short(own[at][-1])}" if own[at] else f" ({written(value)}; {others})"
            yield Finding(places[at], TEXT, f"{name} has lines of its own{said}")
    sizes = [(at, float(sum(map(len, entry)))) for at, entry in enumerate(texts) if entry]
    for at, value, _, others in _outside(sizes):
        yield Finding(at, TEXT, f"{name} has {written(value)} characters; {others}")


def _slot(
    name: str, pattern: str, slot: int, lines: Sequence[Lines], places: Sequence[int]
) -> Iterator[Finding]:
    found = slots(lines, pattern)
    known = [
        (places[at], numbers[slot])
        for at, numbers in enumerate(found)
        if numbers is not None and slot < len(numbers)
    ]
    place = slot_name(name, pattern, slot)
    for at, value, _, others in _outside(known):
        yield Finding(at, NUMBER, f"{place} is {written(value)}; {others}")


def _odd(values: Sequence[V]) -> list[int]:
    odd = rare(values)
    return [at for at, value in enumerate(values) if value in odd]


def _most_have(values: Iterable[str], usual: str) -> str:
    counts = Counter(values)
    number, total = counts[usual], counts.total()
    if number == total - 1:
        return f"all others {short(usual)}"
    if number * 2 > total:
        return f"{number:,} of {total:,} have {short(usual)}"
    return f"others have {len(counts) - 1:,} other values"


def _texts(values: Values) -> list[str]:
    return [value for value in values or () if isinstance(value, str)]


def _floats(values: Values) -> list[float]:
    return [float(value) for value in values or () if is_number(value) and value is not None]
