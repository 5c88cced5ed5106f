"""What a tried policy file comes to, in lines: problems, differences, what would have been.

Texts of the file and of agents pass through `untrusted` here.  One `Content` is one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from ..domain.instant import DAY, to_datetime
from ..domain.state import Course
from ..untrusted import show, show_line
from .widgets.rows import fit
from .widgets.then_now import then_now

if TYPE_CHECKING:
    from ..policy.compare import Difference
    from ..policy.simulated import Pair, Simulated

QUIET, HEAD, BAD, GOOD, WARN = (
    "$quiet", "bold $text-primary", "bold $text-error", "$text-success", "$text-warning",
)  # fmt: skip
COURSES = {
    Course.PERSON: ("◐", "to people"),
    Course.APPROVE: ("●", "approved alone"),
    Course.DENY: ("✗", "denied"),
    Course.SHADOW: ("◌", "shadow"),
}
EFFECTS = {"stricter": ("▲", GOOD), "looser": ("▽", WARN), "neither": ("·", QUIET)}
"""Which way a difference goes: a sign and a style; the word stands beside it."""
DIFFERENCES = 200
ROWS = 8
"""Queues and agents that are told one by one."""
PLOT = 9
WORTH = {
    "missed_rejection": "people rejected it",
    "missed_edit": "people edited it",
    "missed_failure": "it failed afterwards",
    "denied_approved": "people approved it",
    "changed": "another course",
}


def difference_lines(differences: Sequence[Difference], width: int) -> list[Content]:
    """`▲ stricter  queues.billing.quorum: 2 people instead of 1`, wrapped."""
    if not differences:
        return [Content.styled("It means the same as the policy in force.", QUIET)]
    lines = []
    for one in differences[:DIFFERENCES]:
        sign, style = EFFECTS[str(one.effect)]
        word = "" if str(one.effect) == "neither" else str(one.effect)
        head = Content.assemble((f"{sign} {word:<9}", style))
        first, *rest = show(one.sentence).wrap(max(12, width - 11))
        lines += [head + first, *(Content(" " * 11) + more for more in rest)]
    if len(differences) > DIFFERENCES:
        lines.append(Content.styled(f"and {len(differences) - DIFFERENCES:,} more", QUIET))
    return lines


def simulated_lines(found: Simulated, width: int) -> list[Content]:
    """The whole of what a simulation found, for so many cells."""
    return list(_simulated(found, width))


def verdict(found: Simulated) -> Content:
    """What it comes to in one line: what would be let through that people did not let through."""
    alone = found.courses.approve
    parts = [f"{alone.now:,} of {found.admissions:,} approved alone ({alone.then:,} then)"]
    if found.missed_rejections:
        parts.append(f"{found.missed_rejections:,} of them people rejected")
    style = BAD if found.missed_rejections else ""
    return Content.assemble((", ".join(parts), style))


def _simulated(found: Simulated, width: int) -> Iterator[Content]:
    days = max(1, round((found.until - found.since) / DAY))
    said = f"The last {days} days under it: {found.admissions:,} admissions, "
    said += f"{found.changed:,} ruled otherwise"
    yield Content.styled(said, HEAD)
    if not found.admissions:
        yield Content.styled("Nothing was admitted in that time: there is nothing to tell.", QUIET)
        return
    yield Content("")
    yield Content.styled(f"  {'':<18}{'then':>9}{'now':>9}{'change':>9}", QUIET)
    for course, (sign, word) in COURSES.items():
        pair = found.courses.of(course)
        yield _pair(f"{sign} {word}", pair, width, found.admissions)
    yield _pair("late in queues", found.breaches, width, 0)
    yield Content("")
    yield from _worth_a_look(found)
    yield Content("")
    yield from _plot(found, width)
    yield from _table("queue", [
        (name, (q.then.number, q.now.number), (q.then.peak, q.now.peak),
         (q.then.breaches, q.now.breaches))
        for name, q in found.queues.items()
    ], ("to people", "open at once", "late"), width)  # fmt: skip
    yield from _table("agent", [
        (name, _both(a.courses.person), _both(a.courses.approve), _both(a.courses.deny))
        for name, a in found.agents.items()
    ], ("to people", "alone", "denied"), width)  # fmt: skip
    yield from _examples(found, width)
    if found.truncated:
        yield Content.styled("There are too many names to tell them all apart.", WARN)


def _both(pair: Pair) -> tuple[int, int]:
    return pair.then, pair.now


def _pair(name: str, pair: Pair, width: int, whole: int) -> Content:
    change = f"{pair.change:+,}" if pair.change else "·"
    line = Content(f"  {name:<18}{pair.then:>9,}{pair.now:>9,}{change:>9}")
    room = min(30, width - line.cell_length - 4)
    if room < 8 or not whole:
        return line
    then, now = (round(number / whole * room) for number in (pair.then, pair.now))
    bar = "█" * min(then, now) + ("▒" * (now - then) if now > then else "░" * (then - now))
    return Content.assemble(line, "   ", (bar, "$primary"))


def _worth_a_look(found: Simulated) -> Iterator[Content]:
    rows = (
        (found.missed_rejections, "would be approved alone, though people rejected them", BAD),
        (found.missed_edits, "would be approved alone, though people edited them", WARN),
        (found.missed_failures, "would be approved alone, and failed afterwards", WARN),
        (found.denied_approved, "would be denied, though people approved them", WARN),
        (found.saved_reviews, "reviews fewer", ""),
        (found.added_reviews, "reviews more", ""),
    )
    for number, words, style in rows:
        sign = "!" if number and style in (BAD, WARN) else " "
        shown = style if number else QUIET
        yield Content.assemble((f"{sign} {number:>7,}  {words}", shown))


def _plot(found: Simulated, width: int) -> Iterator[Content]:
    if len(found.stretches) < 2 or width < 40:
        return
    pairs = tuple(_both(stretch.courses.person) for stretch in found.stretches)
    labels = tuple(
        f"{to_datetime(stretch.at).day} {to_datetime(stretch.at):%b}" for stretch in found.stretches
    )
    yield Content.assemble(("To people", HEAD), ("   █ now   ○ then", QUIET))
    yield from then_now(pairs, labels, width, PLOT)
    yield Content("")


def _table(
    what: str,
    rows: Sequence[tuple[str, tuple[int, int], tuple[int, int], tuple[int, int]]],
    heads: tuple[str, str, str],
    width: int,
) -> Iterator[Content]:
    if not rows:
        return
    rows = sorted(rows, key=lambda row: -max(row[1]))
    name = max(8, min(28, width - 3 * 17 - 2))
    yield Content.styled(f"  {what:<{name}}" + "".join(f"{head:>17}" for head in heads), QUIET)
    for row in rows[:ROWS]:
        cells = [Content("  " + fit(row[0], name))]
        for then, now in row[1:]:
            told = f"{then:,} → {now:,}" if then != now else f"{now:,}"
            cells.append(Content.styled(f"{told:>17}", "" if then != now else QUIET))
        yield Content("").join(cells)
    if len(rows) > ROWS:
        yield Content.styled(f"  and {len(rows) - ROWS:,} more", QUIET)
    yield Content("")


def _examples(found: Simulated, width: int) -> Iterator[Content]:
    if not found.examples:
        return
    yield Content.styled("Worth a look", HEAD)
    for one in found.examples:
        worse = one.what.startswith("missed") or one.what == "denied_approved"
        then, now = (COURSES[course][1] for course in (one.then, one.now))
        head = Content.assemble(
            ("! " if worse else "  ", BAD if one.what == "missed_rejection" else WARN),
            show_line(one.artifact_id, 20),
            ("  " + WORTH.get(one.what, one.what), ""),
            (f"  {then} → {now}  ", QUIET),
        )
        room = max(8, width - head.cell_length)
        yield Content.assemble(head, show_line(f"{one.agent} {one.kind}: {one.why}", room, QUIET))
