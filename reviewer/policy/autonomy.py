"""Whether the policy may decide alone: the mode that is left, and what stands against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..domain.artifact import Artifact, Risk, artifact_digest
from ..domain.state import Added
from .agents import MODES, AgentPolicy, Autonomy, Budget, Mode
from .budget import spent
from .changes import Change
from .facts import Facts, Spread
from .pointers import ABSENT, general, nodes, number

MOST_FIELDS: Final = 100
"""Numbers of one artifact that are compared with those of before."""
MOST_NODES: Final = 20_000
"""Values of one document that are looked at for numbers."""
KNOWN: Final = 5
"""So many numbers must have been approved before a new one can be far from them."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the policy says of an agent's kind."""

    mode: Mode
    autonomy: Autonomy
    budget: Budget | None


def terms(agent: AgentPolicy, kind: str) -> Terms:
    """Mode, limits and budget of a kind: its own, else the agent's."""
    own = agent.kinds.get(kind)
    if own is None:
        return Terms(agent.mode, agent.autonomy, agent.budget)
    return Terms(own.mode or agent.mode, own.autonomy or agent.autonomy, own.budget or agent.budget)


def mode_left(agent: AgentPolicy, given: Terms, facts: Facts) -> tuple[Mode, list[Added]]:
    """The mode that is left of the policy's, and the reasons for which it is less."""
    mode, reasons = given.mode, []
    if not facts.standing.version_decided and _level(agent.new_version) < _level(mode):
        mode = agent.new_version
        reasons.append(Added("new_version", "nobody has decided on this version yet"))
    if facts.cap in MODES and _level(facts.cap) < _level(given.mode):
        mode = min(mode, MODES[_level(facts.cap)], key=_level)
        if given.budget is not None and spent(given.budget, facts.standing):
            reasons.append(_spent(facts))
        else:
            reasons.append(Added("capped", f"the agent is left at most {facts.cap}"))
    return mode, reasons


def numbers(changes: Iterable[Change]) -> dict[str, list[float]]:
    """The numbers that writes put there, by `TYPE SYSTEM POINTER`, indexes made `*`.

    At most `MOST_FIELDS` places; what is removed is not among them.  A backend keeps those of
    approved artifacts, so that `Facts.spreads` can tell what is usual.
    """
    return _numbers(changes)[0]


def _numbers(changes: Iterable[Change]) -> tuple[dict[str, list[float]], bool]:
    """The same, and whether there are more than were looked at."""
    found: dict[str, list[float]] = {}
    more = False
    for change in changes:
        for _, after in change.pairs:
            if after is ABSENT:
                continue
            for count, (at, value) in enumerate(nodes(after)):
                if count >= MOST_NODES:
                    more = True
                    break
                amount = number(value)
                if amount is None:
                    continue
                path = f"{change.type} {change.system} {general(at)}"[:500]
                if path in found or len(found) < MOST_FIELDS:
                    found.setdefault(path, []).append(amount)
                else:
                    more = True
    return found, more


def numbers_of(artifact: Artifact) -> dict[str, list[float]]:
    """The numbers of all writes of an artifact (see `numbers`)."""
    return numbers(map(Change, artifact.writes))


def against(
    artifact: Artifact,
    changes: Iterable[Change],
    risk: Risk,
    given: Terms,
    facts: Facts,
) -> Iterator[Added]:
    """Everything for which a person must see an artifact of an autonomous agent."""
    limits = given.autonomy
    if not artifact.writes:
        yield Added("escalated_by_agent", "it holds no write, only the agent's question")
    elif artifact.escalations:
        codes = ", ".join(dict.fromkeys(one.code for one in artifact.escalations))
        yield Added("escalated_by_agent", f"the agent itself escalated it: {codes}"[:500])
    yield from _confidence(artifact.confidence, limits)
    if risk.level > limits.risk.level:
        yield Added("high_risk", f"its risk is {risk}; alone goes at most {limits.risk}")
    if facts.shape_decided < limits.known_shapes:
        detail = f"its shape was decided {facts.shape_decided} times; {limits.known_shapes} needed"
        yield Added("new_shape", detail, "drift")
    if limits.spread is not None:
        found, more = _numbers(changes)
        yield from _far(found, limits.spread, facts.spreads)
        if more:  # behind so many others the one that matters would never be held against its like
            detail = "it holds more numbers than are compared with those that were approved"
            yield Added("far_value", detail, "drift")
    if facts.flags is None:
        yield Added("hidden_text", "nobody has looked for hidden characters")
    elif facts.flags:
        yield Added("hidden_text", f"{facts.flags} characters hide or mislead")
    if given.budget is not None and spent(given.budget, facts.standing):
        yield _spent(facts)
    if not in_cohort(artifact, limits.cohort):
        yield Added("cohort", f"it is live for {limits.cohort:.4g} of the subjects, not this one")


def _confidence(confidence: float | None, limits: Autonomy) -> Iterator[Added]:
    if confidence is None and limits.confidence > 0:
        yield Added("low_confidence", "the agent does not say how sure it is")
    elif confidence is not None and confidence < limits.confidence:
        detail = f"the agent is {confidence:g} sure; {limits.confidence:g} is needed"
        yield Added("low_confidence", detail, "policy", confidence)


def _far(
    found: Mapping[str, list[float]], most: float, spreads: Mapping[str, Spread]
) -> Iterator[Added]:
    """Numbers that are far from what was approved before, the farthest of each place."""
    for path, values in found.items():
        usual = spreads.get(path)
        if usual is None or usual.number < KNOWN:
            continue
        value = max(values, key=lambda one: abs(one - usual.mean))
        off = abs(value - usual.mean)
        # what was always the same number is far from every other, give or take a rounding
        if off > most * usual.deviation + 1e-9 * max(1.0, abs(usual.mean)):
            times = off / usual.deviation if usual.deviation > 0 else None
            how = f"{times:.1f} standard deviations" if times is not None else "it was never other"
            detail = f"{path} is {value:g}, usually {usual.mean:g}: {how}"
            yield Added("far_value", detail[:500], "drift", times)


def in_cohort(artifact: Artifact, share: float) -> bool:
    """Whether autonomy is live for the subject of an artifact, the same at every time.

    The subject is the one on whose behalf it was asked, else the agent's key; a larger share keeps
    every subject that a smaller one has.
    """
    if share >= 1.0:
        return True
    if share <= 0.0:
        return False
    subject = artifact.identity.on_behalf_of
    if not subject:
        subject = "key\n" + (artifact.key or artifact_digest(artifact))
    name = artifact.agent.name
    raw = hashlib.sha256(f"reviewer/cohort/1\n{name}\n{subject}".encode()).digest()
    return int.from_bytes(raw[:8], "big") < share * 2**64


def _spent(facts: Facts) -> Added:
    standing = facts.standing
    mistakes = f"{standing.mistakes} mistake{'s' * (standing.mistakes != 1)}"
    detail = f"{mistakes} in {standing.decided} decisions spent the error budget"
    return Added("budget_spent", detail, "budget")


def _level(mode: str) -> int:
    return MODES.index(mode)
