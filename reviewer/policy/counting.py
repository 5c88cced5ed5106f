"""Counts what a simulation replays, admission by admission, in memory that does not grow with them.

What is kept is bounded by the names of queues, agents, rules and reasons, and by how many
artifacts lie open at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush

from ..domain.artifact import instant_of
from ..domain.governance import Admission
from ..domain.instant import DAY, HOUR
from ..domain.state import Course, Ruling
from .simulated import (
    AgentChange,
    Courses,
    Example,
    Load,
    Pair,
    QueueChange,
    Simulated,
    Stretch,
)

MOST = 1000
"""Names of queues, agents, rules or reasons that are told apart; what comes after is left out."""
STRETCHES = 60
"""Stretches of time that a period is cut into at most."""
EXAMPLES = 10
"""Examples of one sort that are kept."""
GRAVEST = ("missed_rejection", "denied_approved", "missed_failure", "missed_edit", "changed")
"""The sorts of examples, in the order in which they are told."""
BAD = frozenset({"failed", "rolled_back", "drifted"})
_COURSES = tuple(Course)


@dataclass(slots=True)
class _Open:
    """A queue's load on one side; `ends` is a heap of when what is open now will be closed."""

    number: int = 0
    peak: int = 0
    breaches: int = 0
    unseen: int = 0
    ends: list[int] = field(default_factory=list)

    def add(self, at: int, end: int, *, breach: bool, unseen: bool) -> None:
        while self.ends and self.ends[0] <= at:
            heappop(self.ends)
        if end > at:
            heappush(self.ends, end)
        self.number += 1
        self.peak = max(self.peak, len(self.ends), 1)
        self.breaches += breach
        self.unseen += unseen

    def load(self) -> Load:
        return Load(self.number, self.peak, self.breaches, self.unseen)


class _Sides:
    """How often each course was taken, on both sides."""

    __slots__ = ("now", "then")

    def __init__(self) -> None:
        self.then: Counter[Course] = Counter()
        self.now: Counter[Course] = Counter()

    def add(self, then: Course, now: Course) -> None:
        self.then[then] += 1
        self.now[now] += 1

    def courses(self) -> Courses:
        return Courses(*(Pair(self.then[one], self.now[one]) for one in _COURSES))


class _Names:
    """Counts by name then and now, of so many names."""

    def __init__(self) -> None:
        self._numbers: dict[str, list[int]] = {}
        self.full = False

    def add(self, then: frozenset[str], now: frozenset[str]) -> None:
        for side, names in enumerate((then, now)):
            for name in names:
                self.bump(name, side)

    def bump(self, name: str, side: int) -> None:
        known = self._numbers.get(name)
        if known is None:
            if len(self._numbers) >= MOST:
                self.full = True
                return
            known = self._numbers[name] = [0, 0]
        known[side] += 1

    def pairs(self) -> dict[str, Pair]:
        return {name: Pair(*self._numbers[name]) for name in sorted(self._numbers)}


