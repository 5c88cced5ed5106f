"""Statements on policies, rulings, the ledger, caps and kill switches.

Upserts are written out: Core knows them only by dialect, and both dialects write them alike.
"""

from __future__ import annotations

from sqlalchemy import func, select, text, tuple_, update
from sqlalchemy.sql.expression import Executable
from sqlalchemy.sql.selectable import ScalarSelect

from ..tallies import TALLY
from .common import (
    HOT,
    artifact,
    body,
    cap,
    decision,
    effect,
    fill,
    ledger,
    number,
    p,
    policy,
    ruling,
    shape_counter,
    spread,
    stop,
    usage,
    word,
)

a, r, d, e, po = artifact.c, ruling.c, decision.c, effect.c, policy.c
_CAPPED = cap.c.state == word("capped")
_ROW = [
    po.digest,
    po.text,
    po.state,
    po.note,
    po.proposed_by,
    po.proposed_at,
    po.activated_by,
    po.activated_at,
]
_ADMISSION = [
    r.artifact_id,
    r.at,
    a.public_id,
    a.digest,
    body.c.payload,
    r.document,
    a.status,
    a.decision,
    a.decided_by,
    d.actor_kind,
    a.decided_at,
    a.outcome,
]
_OF_ADMISSION = (
    ruling.join(artifact, a.id == r.artifact_id)
    .outerjoin(body, body.c.id == r.artifact_id)
    # the terminal decision that stands is the one on the revision before
    .outerjoin(
        decision,
        (d.artifact_id == a.id) & (d.revision == a.revision - number(1)) & (a.decision != word("")),
    )
)
_OPEN = (e.state == word("scheduled")) & (a.status == word("approved"))


def _cap_of(kind: object) -> ScalarSelect[str]:
    of_kind = (cap.c.agent == p("agent")) & (cap.c.kind == kind)
    return select(cap.c.mode).where(of_kind, _CAPPED).scalar_subquery()


