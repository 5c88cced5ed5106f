"""A small world in which a policy rules and people decide: the history that simulations replay.

Everything is counted in the plainest way, over the whole list of what happened before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.governance import Admission, Tally
from reviewer.domain.instant import DAY, HOUR, MINUTE
from reviewer.domain.state import Course
from reviewer.policy.admission import asks, rule
from reviewer.policy.budget import BUCKET, budget_of, standing, total
from reviewer.policy.compiled import Compiled, compiled_policy
from reviewer.policy.document import ANY, Policy
from reviewer.policy.facts import Asked, Facts, Standing, Used
from reviewer.policy.recalling import shape
from reviewer.policy.stored import facts_of, plain, ruling_of
from tests.domain.strategies import NOW


def compile_(document: dict[str, Any]) -> Compiled:
    """A policy of a document."""
    return compiled_policy(Policy.model_validate(document))


@dataclass(frozen=True)
class Event:
    """What comes in, after which time, the draw, and what people do with it if they are asked."""

    gap: int
    artifact: Artifact
    draw: float = 0.5
    decision: str = ""
    delay: int = MINUTE
    outcome: str = ""


def artifact(number: int, **more: Any) -> Artifact:
    """A refund of so much."""
    amount = more.pop("amount", 10)
    base = {
        "key": f"k{number}",
        "agent": {"name": more.pop("agent", "refund-bot"), "version": "1"},
        "kind": "refund",
        "title": "Refund an order",
        "confidence": 0.9,
        "risk": "low",
        "writes": [
            {
                "type": "record",
                "system": "crm",
                "resource": f"order/{number}",
                "before": {"amount": 0},
                "after": {"amount": amount},
            }
        ],
    }
    return parse(base | more)


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Up to a dozen refunds and patches by two agents."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        one = artifact(
            number,
            agent=draw(st.sampled_from(["refund-bot", "coder"])),
            kind=draw(st.sampled_from(["refund", "patch"])),
            amount=draw(st.sampled_from([1, 10, 60])),
            confidence=draw(st.sampled_from([None, 0.1, 0.9, 1.0])),
            risk=draw(st.sampled_from(["low", "high"])),
            cost={"usd": draw(st.sampled_from([0.5, 60.0]))},
        )
        found.append(
            Event(
                draw(st.sampled_from([0, MINUTE, 7 * MINUTE, 2 * HOUR, 2 * DAY])),
                one,
                draw(st.sampled_from([0.0, 0.1, 0.5, 0.99])),
                draw(st.sampled_from(["", "approve", "edit", "reject"])),
                draw(st.sampled_from([0, MINUTE, 3 * HOUR])),
                draw(st.sampled_from(["", "", "applied", "rolled_back"])),
            )
        )
    return found


@dataclass
class World:
    """Admissions under one policy, with the facts that a backend would have found."""

    compiled: Compiled
    done: list[Admission] = field(default_factory=list)
    now: int = NOW

    def run(self, some: list[Event]) -> list[Admission]:
        """What is stored of these events, one after the other."""
        for event in some:
            self.now += event.gap
            self._admit(event)
        return self.done

    def _admit(self, event: Event) -> None:
        compiled, now = self.compiled, self.now
        number = len(self.done) + 1
        bare = Admission(number, now, f"a{number}", event.artifact, {}, {}, "pending")
        asked = asks(compiled, event.artifact, shape(bare))
        facts = self._facts(asked, event.draw, shape(bare))
        ruling = rule(compiled, event.artifact, facts, now)
        decision, kind, decided_at = "", "", None
        if ruling.course is Course.APPROVE:
            decision, kind, decided_at = "approve", "policy", now
        elif ruling.course is Course.DENY:
            decision, kind, decided_at = "reject", "policy", now
        elif event.decision:
            decision, kind, decided_at = event.decision, "person", now + event.delay
        status = {"approve": "approved", "edit": "approved", "reject": "rejected"}
        self.done.append(
            Admission(
                number, now, f"a{number}", event.artifact,
                json.loads(json.dumps(plain(facts))), json.loads(json.dumps(plain(ruling))),
                status.get(decision, "pending"), decision, "ana" if kind == "person" else kind,
                kind, decided_at, event.outcome if decision in ("approve", "edit") else "",
            )
        )  # fmt: skip

    def _facts(self, asked: Asked, draw: float, of_shape: str) -> Facts:
        decided = [
            one
            for one in self.done
            if one.decided_kind == "person" and (one.decided_at or 0) <= self.now
        ]
        # like a backend, it tells no more than what is asked for
        alike = [one for one in decided if asked.shape and shape(one) == of_shape]
        return Facts(
            shape_decided=len(alike),
            shape_rejected=sum(one.decision == "reject" for one in alike),
            standing=self._standing(asked, decided) if asked.standing else Standing(),
            used={scope: self._used(scope) for scope in asked.scopes},
            draw=draw,
            flags=0 if asked.flags else None,
        )

    def _used(self, scope: str) -> Used:
        numbers = []
        for length in (HOUR, DAY):
            within = [
                charge
                for one in self.done
                if one.at - one.at % BUCKET + BUCKET > self.now - length
                for charge in ruling_of(one.ruling).charges
                if charge.scope == scope
            ]
            numbers.append((sum(c.number for c in within), sum(c.amount for c in within)))
        return Used(numbers[0][0], numbers[1][0], numbers[0][1], numbers[1][1])

    def _standing(self, asked: Asked, decided: list[Admission]) -> Standing:
        policy = self.compiled.policy
        agent = policy.agents.get(asked.agent) or policy.agents.get(ANY)
        budget = budget_of(agent, asked.kind)
        mine = [one for one in decided if self._is_of(one, asked)]
        version = sum(one.artifact.agent.version == asked.version for one in mine)
        if budget is None:
            return Standing(version_decided=version)
        automatic = [
            one
            for one in self.done
            if one.decided_kind == "policy"
            and one.decision == "approve"
            and self._is_of(one, asked)
        ]
        tallies = [
            tally(one)
            for one in (*mine, *automatic)
            if (at := one.decided_at or 0) - at % BUCKET + BUCKET > self.now - budget.window
        ]
        return standing(budget, total(tallies), version)

    @staticmethod
    def _is_of(one: Admission, asked: Asked) -> bool:
        return (one.artifact.agent.name, one.artifact.kind) == (asked.agent, asked.kind)


def tally(one: Admission) -> Tally:
    """What one decided admission adds to the ledger."""
    bad = {one.outcome: 1} if one.outcome == "rolled_back" else {}
    if one.decided_kind == "policy":
        return Tally(automatic=1, **bad)
    word = {"approve": "approved", "edit": "edited", "reject": "rejected"}[one.decision]
    return Tally(decided=1, **{word: 1}, **bad)


def facts(one: Admission) -> Facts:
    """The facts of an admission."""
    return facts_of(one.facts)
