"""What a policy file says that cannot be: names that nothing has, ids that stand twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import re2

from ..domain.errors import InputError
from . import schedule
from .agents import AgentPolicy, Grant, Limit, Spend
from .chain import GROUP, LEAD, ON_CALL, QUEUE, rotation_of
from .document import ANY, Mail, Policy, QueuePolicy, Webhook
from .globs import EVERYTHING
from .rule import Rule, Then
from .telling import Told, nearest
from .tree import Path

_MISTAKEN: Final = {"oncall": ON_CALL, "on_call": ON_CALL, "on call": ON_CALL, "leads": LEAD}


def references(policy: Policy) -> Iterator[Told]:
    """Everything that is wrong with a policy whose values are each well written."""
    yield from _groups(policy)
    for name, queue in policy.queues.items():
        yield from _queue(policy, ("queues", name), queue)
    for number, rotation in enumerate(policy.on_call):
        path: Path = ("on_call", number)
        yield from _known_queue(policy, rotation.queue, (*path, "queue"))
        yield from _people(policy, rotation.people, (*path, "people"))
        yield from _people(
            policy, [each.person for each in rotation.overrides], (*path, "overrides"), "person"
        )
        try:
            schedule.check(rotation_of(rotation))
        except InputError as error:
            sentence = error.sentence.removeprefix(f"{error.place}: ")
            yield Told((*path, error.place), sentence, error.hint)
    for name, agent in policy.agents.items():
        yield from _agent(policy, ("agents", name), agent)
    yield from _rules(policy)
    yield from _people(policy, policy.activation.by, ("activation", "by"))
    for name, channel in policy.notify.items():
        if isinstance(channel, Webhook) and channel.url is None and channel.secret is None:
            hint = "Give its 'url', or the 'secret' under which the keyring has it."
            yield Told(("notify", name), "this webhook has no address", hint, key=True)
        if isinstance(channel, Mail) and channel.tls == "none" and channel.secret is not None:
            hint = "Use starttls or tls."
            yield Told(("notify", name, "tls"), "a password would go out in the clear", hint)
    for number, pattern in enumerate(policy.masking.fields):
        yield from _pointer(pattern, ("masking", "fields", number))
    for number, pattern in enumerate(policy.masking.patterns):
        yield from _expression(pattern, ("masking", "patterns", number))


def _groups(policy: Policy) -> Iterator[Told]:
    for name, members in policy.groups.items():
        path: Path = ("groups", name)
        if name.startswith(GROUP) and name.removeprefix(GROUP) in policy.groups:
            yield Told(path, "this group is there with and without the @", key=True)
        yield from _people(policy, members, path)
        if _holds(policy, name.removeprefix(GROUP), name):
            yield Told(path, f"the group '{name}' holds itself", key=True)


def _holds(policy: Policy, wanted: str, start: str) -> bool:
    """Whether a group is among its own members, however deep."""
    seen: set[str] = set()
    open_ = [start]
    while open_:
        for member in _members(policy, open_.pop()):
            if not member.startswith(GROUP) or member in seen:
                continue
            if member.removeprefix(GROUP) == wanted:
                return True
            seen.add(member)
            open_.append(member)
    return False


def _members(policy: Policy, name: str) -> list[str]:
    bare = name.removeprefix(GROUP)
    return policy.groups.get(bare) or policy.groups.get(GROUP + bare, [])


def _people(policy: Policy, names: Iterable[str], path: Path, field: str = "") -> Iterator[Told]:
    for number, name in enumerate(names):
        at = (*path, number, field) if field else (*path, number)
        yield from _person(policy, name, at)


def _person(policy: Policy, name: str, path: Path) -> Iterator[Told]:
    if not name.startswith(GROUP):
        return
    known = {GROUP + group.removeprefix(GROUP) for group in policy.groups}
    if name not in known:
        hint = nearest(name, known) or "Groups stand under 'groups'."
        yield Told(path, f"there is no group '{name}'", hint)


def _known_queue(policy: Policy, name: str, path: Path) -> Iterator[Told]:
    if policy.queues and name not in policy.queues and ANY not in policy.queues and name != ANY:
        hint = nearest(name, policy.queues) or f"Queues: {', '.join(policy.queues)}."
        yield Told(path, f"there is no queue '{name}'", hint)


def _queue(policy: Policy, path: Path, queue: QueuePolicy) -> Iterator[Told]:
    yield from _people(policy, queue.reviewers, (*path, "reviewers"))
    if queue.lead is not None:
        yield from _person(policy, queue.lead, (*path, "lead"))
    for number, step in enumerate(queue.escalate):
        at = (*path, "escalate", number)
        if step.to in _MISTAKEN:
            right = _MISTAKEN[step.to]
            yield Told((*at, "to"), f"'{step.to}' is nobody", f"Did you mean '{right}'?")
        elif step.to == LEAD and queue.lead is None:
            yield Told((*at, "to"), "this queue names no lead", "Add 'lead' to the queue.")
        elif step.to.startswith(QUEUE):
            yield from _known_queue(policy, step.to.removeprefix(QUEUE), (*at, "to"))
        else:
            yield from _person(policy, step.to, (*at, "to"))
        for place, channel in enumerate(step.notify):
            if channel not in policy.notify:
                hint = nearest(channel, policy.notify) or "Channels stand under 'notify'."
                yield Told((*at, "notify", place), f"there is no channel '{channel}'", hint)


def _agent(policy: Policy, path: Path, agent: AgentPolicy) -> Iterator[Told]:
    if agent.owner is not None:
        yield from _person(policy, agent.owner, (*path, "owner"))
    seen: dict[str, int] = {}
    for number, grant in enumerate(agent.grants):
        at = (*path, "grants", number)
        if grant.id is not None and grant.id in seen:
            yield Told((*at, "id"), f"two grants of this agent have the id '{grant.id}'")
        if grant.id is not None and (grant.id.startswith("#") or ":" in grant.id):
            yield Told((*at, "id"), "the id of a grant does not begin with # and holds no colon")
        seen[grant.id or ""] = number
        yield from _grant(at, grant)


def _grant(path: Path, grant: Grant) -> Iterator[Told]:
    for number, pattern in enumerate(grant.fields):
        yield from _pointer(pattern, (*path, "fields", number))
    for pointer, limit in grant.limits.items():
        at = (*path, "limits", pointer)
        yield from _pointer(pointer, at, key=True)
        yield from _limit(limit, at)
    if grant.spend is not None:
        at = (*path, "spend")
        yield from _pointer(grant.spend.field, (*at, "field"))
        if grant.spend == Spend(field=grant.spend.field):
            yield Told(at, "a spend says how much in an 'hour' or a 'day'", key=True)


def _limit(limit: Limit, path: Path) -> Iterator[Told]:
    if limit == Limit():
        hint = "Known here: least, most, most_change, one_of, longest, matches."
        yield Told(path, "this limit limits nothing", hint, key=True)
    if limit.least is not None and limit.most is not None and limit.least > limit.most:
        yield Told((*path, "most"), f"no number is at least {limit.least:g} and at most less")
    if limit.one_of is not None and not limit.one_of:
        yield Told((*path, "one_of"), "no value is one of none")
    if limit.matches is not None:
        yield from _expression(limit.matches, (*path, "matches"))


def _rules(policy: Policy) -> Iterator[Told]:
    seen: set[str] = set()
    for number, rule in enumerate(policy.rules):
        path: Path = ("rules", number)
        if rule.id in seen:
            yield Told((*path, "id"), f"two rules have the id '{rule.id}'")
        seen.add(rule.id)
        if rule.then == Then():
            yield Told((*path, "then"), "this rule does nothing", "Say what follows.")
        if rule.then.queue is not None:
            yield from _known_queue(policy, rule.then.queue, (*path, "then", "queue"))
        yield from _known_agents(policy.agents, rule, path)


def _known_agents(agents: Mapping[str, Any], rule: Rule, path: Path) -> Iterator[Told]:
    if ANY in agents:
        return
    for number, name in enumerate(rule.agent):
        if not {"*", "?"}.intersection(name) and name not in agents:
            at = (*path, "agent", number) if len(rule.agent) > 1 else (*path, "agent")
            hint = nearest(name, agents) or f"Agents: {', '.join(agents)}."
            yield Told(at, f"there is no agent '{name}'", hint)


def _pointer(pattern: str, path: Path, *, key: bool = False) -> Iterator[Told]:
    if pattern not in EVERYTHING and not pattern.startswith("/"):
        hint = f"Write '/{pattern.removeprefix('$').lstrip('.').replace('.', '/')}'."
        yield Told(path, f"'{pattern[:60]}' is no JSON pointer: it begins with /", hint, key=key)


def _expression(pattern: str, path: Path) -> Iterator[Told]:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        why = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
        yield Told(path, f"this is no regular expression (RE2): {why}")
