"""Decisions: what one actor decides about one artifact, bound to the digest that was shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from .writes import Write


class Kind(StrEnum):
    """What can be decided."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    RESPOND = "respond"
    REASSIGN = "reassign"
    SNOOZE = "snooze"
    ESCALATE = "escalate"

    @property
    def terminal(self) -> bool:
        """Whether the artifact leaves `pending` by it."""
        return self in (Kind.APPROVE, Kind.EDIT, Kind.REJECT, Kind.RESPOND)


REASONS: dict[str, str] = {
    "wrong_value": "a value is wrong",
    "wrong_target": "the wrong resource or person",
    "not_needed": "this need not happen",
    "against_policy": "a rule forbids it",
    "missing_context": "not enough to judge it",
    "unsafe": "it could do harm",
    "poor_quality": "not good enough as written",
    "duplicate": "already done or proposed",
    "other": "another reason, said in words",
}
"""The reason codes that reject and bulk decisions ask for, in the order of the keys `1`…`9`."""

QUEUE_NAME = r"[a-z0-9][a-z0-9_.-]{0,63}"
"""How a queue is named, in an artifact as in a decision that moves one."""
QUEUE_NAMES = "a queue's name is small letters, digits, '.', '_' and '-', 64 at most"


def place_wrong(to: str) -> str:
    """Why nothing can be moved there, as a sentence; empty for a person or `queue:NAME`.

    A queue that no artifact could name would hold what nobody looks for.
    """
    name = to.removeprefix("queue:")
    if not name.strip():
        return "Say to whom it goes: a person, or queue:NAME."
    if name != to and not re.fullmatch(QUEUE_NAME, name):
        return f"{QUEUE_NAMES.capitalize()}."
    return ""


POLICY = "policy"
"""The id of the actor that a policy is; no person may be called so."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, an agent or the policy, and how that was established."""

    id: str
    kind: str = "person"
    roles: frozenset[str] = frozenset({"reviewer"})
    authenticated_by: str = "local"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was drawn before the decision: milliseconds on screen, lines, flags, the assistant.

    `sampled` is how many members of a `bulk` decision were looked at one by one before it.
    """

    dwell_ms: int = 0
    lines: int = 0
    flags: int = 0
    assistant_first: bool = False
    bulk: bool = False
    sampled: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on one digest, as a reviewer sends it.

    `operation_id` makes it idempotent: the same id is decided once, however often it is sent.
    `fence` is the claim's fencing token where the actor holds a claim.  `writes` belongs to edit
    (one entry for each proposed write, None where dropped), `to` to reassign and escalate (a
    person, or `queue:NAME`), `until` (instant, microseconds) to snooze.
    """

    kind: Kind
    artifact_id: str
    revision: int
    digest: str
    operation_id: str
    fence: int | None = None
    reasons: tuple[str, ...] = ()
    comment: str = ""
    writes: tuple[Write | None, ...] | None = None
    to: str = ""
    until: int | None = None
    seen: Seen = field(default_factory=Seen)


class Code(StrEnum):
    """The closed set of refusals."""

    STALE = "stale"
    CLAIMED_BY = "claimed_by"
    NOT_ALLOWED = "not_allowed"
    ALREADY_DECIDED = "already_decided"
    INVALID_EDIT = "invalid_edit"
    NOT_FOUND = "not_found"
    LOST_CLAIM = "lost_claim"
    TOO_LATE = "too_late"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, in a sentence a person understands."""

    code: Code
    sentence: str
    artifact_id: str = ""
