"""Admission: what the policy makes of an artifact, from values alone.

The order is fixed: a stopped agent, permissions, rates and costs, rules, mode.  What is denied
earlier is not looked at later; what cannot be told goes to a person, never on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..domain.artifact import Artifact, Risk, instant_of
from ..domain.state import Added, Charge, Course, Mode, Ruling
from . import metering
from .agents import MODES
from .autonomy import Terms, against, mode_left, numbers, terms
from .chain import alerts, queue_policy
from .changes import Change
from .compiled import Compiled
from .document import ANY, QueuePolicy
from .facts import Asked, Facts
from .metering import Covered, metered
from .permissions import CompiledAgent
from .route import DEFAULT_QUEUE, SLA
from .ruling import MOST_WRITES, Outcome, needs
from .variables import Subject


def asks(compiled: Compiled, artifact: Artifact, shape: str) -> Asked:
    """What must be known of the past before `rule` is asked; `shape` is the artifact's own."""
    agent, kind = artifact.agent, artifact.kind
    found = Asked(agent.name, agent.version, kind, "")
    policy = compiled.agent(agent.name)
    if policy is None:
        return found
    given = terms(policy.policy, kind)
    changes = tuple(map(Change, artifact.writes))
    alone = given.mode == MODES[-1]
    # a new version may start in a lower mode than the one that the policy gives
    newer = MODES.index(policy.policy.new_version) < MODES.index(given.mode)
    past = compiled.rules.past
    fields: tuple[str, ...] = ()
    if alone and given.autonomy.spread is not None:
        fields = tuple(numbers(changes))
    return replace(
        found,
        scopes=tuple(metering.scopes(policy, artifact, changes)),
        fields=fields,
        flags=alone or compiled.rules.hidden,
        shape=shape if alone or past else "",
        standing=alone or newer or past,
    )


def rule(compiled: Compiled, artifact: Artifact, facts: Facts, now: int) -> Ruling:
    """What becomes of an artifact; `now` is an instant in microseconds.

    The same arguments give the same ruling: chance comes in as `facts.draw`.
    """
    return _Admission(compiled, artifact, facts, now).ruling()


