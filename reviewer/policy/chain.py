"""Escalation chains: when which step of a queue's chain is due, and which people it reaches.

When is worked out once, at admission, so that a later policy or a changed due time moves nothing
that was promised.  To whom is worked out when the step is due: whoever is on call then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..domain.state import Alert
from .document import ANY, Policy, QueuePolicy, RotationPolicy
from .schedule import Override, Rotation, on_call

ON_CALL = "on-call"
LEAD = "lead"
GROUP = "@"
QUEUE = "queue:"


def queue_policy(policy: Policy, queue: str) -> QueuePolicy:
    """What the policy says of a queue: its own entry, else the one for every queue (`*`)."""
    found = policy.queues.get(queue) or policy.queues.get(ANY)
    return found if found is not None else QueuePolicy()


def alerts(policy: Policy, queue: str, admitted_at: int, due_at: int) -> tuple[Alert, ...]:
    """The steps of a queue's chain for one artifact, repetitions too, by time (microseconds).

    `due_at` is the time that holds: the earlier one where the artifact names a due time itself.
    Where it is over at admission already, every step is due at once and its repetitions follow.
    """
    span = max(0, due_at - admitted_at)
    found = []
    for number, step in enumerate(queue_policy(policy, queue).escalate, 1):
        first = admitted_at + round(span * step.after)
        every, times = (step.repeat.every, step.repeat.times) if step.repeat else (0, 0)
        for turn in range(times + 1):
            at = first + turn * every
            found.append(Alert(at, number, turn, step.to, step.page, tuple(step.notify)))
    return tuple(sorted(found, key=lambda alert: (alert.at, alert.step, alert.turn)))


def addressees(policy: Policy, to: str, queue: str, at: int) -> tuple[str, ...]:
    """The people whom `to` reaches at an instant, each once; empty where it reaches nobody.

    `on-call` is by the rotation of the artifact's `queue`, `queue:NAME` that queue's reviewers and,
    where it names none, whoever is on call for it.  Groups may hold groups.
    """
    return tuple(dict.fromkeys(_people(policy, to, queue, at)))


def rotations(policy: Policy) -> tuple[Rotation, ...]:
    """The policy's rotations as `schedule` works with them."""
    return tuple(rotation_of(one) for one in policy.on_call)


def turns(policy: Policy | None, settings: Sequence[Rotation]) -> Sequence[Rotation]:
    """The rotations that hold: the policy's where it has any, else those of the settings."""
    return (rotations(policy) if policy is not None else ()) or settings


def rotation_of(one: RotationPolicy) -> Rotation:
    """One rotation of the file as `schedule` works with it."""
    overrides = tuple(Override(each.start, each.end, each.person) for each in one.overrides)
    return Rotation(one.queue, tuple(one.people), one.starts, one.every, one.zone, overrides)


def _people(policy: Policy, to: str, queue: str, at: int) -> Iterable[str]:
    if to == ON_CALL:
        duty = on_call(rotations(policy), queue, at)
        # a turn may be a group's
        return persons(policy, [duty.person]) if duty is not None else ()
    if to == LEAD:
        lead = queue_policy(policy, queue).lead
        return persons(policy, [lead]) if lead is not None else ()
    if to.startswith(QUEUE):
        target = to.removeprefix(QUEUE)
        reviewers = queue_policy(policy, target).reviewers
        return persons(policy, reviewers) if reviewers else _people(policy, ON_CALL, target, at)
    return persons(policy, [to])


def persons(policy: Policy, names: Iterable[str]) -> Iterator[str]:
    """The persons among names and in the groups among them; a group within itself ends there."""
    seen: set[str] = set()
    open_ = list(names)[::-1]
    while open_:
        name = open_.pop()
        if not name.startswith(GROUP):
            yield name
        elif name not in seen:
            seen.add(name)
            # written with the sign or without it
            members = policy.groups.get(name) or policy.groups.get(name.removeprefix(GROUP), [])
            open_.extend(members[::-1])
