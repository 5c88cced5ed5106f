"""Statements on artifacts, their bodies, claims, reasons and counters."""

from __future__ import annotations

from sqlalchemy import case, func, select, update
from sqlalchemy.sql.expression import ColumnElement, Executable

from reviewer.domain.artifact import Risk

from .common import (
    HOT,
    NULL,
    alert,
    artifact,
    body,
    counter,
    fill,
    number,
    p,
    reason,
    shape_counter,
    word,
)

a, sc = artifact.c, shape_counter.c
_READY = (a.status == word("pending")) & a.snoozed_until.is_(None)
CRITICAL = Risk.CRITICAL.level


def _sum(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((wanted, counter.c.number), else_=number(0)))


_FREE = {"lease_owner": word(""), "lease_until": number(0)}

STATEMENTS: dict[str, tuple[Executable, str]] = {
    "artifact_insert": (
        fill(artifact, "id").returning(a.id),
        "A new artifact's hot row; answers with its number.",
    ),
    "body_insert": (fill(body), "Its wide row."),
    "artifact_get": (
        select(*HOT).where(a.public_id == p("public_id")),
        "The hot row of a public id.",
    ),
    "artifact_by_key": (
        select(*HOT).where(a.key == p("key"), a.agent == p("agent")),
        "The hot row of an agent's key.",
    ),
    "artifact_step": (
        update(artifact)
        .where(a.id == p("id_"), a.revision == p("was"))
        .values(
            status=p("status_"),
            queue=p("queue_"),
            revision=p("revision_"),
            rank=p("rank_"),
            approvers=p("approvers_"),
            assignee=p("assignee_"),
            snoozed_until=p("snoozed_until_"),
            expires_at=p("expires_at_"),
            lease_owner=p("lease_owner_"),
            lease_until=p("lease_until_"),
            escalated=p("escalated_"),
            decided_at=p("decided_at_"),
            effective_at=p("effective_at_"),
            reasons=p("reasons_"),
            decision=p("decision_"),
            decided_by=p("decided_by_"),
        ),
        "Everything that a step may change, guarded by the revision it started from.",
    ),
    "artifact_decide": (
        update(artifact)
        .where(a.id == p("id_"), a.revision == p("was"), a.status == word("pending"))
        .values(
            status=p("status_"),
            revision=p("revision_"),
            snoozed_until=NULL,
            decided_at=p("decided_at_"),
            effective_at=p("effective_at_"),
            decision=p("decision_"),
            decided_by=p("decided_by_"),
            **_FREE,
        ),
        "A terminal decision: only what it changes, so that fewer indexes move.",
    ),
    "artifact_link": (
        update(artifact).where(a.id == p("id_")).values(superseded_by=p("superseded_by_")),
        "Says which artifact came in an older one's place.",
    ),
    "artifact_outcome": (
        update(artifact).where(a.id == p("id_")).values(outcome=p("outcome_")),
        "What became of an approved artifact.",
    ),
    "body_get": (
        select(body.c.payload).where(body.c.id == p("id")),
        "The canonical JSON of an artifact.",
    ),
    "claim": (
        update(artifact)
        .where(a.id == p("id_"))
        .values(lease_owner=p("owner_"), lease_until=p("until_"), fence=a.fence + number(1))
        .returning(a.fence),
        "A lease with the next fencing token.",
    ),
    "renew": (
        update(artifact).where(a.id == p("id_")).values(lease_until=p("until_")),
        "A later end of the same lease.",
    ),
    "release": (
        update(artifact).where(a.id == p("id_")).values(**_FREE),
        "The end of a lease.",
    ),
    "lapse": (
        update(artifact)
        .where(a.lease_until > number(0), a.lease_until <= p("now"))
        .values(**_FREE)
        .returning(*HOT),
        "Ends the leases whose time is over, by their own index.",
    ),
    "snoozes_over": (
        select(*HOT)
        .where(
            a.status == word("pending"), a.snoozed_until.is_not(None), a.snoozed_until <= p("now")
        )
        .order_by(a.snoozed_until)
        .limit(p("limit")),
        "Snoozed artifacts whose time has come.",
    ),
    "wake": (
        update(artifact).where(a.id == p("id_")).values(snoozed_until=NULL),
        "Ends a snooze.",
    ),
    "expiries_over": (
        select(*HOT)
        .where(a.status == word("pending"), a.expires_at.is_not(None), a.expires_at <= p("now"))
        .order_by(a.expires_at)
        .limit(p("limit")),
        "Pending artifacts that expired.",
    ),
    "clocks_due": (
        select(
            select(number(1))
            .select_from(artifact)
            .where(a.lease_until > number(0), a.lease_until <= p("now"))
            .exists()
            | select(number(1))
            .select_from(artifact)
            .where(
                a.status == word("pending"),
                a.snoozed_until.is_not(None),
                a.snoozed_until <= p("now"),
            )
            .exists()
            | select(number(1))
            .select_from(artifact)
            .where(a.status == word("pending"), a.expires_at.is_not(None), a.expires_at <= p("now"))
            .exists()
            | select(number(1))
            .select_from(alert)
            .where(alert.c.state == word("waiting"), alert.c.at <= p("now"))
            .exists()
        ),
        "Whether a lease, a snooze or an expiry is over, or a step due, and not yet carried out.",
    ),
    "reason_insert": (fill(reason, "id"), "An escalation."),
    "reasons_of": (
        select(
            reason.c.code,
            reason.c.detail,
            reason.c.source,
            reason.c.score,
            reason.c.at,
            reason.c.evidence,
        )
        .where(reason.c.artifact_id == p("id"))
        .order_by(reason.c.id),
        "All escalations of an artifact, oldest first.",
    ),
    "counters": (
        select(
            counter.c.queue,
            counter.c.agent,
            counter.c.kind,
            counter.c.risk,
            counter.c.status,
            counter.c.number,
        ).where(counter.c.number > number(0)),
        "All counters.",
    ),
    "shape_number": (
        select(sc.number).where(sc.shape == p("shape"), sc.number > number(0)),
        "How many of a shape are ready; no row where there is none.",
    ),
    "shapes_largest": (
        select(sc.shape, sc.number)
        .where(sc.number > number(0), sc.shape != word(""))
        .order_by(sc.number.desc())
        .limit(p("limit")),
        "The shapes with the most ready artifacts.",
    ),
    "shapes_of_number": (
        select(sc.shape, sc.number)
        .where(sc.number == p("number"), sc.number > number(0), sc.shape != word(""))
        .limit(p("limit")),
        "Shapes with just so many ready artifacts.",
    ),
    "queue_counters": (
        select(
            counter.c.queue,
            _sum(counter.c.status == word("pending")),
            _sum(counter.c.status == word("snoozed")),
            _sum((counter.c.status == word("pending")) & (counter.c.risk == number(CRITICAL))),
        )
        .where(
            counter.c.number > number(0), counter.c.status.in_([word("pending"), word("snoozed")])
        )
        .group_by(counter.c.queue),
        "What is pending, put off, and critical in each queue.",
    ),
    "newest_id": (select(func.coalesce(func.max(a.id), number(0))), "The last artifact's number."),
}
