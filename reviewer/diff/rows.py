"""The diff of a table by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from reviewer.domain.writes import RowsWrite, RowUpdate

from .arrays import form, same
from .model import ABSENT, Cell, Fact, RowChange, TableDiff
from .virtual import VirtualRows


class TableRows(VirtualRows[RowChange]):
    """The rows that a write touches, made when asked for: inserted, updated, then deleted ones."""

    def __init__(self, write: RowsWrite) -> None:
        super().__init__(len(rows) for rows in (write.inserted, write.updated, write.deleted))
        self._write = write

    def row(self, part: int, offset: int) -> RowChange:
        """As `VirtualRows.row`."""
        write = self._write
        if part == 1:
            return _updated_row(write.updated[offset])
        if part == 0:
            return _whole_row("inserted", write.inserted[offset], write.key_columns)
        return _whole_row("deleted", write.deleted[offset], write.key_columns)


def table_diff(write: RowsWrite) -> TableDiff:
    """What a rows write does to its table, cell by cell; the rows are made when asked for."""
    columns = dict.fromkeys(write.key_columns)
    for row in (*write.inserted, *write.deleted):
        columns.update(dict.fromkeys(row))
    for update in write.updated:
        columns.update(dict.fromkeys((*update.key, *update.before, *update.after)))
    return TableDiff(
        table=write.resource,
        key_columns=tuple(write.key_columns),
        columns=tuple(columns),
        rows=TableRows(write),
        inserted=len(write.inserted),
        updated=len(write.updated),
        deleted=len(write.deleted),
    )


def table_facts(write: RowsWrite) -> tuple[Fact, ...]:
    """What the cells alone do not show: rows touched twice, incomplete keys, unknown old values."""
    keys = [*write.inserted, *write.deleted, *(update.key for update in write.updated)]
    names = set(write.key_columns)
    odd = sum(not names <= set(key) for key in keys)
    odd += sum(set(update.key) > names or _torn(update) for update in write.updated)
    twice = sum(n > 1 for n in Counter(_identity(key, write.key_columns) for key in keys).values())
    blind = sum(not set(update.after) <= set(update.before) for update in write.updated)
    facts: list[Fact] = []
    if odd:
        facts.append(
            Fact("rows_key", f"rows that do not name exactly the key columns: {odd}", alert=True)
        )
    if twice:
        facts.append(Fact("rows_twice", f"rows touched more than once: {twice}", alert=True))
    if blind:
        facts.append(
            Fact(
                "rows_blind", f"updates that do not say what was there before: {blind}", alert=True
            )
        )
    return tuple(facts)


def _torn(update: RowUpdate) -> bool:
    """Whether `before` and `key` disagree about the row."""
    return any(not same(update.before.get(name, old), old) for name, old in update.key.items())


def _identity(row: Mapping[str, Any], names: Sequence[str]) -> tuple[Any, ...]:
    """Equal for two rows whose key cells are the same JSON."""
    return tuple(_comparable(row.get(name)) for name in names)


def _comparable(value: Any) -> Any:
    if type(value) in (str, int):
        return value
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole else (form(value),)


def _whole_row(kind: str, row: Mapping[str, Any], keys: Sequence[str]) -> RowChange:
    if kind == "inserted":
        cells = {name: Cell(name, ABSENT, value, True) for name, value in row.items()}
        key = tuple(cells[name] for name in keys if name in cells)
        return RowChange("inserted", key, tuple(cells.values()))
    cells = {name: Cell(name, value, ABSENT, True) for name, value in row.items()}
    return RowChange("deleted", tuple(cells[n] for n in keys if n in cells), tuple(cells.values()))


def _updated_row(update: RowUpdate) -> RowChange:
    """Key cells first; a cell that the update does not set keeps its value."""
    names = dict.fromkeys((*update.key, *update.before, *update.after))
    cells: dict[str, Cell] = {}
    for name in names:
        old = update.key.get(name, update.before.get(name, ABSENT))
        new = update.after.get(name, old)
        cells[name] = Cell(name, old, new, not same(old, new))
    return RowChange("updated", tuple(cells[name] for name in update.key), tuple(cells.values()))
