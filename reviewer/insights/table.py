"""Everything that was counted as one long table, and that table as CSV.

One row is one number: what is measured, in which stretch of time, for whom, and the value.  So a
spreadsheet's pivot, a data frame or a database takes the whole file as it is.  `span` says what
`from` and `to` are: a `bucket`, the whole `period`, or `now` for what lies open at this instant;
sums go over rows of one span only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..domain.instant import HOUR, SECOND, to_datetime
from ..domain.views import QueueLoad
from .counted import OTHERS, Counted, Name
from .periods import following
from .shares import Share, share
from .tally import BASIS, DECISIONS, NANO, Pace, Record, Wait

if TYPE_CHECKING:
    from ..policy.roster import InForce

Span = Literal["bucket", "period", "now"]
MONEY, TIME, PART, NUMBER, RATE = "dollars", "seconds", "share", "number", "per hour"
QUANTILES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))


class Row(NamedTuple):
    """One number.  `start` and `end` are instants; `of`, `low` and `high` belong to shares."""

    measure: str
    unit: str
    span: Span
    start: int
    end: int
    value: float
    reviewer: str = ""
    agent: str = ""
    version: str = ""
    queue: str = ""
    of: int | None = None
    low: float | None = None
    high: float | None = None
    kind: str = ""


HEAD = (
    "measure", "unit", "span", "from", "to", "reviewer", "agent", "version", "queue",
    "value", "of", "low", "high", "kind",
)  # fmt: skip
"""The columns of the CSV."""


class Stretch(NamedTuple):
    """What a row is about in time; `hours` is how long it is, for what is counted per hour."""

    span: Span
    start: int
    end: int

    @property
    def hours(self) -> float:
        """Its length."""
        return max(self.end - self.start, SECOND) / HOUR


def rows(
    counted: Counted,
    first: int,
    now: int,
    load: Sequence[QueueLoad] = (),
    standing: Sequence[InForce] = (),
) -> Iterator[Row]:
    """Every number of the period from `first` to `now`: by bucket, of the whole, and of now.

    Of now are what lies open in each queue, and how each agent's kind stands under the policy.
    """
    whole = Stretch("period", first, now)
    for start in sorted(counted.reviewers.cells):
        stretch = Stretch("bucket", start, following(start, counted.unit, counted.zone))
        for name, pace in counted.reviewers.cells[start].items():
            yield from _pace(stretch, name, pace)
        for name, record in counted.agents.cells.get(start, {}).items():
            yield from _record(stretch, name, record)
        for name, wait in counted.queues.cells.get(start, {}).items():
            yield from _wait(stretch, name, wait)
    for name, pace in counted.reviewers.by_name().items():
        yield from _pace(whole, name, pace)
    for name, record in counted.agents.by_name().items():
        yield from _record(whole, name, record)
    for name, wait in counted.queues.by_name().items():
        yield from _wait(whole, name, wait)
    for one in load:
        yield from _open(Stretch("now", now, now), one)
    for force in standing:
        yield from _standing(Stretch("now", now, now), force)


def _pace(stretch: Stretch, name: Name, pace: Pace) -> Iterator[Row]:
    who = "(others)" if name == OTHERS else name[0]

    def row(measure: str, unit: str, value: float) -> Row:
        return Row(measure, unit, *stretch, value, reviewer=who)

    for kind, number in zip(DECISIONS, pace.decided, strict=True):
        yield row(kind, NUMBER, number)
    yield row("decided", NUMBER, pace.number)
    yield row("decided_per_hour", RATE, pace.number / stretch.hours)
    yield row("decided_in_bulk", NUMBER, pace.bulk)
    yield row("moved_on", NUMBER, pace.moved)
    for label, at in QUANTILES[:2]:
        dwell = pace.dwell.quantile(at)
        if dwell is not None:
            yield row(f"dwell_{label}", TIME, dwell / 1000)


def _record(stretch: Stretch, name: Name, record: Record) -> Iterator[Row]:
    agent, version = ("(others)", "") if name == OTHERS else name

    def row(measure: str, unit: str, value: float, of: Share | None = None) -> Row:
        known = (of.whole, of.low, of.high) if of else (None, None, None)
        return Row(measure, unit, *stretch, value, "", agent, version, "", *known)

    for kind, number in zip(DECISIONS, record.decided, strict=True):
        found = share(number, record.number)
        if found.value is not None:
            yield row(f"{kind}_share", PART, found.value, found)
    yield row("decided", NUMBER, record.number)
    yield row("approved_but_missed", NUMBER, record.missed)
    for label, at in QUANTILES[:2]:
        distance = record.distance.quantile(at)
        if distance is not None:
            yield row(f"edit_distance_{label}", PART, distance / BASIS)
    if record.told:
        yield row("cost", MONEY, record.spent / NANO)
        yield row("successes_with_cost", NUMBER, record.paid)
    if record.cost is not None:
        yield row("cost_per_success", MONEY, record.cost)


def _wait(stretch: Stretch, name: Name, wait: Wait) -> Iterator[Row]:
    queue = "(others)" if name == OTHERS else name[0]
    for label, at in QUANTILES:
        time = wait.times.quantile(at)
        if time is not None:
            yield Row(f"time_to_decision_{label}", TIME, *stretch, time / SECOND, queue=queue)
    found = share(wait.within, wait.number)
    if found.value is not None:
        yield Row(
            "within_sla", PART, *stretch, found.value, "", "", "", queue,
            found.whole, found.low, found.high,
        )  # fmt: skip


def _open(stretch: Stretch, load: QueueLoad) -> Iterator[Row]:
    numbers = {
        "pending": load.pending,
        "claimed": load.claimed.number,
        "unclaimed": load.unclaimed.number,
        "snoozed": load.snoozed,
        "breaching": load.breaching.number,
        "due_soon": load.due_soon.number,
        "escalated": load.escalated.number,
        "critical": load.critical,
    }
    for measure, number in numbers.items():
        yield Row(f"open_{measure}", NUMBER, *stretch, number, queue=load.queue)


def _standing(stretch: Stretch, force: InForce) -> Iterator[Row]:
    """The mode in force as a number of 1 under its name, the budget, and who agreed."""

    def row(measure: str, unit: str, value: float, of: Share | None = None) -> Row:
        found = Row(measure, unit, *stretch, value, agent=force.agent, kind=force.kind)
        return found if of is None else found._replace(of=of.whole, low=of.low, high=of.high)

    yield row(f"mode_{force.mode}", NUMBER, 1)
    agreed = share(force.tally.approved, force.tally.decided)
    if agreed.value is not None:
        yield row("agreement", PART, agreed.value, agreed)
    if force.gauge is not None:
        yield row("error_budget_left", PART, force.gauge.left)
        yield row("error_budget_mistakes", NUMBER, force.gauge.mistakes)
        burns = [burn.long_burn for burn in force.burns]
        yield row("error_budget_burn", NUMBER, max(burns, default=0.0))


# ------------------------------------------------------------------------------------------ CSV

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe.

    OWASP, "CSV Injection"; with the full-width forms that some spreadsheets read alike.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_text(some: Iterable[Row], zone: tzinfo, shown: Callable[[str], str] = str) -> str:
    """The rows as CSV (RFC 4180): CRLF, a head, texts in quotes, times with the zone's offset.

    `shown` makes visible what hides in names; they are made harmless afterwards.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in some:
        names = (row.reviewer, row.agent, row.version, row.queue)
        times = (to_datetime(at).astimezone(zone).isoformat("T", "seconds") for at in row[3:5])
        numbers = (_number(n) for n in (row.value, row.of, row.low, row.high))
        words = (harmless(shown(name)) for name in names)
        kind = harmless(shown(row.kind))
        writer.writerow((row.measure, row.unit, row.span, *times, *words, *numbers, kind))
    return out.getvalue()


def _number(value: float | None) -> float | int | None:
    if value is None or isinstance(value, int):
        return value
    return int(value) if value.is_integer() and abs(value) < 1e15 else round(value, 9)