class Counting:
    """Takes admissions with both rulings, in the order in which they came in.

    `since` and `until` (instants) are the period; what lies open still counts as open until then.
    """

    def __init__(self, since: int, until: int) -> None:
        self._since, self._until = since, until
        unit = DAY if until - since > STRETCHES * HOUR else HOUR
        self._step = max(unit, -(-(until - since) // (STRETCHES * unit)) * unit)
        self._numbers: Counter[str] = Counter()
        self._flows: Counter[tuple[Course, Course]] = Counter()
        self._all = _Sides()
        self._queues: dict[str, tuple[_Open, _Open]] = {}
        self._agents: dict[str, tuple[_Sides, list[int]]] = {}
        self._rules, self._reasons = _Names(), _Names()
        self._stretches: dict[int, _Sides] = {}
        self._examples: dict[str, list[Example]] = {}
        self._full = False

    def add(self, admission: Admission, then: Ruling, now: Ruling) -> None:
        """Counts one admission."""
        flow = (then.course, now.course)
        self._numbers["admissions"] += 1
        self._numbers["ruled_otherwise"] += _essence(then) != _essence(now)
        self._flows[flow] += 1
        self._all.add(*flow)
        at = self._since + (admission.at - self._since) // self._step * self._step
        if at not in self._stretches:
            self._stretches[at] = _Sides()
        self._stretches[at].add(*flow)
        self._rules.add(frozenset(then.rules), frozenset(now.rules))
        reasons = ({reason.code for reason in ruling.reasons} for ruling in (then, now))
        self._reasons.add(*map(frozenset, reasons))
        what = self._judge(admission, then, now)
        self._agent(admission.artifact.agent.name, flow, what == "missed_rejection")
        self._load(admission, then, now)

    def _judge(self, admission: Admission, then: Ruling, now: Ruling) -> str:
        """What people's decision says of the new course; keeps the first examples of each sort."""
        person = admission.decided_kind == "person"
        self._numbers["saved_reviews"] += (
            then.course is Course.PERSON and now.course is not Course.PERSON
        )
        self._numbers["added_reviews"] += (
            now.course is Course.PERSON and then.course is not Course.PERSON
        )
        what = "changed" if then.course is not now.course else ""
        if now.course is Course.APPROVE and person:
            if admission.decision == "reject":
                what = "missed_rejection"
            elif admission.decision == "edit":
                what = "missed_edit"
            elif admission.outcome in BAD:
                what = "missed_failure"
        elif now.course is Course.DENY and person and admission.decision in ("approve", "edit"):
            what = "denied_approved"
        if what:
            self._numbers[what] += 1
            kept = self._examples.setdefault(what, [])
            if len(kept) < EXAMPLES:
                kept.append(_example(what, admission, then, now))
        return what

    def _agent(self, name: str, flow: tuple[Course, Course], missed: bool) -> None:
        known = self._agents.get(name)
        if known is None:
            if len(self._agents) >= MOST:
                self._full = True
                return
            known = self._agents[name] = (_Sides(), [0, 0])
        sides, numbers = known
        sides.add(*flow)
        numbers[0] += 1
        numbers[1] += missed

    def _load(self, admission: Admission, then: Ruling, now: Ruling) -> None:
        wished = instant_of(admission.artifact.due_at)
        closed = self._closed(admission)
        # in truth nobody was asked about what took another course then
        seen = then.course is Course.PERSON or admission.decided_kind == "person"
        for side, ruling in enumerate((then, now)):
            if ruling.course is not Course.PERSON:
                continue
            if ruling.queue not in self._queues:
                if len(self._queues) >= MOST:  # agents wish for queues, and may make names up
                    self._full = True
                    continue
                self._queues[ruling.queue] = (_Open(), _Open())
            due = ruling.due_at if wished is None else min(ruling.due_at, wished)
            end, late = (closed, closed > due) if seen else (due, False)
            self._queues[ruling.queue][side].add(admission.at, end, breach=late, unseen=not seen)

    def _closed(self, admission: Admission) -> int:
        """When it left its queue, or the period's end where it has not."""
        if admission.decided_at is not None:
            return admission.decided_at
        # withdrawn or superseded at a time that nobody wrote down: it burdened nobody
        return self._until if admission.status == "pending" else admission.at

    def result(self, policy: str) -> Simulated:
        """The values; `policy` is the digest of what was simulated."""
        numbers = self._numbers
        return Simulated(
            policy=policy,
            since=self._since,
            until=self._until,
            admissions=numbers["admissions"],
            changed=numbers["ruled_otherwise"],
            courses=self._all.courses(),
            flows=dict(self._flows),
            missed_rejections=numbers["missed_rejection"],
            missed_edits=numbers["missed_edit"],
            missed_failures=numbers["missed_failure"],
            saved_reviews=numbers["saved_reviews"],
            added_reviews=numbers["added_reviews"],
            denied_approved=numbers["denied_approved"],
            queues={
                name: QueueChange(then.load(), now.load())
                for name, (then, now) in sorted(self._queues.items())
            },
            agents={
                name: AgentChange(number, sides.courses(), missed)
                for name, (sides, (number, missed)) in sorted(self._agents.items())
            },
            rules=self._rules.pairs(),
            reasons=self._reasons.pairs(),
            stretches=tuple(self._filled()),
            examples=tuple(one for what in GRAVEST for one in self._examples.get(what, ())),
            truncated=self._full or self._rules.full or self._reasons.full,
        )

    def _filled(self) -> list[Stretch]:
        """The stretches from the first with admissions to the last, empty ones too."""
        if not self._stretches:
            return []
        last = max(self._stretches)
        at, found = min(self._stretches), []
        while at <= last:
            sides = self._stretches.get(at)
            found.append(Stretch(at, sides.courses() if sides else Courses()))
            at += self._step
        return found


def _essence(ruling: Ruling) -> tuple[object, ...]:
    """What of a ruling matters to anybody: texts, reasons and the policy's name do not."""
    return (
        ruling.course,
        ruling.queue,
        ruling.risk,
        ruling.due_at,
        ruling.quorum,
        ruling.mode,
        frozenset(ruling.needs),
    )


def _example(what: str, admission: Admission, then: Ruling, now: Ruling) -> Example:
    artifact = admission.artifact
    why = now.sentence or "; ".join(reason.detail or reason.code for reason in now.reasons)
    return Example(
        what,
        admission.artifact_id,
        artifact.agent.name,
        artifact.kind,
        then.course,
        now.course,
        why,
    )
