"""What a simulation found, as values: what came of the same admissions then and now.

"Then" is what was ruled when they came in, "now" what the simulated policy rules; neither has
anything to do with the time at which one looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..domain.state import Course


@dataclass(frozen=True, slots=True)
class Pair:
    """A number then and now."""

    then: int = 0
    now: int = 0

    @property
    def change(self) -> int:
        """How much more it is now."""
        return self.now - self.then


@dataclass(frozen=True, slots=True)
class Load:
    """What a queue has to bear.

    `number` artifacts went to its people; at most `peak` lay open at once; `breaches` were decided
    after their due time, or are still open after it.  `unseen` are those that no person decided in
    truth, because they took another course then: they count as open until they are due, and never
    as breaches, since nobody knows.
    """

    number: int = 0
    peak: int = 0
    breaches: int = 0
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class QueueChange:
    """One queue's load then and now."""

    then: Load = Load()
    now: Load = Load()


@dataclass(frozen=True, slots=True)
class Courses:
    """How many artifacts took which course, then and now; together they are all of them."""

    person: Pair = Pair()
    approve: Pair = Pair()
    deny: Pair = Pair()
    shadow: Pair = Pair()

    def of(self, course: Course) -> Pair:
        """The pair of one course."""
        found: Pair = getattr(self, course.value)
        return found


@dataclass(frozen=True, slots=True)
class AgentChange:
    """One agent's admissions and their courses; `missed` are its missed rejections."""

    admissions: int
    courses: Courses
    missed: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """The courses of what came in from `at` on, until the next stretch begins."""

    at: int
    courses: Courses


@dataclass(frozen=True, slots=True)
class Example:
    """One artifact whose course would be another, or that is worth a look; `what` says why.

    `what` is `missed_rejection`, `missed_edit`, `missed_failure`, `denied_approved`, or `changed`;
    `why` says why it is denied or goes to people.  All texts may be an agent's.
    """

    what: str
    artifact_id: str
    agent: str
    kind: str
    then: Course
    now: Course
    why: str = ""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What would have been, had the policy been in force from `since` until `until`.

    `changed` counts admissions of which anything that matters is ruled otherwise: course, queue,
    risk, due time, quorum, or the conditions on decisions.  Of those that would be approved alone
    now, people rejected `missed_rejections`, edited `missed_edits`, and approved `missed_failures`
    whose outcome was bad.  `saved_reviews` went to people then and not now, `added_reviews` the
    other way round; `denied_approved` would be denied although people approved or edited them.
    `agents` and `rules` hold no more than `MOST` names; `truncated` says whether some are missing.
    """

    policy: str
    since: int
    until: int
    admissions: int = 0
    changed: int = 0
    courses: Courses = Courses()
    flows: Mapping[tuple[Course, Course], int] = field(default_factory=dict)
    missed_rejections: int = 0
    missed_edits: int = 0
    missed_failures: int = 0
    saved_reviews: int = 0
    added_reviews: int = 0
    denied_approved: int = 0
    queues: Mapping[str, QueueChange] = field(default_factory=dict)
    agents: Mapping[str, AgentChange] = field(default_factory=dict)
    rules: Mapping[str, Pair] = field(default_factory=dict)
    reasons: Mapping[str, Pair] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    examples: tuple[Example, ...] = ()
    truncated: bool = False

    @property
    def breaches(self) -> Pair:
        """Over all queues: how many were late, or still are."""
        loads = self.queues.values()
        return Pair(sum(q.then.breaches for q in loads), sum(q.now.breaches for q in loads))