@dataclass
class _Admission:
    """One artifact on its way."""

    compiled: Compiled
    artifact: Artifact
    facts: Facts
    now: int
    changes: tuple[Change, ...] = ()
    outcome: Outcome = field(default_factory=Outcome)
    charges: list[Charge] = field(default_factory=list)
    reasons: list[Added] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    def ruling(self) -> Ruling:
        name = self.artifact.agent.name
        if self.facts.stopped:
            return self._deny(f"The agent {name} is stopped: {self.facts.stopped}")
        agent = self.compiled.agent(name)
        if agent is None:
            return self._deny(f"The policy knows no agent '{name}'")
        self.changes = tuple(map(Change, self.artifact.writes))
        denied = self._permitted(agent)
        if denied:
            return self._deny(denied)
        subject = Subject(self.artifact, self.changes, self.facts, self.now)
        self.outcome = self.compiled.rules.over(subject)
        self._told()
        rule = self.outcome.denied
        if rule is not None:
            return self._deny(str(rule.rule.then.deny))
        return self._by_mode(agent)

    def _permitted(self, agent: CompiledAgent) -> str:
        """Identity, grants, rates, spends and costs; the sentence where they deny it."""
        act_as, name = self.artifact.identity.act_as, self.artifact.agent.name
        if self.changes and not agent.identities(act_as):
            if not act_as:
                return "The agent must say as whom it acts"
            return f"The agent may not act as '{act_as}'"
        covered = []
        for number, change in enumerate(self.changes, 1):
            covering, aiming, why = agent.covering(change, act_as)
            if not covering:
                return f"Write {number} ({change.name}) is not covered by any grant: {why}"
            covered.append(Covered(change, covering, aiming))
        cost = metering.cost(agent, self.artifact, self.facts.used)
        self.charges += cost.charges
        used = metered(name, covered, self.facts.used)
        if used.denied:
            return used.denied[:1].upper() + used.denied[1:]
        self.charges += used.charges
        for added in [*used.over, *cost.over]:
            self._to_person(added)
        grants = list(dict.fromkeys(one.covering[0].id for one in covered))
        if grants:
            self.why.append(f"Its writes are covered by grant {', '.join(grants[:5])}")
        return ""

    def _told(self) -> None:
        """The reasons and the sentences of the rules."""
        for one in self.outcome.held:
            said, then = one.rule.name, one.rule.then
            self.why.append(f"Rule {one.rule.id} holds" + (f": {said}" if one.rule.about else ""))
            if then.reason is not None:
                self.reasons.append(Added(then.reason.code, then.reason.detail or said))
        for rule_id, why in self.outcome.failed.items():
            self._to_person(Added("rule_failed", f"rule {rule_id} could not be worked out: {why}"))
        if self.outcome.unseen:
            detail = f"rules looked at {MOST_WRITES} writes; {self.outcome.unseen} are more"
            self._to_person(Added("rule_failed", detail))

    def _by_mode(self, agent: CompiledAgent) -> Ruling:
        given = terms(agent.policy, self.artifact.kind)
        mode, less = mode_left(agent.policy, given, self.facts)
        self.why.append(f"The policy's mode for it is {given.mode}")
        for added in less:
            self._to_person(added)
        if mode == "shadow":
            return self._admitted(agent, Course.SHADOW, mode)
        if mode == "assisted":
            return self._admitted(agent, Course.PERSON, mode)
        self._against(given)
        if not self.reasons and self.facts.draw < given.autonomy.sample:
            self._to_person(Added("sample", "drawn for the sample that people see", "sample"))
        course = Course.PERSON if self.reasons else Course.APPROVE
        return self._admitted(agent, course, mode)

    def _against(self, given: Terms) -> None:
        risk = self.outcome.risk(self.artifact.risk)
        for added in against(self.artifact, self.changes, risk, given, self.facts):
            if added not in self.reasons:
                self._to_person(added)
        for one in self.outcome.people():
            if one.then.reason is None:  # the others have given theirs
                self._to_person(Added("rule", f"rule {one.id} asks for a person"))
        queue = self._queue()[1]
        quorum = self._quorum(queue)
        if quorum > 1:
            self._to_person(Added("quorum", f"{quorum} people must approve it"))
        if queue.roles:
            self._to_person(Added("role", f"only these decide: {', '.join(queue.roles)}"))
        if "approve" not in self.artifact.decisions and self.artifact.writes:
            self._to_person(Added("no_approval", "the agent does not let it be approved"))

    def _to_person(self, added: Added) -> None:
        self.reasons.append(added)
        self.why.append(added.detail)

    def _queue(self) -> tuple[str, QueuePolicy]:
        """The first queue that a rule says, else the wish where there is such a queue."""
        policy = self.compiled.policy
        said = next((then.queue for then in self.outcome.thens if then.queue is not None), None)
        wish = self.artifact.queue or DEFAULT_QUEUE
        known = not policy.queues or ANY in policy.queues or wish in policy.queues
        name = said or (wish if known else DEFAULT_QUEUE)
        return name, queue_policy(policy, name)

    def _quorum(self, queue: QueuePolicy) -> int:
        return max([queue.quorum, *(then.quorum or 1 for then in self.outcome.thens)])

    def _due(self, queue: QueuePolicy, risk: Risk) -> int:
        times = [then.due for then in self.outcome.thens if then.due is not None]
        return self.now + min([queue.sla.get(risk, SLA[risk]), *times])

    def _needs(self, agent: CompiledAgent | None, queue: QueuePolicy) -> tuple[str, ...]:
        found = list(needs(self.outcome, roles=queue.roles, looks=queue.looks))
        if queue.four_eyes or any(then.four_eyes for then in self.outcome.thens):
            owner = agent.policy.owner if agent is not None else None
            people = [owner or "", self.artifact.identity.on_behalf_of]
            found += [f"not:{person}" for person in dict.fromkeys(people) if person]
        return tuple(found)

    def _admitted(self, agent: CompiledAgent, course: Course, mode: str) -> Ruling:
        name, queue = self._queue()
        risk = self.outcome.risk(self.artifact.risk)
        ruling = self._ruling(name, risk, queue)
        due = instant_of(self.artifact.due_at)
        chain: Sequence[Any] = ()
        if course is Course.PERSON:
            due = ruling.due_at if due is None else min(due, ruling.due_at)
            chain = alerts(self.compiled.policy, name, self.now, due)
        # what is only recorded uses nothing up but what the run itself cost
        charges = [
            one
            for one in self.charges
            if course is not Course.SHADOW or metering.is_cost(one.scope)
        ]
        return replace(
            ruling,
            quorum=self._quorum(queue),
            reasons=tuple(dict.fromkeys(self.reasons)),
            course=course,
            mode=Mode(mode),
            needs=self._needs(agent, queue),
            charges=tuple(charges),
            alerts=tuple(chain),
        )

    def _deny(self, sentence: str) -> Ruling:
        name, queue = self._queue()
        said = sentence if sentence.endswith((".", "!", "?")) else sentence + "."
        ruling = self._ruling(name, self.outcome.risk(self.artifact.risk), queue)
        return replace(
            ruling,
            course=Course.DENY,
            sentence=said,
            charges=tuple(one for one in self.charges if metering.is_cost(one.scope)),
            why=(*self.why, f"It is denied: {said}"),
        )

    def _ruling(self, name: str, risk: Risk, queue: QueuePolicy) -> Ruling:
        return Ruling(
            queue=name,
            risk=risk,
            due_at=self._due(queue, risk),
            policy=self.compiled.digest,
            why=tuple(dict.fromkeys(self.why)),
            rules=self.outcome.ids,
        )
