"""Where an artifact goes when no policy file says otherwise: its wish, and an SLA by risk."""

from __future__ import annotations

from ..domain.artifact import Artifact, Risk
from ..domain.instant import DAY, HOUR, MINUTE
from ..domain.lifecycle import Ruling

DEFAULT_QUEUE = "default"
SLA: dict[Risk, int] = {
    Risk.LOW: DAY,
    Risk.MEDIUM: 4 * HOUR,
    Risk.HIGH: HOUR,
    Risk.CRITICAL: 15 * MINUTE,
}


def route(artifact: Artifact, now: int) -> Ruling:
    """The ruling of the built-in policy: every write is seen by one person."""
    return Ruling(
        queue=artifact.queue or DEFAULT_QUEUE,
        risk=artifact.risk,
        due_at=now + SLA[artifact.risk],
        policy="built-in",
    )
