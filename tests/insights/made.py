"""Made-up decisions, and how Hypothesis makes them."""

from __future__ import annotations

import math
import random
from typing import Any

from hypothesis import strategies as st

from reviewer.domain.instant import HOUR, MINUTE, SECOND
from reviewer.domain.views import Fact

NOON = 1_790_251_200_000_000
"""2026-09-24T12:00:00Z, a Thursday."""
DECISIONS = ("approve", "edit", "reject", "respond", "reassign", "snooze", "escalate")


def fact(at: int = NOON, **changes: Any) -> Fact:
    """A decision; everything can be said otherwise."""
    given: dict[str, Any] = {
        "at": at,
        "artifact_id": "a1",
        "decision": "approve",
        "actor": "mia",
        "actor_kind": "person",
        "agent": "refund-bot",
        "agent_version": "2.3",
        "kind": "refund",
        "queue": "billing",
        "created_at": at - 10 * MINUTE,
        "due_at": at + HOUR,
        "usd": 0.03,
        "seconds": 14.0,
        "dwell_ms": 9_000,
        "distance": None,
        "outcome": "",
        "reasons": (),
        "bulk": False,
    }
    return Fact(**(given | changes))


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """Any decision in three weeks around a change of clocks."""
    at = 1_792_500_000_000_000 + draw(st.integers(0, 21 * 24 * 3600)) * SECOND
    decision = draw(st.sampled_from(DECISIONS))
    terminal = decision in DECISIONS[:4]
    return fact(
        at,
        decision=decision,
        actor=draw(st.sampled_from("abc")),
        actor_kind=draw(st.sampled_from(["person", "policy"])),
        agent=draw(st.sampled_from(["refund-bot", "coder", "\x1b[31m", "=1+1"])),
        agent_version=draw(st.sampled_from(["", "1", "2"])),
        queue=draw(st.sampled_from(["billing", "code"])),
        created_at=at - draw(st.integers(0, 10**12)),
        due_at=at + draw(st.integers(-(10**11), 10**11)),
        usd=draw(st.none() | st.floats(0, 100, allow_nan=False)),
        seconds=draw(st.none() | st.floats(0, 1000, allow_nan=False)),
        dwell_ms=draw(st.integers(0, 100_000)) if terminal else 0,
        distance=draw(st.floats(0, 1)) if decision == "edit" else None,
        outcome=draw(st.sampled_from(["", "applied", "failed", "rolled_back", "drifted"])),
        bulk=draw(st.booleans()),
    )


def morning(number: int, end: int, hours: float = 24, seed: int = 8841) -> list[Fact]:
    """Decisions of three people on four agents' artifacts in the hours up to `end`, oldest first.

    One agent gets a worse version half-way, so that there is something to see.
    """
    chance = random.Random(seed)
    found = []
    for index in range(number):
        part = index / number
        # three tides of work, as of people who come, eat and go
        tide = part + math.sin(part * 6 * math.pi) / (7 * math.pi)
        at = end - round((1 - tide) * hours * HOUR) - chance.randrange(30 * SECOND)
        agent, queue = chance.choice(
            [("refund-bot", "billing"), ("refund-bot", "billing"), ("crm-sync", "sales"),
             ("coder", "code"), ("mailer", "support")]
        )  # fmt: skip
        version = ("2.3" if part < 0.5 else "2.4") if agent == "refund-bot" else "1.4"
        bad = 4 if version == "2.4" else 1
        decision = chance.choices(DECISIONS[:4], [9, 2 * bad, bad, 0.6])[0]
        waited = round(chance.lognormvariate(6.0 + math.sin(part * 9), 1.1) * SECOND)
        found.append(
            fact(
                at,
                artifact_id=f"a{index}",
                decision=decision,
                actor=chance.choices(["ada", "mia", "ben"], [5, 3, 2])[0],
                agent=agent,
                agent_version=version,
                queue=queue,
                created_at=at - waited,
                due_at=at - waited + HOUR,
                usd=round(chance.lognormvariate(-3.2, 0.6), 4),
                dwell_ms=chance.randrange(2_000, 90_000),
                distance=min(1.0, chance.betavariate(1.2, 6)) if decision == "edit" else None,
                outcome=chance.choices(["applied", "", "failed", "rolled_back"], [8, 3, 0.4, 0.2])[
                    0
                ],
                bulk=chance.random() < 0.15,
            )
        )
    return found
