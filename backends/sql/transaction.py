"""One write transaction: runs statements, keeps the audit chain, stores the steps of a life."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reviewer.audit import record as audit
from reviewer.audit.chain import GENESIS, link
from reviewer.domain.decision import Actor
from reviewer.domain.lifecycle import State, Step

from .dialect import Connection, Dialect
from .in_force import digest_of
from .proof import proven
from .rows import Hot, hot, with_chip

if TYPE_CHECKING:
    from .in_force import InForce

NOBODY: dict[str, Any] = {"worker": "", "lease_until": 0, "detail": "", "attempts": 0, "fence": 0}


class Reader:
    """Runs prepared statements by name on a connection."""

    __slots__ = ("connection", "dialect", "forces", "sql")

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect = dialect
        self.sql = dialect.sql
        self.forces: dict[tuple[str, str], InForce] = {}
        """What was in force for an agent's kind when it was asked for in this transaction."""

    def one(self, name: str, **values: Any) -> Any:
        """The first row, or None."""
        return self.connection.execute(self.sql[name], values).fetchone()

    def all(self, name: str, **values: Any) -> list[Any]:
        """All rows."""
        return self.connection.execute(self.sql[name], values).fetchall()

    def artifact(self, public_id: str) -> Hot | None:
        """The hot row of a public id."""
        row = self.one("artifact_get", public_id=public_id)
        return hot(row) if row else None

    def payload(self, found: Hot) -> str:
        """The canonical JSON of an artifact; raises `TamperedError` where it is another's."""
        row = self.one("body_get", id=found.id)
        return proven(found.state.id, found.state.digest, row[0] if row else None)


