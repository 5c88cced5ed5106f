"""Tables by cell: carrying out the drawn rows does to a table what the write does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import ABSENT, RowChange, TableDiff, form, same, table_diff
from reviewer.diff.rows import table_facts
from reviewer.domain.writes import RowsWrite, RowUpdate

from .strategies import scalars

columns = st.sampled_from(["name", "amount", "note"])
cells = st.dictionaries(columns, scalars, max_size=3)


@st.composite
def writes(draw: st.DrawFn) -> RowsWrite:
    ids = draw(st.lists(st.integers(0, 30), min_size=1, max_size=8, unique=True))
    inserted: list[dict[str, Any]] = []
    updated: list[RowUpdate] = []
    deleted: list[dict[str, Any]] = []
    for number in ids:
        kind = draw(st.sampled_from(["insert", "update", "delete"]))
        if kind == "insert":
            inserted.append({"id": number, **draw(cells)})
        elif kind == "delete":
            deleted.append({"id": number, **draw(cells)})
        else:
            after = draw(cells)
            before = {name: draw(scalars) for name in after if draw(st.booleans())}
            updated.append(RowUpdate(key={"id": number}, before=before, after=after))
    return RowsWrite(
        type="rows",
        system="db",
        resource="t",
        key_columns=["id"],
        inserted=inserted,
        updated=updated,
        deleted=deleted,
    )


def changes_of(row: RowChange, which: str) -> dict[str, Any]:
    return {c.column: getattr(c, which) for c in row.cells if getattr(c, which) is not ABSENT}


def carried_out(diff: TableDiff, kind: str, which: str) -> list[dict[str, Any]]:
    return [changes_of(row, which) for row in diff.rows if row.kind == kind]


@given(writes())
def test_the_drawn_rows_are_the_write(write: RowsWrite) -> None:
    diff = table_diff(write)
    assert carried_out(diff, "inserted", "after") == write.inserted
    assert carried_out(diff, "deleted", "before") == write.deleted
    updates = [row for row in diff.rows if row.kind == "updated"]
    for row, update in zip(updates, write.updated, strict=True):
        assert changes_of(row, "after") == {**update.key, **update.before, **update.after}
        assert changes_of(row, "before") == {**update.before, **update.key}
    assert len(diff.rows) == diff.inserted + diff.updated + diff.deleted
    assert diff.counts.added == len(write.inserted)


@given(writes())
def test_every_cell_that_differs_is_marked(write: RowsWrite) -> None:
    for row in table_diff(write).rows:
        for cell in row.cells:
            known = cell.before is not ABSENT and cell.after is not ABSENT
            assert cell.changed == (not known or form(cell.before) != form(cell.after))
            assert not known or cell.changed != same(cell.before, cell.after)


@given(writes())
def test_the_columns_are_all_that_are_named(write: RowsWrite) -> None:
    diff = table_diff(write)
    assert diff.columns[: len(diff.key_columns)] == diff.key_columns
    assert {cell.column for row in diff.rows for cell in row.cells} <= set(diff.columns)
    assert list(diff.rows) == diff.rows[:]
    with pytest.raises(IndexError):
        diff.rows[len(diff.rows)]


def codes(**fields: Any) -> set[str]:
    write = RowsWrite(type="rows", key_columns=["id"], **fields)
    return {fact.code for fact in table_facts(write)}


def test_what_cells_do_not_show_is_told() -> None:
    update = {"key": {"id": 1}, "before": {"a": 1}, "after": {"a": 2}}
    assert codes(updated=[update]) == set()
    assert codes(updated=[update | {"before": {}}]) == {"rows_blind"}
    assert codes(updated=[update, update]) == {"rows_twice"}
    assert codes(deleted=[{"id": 1}], inserted=[{"id": 1.0}]) == {"rows_twice"}
    assert codes(deleted=[{"id": 1}], inserted=[{"id": "1"}]) == set()
    assert codes(updated=[update | {"key": {"id": 1, "x": 2}}]) == {"rows_key"}
    assert codes(updated=[update | {"key": {"x": 2}}]) == {"rows_key"}
    assert codes(updated=[update | {"before": {"a": 1, "id": 7}}]) == {"rows_key"}
