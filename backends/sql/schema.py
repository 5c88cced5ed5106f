"""The tables, as SQLModel classes; times are instants in microseconds, ids inside are numbers.

`artifact` is narrow and hot; `artifact_body` is wide and is never touched by claim or decide.
Triggers and the full-text index are the dialect's and stand in the migrations.
Importing this costs a quarter of a second: only migrations, tests and `prepare` do.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, MetaData, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

READY = "status = 'pending' AND snoozed_until IS NULL"
"""Pending and not put off: what people work on."""
ACTIVE = "state = 'active'"
"""The policy in force: there is at most one."""


class Table(SQLModel):
    """Base of all tables, with metadata of their own."""

    metadata = MetaData()


def _index(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _integer(**more: Any) -> Any:
    return Field(sa_type=BigInteger, **more)


def _string(**more: Any) -> Any:
    return Field(sa_type=Text, **more)


class Artifact(Table, table=True):
    """The hot row: everything that a list draws and that claim and decide read and write.

    `reasons` are chips, one code a line; `allowed` is separated by blanks; `approvers` is JSON;
    `shape` is the id of the shape at admission, empty where the body could not be read; `needs`
    are the ruling's conditions on decisions, one a line.  `own_shape` is the shape without the
    reasons that the policy added, empty where that is the same: by it is known what people made of
    its like before.
    """

    __tablename__: ClassVar[Any] = "artifact"
    __table_args__ = (
        # the key first, so that one index answers both "whose key" and "this key"
        UniqueConstraint("key", "agent", name="uq_artifact_key"),
        UniqueConstraint("public_id", name="uq_artifact_public"),
        _index("ix_ready_rank", "rank", "id", where=READY),
        _index("ix_ready_queue", "queue", "rank", "id", where=READY),
        _index("ix_ready_agent", "agent", "rank", "id", where=READY),
        _index("ix_ready_kind", "kind", "rank", "id", where=READY),
        _index("ix_ready_risk", "risk", "rank", "id", where=READY),
        _index("ix_ready_shape", "shape", "rank", "id", where=READY),
        _index("ix_ready_shape_due", "shape", "risk", "due_at", where=READY),
        _index("ix_ready_due", "queue", "due_at", where=READY),
        _index("ix_ready_oldest", "queue", "created_at", where=READY),
        _index("ix_ready_newest", "id", where=READY),
        _index("ix_ready_assignee", "assignee", "rank", "id", where=f"{READY} AND assignee <> ''"),
        _index("ix_ready_assigned", "rank", "id", where=f"{READY} AND assignee <> ''"),
        _index("ix_ready_owner", "owner", "rank", "id", where=f"{READY} AND owner <> ''"),
        _index("ix_ready_escalated", "rank", "id", where=f"{READY} AND escalated = 1"),
        _index("ix_ready_leased", "rank", "id", where=f"{READY} AND lease_until > 0"),
        _index(
            "ix_snoozed_rank",
            "rank",
            "id",
            where="status = 'pending' AND snoozed_until IS NOT NULL",
        ),
        _index("ix_lease_end", "lease_until", where="lease_until > 0"),
        _index(
            "ix_snooze_end",
            "snoozed_until",
            where="status = 'pending' AND snoozed_until IS NOT NULL",
        ),
        _index("ix_expiry", "expires_at", where="status = 'pending' AND expires_at IS NOT NULL"),
        _index("ix_decided", "decided_at", "id", where="status <> 'pending'"),
        _index("ix_decided_status", "status", "decided_at", "id", where="status <> 'pending'"),
        _index("ix_decided_agent", "agent", "decided_at", "id", where="status <> 'pending'"),
        _index("ix_decided_by", "decided_by", "decided_at", "id", where="status <> 'pending'"),
        _index("ix_decided_shape", "shape", "decided_at", "id", where="status <> 'pending'"),
        _index(
            "ix_stuck",
            "decided_at",
            "id",
            where="status = 'approved' AND outcome <> 'applied' AND outcome <> 'rolled_back'",
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    public_id: str = _string()
    key: str = _string()
    agent: str = _string()
    kind: str = _string()
    status: str = _string()
    queue: str = _string()
    risk: int = _integer()
    digest: str = _string()
    revision: int = _integer()
    due_at: int = _integer()
    rank: int = _integer()
    created_at: int = _integer()
    allowed: str = _string()
    quorum: int = _integer()
    approvers: str = _string()
    assignee: str = _string()
    owner: str = _string()
    snoozed_until: int | None = _integer(default=None)
    expires_at: int | None = _integer(default=None)
    on_expiry: str = _string()
    lease_owner: str = _string()
    lease_until: int = _integer()
    fence: int = _integer()
    escalated: int = _integer()
    decided_at: int | None = _integer(default=None)
    effective_at: int | None = _integer(default=None)
    title: str = _string()
    agent_version: str = _string()
    reasons: str = _string()
    confidence: float | None = None
    writes: int = _integer()
    supersedes: str = _string()
    superseded_by: str = _string()
    decision: str = _string()
    decided_by: str = _string()
    outcome: str = _string()
    policy: str = _string()
    shape: str = _string(sa_column_kwargs={"server_default": ""})
    usd: float | None = None
    seconds: float | None = None
    mode: str = _string(sa_column_kwargs={"server_default": "assisted"})
    needs: str = _string(sa_column_kwargs={"server_default": ""})
    own_shape: str = _string(sa_column_kwargs={"server_default": ""})


class ArtifactBody(Table, table=True):
    """The wide row: the canonical JSON (RFC 8785) as digested, and the text that is searched."""

    __tablename__: ClassVar[Any] = "artifact_body"
    id: int | None = Field(default=None, primary_key=True, foreign_key="artifact.id")
    payload: str = _string()
    search: str = _string()


class Reason(Table, table=True):
    """One escalation.  `leads` marks the first of its code on its artifact.

    `listed` and `rank` follow the artifact by trigger, for leading ones only: with them one index
    pages "ready artifacts with this reason, by rank".
    """

    __tablename__: ClassVar[Any] = "reason"
    __table_args__ = (
        Index("ix_reason_artifact", "artifact_id", "code"),
        _index("ix_reason_listed", "code", "rank", "artifact_id", where="listed = 1"),
    )
    id: int | None = Field(default=None, primary_key=True)
    artifact_id: int = _integer(foreign_key="artifact.id")
    code: str = _string()
    detail: str = _string()
    source: str = _string()
    score: float | None = None
    at: int = _integer()
    evidence: int | None = _integer(default=None)
    leads: int = _integer()
    listed: int = _integer()
    rank: int = _integer()


class Decision(Table, table=True):
    """One decision that was stored; `revision` is the one it was taken on.

    `writes` holds the final writes of an edit as JSON; `bulk` the bulk operation's id.
    """

    __tablename__: ClassVar[Any] = "decision"
    __table_args__ = (
        UniqueConstraint("operation_id", name="uq_decision_operation"),
        UniqueConstraint("artifact_id", "revision", name="uq_decision_revision"),
        _index("ix_decision_bulk", "bulk", "id", where="bulk <> ''"),
        Index("ix_decision_at", "at", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    operation_id: str = _string()
    artifact_id: int = _integer(foreign_key="artifact.id")
    revision: int = _integer()
    kind: str = _string()
    actor: str = _string()
    actor_kind: str = _string()
    at: int = _integer()
    digest: str = _string()
    digest_decided: str = _string()
    reasons: str = _string()
    comment: str = _string()
    writes: str | None = _string(default=None)
    effective_at: int | None = _integer(default=None)
    undone_at: int | None = _integer(default=None)
    bulk: str = _string()


class Effect(Table, table=True):
    """Work that follows from a decision, or from a step of a chain (the outbox).

    A notification belongs to no revision: its `revision` is 0, and its `kind` is `notify:` with
    step, turn, channel and person, so that there is one of each; what it says is in `notice`.

    `state`: scheduled, running, applied, failed, unknown, drifted, rolled_back, cancelled.
    """

    __tablename__: ClassVar[Any] = "effect"
    __table_args__ = (
        UniqueConstraint("artifact_id", "revision", "kind", name="uq_effect"),
        _index("ix_effect_due", "due_at", "id", where="state = 'scheduled'"),
        _index("ix_effect_notice", "due_at", "id", where="state = 'scheduled' AND revision = 0"),
        _index("ix_effect_unsent", "id", where="revision = 0 AND state IN ('failed', 'unknown')"),
        _index("ix_effect_lease", "lease_until", where="state = 'running'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    artifact_id: int = _integer(foreign_key="artifact.id")
    revision: int = _integer()
    kind: str = _string()
    state: str = _string()
    due_at: int = _integer()
    attempts: int = _integer()
    fence: int = _integer()
    worker: str = _string()
    lease_until: int = _integer()
    detail: str = _string()


class Label(Table, table=True):
    """The label of a terminal decision; it goes away when the decision is taken back."""

    __tablename__: ClassVar[Any] = "label"
    __table_args__ = (
        UniqueConstraint("artifact_id", "revision", name="uq_label"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True)
    artifact_id: int = _integer(foreign_key="artifact.id")
    revision: int = _integer()
    effective_at: int = _integer()
    document: str = _string()


class Audit(Table, table=True):
    """The hash-chained records, which are the feed as well; `artifact` is a public id."""

    __tablename__: ClassVar[Any] = "audit"
    __table_args__ = (Index("ix_audit_artifact", "artifact", "seq"),)
    seq: int | None = Field(default=None, primary_key=True)
    artifact: str = _string()
    event: str = _string()
    record: str = _string()
    previous: str = _string()
    hash: str = _string()


class Operation(Table, table=True):
    """A bulk decision as it was asked for, so that it can be taken up again after a crash."""

    __tablename__: ClassVar[Any] = "operation"
    __table_args__ = (UniqueConstraint("operation_id", name="uq_operation"),)
    id: int | None = Field(default=None, primary_key=True)
    operation_id: str = _string()
    actor: str = _string()
    request: str = _string()
    digest: str = _string()
    total: int = _integer()
    at: int = _integer()
    effective_at: int | None = _integer(default=None)


class OperationItem(Table, table=True):
    """One target of a bulk decision; `state` is todo, done or skipped (then with the refusal)."""

    __tablename__: ClassVar[Any] = "operation_item"
    __table_args__ = {"sqlite_with_rowid": False}
    operation: int = Field(primary_key=True, sa_type=BigInteger)
    n: int = Field(primary_key=True, sa_type=BigInteger)
    artifact: str = _string()
    revision: int = _integer()
    digest: str = _string()
    state: str = _string()
    code: str = _string()
    sentence: str = _string()


class Counter(Table, table=True):
    """How many artifacts there are of each sort, kept by triggers.

    `status` is the artifact's, or `snoozed` for pending ones that were put off.
    """

    __tablename__: ClassVar[Any] = "counter"
    __table_args__ = {"sqlite_with_rowid": False}
    queue: str = Field(primary_key=True, sa_type=Text)
    agent: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(primary_key=True, sa_type=Text)
    risk: int = Field(primary_key=True, sa_type=BigInteger)
    status: str = Field(primary_key=True, sa_type=Text)
    number: int = _integer()


class ShapeCounter(Table, table=True):
    """How many artifacts of each shape are ready (pending and not put off), kept by triggers.

    `decided` are the terminal decisions that people took on artifacts of this own shape and that
    stand, `rejected` those of them that were rejections.
    """

    __tablename__: ClassVar[Any] = "shape_counter"
    __table_args__ = (
        _index("ix_shape_number", "number", where="number > 0"),
        {"sqlite_with_rowid": False},
    )
    shape: str = Field(primary_key=True, sa_type=Text)
    number: int = _integer()
    decided: int = _integer(sa_column_kwargs={"server_default": "0"})
    rejected: int = _integer(sa_column_kwargs={"server_default": "0"})


class Policy(Table, table=True):
    """A policy file as it was proposed; `state` is proposed, active or retired."""

    __tablename__: ClassVar[Any] = "policy"
    __table_args__ = (
        UniqueConstraint("digest", name="uq_policy_digest"),
        Index(
            "uq_policy_active",
            "state",
            unique=True,
            sqlite_where=text(ACTIVE),
            postgresql_where=text(ACTIVE),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    digest: str = _string()
    text: str = _string()
    state: str = _string()
    note: str = _string()
    proposed_by: str = _string()
    proposed_at: int = _integer()
    activated_by: str = _string()
    activated_at: int | None = _integer(default=None)


class Ruling(Table, table=True):
    """What was known and ruled when an artifact was admitted, as JSON."""

    __tablename__: ClassVar[Any] = "ruling"
    __table_args__ = (Index("ix_ruling_at", "at", "artifact_id"),)
    artifact_id: int | None = Field(default=None, primary_key=True, foreign_key="artifact.id")
    at: int = _integer()
    document: str = _string()


class Usage(Table, table=True):
    """What was used of a rate or a spend in the bucket (5 minutes) that begins at `bucket`."""

    __tablename__: ClassVar[Any] = "usage"
    __table_args__ = {"sqlite_with_rowid": False}
    scope: str = Field(primary_key=True, sa_type=Text)
    bucket: int = Field(primary_key=True, sa_type=BigInteger)
    number: int = _integer()
    amount: float


class Ledger(Table, table=True):
    """What became of an agent's work of one kind and version in the bucket from `bucket` on."""

    __tablename__: ClassVar[Any] = "ledger"
    __table_args__ = (
        Index("ix_ledger_bucket", "bucket", "agent"),
        # holds what is counted as well, or the planner would rather walk all of the kind
        _index("ix_ledger_version", "agent", "version", "kind", "decided", where="decided > 0"),
        {"sqlite_with_rowid": False},
    )
    agent: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(primary_key=True, sa_type=Text)
    bucket: int = Field(primary_key=True, sa_type=BigInteger)
    version: str = Field(primary_key=True, sa_type=Text)
    decided: int = _integer()
    approved: int = _integer()
    edited: int = _integer()
    rejected: int = _integer()
    sampled: int = _integer()
    automatic: int = _integer()
    denied: int = _integer()
    failed: int = _integer()
    drifted: int = _integer()
    rolled_back: int = _integer()
    usd: float


