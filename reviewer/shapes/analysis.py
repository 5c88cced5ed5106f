"""A group as it is looked at: what all share, what varies and how, and who stands out.

    analysis = analyse(items)
    analysis.template      what is the same in all ordinary members, to be shown once
    analysis.columns       what varies, a column each with its distribution, cells by member
    analysis.outliers      who stands out, heaviest first, with a sentence for each reason

Pure, and a function of the set of members: their order changes nothing.  Who is called an outlier
is left out when it is worked out what is the same in all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reviewer.domain.views import Item
from reviewer.untrusted.artifact import inspect_artifact
from reviewer.untrusted.flags import summary

from .facets import Facets, Key, facets_of, name_of
from .rules import FLAGGED, Finding, judge, judge_confidence, judge_risk
from .series import Column, Texts, Values, cell, distribution, written
from .texts import SLOT, is_long, lines_of, shared_lines, slot_name, slots, template

COLUMNS: Final = 60
"""How many columns are made; what varies beyond them is judged all the same."""
WITHIN: Final = 6
"""Of them those that are numbers within one text."""
CHUNK: Final = 100

Progress = Callable[[int], bool]
"""Told how many members are done; answers False to stop."""


@dataclass(frozen=True, slots=True)
class Same:
    """One thing that is the same in all: its name and its value before and after.

    `before` is None where there was none or where it is not a matter of change, `lines` are those
    of a long text.
    """

    write: int
    name: str
    before: str | None
    after: str | None
    changed: bool
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlier:
    """A member that stands out, by its index among the members, and why, heaviest first."""

    at: int
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """What a group of `size` members looks like; `flagged` are who holds flagged text, by index."""

    size: int
    template: tuple[Same, ...]
    columns: tuple[Column, ...]
    outliers: tuple[Outlier, ...]
    flagged: frozenset[int] = frozenset()


def analyse(items: Sequence[Item], progress: Progress = lambda _done: True) -> Analysis | None:
    """Works out a group; None where `progress` said to stop.  Takes a while for thousands."""
    members: list[Facets] = []
    found: list[Finding] = []
    flagged: set[int] = set()
    for at, item in enumerate(items):
        if at % CHUNK == 0 and not progress(at):
            return None
        members.append(facets_of(item.artifact))
        flags = inspect_artifact(item.artifact)
        if flags:
            flagged.add(at)
            kinds = "; ".join(sentence for _, _, sentence in summary(flags)[:2])
            found.append(Finding(at, FLAGGED, f"flagged text: {kinds}"))
        if members[-1].cut:
            found.append(Finding(at, FLAGGED, "too large to be compared in full"))
    keys = _keys(members)
    several = any(key.write > 0 for key in keys)
    series = {key: [member.values.get(key) for member in members] for key in keys}
    unchanged = {key for key in keys if _unchanged(key, series)}
    for key, values in series.items():
        if not progress(len(items)):
            return None
        if key.side == "before" and key in unchanged:
            continue
        found += _judged(key, name_of(key, several), values)
    outliers = _outliers(found)
    apart = {outlier.at for outlier in outliers}
    ordinary = [at for at in range(len(items)) if at not in apart] or list(range(len(items)))
    same, columns = _laid_out(series, unchanged, ordinary, several)
    return Analysis(len(items), same, columns, outliers, frozenset(flagged))


def _keys(members: Sequence[Facets]) -> list[Key]:
    """Every facet that anybody has, in the order in which documents name them."""
    first: dict[Key, int] = {}
    for member in members:
        for place, key in enumerate(member.values):
            if place < first.get(key, place + 1):
                first[key] = place
    return sorted(first, key=lambda key: (key.write == -1, key.write, first[key], key))


def _unchanged(key: Key, series: dict[Key, list[Values]]) -> bool:
    """Whether a facet is before and after the same in every member."""
    if key.side == "about":
        return True
    other = key._replace(side="after" if key.side == "before" else "before")
    return series.get(other) == series[key]


def _judged(key: Key, name: str, series: Sequence[Values]) -> list[Finding]:
    if key.write == -1 and key.path == "confidence":
        return list(judge_confidence(series))
    if key.write == -1 and key.path == "risk":
        return list(judge_risk(series))
    if key.side == "before" and key.path:
        name = f"{name} before"
    return list(judge(name, series))


def _outliers(found: Sequence[Finding]) -> tuple[Outlier, ...]:
    by_member: dict[int, list[Finding]] = {}
    for finding in found:
        by_member.setdefault(finding.at, []).append(finding)
    ordered: list[tuple[int, int, Outlier]] = []
    for at, findings in by_member.items():
        findings.sort(key=lambda finding: (-finding.weight, finding.sentence))
        sentences = tuple(dict.fromkeys(finding.sentence for finding in findings))
        ordered.append((-findings[0].weight, -len(sentences), Outlier(at, sentences)))
    return tuple(entry[2] for entry in sorted(ordered, key=lambda entry: (*entry[:2], entry[2].at)))


def _laid_out(
    series: dict[Key, list[Values]], unchanged: set[Key], ordinary: Sequence[int], several: bool
) -> tuple[tuple[Same, ...], tuple[Column, ...]]:
    same: list[Same] = []
    columns: list[Column] = []
    for key, values in series.items():
        if key.side == "before" and key in unchanged:
            continue
        mine = [values[at] for at in ordinary]
        name = name_of(key, several)
        twin = key._replace(side="after")
        if all(value == mine[0] for value in mine):
            if key.side == "before" and twin in series:
                continue  # told with what it becomes
            same.append(_same(key, name, mine[0], series, ordinary, key not in unchanged))
            continue
        if key.side == "before":
            name = f"{name} before"
        texts = [text for v in mine for text in v or () if isinstance(text, str)]
        if any(is_long(text) for text in texts):
            shared = template([lines_of(text) for text in texts])
            same.append(Same(key.write, name, None, None, key not in unchanged, tuple(shared)))
            columns += _within(key, name, values, ordinary, key not in unchanged)
        columns.append(_column(key, name, values, mine, key not in unchanged))
    columns.sort(key=lambda c: (not c.changed, c.key.side == "before", c.kind != "number"))
    return tuple(entry for entry in same if _worth(entry)), tuple(columns[:COLUMNS])


def _worth(entry: Same) -> bool:
    """Whether it says anything: that something is there and stays goes without saying."""
    if entry.name.endswith("existence") and not entry.changed:
        return False
    return bool(entry.lines or entry.before is not None or entry.after is not None)


def _same(
    key: Key,
    name: str,
    value: Values,
    series: dict[Key, list[Values]],
    ordinary: Sequence[int],
    changed: bool,
) -> Same:
    before: str | None = None
    after = None if value is None else cell(value)
    if key.side == "before":
        before, after = after, None
    elif changed:
        old = series.get(key._replace(side="before"))
        if old is not None:
            kinds = {old[at] for at in ordinary}
            one = next(iter(kinds)) if len(kinds) == 1 else None
            before = cell(one) if one is not None else "…" if len(kinds) > 1 else None
    lines: tuple[str, ...] = ()
    texts = [text for text in value or () if isinstance(text, str) and is_long(text)]
    if texts and key.side != "before":
        lines, after = tuple(template([lines_of(text) for text in texts])), None
    return Same(key.write, name, before, after, changed, lines)


def _column(
    key: Key, name: str, values: Sequence[Values], mine: Sequence[Values], changed: bool
) -> Column:
    spread, _ = distribution(mine)
    _, order = distribution(values)
    if isinstance(spread, Texts):
        cells = _own_words(values)
        return Column(key, name, changed, "text", spread, cells)
    kind: Literal["number", "category"] = "number" if order else "category"
    cells = tuple(cell(value) for value in values)
    return Column(key, name, changed, kind, spread, cells, order)


def _within(
    key: Key, name: str, values: Sequence[Values], ordinary: Sequence[int], changed: bool
) -> list[Column]:
    """The numbers that vary within lines that most of the long texts share, a column each."""
    lines = [lines_of(_joined(value)) for value in values]
    columns: list[Column] = []
    for pattern in shared_lines([lines[at] for at in ordinary]):
        found = slots(lines, pattern)
        for slot in range(pattern.count(SLOT)):
            series: list[Values] = [
                (numbers[slot],) if numbers is not None and slot < len(numbers) else None
                for numbers in found
            ]
            if len({series[at] for at in ordinary}) > 1 and len(columns) < WITHIN:
                part = slot_name(name, pattern, slot)
                mine = [series[at] for at in ordinary]
                columns.append(_column(key, part, series, mine, changed))
    return columns


def _joined(value: Values) -> str:
    return "\n".join(text for text in value or () if isinstance(text, str))


def _own_words(values: Sequence[Values]) -> tuple[str, ...]:
    """Of each long text the first line that is not the same in all."""
    found = [lines_of("\n".join(written(v) for v in value or ())) for value in values]
    texts = [entry for entry in found if entry.raw]
    everywhere = set.intersection(*(set(text.raw) for text in texts)) if texts else set()
    return tuple(
        next((raw for raw in entry.raw if raw not in everywhere), entry.raw[0] if entry.raw else "")
        for entry in found
    )
