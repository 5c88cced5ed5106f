"""The rules of a policy over one artifact: which hold, which fail, and what follows together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..domain.artifact import Risk
from . import globs
from .cel import Expression, Values, any_of
from .rule import Rule, Then
from .variables import Subject, artifact_values, write_values

GROUP: Final = 16
"""So many rules are asked in one go; only where one of them holds each is asked for itself."""
MOST_WRITES: Final = 500
"""Writes that `each: write` rules look at; an artifact with more goes to a person."""


@dataclass(frozen=True)
class CompiledRule:
    """One rule; `place` is its place in the file, `expression` None where it always holds."""

    place: int
    rule: Rule
    expression: Expression | None


@dataclass
class Outcome:
    """What the rules say together: the strictest of each."""

    held: list[CompiledRule] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unseen: int = 0

    @property
    def thens(self) -> list[Then]:
        """What follows, in the order of the file."""
        return [one.rule.then for one in self.held]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the rules that held, in the order of the file."""
        return tuple(one.rule.id for one in self.held)

    @property
    def denied(self) -> CompiledRule | None:
        """The first rule that denies it."""
        return next((one for one in self.held if one.rule.then.deny is not None), None)

    def risk(self, claimed: Risk) -> Risk:
        """The highest risk that is said by the agent or by a rule."""
        said = [then.risk for then in self.thens if then.risk is not None]
        return max([claimed, *said], key=lambda risk: risk.level) if said else claimed

    def people(self) -> list[Rule]:
        """The rules that ask for people: by saying so, or by what only people can give."""
        return [one.rule for one in self.held if for_people(one.rule.then)]


def for_people(then: Then) -> bool:
    """Whether a rule keeps the policy from deciding alone."""
    return bool(
        then.person
        or then.reason is not None
        or then.lift_out
        or then.roles
        or then.four_eyes
        or then.looks
        or (then.quorum or 1) > 1
    )


class Rules:
    """All rules of a policy, by what narrows them down."""

    def __init__(self, rules: Iterable[CompiledRule]) -> None:
        sorts: dict[Any, list[CompiledRule]] = {}
        for one in rules:
            rule = one.rule
            write = tuple(sorted(rule.write)) if rule.write is not None else ()
            sort = (rule.each, tuple(rule.agent), tuple(rule.kind), write)
            sorts.setdefault(sort, []).append(one)
        self._sorts = [_Sort(members) for members in sorts.values()]
        names = {name for sort in self._sorts for name in sort.names}
        self.hidden = "hidden" in names
        """Whether any rule asks for hidden characters."""
        self.past = any(name.startswith("history.") for name in names)
        """Whether any rule asks for what became of the agent's work before."""

    def over(self, subject: Subject) -> Outcome:
        """What the rules say of an artifact."""
        agent, kind = subject.artifact.agent.name, subject.artifact.kind
        sorts = [sort for sort in self._sorts if sort.agent(agent) and sort.kind(kind)]
        outcome = Outcome()
        if sorts:
            _Asking(subject, sorts, outcome).ask()
            outcome.held.sort(key=lambda one: one.place)
        return outcome


class _Sort:
    """Rules that are narrowed down alike."""

    def __init__(self, members: Sequence[CompiledRule]) -> None:
        rule = members[0].rule
        self.each_write = rule.each == "write"
        self.agent = globs.plain(rule.agent)
        self.kind = globs.plain(rule.kind)
        self.types = frozenset(rule.write or "*")
        self.always = [one for one in members if one.expression is None]
        asked = [one for one in members if one.expression is not None]
        self.groups = [_Group(asked[at : at + GROUP]) for at in range(0, len(asked), GROUP)]
        self.names = {name for group in self.groups for name in group.names}

    def is_for(self, type_: str) -> bool:
        return "*" in self.types or type_ in self.types


class _Group:
    """A few rules that are asked together."""

    def __init__(self, members: Sequence[CompiledRule]) -> None:
        self.members = members
        expressions = [one.expression for one in members if one.expression is not None]
        self.names = {name for one in expressions for name in one.names}
        self.together = any_of(expressions) if len(expressions) > 1 else None

    def ask(self, values: Values, outcome: Outcome, seen: set[int]) -> None:
        if self.together is not None and values.holds(self.together) is False:
            return
        for one in self.members:
            if one.place in seen or one.expression is None:
                continue
            answer = values.holds(one.expression)
            if answer is True:
                outcome.held.append(one)
                seen.add(one.place)
            elif answer is not False and one.rule.id not in outcome.failed:
                # it may still hold of another write
                outcome.failed[one.rule.id] = answer


class _Asking:
    """One artifact's way through the rules."""

    def __init__(self, subject: Subject, sorts: Sequence[_Sort], outcome: Outcome) -> None:
        self.subject = subject
        self.outcome = outcome
        types = {change.type for change in subject.changes}
        self.whole = [
            sort for sort in sorts if not sort.each_write and any(map(sort.is_for, types or {"*"}))
        ]
        self.each = [sort for sort in sorts if sort.each_write]
        self.seen: set[int] = set()

    def ask(self) -> None:
        if self.whole:
            names = {name for sort in self.whole for name in sort.names}
            values = _Lazily(artifact_values(self.subject, names), write=False)
            for sort in self.whole:
                self._sort(sort, values)
        if self.each:
            names = {name for sort in self.each for name in sort.names}
            shared = artifact_values(self.subject, names)
            for number, change in enumerate(self.subject.changes[:MOST_WRITES], 1):
                here = [sort for sort in self.each if sort.is_for(change.type)]
                if here:
                    given = shared | write_values(number, change, names)
                    values = _Lazily(given, write=True)
                    for sort in here:
                        self._sort(sort, values)
            self.outcome.unseen = max(0, len(self.subject.changes) - MOST_WRITES)

    def _sort(self, sort: _Sort, values: _Lazily) -> None:
        for one in sort.always:
            if one.place not in self.seen:
                self.outcome.held.append(one)
                self.seen.add(one.place)
        for group in sort.groups:
            group.ask(values.ready(), self.outcome, self.seen)


class _Lazily:
    """Values that are made ready when the first rule asks for them."""

    def __init__(self, values: dict[str, Any], *, write: bool) -> None:
        self._values = values
        self._write = write
        self._ready: Values | None = None

    def ready(self) -> Values:
        if self._ready is None:
            self._ready = Values(self._values, write=self._write)
        return self._ready


def needs(outcome: Outcome, *, roles: Sequence[str], looks: int) -> Iterator[str]:
    """The conditions on people's decisions, of the queue's and of the rules that held."""
    allowed: set[str] | None = set(roles) or None
    for then in outcome.thens:
        if then.roles:
            allowed = set(then.roles) if allowed is None else allowed & set(then.roles)
    if allowed is not None:
        # where two rules ask for roles that nobody has both of, the highest role is left
        yield from (f"role:{role}" for role in sorted(allowed or {"admin"}))
    most = max([looks, *(then.looks or 0 for then in outcome.thens)])
    if most:
        yield f"looks:{most}"
    if any(then.lift_out for then in outcome.thens):
        yield "lift_out"
