"""Statements on the steps of escalation chains and on their notifications."""

from __future__ import annotations

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.sql.expression import Executable

from .common import HOT, alert, artifact, effect, fill, notice, number, p, taken, word

al, e = alert.c, effect.c
_UNSENT = text("effect.revision = 0 AND effect.state IN ('failed', 'unknown')")
"""The very words of `ix_effect_unsent`, by which it is found."""
_WAITS = artifact.c.status == word("pending")
_THIS = (al.artifact_id == p("artifact_id_")) & (al.step == p("step_")) & (al.turn == p("turn_"))

STATEMENTS: dict[str, tuple[Executable, str]] = {
    "alert_insert": (fill(alert, state=word("waiting")), "A step to come."),
    "alerts_due": (
        select(al.at, al.step, al.turn, al.target, al.page, al.notify, *HOT)
        .join(artifact, artifact.c.id == al.artifact_id)
        .where(al.state == word("waiting"), al.at <= p("now"))
        .order_by(al.at, al.artifact_id, al.step, al.turn)
        .limit(p("limit")),
        "Steps that are due, with their artifacts.",
    ),
    "alert_due": (
        select(al.at)
        .where(al.state == word("waiting"), al.at <= p("now"))
        .order_by(al.at)
        .limit(number(1)),
        "When the first step was due that is not carried out yet.",
    ),
    "alert_at": (
        select(al.at, al.state).where(
            al.artifact_id == p("artifact_id"), al.step == p("step"), al.turn == p("turn")
        ),
        "When a step is due.",
    ),
    "alert_settle": (
        update(alert).where(_THIS, al.state == word("waiting")).values(state=p("state_")),
        "What became of a step.",
    ),
    "alert_defer": (
        update(alert).where(_THIS, al.state == word("waiting")).values(at=p("at_")),
        "Looks at a step again at another time.",
    ),
    "alert_any": (
        select(al.step).where(al.artifact_id == p("id")).limit(number(1)),
        "Whether an artifact has a chain.",
    ),
    "alerts_revive": (
        update(alert)
        .where(al.artifact_id == p("artifact_id_"), al.state == word("cancelled"))
        .values(state=word("waiting")),
        "An artifact is pending again: its steps are to come again.",
    ),
    "notify_insert": (
        insert(effect)
        .values(
            artifact_id=p("artifact_id"),
            revision=number(0),
            kind=p("kind"),
            state=word("scheduled"),
            due_at=p("due_at"),
            attempts=number(0),
            fence=number(0),
            worker=word(""),
            lease_until=number(0),
            detail=word(""),
        )
        .returning(e.id),
        "A notification to send; answers with its number.",
    ),
    "notice_insert": (fill(notice), "What a notification says."),
    "notice_of": (
        select(notice.c.document).where(notice.c.effect_id == p("id")),
        "What the notification of an effect says.",
    ),
    "notices_take": (
        taken(e.revision == number(0)),
        "Gives due notifications to a worker.",
    ),
    "notices_unsent": (
        select(
            e.id,
            artifact.c.public_id,
            artifact.c.status,
            e.state,
            e.detail,
            e.attempts,
            e.due_at,
            notice.c.document,
        )
        .join(artifact, artifact.c.id == e.artifact_id)
        .join(notice, notice.c.effect_id == e.id)
        .where(_UNSENT, e.id < p("before"), _WAITS | (p("everything") == number(1)))
        .order_by(e.id.desc())
        .limit(p("limit")),
        "Notifications that did not arrive or may not have, the newest first.",
    ),
    "notices_counted": (
        select(
            func.count().filter(e.state == word("failed")),
            func.count().filter(e.state == word("unknown")),
        )
        .select_from(effect.join(artifact, artifact.c.id == e.artifact_id))
        .where(_UNSENT, _WAITS),
        "How many of them there are of what waits.",
    ),
    "notices_due": (
        select(
            select(number(1))
            .select_from(effect)
            .where(e.state == word("scheduled"), e.revision == number(0), e.due_at <= p("now"))
            .exists()
            | select(number(1))
            .select_from(effect)
            .where(e.state == word("running"), e.lease_until <= p("now"))
            .exists()
        ),
        "Whether there is a notification to send, or a worker that went away.",
    ),
}
