"""The values that cross the Queue protocol: what a list, a screen, an agent, a worker gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .artifact import Artifact, Risk
from .decision import Kind, Refusal, Seen
from .lifecycle import State


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: the hot state and what a list draws; never the body.

    `shape` is the id of the shape that it was admitted under; `usd` and `seconds` are what the
    agent's run has cost, where the agent told.
    """

    state: State
    title: str
    agent_version: str = ""
    reasons: tuple[str, ...] = ()
    confidence: float | None = None
    writes: int = 0
    supersedes: str = ""
    superseded_by: str = ""
    decision: str = ""
    decided_by: str = ""
    outcome: str = ""
    shape: str = ""
    usd: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """An escalation as stored, with those that policy and people added."""

    code: str
    detail: str
    source: str
    score: float | None
    at: int
    evidence: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One artifact in full: its line, its body, all its escalations."""

    entry: Entry
    artifact: Artifact
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `next` and `previous` are opaque keyset cursors, None at an end."""

    entries: tuple[Entry, ...]
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many match; `exact` is False where counting stopped at a cap ("10,000+")."""

    number: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """The pending, unsnoozed artifacts of one shape.

    `due_at` is the earliest, `risk` the highest among them; `first` is the first by virtual
    deadline; `claimed_by_others` and `breaching` are how many of the `number` are so now.
    """

    shape: str
    number: int
    claimed_by_others: int
    breaching: int
    due_at: int
    risk: Risk
    first: Entry


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups, most numerous first, then by earliest due time, then by shape.

    `exact` is False where counting stopped at a cap: there may be more than the numbers say.
    """

    groups: tuple[Group, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """What lies in one queue now, but for `snoozed` without what was put off.

    `due_soon` is due within the hour and not breaching yet; `oldest_at` is when the oldest was
    handed in and `next_due_at` the earliest due time, None where nothing is pending; `critical`
    is how many are of that risk.
    """

    queue: str
    pending: int
    snoozed: int
    critical: int
    claimed: Count
    unclaimed: Count
    breaching: Count
    due_soon: Count
    escalated: Count
    oldest_at: int | None
    next_due_at: int | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease on an artifact: until when, and the fencing token to send with the decision."""

    item: Item
    fence: int
    until: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What a decision did; `effective_at` is when its undo window ends."""

    state: State
    operation_id: str
    decision: Kind
    effective_at: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One artifact of a bulk decision, bound to what was listed."""

    artifact_id: str
    revision: int
    digest: str


@dataclass(frozen=True, slots=True)
class BulkDecision:
    """One decision on many artifacts; each gets its own record.  No edits in bulk."""

    operation_id: str
    kind: Kind
    targets: tuple[Target, ...]
    reasons: tuple[str, ...] = ()
    comment: str = ""
    to: str = ""
    until: int | None = None
    seen: Seen = field(default_factory=lambda: Seen(bulk=True))


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk decision did: how many it decided, and every skipped id with its reason."""

    operation_id: str
    decided: int
    skipped: tuple[Refusal, ...]
    effective_at: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision as the agent gets it: with the final writes, after the undo window.

    `status` is that of the artifact, or `shadowed` where it is only recorded: then nothing is to
    be done whatever people say of it, and the agent knows at once.
    """

    artifact_id: str
    key: str
    status: str
    decision: str
    by: str
    at: int
    digest: str
    writes: tuple[dict[str, Any], ...] = ()
    reasons: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One audit record as the history shows it; `seq` orders all events of a queue."""

    seq: int
    at: int
    event: str
    artifact_id: str
    actor: str
    actor_kind: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Something happened to an artifact; `seq` is where to go on watching."""

    seq: int
    artifact_id: str
    event: str


@dataclass(frozen=True, slots=True)
class Effect:
    """Work that follows from a decision or a step of a chain, taken by one worker until `until`.

    `detail` are the particulars of what is to be done, where the kind alone does not say it: for
    `notify` which step, to whom, by which channel, about what.
    """

    id: int
    artifact_id: str
    kind: str
    state: str
    attempts: int
    fence: int
    until: int
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer to a submit; `created` is False where the same key and body was there before."""

    artifact_id: str
    digest: str
    status: str
    created: bool


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label with the artifact it is about, and later revisions' outcome, for exports."""

    artifact_id: str
    seq: int
    artifact: Artifact
    label: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as stored; `reasons` and `writes` are JSON texts that nobody has looked into."""

    operation: str
    revision: int
    kind: str
    actor: str
    actor_kind: str
    at: int
    digest: str
    digest_decided: str
    reasons: str
    comment: str
    writes: str | None
    effective_at: int | None
    undone: bool
    bulk: str


@dataclass(frozen=True, slots=True)
class StoredLabel:
    """A label as stored; `document` is a JSON text."""

    revision: int
    effective_at: int
    document: str


@dataclass(frozen=True, slots=True)
class StoredRow:
    """Everything that is stored of one artifact and of which the audit record speaks, unchecked.

    `payload` is None where the body is missing; `records` are the audit records filed under the
    artifact, oldest first: number, event, text; `ruling` is a JSON text, None where none is stored.
    """

    artifact_id: str
    agent: str
    key: str
    kind: str
    status: str
    digest: str
    revision: int
    title: str
    decision: str
    decided_by: str
    decided_at: int | None
    effective_at: int | None
    outcome: str
    payload: str | None
    decisions: tuple[StoredDecision, ...]
    labels: tuple[StoredLabel, ...]
    records: tuple[tuple[int, str, str], ...]
    ruling: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One decision that stands, with what is counted of it; `at` orders, times in microseconds.

    `decision` is any of the seven; `kind` and `queue` are the artifact's.  `dwell_ms`, `distance`
    and `outcome` are told of terminal decisions only: how long it was on screen (0 where that is
    not known), the normalised edit distance of an edit (None for others), and what became of the
    writes since (empty where nobody has said).  `bulk` is true for a part of a bulk decision.
    """

    at: int
    artifact_id: str
    decision: str
    actor: str
    actor_kind: str
    agent: str
    agent_version: str
    kind: str
    queue: str
    created_at: int
    due_at: int
    usd: float | None
    seconds: float | None
    dwell_ms: int
    distance: float | None
    outcome: str
    reasons: tuple[str, ...]
    bulk: bool


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One stored audit record: the exact canonical text and its hashes."""

    seq: int
    record: str
    previous: str
    hash: str
