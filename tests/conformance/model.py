"""A queue as plain values over the pure rules: what every backend must behave like.

Times are those that the backend's clock showed just before the call; whoever compares allows for
what passes during a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from reviewer.domain import lifecycle
from reviewer.domain.artifact import Artifact, artifact_digest
from reviewer.domain.decision import Actor, Code, Decision, Kind, Refusal
from reviewer.domain.state import State, Status, Step
from reviewer.policy.route import route

REVIEWS = {"reviewer", "lead", "admin"}


@dataclass
class Kept:
    """One artifact, who decided it last, and the labels that stand."""

    number: int
    state: State
    artifact: Artifact
    decided_by: str = ""
    superseded_by: str = ""
    events: list[str] = field(default_factory=lambda: ["submitted"])
    labels: list[str] = field(default_factory=list)


@dataclass
class Operation:
    """A decision that was taken: on which artifact, leaving which revision."""

    decision: Decision
    actor: str
    revision: int
    undone: bool = False


class Model:
    """All artifacts by public id; every call returns None or the code of the refusal."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.operations: dict[str, Operation] = {}

    def by_key(self, agent: str, key: str) -> Kept | None:
        """The artifact of an agent's key."""
        found = (k for k in self.kept.values() if (k.state.agent, k.state.key) == (agent, key))
        return next(found, None)

    def submit(self, artifact: Artifact, artifact_id: str, now: int) -> None:
        """Takes in an artifact that is new."""
        step = lifecycle.admit(artifact, artifact_id, route(artifact, now), now)
        old = self.by_key(artifact.agent.name, artifact.supersedes or "")
        self.kept[artifact_id] = Kept(len(self.kept), step.state, artifact)
        if old is None:
            return
        old.superseded_by = artifact_id
        void = lifecycle.supersede(old.state, artifact_id, now)
        if void is not None:
            self._void(old)
            self._apply(old, void)

    def conflicts(self, artifact: Artifact) -> bool:
        """Whether the key was used with another body."""
        old = self.by_key(artifact.agent.name, artifact.key)
        return old is not None and artifact_digest(old.artifact) != artifact_digest(artifact)

    def claim(self, artifact_id: str, actor: Actor, until: int, take_over: bool, now: int) -> str:
        """The code of a refusal, or nothing and the claim is held."""
        kept = self.kept[artifact_id]
        state = kept.state
        if actor.kind != "person" or not actor.roles & REVIEWS:
            return str(Code.NOT_ALLOWED)
        if state.status is not Status.PENDING:
            return str(Code.ALREADY_DECIDED)
        if state.leased(now) and state.lease_owner != actor.id:
            if not take_over:
                return str(Code.CLAIMED_BY)
            if not actor.roles & {"lead", "admin"}:
                return str(Code.NOT_ALLOWED)
        kept.state = replace(state, lease_owner=actor.id, lease_until=until, fence=state.fence + 1)
        kept.events.append("claimed")
        return ""

    def next(self, actor: Actor, now: int) -> Kept | None:
        """What claim-next takes: the first by virtual deadline that is free for the actor."""
        free = [
            kept
            for kept in self.kept.values()
            if kept.state.status is Status.PENDING
            and kept.state.snoozed_until is None
            and not kept.state.leased(now)
            and kept.state.assignee in ("", actor.id)
        ]
        return min(free, key=lambda kept: (kept.state.rank, kept.number), default=None)

    def renew(self, artifact_id: str, fence: int, actor: Actor, until: int) -> bool:
        """Whether the claim is still that one; then it is prolonged."""
        kept = self.kept[artifact_id]
        state = kept.state
        if state.status is not Status.PENDING or (state.fence, state.lease_owner) != (
            fence,
            actor.id,
        ):
            return False
        kept.state = replace(state, lease_until=until)
        return True

    def release(self, artifact_id: str, fence: int, actor: Actor) -> None:
        """Gives back a claim that is still that one."""
        kept = self.kept[artifact_id]
        if (kept.state.fence, kept.state.lease_owner) == (fence, actor.id):
            kept.state = replace(kept.state, lease_owner="", lease_until=0)
            kept.events.append("released")

    def decide(self, decision: Decision, actor: Actor, now: int) -> str:
        """The code of a refusal, or nothing: decided now or by the same operation before."""
        kept = self.kept[decision.artifact_id]
        before = self.operations.get(decision.operation_id)
        if before is not None:
            same = (before.decision.artifact_id, before.decision.kind, before.actor)
            fits = same == (decision.artifact_id, decision.kind, actor.id)
            return "" if fits else str(Code.INVALID)
        step = lifecycle.settle(kept.state, decision, actor, now, kept.artifact)
        if isinstance(step, Refusal):
            return str(step.code)
        self._apply(kept, step)
        self.operations[decision.operation_id] = Operation(decision, actor.id, kept.state.revision)
        if step.label:
            kept.decided_by = actor.id
            kept.labels.append(str(decision.kind))
        return ""

    def undo(self, operation_id: str, actor: Actor, now: int) -> str:
        """The code of a refusal, or nothing."""
        operation = self.operations.get(operation_id)
        if operation is None:
            return str(Code.NOT_FOUND)
        if operation.undone:
            return ""
        kept = self.kept[operation.decision.artifact_id]
        if kept.state.revision != operation.revision:
            return str(Code.TOO_LATE)
        step = lifecycle.undo(kept.state, actor, operation.actor, now)
        if isinstance(step, Refusal):
            return str(step.code)
        operation.undone = True
        self._void(kept)
        self._apply(kept, step)
        return ""

    def withdraw(self, artifact_id: str, agent: str, now: int) -> str:
        """The code of a refusal, or nothing."""
        kept = self.kept[artifact_id]
        step = lifecycle.withdraw(kept.state, agent, now)
        if isinstance(step, Refusal):
            return str(step.code)
        self._apply(kept, step)
        return ""

    def run_clocks(self, now: int) -> None:
        """Ends leases and snoozes, and expires what is due."""
        for kept in self.kept.values():
            state = kept.state
            if state.lease_until and state.lease_until <= now:
                kept.state = replace(kept.state, lease_owner="", lease_until=0)
                kept.events.append("lapsed")
            ended = state.snoozed_until is not None and state.snoozed_until <= now
            if ended and state.status is Status.PENDING:
                kept.state = replace(kept.state, snoozed_until=None)
                kept.events.append("woken")
            step = lifecycle.expire(kept.state, now)
            if step is not None:
                self._apply(kept, step)

    def standing(self, now: int) -> Iterator[tuple[str, str]]:
        """The labels whose undo window is over: artifact and decision."""
        for artifact_id, kept in self.kept.items():
            end = kept.state.effective_at
            if kept.labels and end is not None and end <= now:
                yield artifact_id, kept.labels[-1]

    def taken(self) -> Iterator[tuple[str, str]]:
        """The decisions that nobody took back and no later artifact made void."""
        for operation in self.operations.values():
            kind, artifact_id = operation.decision.kind, operation.decision.artifact_id
            if not operation.undone and (not kind.terminal or self.kept[artifact_id].labels):
                yield artifact_id, str(kind)

    def _apply(self, kept: Kept, step: Step) -> None:
        kept.state = step.state
        kept.events.append(step.event)

    def _void(self, kept: Kept) -> None:
        kept.labels.clear()
        kept.decided_by = ""


TERMINAL = [kind for kind in Kind if kind.terminal]
