"""What differs between two policies, as values: where, in a sentence, and which way it goes.

Agents and queues without an entry of their own are compared by what holds for them (`*`), grants
and rules by their ids, so that moving an entry or writing a default out changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..domain.artifact import Risk
from .agents import AgentPolicy, Grant, KindPolicy
from .chain import queue_policy
from .comparing import (
    ACTIVATION,
    AGENT,
    AUTONOMY,
    BUDGET,
    COST,
    GRANT,
    LIMIT,
    QUEUE,
    RATES,
    RULE,
    SPEND,
    THEN,
    Aspect,
    duration,
    told,
)
from .directions import Effect, larger, less, present, together
from .document import ANY, Policy, QueuePolicy
from .route import SLA
from .rule import Rule

Sort = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `path` is where it stands in the file, in dots; `old` and `new` as there.

    `old` is None of what was added, `new` of what was removed.
    """

    path: str
    sort: Sort
    sentence: str
    effect: Effect = Effect.NEITHER
    old: Any = None
    new: Any = None


def compare(old: Policy, new: Policy) -> tuple[Difference, ...]:
    """All differences, in the order of the file; none where the policies mean the same."""
    return tuple(_differences(old, new))


def effect_of(differences: Sequence[Difference]) -> Effect:
    """Which way they go together: one way, or neither where they go both ways or no way."""
    return together([one.effect for one in differences])


def _differences(old: Policy, new: Policy) -> Iterator[Difference]:
    yield from _activation(old, new)
    yield from _plain_entries("groups", "The group", old.groups, new.groups)
    yield from _queues(old, new)
    yield from _rotations(old, new)
    yield from _agents(old, new)
    yield from _rules(old, new)
    yield from _rest(old, new)


def _activation(old: Policy, new: Policy) -> Iterator[Difference]:
    yield from _aspects("", "The policy", _TEXTS, old, new)
    where = "activation", "Putting another policy in force"
    yield from _aspects(*where, ACTIVATION, old.activation, new.activation)


_TEXTS = (Aspect("name", "name"), Aspect("about", "description"))


def _aspects(
    path: str, subject: str, aspects: Sequence[Aspect], old: Any, new: Any
) -> Iterator[Difference]:
    """The fields of two models of a sort that differ."""
    for aspect in aspects:
        was, would = getattr(old, aspect.field), getattr(new, aspect.field)
        if was != would:
            yield _changed(_join(path, aspect.field), subject, aspect, was, would)


def _changed(path: str, subject: str, aspect: Aspect, was: Any, would: Any) -> Difference:
    sentence = f"{subject}: {aspect.noun} {aspect.say(was)} → {aspect.say(would)}."
    effect = aspect.direction(was, would)
    return Difference(path, "changed", sentence, effect, _shown(was), _shown(would))


def _plain_entries(
    path: str, subject: str, old: Mapping[str, Any], new: Mapping[str, Any], *, hidden: bool = False
) -> Iterator[Difference]:
    """Entries by name that say nothing of stricter and looser; `hidden` values are not shown."""
    for name in _names(old, new):
        was, would = old.get(name), new.get(name)
        if was == would:
            continue
        sort = _sort(was, would)
        values = "" if hidden or sort != "changed" else f": {told(was)} → {told(would)}"
        shown = (None, None) if hidden else (_shown(was), _shown(would))
        sentence = f"{subject} {name} {_VERBS[sort]}{values}."
        yield Difference(_join(path, name), sort, sentence, Effect.NEITHER, *shown)


# --------------------------------------------------------------------------------------- queues


def _queues(old: Policy, new: Policy) -> Iterator[Difference]:
    named = ({*old.queues} | {*new.queues}) - {ANY}
    for name in _names(old.queues, new.queues):
        was, would = (policy.queues.get(name) for policy in (old, new))
        subject = _whose("queue", name, alone=not named)
        if was is None or would is None:
            other = old.queues if was is None else new.queues
            yield _entry("queues", name, subject, was, would, other)
        held = [queue_policy(policy, name) for policy in (old, new)]
        path = _join("queues", name)
        yield from _aspects(path, subject, QUEUE, *held)
        yield from _sla(path, subject, *held)


def _sla(path: str, subject: str, old: QueuePolicy, new: QueuePolicy) -> Iterator[Difference]:
    for risk in Risk:
        aspect = Aspect("sla", f"time to decide at {risk} risk", less, duration)
        was, would = (queue.sla.get(risk, SLA[risk]) for queue in (old, new))
        if was != would:
            yield _changed(f"{path}.sla.{risk}", subject, aspect, was, would)


def _rotations(old: Policy, new: Policy) -> Iterator[Difference]:
    was, would = ({one.queue: one for one in policy.on_call} for policy in (old, new))
    for found in _plain_entries("on_call", "The rotation of the queue", was, would):
        sentence = found.sentence.replace(f"of the queue {ANY} ", "of every queue ")
        yield replace(found, sentence=sentence)


