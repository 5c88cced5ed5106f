"""Steps of escalation chains: stored at admission, carried out once when they are due.

Whoever runs the clocks carries a step out in one transaction: the artifact goes to its people, the
record says so, and a notification is scheduled for each channel.  Sending is a worker's.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator

from reviewer.domain import alerting, lifecycle
from reviewer.domain.decision import Actor
from reviewer.domain.errors import QueueError
from reviewer.domain.lifecycle import State, Status, Step
from reviewer.domain.state import STATUS_AFTER, Alert
from reviewer.policy import chain
from reviewer.policy.chain import LEAD, addressees
from reviewer.policy.document import Policy, Terminal, Webhook

from . import in_force
from .rows import Hot, hot
from .transaction import Transaction

BATCH = 50
"""Steps that are carried out in one transaction."""
CHAIN = "chain"
"""Who carries a step out, on the record."""
PAGE = "page"
NOTIFY = "notify"
_LEADING = 6
"""Columns of `alerts_due` before the artifact's."""


def store(tx: Transaction, number: int, alerts: Iterable[Alert]) -> None:
    """Stores the steps of an artifact's chain at its admission; `number` is its inner one."""
    tx.many(
        "alert_insert",
        [
            {
                "artifact_id": number,
                "step": alert.step,
                "turn": alert.turn,
                "at": alert.at,
                "target": alert.to,
                "page": int(alert.page),
                "notify": "\n".join(alert.notify),
            }
            for alert in alerts
        ],
    )


def revive(tx: Transaction, found: Hot) -> None:
    """Lets the chain begin again for an artifact whose decision was called back to people.

    One that the policy had decided alone gets its chain now, with the time that is left.
    """
    if tx.run("alerts_revive", artifact_id_=found.id) or tx.one("alert_any", id=found.id):
        return
    with contextlib.suppress(QueueError):  # a policy that nobody can read has no chain
        policy, state = in_force.current(tx).policy, found.state
        store(tx, found.id, chain.alerts(policy, state.queue, tx.now, state.due_at))


def run(tx: Transaction) -> int:
    """One batch of steps that are due, under the policy in force: it knows who is on call."""
    if tx.one("alert_due", now=tx.now) is None:
        return 0
    try:
        compiled = in_force.current(tx)
    except QueueError:
        # of a newer version, or tampered with: its steps wait for whoever can read it, and expiry
        # and leases must not wait for them
        return 0
    return carry_out_due(tx, compiled.policy, compiled.digest)


def carry_out_due(tx: Transaction, policy: Policy, digest: str = "") -> int:
    """One batch of steps that are due, under a policy; answers with how many."""
    actor = Actor(CHAIN, "policy", frozenset(), digest)
    done = 0
    for row in tx.all("alerts_due", now=tx.now, limit=BATCH):
        at, step, turn, to, page, notify = row[:_LEADING]
        names = tuple(notify.split("\n")) if notify else ()
        alert = Alert(at, step, turn, to, page == 1, names)
        # read anew: an earlier step of this batch may have moved the same artifact
        found = tx.artifact(hot(row[_LEADING:]).state.id)
        assert found is not None
        # the others expire in a batch that is yet to come: then the step is looked at again
        if lifecycle.expire(found.state, tx.now) is None:
            _carry_out(tx, found, alert, policy, actor)
            done += 1
    return done


def _carry_out(tx: Transaction, found: Hot, alert: Alert, policy: Policy, actor: Actor) -> None:
    state = found.state
    this = {"artifact_id_": found.id, "step_": alert.step, "turn_": alert.turn}
    if _open_window(state, tx.now):
        # it may be taken back: then the step is due as soon as the window is over
        tx.run("alert_defer", **this, at_=state.effective_at)
        return
    if state.status is not Status.PENDING:
        tx.run("alert_settle", **this, state_="cancelled")
        return
    if _overtaken(tx, found, alert):
        tx.run("alert_settle", **this, state_="passed")
        return
    people = addressees(policy, alert.to, state.queue, tx.now)
    people = people or addressees(policy, LEAD, state.queue, tx.now)
    step = alerting.alert(state, alert, people, tx.now)
    assert step is not None
    if tx.run("alert_settle", **this, state_="done") != 1:
        raise RuntimeError(f"step {alert.step} of {state.id} changed inside a transaction")
    facts = dict(step.facts) | {"desk": _rings(policy, alert)}
    _store(tx, found, step, facts, actor)
    _schedule(tx, found, step.state, alert, people, policy, str(step.facts["why"]))


def _open_window(state: State, now: int) -> bool:
    decided = state.status in STATUS_AFTER.values()
    return decided and state.effective_at is not None and now < state.effective_at


def _overtaken(tx: Transaction, found: Hot, alert: Alert) -> bool:
    """Whether its next repetition is due as well, as after a night without a worker."""
    row = tx.one("alert_at", artifact_id=found.id, step=alert.step, turn=alert.turn + 1)
    return row is not None and row[1] == "waiting" and row[0] <= tx.now


def _store(tx: Transaction, found: Hot, step: Step, facts: dict[str, object], actor: Actor) -> None:
    whole = Step(step.state, step.event, facts, escalation=step.escalation)
    if step.state.revision != found.state.revision:
        tx.store(found, whole, actor)
        return
    # under a claim: marks only, and a record that is no step of its life
    tx.mark(found, whole)
    tx.event(step.event, found, actor, facts)


def _rings(policy: Policy, alert: Alert) -> bool:
    """Whether the desks of its people ring."""
    return any(isinstance(policy.notify.get(name), Terminal) for name in alert.notify)


def _schedule(
    tx: Transaction,
    found: Hot,
    state: State,
    alert: Alert,
    people: tuple[str, ...],
    policy: Policy,
    why: str,
) -> None:
    """One effect for each thing to send: the channels of the step, and the pager."""
    about = {
        "step": alert.step,
        "turn": alert.turn,
        "title": found.line[0],
        "agent": state.agent,
        "kind": state.kind,
        "risk": str(state.risk),
        "queue": state.queue,
        "due_at": state.due_at,
        "why": why,
    }
    for channel, to in dict.fromkeys(_messages(policy, alert, people)):
        # as JSON: names may hold any character, and no two pairs may be filed alike
        filed = json.dumps([channel, to], ensure_ascii=False, separators=(",", ":"))
        kind = f"{NOTIFY}:{alert.step}:{alert.turn}:{filed}"
        row = tx.one("notify_insert", artifact_id=found.id, kind=kind, due_at=tx.now)
        document = json.dumps(about | {"channel": channel, "to": to}, ensure_ascii=True)
        tx.run("notice_insert", effect_id=row[0], document=document)


def _messages(policy: Policy, alert: Alert, people: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Channel and person: a webhook is told once for all of them, others once for each."""
    for name in alert.notify:
        channel = policy.notify.get(name)
        if isinstance(channel, Terminal):
            continue
        if isinstance(channel, Webhook):
            yield name, ", ".join(people)
        else:  # what the policy no longer has is said by the worker
            yield from ((name, person) for person in people or ("",))
    if alert.page:
        yield from ((PAGE, person) for person in people or ("",))
