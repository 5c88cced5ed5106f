"""Replays admissions of the past under another policy: what would have been.

Every admission is ruled on again, from the artifact and the facts that were stored when it came
in, in the order in which they came.  Under the policy that was in force this gives history again,
exactly.  Under another one, this is what the stored facts cannot say and how it is made up for:

- Rates, spends and costs: the stored tallies, with every charge of the past exchanged for what the
  simulated policy would have charged.  Exact once a day has been replayed (see `warm_up`).
- Budgets that were others then: the window's decisions are counted again from what was replayed,
  without those of people on what would have been approved alone, and with each outcome at the time
  of the decision.  A spent budget holds for as long as its window shows it, whereas in truth a
  cap lasts until a person lifts it; caps that there were are taken as they were.
- How often people decided on a shape or a version before, and which numbers they approved, is as
  it was, although they would have been asked more or less often.  Where the policy of then did
  not ask for it, it is what the replayed time shows, which begins with nothing.
- Hidden characters, where nobody looked for them then, are looked for now.
- When people decide, and how, is as it was: a queue of twice the length is worked off as fast.
  What took another course then was decided by nobody; see `simulated.Load`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..domain.governance import Admission
from ..domain.instant import DAY
from ..domain.state import Ruling
from .admission import asks, rule
from .agents import Budget
from .autonomy import terms
from .budget import budget_of
from .compiled import Compiled
from .counting import Counting
from .document import ANY, Policy
from .facts import Asked, Facts, Spread, Standing
from .recalling import Recalled, shape
from .replaying import Ledger, Usage
from .simulated import Simulated
from .stored import facts_of, ruling_of

LONGEST_WARM_UP = 30 * DAY
"""Admissions from before the period are replayed no further back than this."""


class Simulation:
    """One replay of the admissions from `since` until `until` (instants) under a policy.

    `past` are the policies of the past by digest: where one of them had the same budget for an
    agent, the standing that was stored with its ruling is taken as it is.
    """

    def __init__(
        self,
        compiled: Compiled,
        since: int,
        until: int,
        past: Mapping[str, Policy] | None = None,
    ) -> None:
        self._compiled = compiled
        self._since = since
        self._past = past or {}
        self._usage, self._ledger, self._recalled = Usage(), Ledger(), Recalled()
        self._asks_history = any("history." in rule.when for rule in compiled.policy.rules)
        self._counting = Counting(since, until)

    @property
    def warm_up(self) -> int:
        """How long before `since` admissions should be added from already, microseconds.

        They are not counted, only what they use up of rates, spends and budgets.
        """
        return warm_up(self._compiled.policy)

    def add(self, batch: Iterable[Admission]) -> None:
        """Replays and counts admissions, oldest first; those before `since` are only replayed."""
        for admission in batch:
            then, now = self.replay(admission)
            if admission.at >= self._since:
                self._counting.add(admission, then, now)

    def replay(self, admission: Admission) -> tuple[Ruling, Ruling]:
        """The ruling on one admission then and now; nothing is counted."""
        compiled, artifact = self._compiled, admission.artifact
        then, facts = ruling_of(admission.ruling), facts_of(admission.facts)
        asked = asks(compiled, artifact, "")
        budget = _budget(compiled.policy, asked)
        facts = self._charged(asked, facts, admission.at)
        other = then.policy != compiled.digest
        if other:
            facts = self._standing(admission.at, asked, facts, budget, then.policy)
            if asked.flags and facts.flags is None:
                facts = replace(facts, flags=_flags(admission))
        facts = self._history(admission, asked, facts, other)
        now = rule(compiled, artifact, facts, admission.at)
        self._usage.add(admission.at, then.charges, now.charges)
        if budget is not None:
            self._ledger.add(admission, budget, now.course)
        return then, now

    def result(self) -> Simulated:
        """What was found in the admissions that were added until now."""
        return self._counting.result(self._compiled.digest)

    def _charged(self, asked: Asked, facts: Facts, at: int) -> Facts:
        used = self._usage.used(facts.used, asked.scopes, at)
        return facts if used is facts.used else replace(facts, used=used)

    def _standing(
        self, at: int, asked: Asked, facts: Facts, budget: Budget | None, digest: str
    ) -> Facts:
        """The standing with the simulated policy's budget, where another one is stored."""
        if budget is None:
            return facts
        policy, stored = self._past.get(digest), facts.standing
        if policy is not None and _budget(policy, asked) == budget and stored != Standing():
            return facts
        name = (asked.agent, asked.kind)
        standing = self._ledger.standing(name, budget, at, stored.version_decided)
        return replace(facts, standing=standing)

    def _history(self, admission: Admission, asked: Asked, facts: Facts, other: bool) -> Facts:
        """What people decided before, where the policy of then did not ask for it (`other`)."""
        agent = self._compiled.agent(asked.agent)
        alone = agent is not None and terms(agent.policy, asked.kind).mode == "autonomous"
        if not (alone or self._asks_history):
            return facts
        of_shape = shape(admission)
        if other:
            facts = self._recall(asked, facts, of_shape, admission.at)
        self._recalled.add(admission, of_shape)
        return facts

    def _recall(self, asked: Asked, facts: Facts, of_shape: str, at: int) -> Facts:
        recalled, work = self._recalled, (asked.agent, asked.kind)
        recalled.until(at)
        decided, rejected = recalled.decided(of_shape)
        version = recalled.version(work, asked.version)
        standing, spreads = facts.standing, facts.spreads
        if version > standing.version_decided:
            standing = replace(standing, version_decided=version)
        lacking = (path for path in asked.fields if path not in spreads)
        found = ((path, recalled.spread(work, path)) for path in lacking)
        more: dict[str, Spread] = {path: one for path, one in found if one is not None}
        return replace(
            facts,
            shape_decided=max(facts.shape_decided, decided),
            shape_rejected=max(facts.shape_rejected, rejected),
            standing=standing,
            spreads={**spreads, **more} if more else spreads,
        )


def warm_up(policy: Policy) -> int:
    """How long before a period a policy's simulation should begin: a day, or its longest budget."""
    windows = [
        budget.window
        for agent in policy.agents.values()
        for budget in (agent.budget, *(kind.budget for kind in agent.kinds.values()))
        if budget is not None
    ]
    return min(LONGEST_WARM_UP, max([DAY, *windows]))


def _budget(policy: Policy, asked: Asked) -> Budget | None:
    agent = policy.agents.get(asked.agent) or policy.agents.get(ANY)
    return budget_of(agent, asked.kind)


_DOUBTFUL = re.compile(r"\\[urbf]|\x7f|\[@|\[link=|base64")
"""What in ASCII JSON may be flagged; all else is what it looks like."""


def _flags(admission: Admission) -> int:
    """How many hidden or misleading characters there are; most artifacts are plainly without."""
    from ..untrusted.artifact import inspect_artifact

    raw = admission.artifact.model_dump_json(exclude_defaults=True)
    if raw.isascii() and not _DOUBTFUL.search(raw):
        return 0
    return sum(flag.count for flag in inspect_artifact(admission.artifact))