class Transaction(Reader):
    """A reader that may write too; `now` is the same instant throughout."""

    __slots__ = ("_head", "_policy", "now")

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        super().__init__(connection, dialect)
        self.now = dialect.now()
        self._head: tuple[int, str] | None = None
        self._policy = ""

    def run(self, name: str, **values: Any) -> int:
        """Runs a statement; answers with how many rows it changed."""
        return self.connection.execute(self.sql[name], values).rowcount

    def many(self, name: str, values: Sequence[Mapping[str, Any]]) -> None:
        """Runs a statement once for each set of values."""
        if values:
            self.connection.executemany(self.sql[name], values)

    def head(self) -> tuple[int, str]:
        """The newest audit record's number and hash."""
        if self._head is None:
            self._head = self.one("audit_head") or (0, GENESIS)
        return self._head

    def chained(self, event: str, artifact: str, record: str) -> dict[str, Any]:
        """The values of the audit row for the text of record number `head()[0] + 1`."""
        seq, previous = self.head()
        own = link(previous, record)
        self._head = (seq + 1, own)
        return {
            "seq": seq + 1,
            "artifact": artifact,
            "event": event,
            "record": record,
            "previous": previous,
            "hash": own,
        }

    def policy(self) -> str:
        """The digest of the policy in force, which every record and label names.

        Where this transaction has ruled or decided it is the very one that did so.
        """
        if not self._policy:
            force = next(iter(self.forces.values()), None)
            self._policy = digest_of(self) if force is None else force.policy.digest
        return self._policy

    def forget_policy(self) -> None:
        """What is in force must be asked for anew: it was changed by this transaction."""
        self.forces.clear()
        self._policy = ""

    def recorded(self, step: Step, actor: Actor) -> dict[str, Any]:
        """The values of the audit row of a step."""
        text = audit.record(self.head()[0] + 1, step, actor, self.now, self.policy())
        return self.chained(step.event, step.state.id, text)

    def record(self, step: Step, actor: Actor) -> None:
        """Adds the record of a step to the chain."""
        self.run("audit_insert", **self.recorded(step, actor))

    def event(self, name: str, found: Hot, actor: Actor, facts: dict[str, Any]) -> None:
        """Adds the record of something that is no step of a life."""
        state = found.state
        about = {
            "agent": state.agent, "key": state.key, "kind": state.kind, "digest": state.digest
        } | facts  # fmt: skip
        seq = self.head()[0] + 1
        text = audit.event(seq, name, found.state.id, actor, self.now, about, self.policy())
        self.run("audit_insert", **self.chained(name, found.state.id, text))

    def note(self, name: str, actor: Actor, facts: dict[str, Any]) -> None:
        """Adds the record of something that is about no artifact."""
        text = audit.event(self.head()[0] + 1, name, "", actor, self.now, facts, self.policy())
        self.run("audit_insert", **self.chained(name, "", text))

    def store(
        self, before: Hot, step: Step, actor: Actor, decision: str = "", decided_by: str = ""
    ) -> None:
        """Stores a step: the hot row, its record, its escalation, its effect."""
        chips = before.chips
        if step.escalation:
            chips = self.escalate(before, step)
        changed = self.run(
            "artifact_step", **_mutable(before, step.state, chips, decision, decided_by)
        )
        if changed != 1:
            raise RuntimeError(f"artifact {step.state.id} changed inside a transaction")
        self.record(step, actor)
        if step.effect:
            self.run("effect_insert", **effect(before, step))

    def mark(self, before: Hot, step: Step) -> None:
        """Sets marks that are no step of a life: the revision stays, and so does a claim."""
        chips = self.escalate(before, step) if step.escalation else before.chips
        line = (before.decision, before.decided_by)
        if self.run("artifact_step", **_mutable(before, step.state, chips, *line)) != 1:
            raise RuntimeError(f"artifact {step.state.id} changed inside a transaction")

    def escalate(self, before: Hot, step: Step) -> str:
        """Stores a later escalation; answers with the chips that include it."""
        code, detail, source = step.escalation or ("", "", "")
        chips = with_chip(before.chips, code)
        self.reasons(before.id, step.state, [(code, detail, source, None, None)], before.chips)
        return chips

    def reasons(
        self,
        number: int,
        state: State,
        found: Iterable[tuple[str, str, str, float | None, int | None]],
        chips: str = "",
    ) -> str:
        """Stores escalations (code, detail, source, score, evidence); answers with all chips."""
        ready = state.status == "pending" and state.snoozed_until is None
        rows = []
        for code, detail, source, score, evidence in found:
            more = with_chip(chips, code)
            leads = more != chips
            chips = more
            rows.append(
                {
                    "artifact_id": number,
                    "code": code,
                    "detail": detail,
                    "source": source,
                    "score": score,
                    "at": self.now,
                    "evidence": evidence,
                    "leads": int(leads),
                    "listed": int(leads and ready),
                    "rank": state.rank,
                }
            )
        self.many("reason_insert", rows)
        return chips


def effect(before: Hot, step: Step) -> dict[str, Any]:
    """The values of the effect row of a step."""
    return NOBODY | {
        "artifact_id": before.id,
        "revision": before.state.revision,
        "kind": step.effect,
        "state": "scheduled",
        "due_at": step.state.effective_at,
    }


def _mutable(
    before: Hot, after: State, chips: str, decision: str, decided_by: str
) -> dict[str, Any]:
    return {
        "id_": before.id,
        "was": before.state.revision,
        "status_": str(after.status),
        "queue_": after.queue,
        "revision_": after.revision,
        "rank_": after.rank,
        "approvers_": json.dumps(after.approvers) if after.approvers else "[]",
        "assignee_": after.assignee,
        "snoozed_until_": after.snoozed_until,
        "expires_at_": after.expires_at,
        "lease_owner_": after.lease_owner,
        "lease_until_": after.lease_until,
        "escalated_": int(after.escalated),
        "decided_at_": after.decided_at,
        "effective_at_": after.effective_at,
        "reasons_": chips,
        "decision_": decision,
        "decided_by_": decided_by,
    }