def _sums(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = ledger.{name} + excluded.{name}" for name in names)


STATEMENTS: dict[str, tuple[Executable, str]] = {
    "in_force": (
        select(
            select(po.digest).where(po.state == word("active")).scalar_subquery(),
            select(number(1)).where(stop.c.agent == p("agent")).exists(),
            select(number(1)).where(stop.c.agent == word("*")).exists(),
            _cap_of(p("kind")),
            _cap_of(word("")),
        ),
        "The policy in force, whether an agent or all are stopped, its caps.",
    ),
    "policy_digest": (
        select(po.digest).where(po.state == word("active")),
        "The digest of the policy in force.",
    ),
    "policy_text": (select(po.text).where(po.digest == p("digest")), "The text of a policy."),
    "policy_get": (select(*_ROW).where(po.digest == p("digest")), "A policy by its digest."),
    "policy_active": (select(*_ROW).where(po.state == word("active")), "The policy in force."),
    "policies": (select(*_ROW).order_by(po.id.desc()), "All policies, newest first."),
    "policy_insert": (fill(policy, "id"), "A policy as it was proposed."),
    "policy_propose": (
        update(policy)
        .where(po.digest == p("digest_"))
        .values(
            state=word("proposed"),
            note=p("note_"),
            proposed_by=p("who_"),
            proposed_at=p("at_"),
            activated_by=word(""),
            activated_at=text("NULL"),
        ),
        "Proposes a policy of before again.",
    ),
    "policy_retire": (
        update(policy).where(po.state == word("active")).values(state=word("retired")),
        "The policy in force is that no more.",
    ),
    "policy_activate": (
        update(policy)
        .where(po.digest == p("digest_"))
        .values(state=word("active"), activated_by=p("who_"), activated_at=p("at_")),
        "Puts a policy in force.",
    ),
    "ruling_insert": (fill(ruling), "What was known and ruled at an admission."),
    "stored_ruling": (
        select(r.document).where(r.artifact_id == p("artifact_id")),
        "What is stored of an admission.",
    ),
    "ruling_get": (
        select(*_ADMISSION).select_from(_OF_ADMISSION).where(a.public_id == p("public_id")),
        "An admission with what became of it.",
    ),
    "rulings_after": (
        select(*_ADMISSION)
        .select_from(_OF_ADMISSION)
        .where(tuple_(r.at, r.artifact_id) > tuple_(p("at"), p("after")), r.at < p("until"))
        .order_by(r.at, r.artifact_id)
        .limit(p("limit")),
        "Admissions by time with what became of them.",
    ),
    "usage_add": (
        text(
            "INSERT INTO usage (scope, bucket, number, amount)"
            " VALUES (:scope, :bucket, :number, :amount)"
            " ON CONFLICT (scope, bucket) DO UPDATE SET"
            " number = usage.number + excluded.number, amount = usage.amount + excluded.amount"
        ),
        "Adds to what was used of a scope.",
    ),
    "usage_forget": (
        usage.delete().where(usage.c.scope == p("scope_"), usage.c.bucket < p("before")),
        "Forgets what no limit asks for any more.",
    ),
    "usage_since": (
        select(usage.c.bucket, usage.c.number, usage.c.amount)
        .where(usage.c.scope == p("scope"), usage.c.bucket > p("since"))
        .order_by(usage.c.bucket),
        "What was used of a scope since a time.",
    ),
    "shape_history": (
        select(shape_counter.c.decided, shape_counter.c.rejected).where(
            shape_counter.c.shape == p("shape")
        ),
        "How often people decided on a shape, and how often they rejected.",
    ),
    "ledger_add": (
        text(
            f"INSERT INTO ledger (agent, kind, bucket, version, {', '.join(TALLY)})"
            f" VALUES (:agent, :kind, :bucket, :version, {', '.join(f':{n}' for n in TALLY)})"
            f" ON CONFLICT (agent, kind, bucket, version) DO UPDATE SET {_sums(TALLY)}"
        ),
        "Adds a tally to a bucket.",
    ),
    "ledger_window": (
        select(*(func.coalesce(func.sum(ledger.c[name]), number(0)) for name in TALLY)).where(
            ledger.c.agent == p("agent"),
            ledger.c.kind == p("kind"),
            ledger.c.bucket > p("since"),
            ledger.c.bucket <= p("until"),
        ),
        "What an agent's kind adds up to in a window.",
    ),
    "ledger_version": (
        select(func.coalesce(func.sum(text("decided")), number(0))).select_from(
            select(ledger.c.decided)
            .where(
                ledger.c.agent == p("agent"),
                ledger.c.version == p("version"),
                ledger.c.kind == p("kind"),
                ledger.c.decided > number(0),
            )
            .limit(number(300))
            .subquery("found")
        ),
        "How many decisions there are on a version, counted no further than 300 buckets.",
    ),
    "ledger_since": (
        select(
            ledger.c.agent,
            ledger.c.version,
            ledger.c.kind,
            ledger.c.bucket,
            *(ledger.c[name] for name in TALLY),
        )
        .where(ledger.c.bucket >= p("since"))
        .order_by(ledger.c.bucket, ledger.c.agent, ledger.c.kind, ledger.c.version),
        "The buckets of all agents since a time.",
    ),
    "spread_of": (
        select(spread.c.n, spread.c.mean, spread.c.m2).where(
            spread.c.agent == p("agent"), spread.c.kind == p("kind"), spread.c.path == p("path")
        ),
        "The numbers that were approved under a path.",
    ),
    "spread_set": (
        text(
            "INSERT INTO spread (agent, kind, path, n, mean, m2)"
            " VALUES (:agent, :kind, :path, :n, :mean, :m2)"
            " ON CONFLICT (agent, kind, path) DO UPDATE SET"
            " n = excluded.n, mean = excluded.mean, m2 = excluded.m2"
        ),
        "Stores the numbers of a path.",
    ),
    "cap_set": (
        text(
            "INSERT INTO cap (agent, kind, state, mode, why, actor, at)"
            " VALUES (:agent, :kind, :state, :mode, :why, :actor, :at)"
            " ON CONFLICT (agent, kind, state) DO UPDATE SET mode = excluded.mode,"
            " why = excluded.why, actor = excluded.actor, at = excluded.at"
        ),
        "Caps an agent's kind, or proposes to lift a cap.",
    ),
    "cap_get": (
        select(cap.c.mode).where(
            cap.c.agent == p("agent"), cap.c.kind == p("kind"), cap.c.state == p("state")
        ),
        "One cap or proposal.",
    ),
    "cap_at": (
        select(cap.c.at).where(
            cap.c.agent == p("agent"), cap.c.kind == p("kind"), cap.c.state == p("state")
        ),
        "When something was told of an agent's kind.",
    ),
    "cap_delete": (
        cap.delete().where(
            cap.c.agent == p("agent_"), cap.c.kind == p("kind_"), cap.c.state == p("state_")
        ),
        "Takes a cap or a proposal away.",
    ),
    "caps": (
        select(cap.c.agent, cap.c.kind, cap.c.mode, cap.c.why, cap.c.actor, cap.c.at, cap.c.state)
        .where(_CAPPED | (cap.c.state == word("promotion")) | (cap.c.state == word("declined")))
        .order_by(cap.c.agent, cap.c.kind, cap.c.state),
        "All caps, proposals, and what was declined.",
    ),
    "stop_insert": (fill(stop), "Throws a kill switch."),
    "stop_get": (
        select(stop.c.agent, stop.c.why, stop.c.actor, stop.c.at).where(stop.c.agent == p("agent")),
        "One kill switch.",
    ),
    "stop_delete": (stop.delete().where(stop.c.agent == p("agent_")), "Takes a stop back."),
    "any_stop": (
        select(select(number(1)).select_from(stop).exists()),
        "Whether any kill switch is thrown.",
    ),
    "stops": (
        select(stop.c.agent, stop.c.why, stop.c.actor, stop.c.at).order_by(stop.c.agent),
        "The kill switches that are thrown.",
    ),
    "approvals_open": (
        select(e.due_at, e.id, *HOT)
        .join(artifact, a.id == e.artifact_id)
        .where(
            _OPEN,
            e.kind == word("deliver"),
            e.revision == a.revision - number(1),
            tuple_(e.due_at, e.id) > tuple_(p("due"), p("after")),
            (a.agent == p("agent")) | (p("agent") == word("*")),
        )
        .order_by(e.due_at, e.id)
        .limit(p("limit")),
        "Approvals that have not gone out, of one agent or of all.",
    ),
}
