"""Policies as stored: proposed, put in force, retired; each step with its record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.domain.decision import Actor, Code, Refusal
from reviewer.domain.governance import PolicyRow
from reviewer.policy.chain import persons

from .brakes import leads
from .in_force import STARTER_NOTE
from .transaction import Reader, Transaction

if TYPE_CHECKING:
    from reviewer.policy.compiled import Compiled


def active(reader: Reader) -> PolicyRow:
    """The policy in force; the built-in starter where nobody has activated any."""
    row = reader.one("policy_active")
    return PolicyRow(*row) if row else _starter_row()


def every(reader: Reader) -> list[PolicyRow]:
    """All that were ever proposed or in force, newest first, the starter last where it is that."""
    rows = [PolicyRow(*row) for row in reader.all("policies")]
    starter = _starter_row()
    if any(row.digest == starter.digest for row in rows):
        return rows
    was = any(row.activated_at is not None for row in rows)
    return [*rows, replace(starter, state="retired") if was else starter]


def _starter_row() -> PolicyRow:
    from reviewer.policy.starter import STARTER, starter

    return PolicyRow(starter().digest, STARTER, "active", STARTER_NOTE, "reviewer", 0)


def propose(
    tx: Transaction, compiled: Compiled, text: str, note: str, actor: Actor
) -> PolicyRow | Refusal:
    """Stores a policy, in force at once where the one in force asks for no second person."""
    refused = leads(actor, "propose a policy")
    if refused:
        return refused
    tx.dialect.policies.keep(compiled)
    digest = compiled.digest
    row = tx.one("policy_get", digest=digest)
    known = PolicyRow(*row) if row else None
    if known is not None and known.state == "active":
        return known
    if known is None and digest == tx.policy():
        return _starter_row()
    if known is None:
        tx.run(
            "policy_insert",
            digest=digest,
            text=text,
            state="proposed",
            note=note,
            proposed_by=actor.id,
            proposed_at=tx.now,
            activated_by="",
            activated_at=None,
        )
        _noted(tx, "policy_proposed", actor, digest, note)
    elif known.state == "retired":
        _again(tx, digest, note, actor)
    force = _in_force(tx)
    if force.policy.activation.four_eyes or _not_by(force, actor):
        return _row(tx, digest)
    return _activated(tx, digest, actor)


def activate(tx: Transaction, digest: str, actor: Actor) -> PolicyRow | Refusal:
    """Puts a stored policy in force: a proposed one, or one of before.

    Under four eyes a policy of before is proposed anew by whoever asks for it, for a second
    person must agree to it as to any other.
    """
    refused = leads(actor, "put a policy in force")
    if refused:
        return refused
    found = next((row for row in every(tx) if row.digest == digest), None)
    if found is None:
        return Refusal(Code.NOT_FOUND, f"There is no policy {digest}.")
    if found.state == "active":
        return found
    force = _in_force(tx)
    refused = _not_by(force, actor)
    if refused:
        return refused
    if not force.policy.activation.four_eyes:
        _stored(tx, found)
        return _activated(tx, digest, actor)
    if found.state == "retired":
        _stored(tx, found)
        _again(tx, digest, found.note, actor)
        return _row(tx, digest)
    if found.proposed_by == actor.id:
        sentence = "A second person must put it in force: you proposed it yourself."
        return Refusal(Code.NOT_ALLOWED, sentence)
    return _activated(tx, digest, actor)


def _stored(tx: Transaction, found: PolicyRow) -> None:
    """The built-in starter is stored once somebody goes back to it."""
    if tx.one("policy_get", digest=found.digest) is not None:
        return
    tx.run(
        "policy_insert",
        digest=found.digest,
        text=found.text,
        state="retired",
        note=found.note,
        proposed_by=found.proposed_by,
        proposed_at=found.proposed_at,
        activated_by="",
        activated_at=None,
    )


def _again(tx: Transaction, digest: str, note: str, actor: Actor) -> None:
    tx.run("policy_propose", digest_=digest, note_=note, who_=actor.id, at_=tx.now)
    _noted(tx, "policy_proposed", actor, digest, note)


def _activated(tx: Transaction, digest: str, actor: Actor) -> PolicyRow:
    before = tx.policy()
    tx.run("policy_retire")
    tx.run("policy_activate", digest_=digest, who_=actor.id, at_=tx.now)
    row = _row(tx, digest)
    facts = {"digest": digest, "before": before, "proposed_by": row.proposed_by}
    # its own record still names the one that let it come into force
    tx.note("policy_activated", actor, facts)
    tx.forget_policy()
    return row


def _row(tx: Transaction, digest: str) -> PolicyRow:
    return PolicyRow(*tx.one("policy_get", digest=digest))


def _noted(tx: Transaction, event: str, actor: Actor, digest: str, note: str) -> None:
    tx.note(event, actor, {"digest": digest, "note": note})


def _in_force(tx: Transaction) -> Compiled:
    row = tx.one("policy_digest")
    return tx.dialect.policies.of(tx, row[0] if row else None)


def _not_by(force: Compiled, actor: Actor) -> Refusal | None:
    """Refuses whoever is not among those that the policy in force lets put another in force."""
    names = force.policy.activation.by
    if not names or actor.id in persons(force.policy, names):
        return None
    sentence = f"The policy in force lets only {', '.join(names)} put another in force."
    return Refusal(Code.NOT_ALLOWED, sentence)
