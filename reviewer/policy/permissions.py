"""Permissions: which grants of an agent cover a write, and if none does, what is not covered.

A grant covers a write or it does not; there is no part of a write that one grant covers and another
grant the rest of.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Final

import re2

from . import globs
from .agents import AgentPolicy, Grant, Limit
from .aims import UNCLEAR
from .changes import Change
from .pointers import ABSENT, at_pointer, found, number, same

MOST_SHOWN: Final = 3


class CompiledGrant:
    """One grant with its patterns made ready; `id` is its own, or `#` and its place from 1."""

    def __init__(self, grant: Grant, place: int) -> None:
        self.grant = grant
        self.id = grant.id or f"#{place}"
        self.types = frozenset(grant.write)
        self.system = globs.plain(grant.system)
        self.resource = globs.paths(grant.resource)
        self.every_resource = globs.all_of(grant.resource)
        self.identity = globs.plain(grant.identity)
        self.actions = globs.plain([pattern.lower() for pattern in grant.actions])
        self.fields = globs.paths(grant.fields)
        self.every_field = globs.all_of(grant.fields)
        self.recipients = globs.plain([pattern.lower() for pattern in grant.recipients])
        self.every_recipient = globs.all_of(grant.recipients)
        self.limits = [CompiledLimit(at, limit) for at, limit in grant.limits.items()]
        rates = grant.rates
        self.counted = rates.hour is not None or rates.day is not None
        self.spend = grant.spend
        self.metered = self.counted or self.spend is not None
        self.spend_at = globs.paths([grant.spend.field]) if grant.spend is not None else None

    def aims(self, change: Change, act_as: str) -> tuple[int, str]:
        """How far the aim of a write is covered, and in words what of it is not, else nothing."""
        if change.type not in self.types and "*" not in self.types:
            return 0, f"no grant is for writes of type {change.type}"
        if not self.system(change.system):
            return 1, f"the system '{_cut(change.system)}' is not granted"
        if not self.every_resource:
            if not change.clear:
                return 2, "what it aims at can be read in two ways"
            for aim in change.aims:
                if not self.resource(aim):
                    return 2, f"the resource '{_cut(aim)}' is not granted"
        if not self.identity(act_as):
            return 3, f"acting as '{_cut(act_as)}' is not granted"
        for action in change.actions:
            if not self.actions(action.lower()):
                return 4, f"the action '{_cut(action)}' is not granted"
        return 5, ""

    def lacks(self, change: Change) -> tuple[int, str]:
        """The same for what a write within the aim changes: recipients, fields, rows, values."""
        if not self.every_recipient:
            for who in change.recipients:
                if who == UNCLEAR:
                    return 5, "a recipient can be read in two ways"
                if not self.recipients(who):
                    return 5, f"the recipient '{_cut(who)}' is not granted"
        if not self.every_field:
            within = self.fields
            beyond = list(islice((at for at in change.fields if not within(at)), MOST_SHOWN + 1))
            if beyond:
                return 6, f"it changes {_listed(beyond)}, which is not granted"
        most = self.grant.rows
        if most is not None and (change.rows is None or change.rows > most):
            said = (
                "it does not say how many" if change.rows is None else f"it changes {change.rows}"
            )
            return 7, f"at most {most} rows are granted and {said}"
        for limit in self.limits:
            why = limit.broken(change)
            if why:
                return 8, why
        if self.spend is not None and self.amount(change) is None:
            return 9, f"it names no amount at {self.spend.field}"
        return 10, ""

    def amount(self, change: Change) -> float | None:
        """What a write adds to the spend, without sign; None where it names no number there."""
        if self.spend is None or self.spend_at is None:
            return 0.0
        amounts = [
            number(value)
            for _, after in change.pairs
            if after is not ABSENT
            for _, value in found(after, self.spend.field, self.spend_at)
        ]
        if not amounts or None in amounts:
            return None
        return sum(abs(amount) for amount in amounts if amount is not None)


class CompiledLimit:
    """A limit for the values at the places that one pattern stands for.

    It holds for every value as it stands afterwards, whether the write changes it or not: what was
    there before is the agent's word.
    """

    def __init__(self, at: str, limit: Limit) -> None:
        self.at = at
        self.limit = limit
        self.matches = globs.paths([at])
        self.pattern: Any = None
        if limit.matches is not None:
            options = re2.Options()
            options.log_errors = False
            self.pattern = re2.compile(limit.matches, options)

    def broken(self, change: Change) -> str:
        """What breaks the limit, in words, or nothing."""
        for before, after in change.pairs:
            if after is not ABSENT:
                for place, value in found(after, self.at, self.matches):
                    why = self._broken(value, before, place)
                    if why:
                        return f"{_cut(place)} {why}"
            if self.limit.most_change is not None and before is not ABSENT:
                for place, _ in found(before, self.at, self.matches):
                    if after is ABSENT or at_pointer(after, place) is ABSENT:
                        return f"{_cut(place)} goes away, where a change is bounded"
        return ""

    def _broken(self, value: Any, before: Any, place: str) -> str:
        limit = self.limit
        if limit.least is not None or limit.most is not None:
            amount = number(value)
            if amount is None:
                return f"is {_shown(value)}, where a number is bounded"
            if limit.least is not None and amount < limit.least:
                return f"is {_shown(value)}, and at least {limit.least:g} is granted"
            if limit.most is not None and amount > limit.most:
                return f"is {_shown(value)}, and at most {limit.most:g} is granted"
        if limit.most_change is not None:
            old = ABSENT if before is ABSENT else at_pointer(before, place)
            was, becomes = number(old), number(value)
            if was is None or becomes is None:
                return "has no number before and after, where a change is bounded"
            if abs(becomes - was) > limit.most_change:
                return (
                    f"changes by {abs(becomes - was):g}, at most {limit.most_change:g} is granted"
                )
        if limit.one_of is not None and not any(same(value, one) for one in limit.one_of):
            return f"is {_shown(value)}, which is none of the values that are granted"
        if limit.longest is not None:
            if not isinstance(value, str | list):
                return f"is {_shown(value)}, where a length is bounded"
            if len(value) > limit.longest:
                return f"is {len(value)} long, and at most {limit.longest} is granted"
        if self.pattern is not None and not (
            isinstance(value, str) and self.pattern.fullmatch(value)
        ):
            return f"is {_shown(value)}, which is not of the form that is granted"
        return ""


class CompiledAgent:
    """One agent's part of the policy, made ready."""

    def __init__(self, policy: AgentPolicy) -> None:
        self.policy = policy
        self.identities = globs.plain(policy.identities)
        self.grants = [CompiledGrant(grant, at) for at, grant in enumerate(policy.grants, 1)]

    @cached_property
    def metered(self) -> bool:
        """Whether any grant has rates or a spend."""
        return any(grant.metered for grant in self.grants)

    @cached_property
    def _by_type(self) -> dict[str, _Systems]:
        types = {one for grant in self.grants for one in grant.types} | {"*"}
        return {
            one: _Systems([g for g in self.grants if one in g.types or "*" in g.types])
            for one in types
        }

    def candidates(self, change: Change) -> Sequence[CompiledGrant]:
        """The grants that may cover a write by its type and system, in the order of the file."""
        systems = self._by_type.get(change.type) or self._by_type["*"]
        return systems.of(change.system)

    def covering(
        self, change: Change, act_as: str
    ) -> tuple[list[CompiledGrant], list[CompiledGrant], str]:
        """The grants that cover a write, those that aim at it, and why none does in words."""
        covering, aiming = [], []
        furthest, why = -1, "the agent has no grant for it"
        for grant in self.candidates(change):
            far, lack = grant.aims(change, act_as)
            if not lack:
                aiming.append(grant)
                far, lack = grant.lacks(change)
                if not lack:
                    covering.append(grant)
            if lack and far > furthest:
                furthest, why = far, lack
        if furthest < 0 and not covering:
            why = self._nothing(change)
        return covering, aiming, why

    def _nothing(self, change: Change) -> str:
        if not self.grants:
            return "the agent has no grants"
        if change.type not in self._by_type and not self._by_type["*"].grants:
            return f"no grant is for writes of type {change.type}"
        return f"the system '{_cut(change.system)}' is not granted"


class _Systems:
    """Grants by the systems that they name outright, so that few of many are tried."""

    def __init__(self, grants: list[CompiledGrant]) -> None:
        self.grants = grants
        self.other = [g for g in grants if any(_open(one) for one in g.grant.system)]
        names = {one for g in grants for one in g.grant.system if not _open(one)}
        self.named = {name: [g for g in grants if g.system(name)] for name in names}

    def of(self, system: str) -> Sequence[CompiledGrant]:
        return self.named.get(system, self.other)


def _open(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


def _listed(fields: Sequence[str]) -> str:
    shown = ", ".join(_cut(field) or "the whole" for field in fields[:MOST_SHOWN])
    return shown + (" and more" if len(fields) > MOST_SHOWN else "")


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text '{value if len(value) <= 40 else value[:39] + '…'}'"
    return f"{value:.15g}"
