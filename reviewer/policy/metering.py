"""Rates, spends and costs: what an artifact uses up, and what of that goes over a limit.

A write goes through where one grant that covers it has room.  Room is asked for as many writes as
the artifact has within the grant's aim, so that no smaller grant leaves more room to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose

from ..domain.artifact import Artifact
from ..domain.state import Added, Charge
from .agents import CostLimit
from .changes import Change
from .facts import Used
from .permissions import CompiledAgent, CompiledGrant

_NONE = Used()
_ROUNDING = 1e-9
"""What thousands of amounts, added up as floats, may be off by; nobody limits money as finely."""


@dataclass
class Metered:
    """What is charged, the reasons of what goes over, and the sentence where that denies it."""

    charges: list[Charge] = field(default_factory=list)
    over: list[Added] = field(default_factory=list)
    denied: str = ""


@dataclass
class Covered:
    """One write with the grants that cover it and those that aim at it."""

    change: Change
    covering: Sequence[CompiledGrant]
    aiming: Sequence[CompiledGrant]


def rate_scope(agent: str, grant: CompiledGrant) -> str:
    """The scope under which the writes of a grant are counted."""
    return f"grant:{agent}:{grant.id}"


def spend_scope(agent: str, grant: CompiledGrant) -> str:
    """The scope under which the amounts of a grant are summed."""
    return f"spend:{agent}:{grant.id}"


def cost_of(agent: CompiledAgent, artifact: Artifact) -> tuple[str, CostLimit]:
    """The scope and the limit of what tasks of this kind cost; a kind with its own counts alone."""
    name, own = artifact.agent.name, agent.policy.kinds.get(artifact.kind)
    if own is not None and own.cost is not None:
        # no kind and no name make the scope of another: the kind's own colons are taken out
        return f"cost-of:{artifact.kind.replace(':', '%')}:{name}", own.cost
    return f"cost:{name}", agent.policy.cost


def is_cost(scope: str) -> bool:
    """Whether a scope is that of costs, which are there whatever becomes of the writes."""
    return scope.startswith(("cost:", "cost-of:"))


def scopes(agent: CompiledAgent, artifact: Artifact, changes: Iterable[Change]) -> list[str]:
    """The scopes whose use must be known before this artifact is ruled on."""
    name, act_as = artifact.agent.name, artifact.identity.act_as
    found: dict[str, None] = {}
    for change in changes if agent.metered else ():
        for grant in agent.candidates(change):
            if grant.metered and not grant.aims(change, act_as)[1]:
                if grant.counted:
                    found[rate_scope(name, grant)] = None
                if grant.spend is not None:
                    found[spend_scope(name, grant)] = None
    scope, limit = cost_of(agent, artifact)
    return [*found, scope] if limit.day is not None else [*found]


def metered(name: str, writes: Sequence[Covered], used: Mapping[str, Used]) -> Metered:
    """What the writes of an artifact use up of the grants that cover them."""
    found = Metered()
    number: dict[str, int] = {}
    amount: dict[str, float] = {}
    for one in writes:
        for grant in one.aiming:
            number[grant.id] = number.get(grant.id, 0) + 1
            amount[grant.id] = amount.get(grant.id, 0.0) + (grant.amount(one.change) or 0.0)
    charged: dict[str, tuple[CompiledGrant, int, float]] = {}
    for one in writes:
        lacking: list[tuple[CompiledGrant, Added]] = []
        for grant in one.covering:
            added = _over(name, grant, number[grant.id], amount[grant.id], used)
            if added is None:
                break
            lacking.append((grant, added))
        else:
            grant = _stricter_last(found, lacking)
        _, before, sum_ = charged.get(grant.id, (grant, 0, 0.0))
        charged[grant.id] = (grant, before + 1, sum_ + (grant.amount(one.change) or 0.0))
    for grant, writes_, sum_ in charged.values():
        if grant.counted:
            found.charges.append(Charge(rate_scope(name, grant), writes_))
        if grant.spend is not None:
            found.charges.append(Charge(spend_scope(name, grant), writes_, sum_))
    return found


def _stricter_last(found: Metered, lacking: Sequence[tuple[CompiledGrant, Added]]) -> CompiledGrant:
    """No grant has room: a person sees it where one grant says so, else it is denied."""
    for grant, added in lacking:
        if grant.grant.over == "person":
            if added not in found.over:
                found.over.append(added)
            return grant
    grant, added = lacking[0]
    found.denied = found.denied or added.detail
    return grant


def _over(
    name: str, grant: CompiledGrant, number: int, amount: float, used: Mapping[str, Used]
) -> Added | None:
    rates, spend = grant.grant.rates, grant.spend
    if grant.counted:
        before = used.get(rate_scope(name, grant), _NONE)
        for window, limit, so_far in (
            ("an hour", rates.hour, before.hour),
            ("a day", rates.day, before.day),
        ):
            if limit is not None and so_far + number > limit:
                detail = f"{so_far} writes in {window} and {number} more"
                return Added("rate_limit", f"{_called(grant)}: {detail}; {limit} are granted")
    if spend is not None:
        before = used.get(spend_scope(name, grant), _NONE)
        for window, most, sum_ in (
            ("an hour", spend.hour, before.hour_amount),
            ("a day", spend.day, before.day_amount),
        ):
            if most is not None and _beyond(sum_ + amount, most):
                detail = f"{sum_:g} in {window} and {amount:g} more"
                return Added("spend_limit", f"{_called(grant)}: {detail}; {most:g} are granted")
    return None


def cost(agent: CompiledAgent, artifact: Artifact, used: Mapping[str, Used]) -> Metered:
    """What the task cost, and whether that is beyond its limit or that of the day."""
    scope, limit = cost_of(agent, artifact)
    found, usd = Metered(), artifact.cost.usd
    if limit.task is None and limit.day is None:
        return found
    if usd is None:
        found.over.append(Added("cost_limit", "its cost is limited and it does not say any"))
        return found
    if limit.task is not None and usd > limit.task:
        detail = f"it cost {usd:g} US dollars; {limit.task:g} are granted for a task"
        found.over.append(Added("cost_limit", detail))
    if limit.day is not None:
        found.charges.append(Charge(scope, 1, usd))
        before = used.get(scope, _NONE).day_amount
        if _beyond(before + usd, limit.day):
            detail = f"{before:g} US dollars today and {usd:g} more; {limit.day:g} are granted"
            found.over.append(Added("cost_limit", detail))
    return found


def _beyond(sum_: float, most: float) -> bool:
    """Whether a sum of floats is over a limit: 0.2 and 0.1 more are not over 0.3."""
    return sum_ > most and not isclose(sum_, most, rel_tol=_ROUNDING)


def _called(grant: CompiledGrant) -> str:
    return f"the limit of grant {grant.id} is reached"