def _entry(
    path: str, name: str, subject: str, was: Any, would: Any, other: Mapping[str, Any]
) -> Difference:
    """That an entry of its own came or went; `other` are the entries where it has none."""
    own = "has an entry of its own" if was is None else "has no entry of its own any more"
    rest = ""
    if name != ANY and ANY in other:
        rest = f"; until now `{ANY}` held for it" if was is None else f"; `{ANY}` holds for it"
    return Difference(_join(path, name), _sort(was, would), f"{subject} {own}{rest}.")


# --------------------------------------------------------------------------------------- agents


def _agents(old: Policy, new: Policy) -> Iterator[Difference]:
    named = ({*old.agents} | {*new.agents}) - {ANY}
    for name in _names(old.agents, new.agents):
        was, would = (policy.agents.get(name) for policy in (old, new))
        held = [one or policy.agents.get(ANY) for one, policy in ((was, old), (would, new))]
        path = _join("agents", name)
        subject = _whose("agent", name, alone=not named)
        if held[0] is None or held[1] is None:
            yield _whole_agent(path, subject, *held)
            continue
        if was is None or would is None:
            other = old.agents if was is None else new.agents
            yield _entry("agents", name, subject, was, would, other)
        yield from _agent(path, subject, held[0], held[1])


def _whole_agent(
    path: str, subject: str, was: AgentPolicy | None, would: AgentPolicy | None
) -> Difference:
    if was is None:
        assert would is not None
        grants = len(would.grants)
        effect = Effect.LOOSER if grants else Effect.NEITHER
        what = f"may write what {grants} grant{'s' * (grants != 1)} cover{'s' * (grants == 1)}"
        sentence = f"{subject} {what if grants else 'is named'} ({would.mode})."
        return Difference(path, "added", sentence, effect, None, _shown(would))
    effect = Effect.STRICTER if was.grants else Effect.NEITHER
    sentence = f"{subject} may write nothing any more."
    return Difference(path, "removed", sentence, effect, _shown(was), None)


def _agent(path: str, subject: str, old: AgentPolicy, new: AgentPolicy) -> Iterator[Difference]:
    yield from _aspects(path, subject, AGENT, old, new)
    yield from _work(path, subject, old, new)
    yield from _grants(path, subject, old.grants, new.grants)
    for kind in _names(old.kinds, new.kinds):
        was, would = (agent.kinds.get(kind, KindPolicy()) for agent in (old, new))
        held = (_of_kind(old, was), _of_kind(new, would))
        # what neither says for this kind is told once, of the agent
        said = {
            name
            for name in KindPolicy.model_fields
            if (getattr(was, name), getattr(would, name)) != (None, None)
        }
        where = _join(path, "kinds", kind), f"{subject}, {kind}"
        if "mode" in said:
            yield from _aspects(*where, AGENT[:1], *held)
        yield from _work(*where, *held, said)


def _of_kind(agent: AgentPolicy, kind: KindPolicy) -> AgentPolicy:
    own = {name: getattr(kind, name) for name in KindPolicy.model_fields}
    return agent.model_copy(update={name: one for name, one in own.items() if one is not None})


_WORK = {"autonomy", "budget", "cost"}


def _work(
    path: str, subject: str, old: AgentPolicy, new: AgentPolicy, of: set[str] | None = None
) -> Iterator[Difference]:
    """What an agent, or one kind of its work, may do alone, get wrong, and cost."""
    said = _WORK if of is None else of
    if "autonomy" in said:
        yield from _aspects(_join(path, "autonomy"), subject, AUTONOMY, old.autonomy, new.autonomy)
    if "budget" in said:
        yield from _optional(
            _join(path, "budget"), f"{subject}: an error budget", old.budget, new.budget
        )
        if old.budget is not None and new.budget is not None:
            yield from _aspects(_join(path, "budget"), subject, BUDGET, old.budget, new.budget)
    if "cost" in said:
        yield from _aspects(_join(path, "cost"), subject, COST, old.cost, new.cost)


def _optional(path: str, subject: str, was: Any, would: Any) -> Iterator[Difference]:
    if (was is None) != (would is None):
        sort = _sort(was, would)
        effect = present(was, would)
        yield Difference(
            path, sort, f"{subject} {_VERBS[sort]}.", effect, _shown(was), _shown(would)
        )


def _grants(
    path: str, subject: str, old: Sequence[Grant], new: Sequence[Grant]
) -> Iterator[Difference]:
    for name, was, would in _paired(old, new):
        where = _join(path, "grants", name)
        what = f"{subject}, grant {name}"
        if was is None or would is None:
            grant = was or would
            assert grant is not None
            sort = _sort(was, would)
            effect = Effect.LOOSER if was is None else Effect.STRICTER
            sentence = f"{subject}: the grant {name} {_VERBS[sort]} ({_grant_words(grant)})."
            yield Difference(where, sort, sentence, effect, _shown(was), _shown(would))
            continue
        yield from _aspects(where, what, GRANT, was, would)
        yield from _aspects(_join(where, "rates"), what, RATES, was.rates, would.rates)
        yield from _optional(_join(where, "spend"), f"{what}: a limit of spending", was.spend,
                             would.spend)  # fmt: skip
        if was.spend is not None and would.spend is not None:
            yield from _aspects(_join(where, "spend"), what, SPEND, was.spend, would.spend)
        for field in _names(was.limits, would.limits):
            limits = was.limits.get(field), would.limits.get(field)
            place = _join(where, "limits", field)
            yield from _optional(place, f"{what}: a limit of {field}", *limits)
            if None not in limits:
                yield from _aspects(place, f"{what}, {field}", LIMIT, *limits)


