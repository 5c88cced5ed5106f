"""What a simulation found as JSON and as CSV: every number, then and now."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.errors import ReviewerError
from ..domain.instant import iso
from ..domain.state import Course
from .output import say

if TYPE_CHECKING:
    from ..policy.simulated import Courses, Pair, QueueChange, Simulated

HEAD = ("what", "name", "measure", "then", "now")
"""The columns of the CSV; where only one policy can be asked, `then` stays empty."""
JUDGED = (
    "missed_rejections", "missed_edits", "missed_failures", "saved_reviews", "added_reviews",
    "denied_approved",
)  # fmt: skip
_LOAD = ("number", "peak", "breaches", "unseen")


def document(found: Simulated) -> dict[str, Any]:
    """Everything that was found, as JSON values."""
    return {
        "policy": found.policy,
        "from": iso(found.since),
        "to": iso(found.until),
        "admissions": found.admissions,
        "changed": found.changed,
        "courses": _courses(found.courses),
        "flows": [
            {"then": str(then), "now": str(now), "number": number}
            for (then, now), number in sorted(found.flows.items())
        ],
        **{name: getattr(found, name) for name in JUDGED},
        "breaches": _pair(found.breaches),
        "queues": {name: _queue(one) for name, one in found.queues.items()},
        "agents": {
            name: {
                "admissions": one.admissions,
                "missed_rejections": one.missed,
                "courses": _courses(one.courses),
            }
            for name, one in found.agents.items()
        },
        "rules": {name: _pair(one) for name, one in found.rules.items()},
        "reasons": {name: _pair(one) for name, one in found.reasons.items()},
        "over_time": [
            {"from": iso(one.at), "courses": _courses(one.courses)} for one in found.stretches
        ],
        "examples": [
            {
                "what": one.what,
                "id": one.artifact_id,
                "agent": one.agent,
                "kind": one.kind,
                "then": str(one.then),
                "now": str(one.now),
                "why": one.why,
            }
            for one in found.examples
        ],
        "truncated": found.truncated,
    }


def _pair(pair: Pair) -> dict[str, int]:
    return {"then": pair.then, "now": pair.now}


def _courses(courses: Courses) -> dict[str, Any]:
    return {str(course): _pair(courses.of(course)) for course in Course}


def _queue(change: QueueChange) -> dict[str, Any]:
    return {
        name: {"then": getattr(change.then, name), "now": getattr(change.now, name)}
        for name in _LOAD
    }


Row = tuple[str, str, str, int | str, int]


def rows(found: Simulated) -> Iterator[Row]:
    """Every number as a row of one long table, for spreadsheets and data frames."""
    yield "all", "", "admissions", found.admissions, found.admissions
    yield "all", "", "changed", "", found.changed
    for name in JUDGED:
        yield "all", "", name, "", getattr(found, name)
    yield from _course_rows("all", "", found.courses)
    for name, queue in found.queues.items():
        for measure in _LOAD:
            then, now = getattr(queue.then, measure), getattr(queue.now, measure)
            yield "queue", name, measure, then, now
    for name, agent in found.agents.items():
        yield "agent", name, "admissions", agent.admissions, agent.admissions
        yield "agent", name, "missed_rejections", "", agent.missed
        yield from _course_rows("agent", name, agent.courses)
    for what, pairs in (("rule", found.rules), ("reason", found.reasons)):
        for name, pair in pairs.items():
            yield what, name, "held", pair.then, pair.now
    for stretch in found.stretches:
        yield from _course_rows("from", iso(stretch.at), stretch.courses)


def _course_rows(what: str, name: str, courses: Courses) -> Iterator[Row]:
    for course in Course:
        pair = courses.of(course)
        yield what, name, str(course), pair.then, pair.now


def csv_text(found: Simulated) -> str:
    """The rows as CSV (RFC 4180); names are harmless to terminals and spreadsheets."""
    from ..insights.table import harmless
    from ..untrusted import one_line

    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(HEAD)
    for what, name, measure, then, now in rows(found):
        writer.writerow((what, harmless(one_line(name)), measure, then, now))
    return out.getvalue()


def write_csv(found: Simulated, file: str) -> None:
    """Writes the CSV to a file, or to stdout for `-`."""
    from ..files import replace_text
    from ..untrusted import one_line

    text = csv_text(found)
    if file == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return
    try:
        replace_text(Path(file), text)
    except OSError as error:
        raise ReviewerError(f"The file '{file}' cannot be written: {error.strerror}.") from None
    say(f"{sum(1 for _ in rows(found)):,} rows in {one_line(file)}.")
