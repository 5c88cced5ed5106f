"""What holds agents back: caps on their mode, promotions that lift them, kill switches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reviewer.domain.decision import Actor, Code, Refusal
from reviewer.domain.errors import InputError
from reviewer.domain.governance import Cap, Stop

from .in_force import ALL, MODES
from .transaction import Reader, Transaction

CAPPED = "capped"
PROMOTION = "promotion"
DECLINED = "declined"
TOLD = "told:"
"""What was told goes by such a state and its code; it holds nobody back."""


def leads(actor: Actor, what: str) -> Refusal | None:
    """Refuses whoever is no lead and no admin; `what` ends the sentence."""
    if actor.kind == "person" and actor.roles & {"lead", "admin"}:
        return None
    return Refusal(Code.NOT_ALLOWED, f"Only a lead or an admin can {what}.")


def caps(reader: Reader) -> list[Cap]:
    """Caps in force, promotions proposed, and those that were declined last."""
    return [Cap(*row) for row in reader.all("caps")]


def stops(reader: Reader) -> list[Stop]:
    """Kill switches that are thrown now."""
    return [Stop(*row) for row in reader.all("stops")]


def cap(tx: Transaction, agent: str, kind: str, mode: str, why: str, actor: Actor) -> None:
    """Stores a cap and its record."""
    values = _told(tx, agent, kind, mode, why, actor)
    tx.run("cap_set", **values, state=CAPPED)
    # what was proposed or declined before rests on evidence that this cap lets begin anew
    _forget(tx, agent, kind)
    _noted(tx, "capped", actor, {"agent": agent, "kind": kind, "mode": mode, "why": why})


def set_cap(
    tx: Transaction, agent: str, kind: str, mode: str, why: str, actor: Actor
) -> Refusal | None:
    """Leaves an agent's kind at most this mode; `autonomous` lifts the cap.

    Where a promotion is proposed this decides on it: whatever leaves less than it asks rejects it.
    """
    if mode not in MODES:
        raise InputError(f"there is no mode '{mode}'", hint=f"Modes: {', '.join(MODES)}.")
    refused = leads(actor, "cap an agent or lift a cap")
    if refused:
        return refused
    of = {"agent": agent, "kind": kind}
    asked = tx.one("cap_get", **of, state=PROMOTION)
    if asked is not None:
        _forget(tx, agent, kind)
        granted = MODES.index(mode) >= MODES.index(asked[0])
        facts = {**of, "asked": asked[0], "mode": mode, "granted": granted, "why": why}
        _noted(tx, "promotion_decided", actor, facts)
    if mode != MODES[-1]:
        cap(tx, agent, kind, mode, why, actor)
    elif tx.run("cap_delete", agent_=agent, kind_=kind, state_=CAPPED):
        _forget(tx, agent, kind)
        _noted(tx, "uncapped", actor, {**of, "why": why})
    return None


def decline_promotion(
    tx: Transaction, agent: str, kind: str, why: str, actor: Actor
) -> Refusal | None:
    """Says no to what is proposed, and changes nothing else; kept for whoever proposes next."""
    refused = leads(actor, "decline a promotion")
    if refused:
        return refused
    asked = tx.one("cap_get", agent=agent, kind=kind, state=PROMOTION)
    if asked is None:
        whole = f"{agent} ({kind})" if kind else agent
        return Refusal(Code.NOT_FOUND, f"No promotion of {whole} is proposed.")
    tx.run("cap_delete", agent_=agent, kind_=kind, state_=PROMOTION)
    tx.run("cap_set", **_told(tx, agent, kind, asked[0], why, actor), state=DECLINED)
    facts = {"agent": agent, "kind": kind, "mode": asked[0], "why": why}
    _noted(tx, "promotion_declined", actor, facts)
    return None


def propose_promotion(
    tx: Transaction, agent: str, kind: str, mode: str, why: str, actor: Actor, as_of: int | None
) -> bool:
    """Asks people to lift a cap; False where that was asked already, or declined since `as_of`."""
    if mode not in MODES:
        raise InputError(f"there is no mode '{mode}'", hint=f"Modes: {', '.join(MODES)}.")
    asked = tx.one("cap_get", agent=agent, kind=kind, state=PROMOTION)
    if actor.kind == "agent" or (asked is not None and asked[0] == mode):
        return False
    declined = tx.one("cap_at", agent=agent, kind=kind, state=DECLINED)
    if as_of is not None and declined is not None and declined[0] >= as_of:
        return False
    tx.run("cap_set", **_told(tx, agent, kind, mode, why, actor), state=PROMOTION)
    facts = {"agent": agent, "kind": kind, "mode": mode, "why": why}
    _noted(tx, "promotion_proposed", actor, facts)
    return True


def tell_once(
    tx: Transaction,
    agent: str,
    kind: str,
    code: str,
    why: str,
    quiet: int,
    actor: Actor,
    also: Sequence[str],
) -> bool:
    """Records what people are to be told; False where the same was within `quiet` microseconds."""
    if actor.kind == "agent":
        return False
    row = tx.one("cap_at", agent=agent, kind=kind, state=f"{TOLD}{code}")
    if row is not None and 0 <= tx.now - row[0] < quiet:
        return False
    for told in (code, *also):
        tx.run("cap_set", **_told(tx, agent, kind, "", why, actor), state=f"{TOLD}{told}")
    _noted(tx, "told", actor, {"agent": agent, "kind": kind, "code": code, "why": why})
    return True


def stop(tx: Transaction, agent: str, why: str, actor: Actor) -> Stop:
    """Throws a kill switch, once: the first that was thrown stands."""
    row = tx.one("stop_get", agent=agent)
    if row is not None:
        return Stop(*row)
    tx.run("stop_insert", agent=agent, why=why, actor=actor.id, at=tx.now)
    _noted(tx, "stopped", actor, {"agent": agent, "why": why})
    return Stop(agent, why, actor.id, tx.now)


def may_stop(actor: Actor) -> Refusal | None:
    """Any person may stop an agent; no agent may."""
    if actor.kind == "person":
        return None
    return Refusal(Code.NOT_ALLOWED, "Only a person can stop an agent.")


def resume(tx: Transaction, agent: str, actor: Actor) -> Refusal | None:
    """Takes a stop back."""
    refused = leads(actor, "let a stopped agent go on")
    if refused:
        return refused
    if not tx.run("stop_delete", agent_=agent):
        whom = "All agents are" if agent == ALL else f"{agent} is"
        return Refusal(Code.NOT_FOUND, f"{whom} not stopped.")
    _noted(tx, "resumed", actor, {"agent": agent})
    return None


def _forget(tx: Transaction, agent: str, kind: str) -> None:
    """What was proposed or declined before is settled by what is decided now."""
    for state in (PROMOTION, DECLINED):
        tx.run("cap_delete", agent_=agent, kind_=kind, state_=state)


def _told(
    tx: Transaction, agent: str, kind: str, mode: str, why: str, actor: Actor
) -> dict[str, Any]:
    return {"agent": agent, "kind": kind, "mode": mode, "why": why, "actor": actor.id, "at": tx.now}


def _noted(tx: Transaction, event: str, actor: Actor, facts: dict[str, Any]) -> None:
    tx.forces.clear()
    tx.note(event, actor, facts)
