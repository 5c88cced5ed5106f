"""What a simulation found, for people: tables of then and now, a plot, and what is worth a look."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..domain.instant import DAY, iso, to_datetime
from ..domain.state import Course
from .output import Table, say, width

if TYPE_CHECKING:
    from ..policy.simulated import Load, Pair, QueueChange, Simulated

WORDS = {
    Course.PERSON: "to people",
    Course.APPROVE: "approved alone",
    Course.DENY: "denied",
    Course.SHADOW: "recorded only",
}
WORTH = {
    "missed_rejection": "people rejected it",
    "missed_edit": "people edited it",
    "missed_failure": "its outcome was bad",
    "denied_approved": "people approved it",
    "changed": "another course",
}
ROWS = 20
"""Lines of a table; the rest is in the JSON and the CSV."""
PLOT = 10
_PLAIN = 80
"""Cells of a plot where the output is no terminal."""


def say_simulated(found: Simulated, name: str) -> None:
    """Everything worth saying, the sums first."""
    from ..untrusted import one_line

    span = f"{iso(found.since)[:16]}Z to {iso(found.until)[:16]}Z".replace("T", " ")
    say(one_line(f"{name} over what came in from {span}", 200), "bold")
    if not found.admissions:
        say("Nothing came in.", "dim")
        return
    say(f"{found.admissions:,} admissions, {found.changed:,} of them ruled otherwise.")
    pairs = [(WORDS[course], found.courses.of(course)) for course in Course]
    pairs.append(("late", found.breaches))
    _table(("", "then", "now", "change"), [[word, *_numbers(pair)] for word, pair in pairs])
    _judged(found)
    _plot(found)
    queues = [[one_line(name, 28), *_load(one)] for name, one in found.queues.items()]
    _table(("queue", "to people", "open at once", "late", "never seen then"), queues)
    agents = [
        [one_line(name, 28), f"{one.admissions:,}", f"{one.missed:,}",
         *(_then_now(one.courses.of(course)) for course in list(Course)[:3])]
        for name, one in found.agents.items()
    ]  # fmt: skip
    _table(("agent", "admissions", "missed", "to people", "alone", "denied"), agents)
    for what, named in (("rule", found.rules), ("reason", found.reasons)):
        changed = [(key, pair) for key, pair in named.items() if pair.then != pair.now]
        _table(
            (what, "then", "now", "change"), [[one_line(k, 28), *_numbers(p)] for k, p in changed]
        )
    _examples(found)
    if found.truncated:
        say()
        say("There are more names than are told apart; the sums hold all of them.", "yellow")


def _judged(found: Simulated) -> None:
    """What people's decisions say of the new ruling, in sentences."""
    sentences: list[tuple[str, str]] = []
    alone = found.courses.approve.now
    if found.missed_rejections:
        sentences.append(
            (f"People rejected {found.missed_rejections:,} of what would be approved alone.", "red")
        )
    elif alone:
        sentences.append(("Of what would be approved alone, people rejected nothing.", "green"))
    for number, words in (
        (found.missed_edits, "of what would be approved alone, people edited"),
        (found.missed_failures, "of it failed, drifted or was rolled back afterwards"),
        (found.denied_approved, "would be denied that people approved"),
    ):
        if number:
            sentences.append((f"{number:,} {words}.", "yellow"))
    if found.saved_reviews or found.added_reviews:
        reviews = f"{found.saved_reviews:,} reviews fewer, {found.added_reviews:,} more."
        sentences.append((reviews, ""))
    if sentences:
        say()
    for sentence, style in sentences:
        say(sentence, style)


def _plot(found: Simulated) -> None:
    """How many went to people over time, then and now, where the output can show it."""
    if len(found.stretches) < 2 or (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        return
    from ..tui.widgets.then_now import then_now

    people = [stretch.courses.person for stretch in found.stretches]
    pairs = tuple((pair.then, pair.now) for pair in people)
    say()
    say("To people   █ now   ○ then", "dim")
    for line in then_now(pairs, tuple(_labels(found)), min(width() or _PLAIN, 120), PLOT):
        say(line.plain.rstrip())


def _labels(found: Simulated) -> Iterator[str]:
    starts = [stretch.at for stretch in found.stretches]
    hours = starts[1] - starts[0] < DAY
    for at in starts:
        local = to_datetime(at).astimezone()
        yield f"{local:%H:%M}" if hours else f"{local.day} {local:%b}"


def _numbers(pair: Pair) -> list[str]:
    change = f"{pair.change:+,}" if pair.change else ""
    return [f"{pair.then:,}", f"{pair.now:,}", change]


def _then_now(pair: Pair) -> str:
    return _arrow(pair.then, pair.now)


def _arrow(then: int, now: int) -> str:
    return f"{now:,}" if then == now else f"{then:,} → {now:,}"


def _load(change: QueueChange) -> list[str]:
    def both(name: str) -> str:
        sides: tuple[Load, Load] = (change.then, change.now)
        return _arrow(*(getattr(side, name) for side in sides))

    return [both(name) for name in ("number", "peak", "breaches", "unseen")]


def _table(heads: Sequence[str], rows: list[list[str]]) -> None:
    """A table with its numbers on the right and a line above; nothing where there are no rows."""
    if not rows:
        return
    say()
    shown = rows[:ROWS]
    wide = [max(len(row[i]) for row in [list(heads), *shown]) for i in range(1, len(heads))]
    columns = [(heads[0], 28)]
    columns += [(h.rjust(w), max(w, 4)) for h, w in zip(heads[1:], wide, strict=True)]
    right = [[row[0], *(c.rjust(w) for c, w in zip(row[1:], wide, strict=True))] for row in shown]
    for line in Table(columns, width()).add(right):
        say(*line)
    if len(rows) > ROWS:
        say(f"and {len(rows) - ROWS:,} more; --json and --csv have all", "dim")


def _examples(found: Simulated) -> None:
    from ..untrusted import one_line

    if not found.examples:
        return
    say()
    say("Worth a look", "bold")
    rows = [
        [one.artifact_id, WORTH.get(one.what, one.what), f"{WORDS[one.then]} → {WORDS[one.now]}",
         one_line(one.agent, 20), one_line(one.kind, 18), one_line(one.why, 200)]
        for one in found.examples
    ]  # fmt: skip
    columns = (("id", 40), ("why", 20), ("then → now", 32), ("agent", 20), ("kind", 18),
               ("ruling", 200))  # fmt: skip
    for line in Table(columns, width()).add(rows):
        say(*line)