class Spread(Table, table=True):
    """The numbers under one path of what was approved: how many, their mean, and M2.

    M2 is the sum of squared distances from the mean (Welford's method), so that one more and one
    less can be worked in without looking at the others.
    """

    __tablename__: ClassVar[Any] = "spread"
    __table_args__ = {"sqlite_with_rowid": False}
    agent: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(primary_key=True, sa_type=Text)
    path: str = Field(primary_key=True, sa_type=Text)
    n: int = _integer()
    mean: float
    m2: float


class Cap(Table, table=True):
    """The most that is left to an agent's kind (empty for all), or a proposal to lift that."""

    __tablename__: ClassVar[Any] = "cap"
    __table_args__ = {"sqlite_with_rowid": False}
    agent: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(primary_key=True, sa_type=Text)
    state: str = Field(primary_key=True, sa_type=Text)
    mode: str = _string()
    why: str = _string()
    actor: str = _string()
    at: int = _integer()


class Stop(Table, table=True):
    """A kill switch that is thrown, for one agent or `*` for all."""

    __tablename__: ClassVar[Any] = "stop"
    __table_args__ = {"sqlite_with_rowid": False}
    agent: str = Field(primary_key=True, sa_type=Text)
    why: str = _string()
    actor: str = _string()
    at: int = _integer()


class Alert(Table, table=True):
    """A step of an escalation chain: when, to whom (`target`), how; `notify` is one name a line.

    `state`: waiting, done, passed (a later repetition was due as well), cancelled.
    """

    __tablename__: ClassVar[Any] = "alert"
    __table_args__ = (
        _index("ix_alert_due", "at", "artifact_id", "step", "turn", where="state = 'waiting'"),
        {"sqlite_with_rowid": False},
    )
    artifact_id: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="artifact.id")
    step: int = Field(primary_key=True, sa_type=BigInteger)
    turn: int = Field(primary_key=True, sa_type=BigInteger)
    at: int = _integer()
    target: str = _string()
    page: int = _integer()
    notify: str = _string()
    state: str = _string()


class Notice(Table, table=True):
    """What the notification of an effect says and to whom, as JSON."""

    __tablename__: ClassVar[Any] = "notice"
    effect_id: int | None = Field(default=None, primary_key=True, foreign_key="effect.id")
    document: str = _string()
