"""What the statements share: the tables, literals that must not be bound, small helpers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Table,
    bindparam,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import ColumnClause

from .. import columns, schema

tables = schema.Table.metadata.tables
artifact = tables["artifact"]
body = tables["artifact_body"]
reason = tables["reason"]
decision = tables["decision"]
effect = tables["effect"]
label = tables["label"]
audit = tables["audit"]
operation = tables["operation"]
item = tables["operation_item"]
counter = tables["counter"]
shape_counter = tables["shape_counter"]
alert = tables["alert"]
notice = tables["notice"]
policy = tables["policy"]
ruling = tables["ruling"]
usage = tables["usage"]
ledger = tables["ledger"]
spread = tables["spread"]
cap = tables["cap"]
stop = tables["stop"]

HOT = [artifact.c[name] for name in columns.HOT]
p = bindparam


def word(text: str) -> ColumnClause[str]:
    """A literal in the SQL itself: a bound status would hide a partial index from the planner."""
    return literal_column(f"'{text}'")


def number(value: int) -> ColumnClause[int]:
    """A number in the SQL itself."""
    return literal_column(str(value))


NULL: ColumnClause[Any] = literal_column("NULL")


def fill(table: Table, *leave_out: str, **fixed: Any) -> Insert:
    """An insert of one row with a parameter for each column, but for the `fixed` ones."""
    values: dict[str, Any] = {
        c.name: bindparam(c.name) for c in table.columns if c.name not in leave_out
    }
    return insert(table).values(values | fixed)


def taken(*which: ColumnElement[bool]) -> Executable:
    """Gives the effects that are due, the longest due first, to a worker for a lease."""
    e = effect.c
    due = (
        select(e.id)
        .where(e.state == word("scheduled"), *which, e.due_at <= p("now"))
        .order_by(e.due_at, e.id)
        .limit(p("limit"))
    )
    return (
        update(effect)
        .where(e.id.in_(due.scalar_subquery()))
        .values(
            state=word("running"),
            worker=p("worker_"),
            attempts=e.attempts + number(1),
            fence=e.fence + number(1),
            lease_until=p("until_"),
        )
        .returning(e.id, e.artifact_id, e.kind, e.attempts, e.fence, e.lease_until)
    )
