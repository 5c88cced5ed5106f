"""What is known when an artifact is ruled on: only what the policy asks for is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from reviewer.domain.governance import BUCKET, Tally
from reviewer.domain.instant import DAY, HOUR
from reviewer.policy.facts import Asked, Facts, Spread, Standing, Used

from .in_force import InForce
from .transaction import Reader


def facts(
    reader: Reader, now: int, asked: Asked, force: InForce, draw: float, flags: int | None
) -> Facts:
    """Everything besides the artifact and the policy that a ruling rests on."""
    decided, rejected = (0, 0)
    if asked.shape:
        decided, rejected = reader.one("shape_history", shape=asked.shape) or (0, 0)
    return Facts(
        shape_decided=decided,
        shape_rejected=rejected,
        standing=_standing(reader, now, asked, force),
        used={scope: _used(reader, now, scope) for scope in asked.scopes},
        spreads=_spreads(reader, asked),
        stopped=force.stopped,
        cap=force.cap,
        draw=draw,
        flags=flags,
    )


def flagged(document: Mapping[str, Any]) -> int:
    """How many hidden or misleading characters the texts of an artifact's document hold."""
    from reviewer.untrusted.artifact import inspect_artifact

    return sum(flag.count for flag in inspect_artifact(document))


def window(reader: Reader, now: int, agent: str, kind: str, length: int) -> Tally:
    """What the buckets that reach into the last `length` microseconds add up to."""
    values = {"agent": agent, "kind": kind, "since": now - length - BUCKET, "until": now}
    return Tally(*reader.one("ledger_window", **values))


def _standing(reader: Reader, now: int, asked: Asked, force: InForce) -> Standing:
    if not asked.standing:
        return Standing()
    from reviewer.policy import budget

    of = {"agent": asked.agent, "kind": asked.kind}
    version = reader.one("ledger_version", **of, version=asked.version)[0]
    agent = force.policy.agent(asked.agent)
    found = budget.budget_of(agent.policy, asked.kind) if agent is not None else None
    if found is None:
        return Standing(version_decided=version)
    counted = window(reader, now, asked.agent, asked.kind, found.window)
    return budget.standing(found, counted, version)


def _used(reader: Reader, now: int, scope: str) -> Used:
    """What was used in any hour and any day: a bucket counts while any of it is in the window."""
    rows = reader.all("usage_since", scope=scope, since=now - DAY - BUCKET)
    hour = [row for row in rows if row[0] > now - HOUR - BUCKET]
    return Used(
        sum(row[1] for row in hour),
        sum(row[1] for row in rows),
        math.fsum(row[2] for row in hour),
        math.fsum(row[2] for row in rows),
    )


def _spreads(reader: Reader, asked: Asked) -> dict[str, Spread]:
    found = {}
    for path in asked.fields:
        row = reader.one("spread_of", agent=asked.agent, kind=asked.kind, path=path)
        if row is not None and row[0] > 0:
            number, mean, m2 = row
            deviation = math.sqrt(max(m2, 0.0) / (number - 1)) if number > 1 else 0.0
            found[path] = Spread(number, mean, deviation)
    return found