def _grant_words(grant: Grant) -> str:
    where = [told(one) for one in (grant.system, grant.resource) if one != [ANY]]
    return " ".join((told(grant.write) if grant.write != [ANY] else "any write", *where))


def _paired(
    old: Sequence[Grant], new: Sequence[Grant]
) -> Iterator[tuple[str, Grant | None, Grant | None]]:
    """Grants by id; those without one by being equal, and what is left of them in order."""
    was = {grant.id: grant for grant in old if grant.id is not None}
    would = {grant.id: grant for grant in new if grant.id is not None}
    for name in _names(was, would):
        yield name, was.get(name), would.get(name)
    left = [(n, one) for n, one in enumerate(old, 1) if one.id is None and one not in new]
    come = [(n, one) for n, one in enumerate(new, 1) if one.id is None and one not in old]
    for number in range(max(len(left), len(come))):
        before = left[number] if number < len(left) else None
        after = come[number] if number < len(come) else None
        place = (after or before or (0,))[0]  # where it stands in the file that has it now
        yield f"#{place}", before and before[1], after and after[1]


# ---------------------------------------------------------------------------------------- rules


def _rules(old: Policy, new: Policy) -> Iterator[Difference]:
    was, would = ({rule.id: rule for rule in policy.rules} for policy in (old, new))
    for name in _names(was, would):
        yield from _rule(_join("rules", name), was.get(name), would.get(name))
    orders = [[name for name in rules if name in was and name in would] for rules in (was, would)]
    if orders[0] != orders[1]:
        sentence = "The rules stand in another order; the first one that names a queue has it."
        yield Difference("rules", "changed", sentence, Effect.NEITHER, *orders)


def _rule(path: str, was: Rule | None, would: Rule | None) -> Iterator[Difference]:
    if was is None or would is None:
        rule = was or would
        assert rule is not None
        sort = _sort(was, would)
        effect = _strictness(rule) if was is None else _strictness(rule).opposite
        sentence = f"The rule {rule.id} {_VERBS[sort]} ({rule.name})."
        yield Difference(path, sort, sentence, effect, _shown(was), _shown(would))
        return
    subject = f"The rule {would.id}"
    strict = _strictness(was) is Effect.STRICTER and _strictness(would) is Effect.STRICTER
    for found in _aspects(path, subject, RULE, was, would):
        yield found if strict else _neither(found)
    yield from _aspects(_join(path, "then"), subject, THEN, was.then, would.then)


def _strictness(rule: Rule) -> Effect:
    """A rule only ever asks for more, unless it sends to another queue, which may ask for less."""
    then = rule.then
    if then.deny is not None:
        return Effect.STRICTER
    asks = then.model_dump(exclude_defaults=True, exclude={"queue"})
    return Effect.STRICTER if asks and then.queue is None else Effect.NEITHER


# ----------------------------------------------------------------------------------------- rest


def _rest(old: Policy, new: Policy) -> Iterator[Difference]:
    yield from _plain_entries("reasons", "The reason", old.reasons, new.reasons)
    blind = Aspect("blind_first", "the assistant's opinion comes after the reviewer's", present)
    yield from _aspects("assistant", "The assistant", (blind,), old.assistant, new.assistant)
    masked = (
        Aspect("fields", "masked fields", larger),
        Aspect("patterns", "masked patterns", larger),
    )
    yield from _aspects("masking", "Masking", masked, old.masking, new.masking)
    # an address may be as good as a password
    yield from _plain_entries("notify", "The channel", old.notify, new.notify, hidden=True)


_VERBS: dict[str, str] = {"added": "is new", "removed": "is gone", "changed": "is another"}


def _sort(was: Any, would: Any) -> Sort:
    return "added" if was is None else "removed" if would is None else "changed"


def _neither(difference: Difference) -> Difference:
    return replace(difference, effect=Effect.NEITHER)


def _whose(noun: str, name: str, *, alone: bool) -> str:
    """Whom an entry is for; `alone` where no other entry names anybody."""
    if name != ANY:
        return f"The {noun} {name}"
    return f"Every {noun}" if alone else f"Every other {noun}"


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The names of both, in the order of the new file, with what went after what stayed."""
    return list(dict.fromkeys((*new, *old)))


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _shown(value: Any) -> Any:
    """A plain value with defaults left out, as JSON has it."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _shown(one) for key, one in value.items()}
    return value
