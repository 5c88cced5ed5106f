"""JSON by path, tables by cell, lists by entry, bytes by region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from .base import ABSENT, Counts, Op
from .text import LineDiff


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One place of a JSON document that changed (RFC 6901 pointers).

    `before_path` points into the document before, `after_path` into the one after; None where the
    place is not there.  `added` and `removed` carry the whole value that came or went, `changed`
    carries a replaced value (other type or other scalar), `moved` an array element that stands at
    another place; what changed inside a moved element follows as changes of its own.  `text` is
    the diff within where both are long or multi-line strings.
    """

    op: Op
    before_path: str | None
    after_path: str | None
    before: Any = ABSENT
    after: Any = ABSENT
    text: LineDiff | None = None

    @property
    def path(self) -> str:
        """The pointer to show: where the value is now, or where it was."""
        return self.before_path or "" if self.after_path is None else self.after_path


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """Two JSON documents (`ABSENT` where there is none) and what lies between them.

    `entries` are the changes in document order and, between them, what stayed the same (whole
    values with the op `same`).  `counts` are leaves added and removed, and values changed or moved.
    """

    before: Any
    after: Any
    entries: tuple[FieldChange, ...]
    counts: Counts

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """The entries that are not the same."""
        return tuple(entry for entry in self.entries if entry.op != "same")

    @property
    def changed(self) -> bool:
        """Whether the two documents differ."""
        return any(entry.op != "same" for entry in self.entries)


@dataclass(frozen=True, slots=True)
class FieldFold:
    """Unchanged fields that are folded away: how many leaves."""

    count: int


FieldRow: TypeAlias = FieldChange | FieldFold


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `ABSENT` is "not given" (an update that does not say what was there before)."""

    column: str
    before: Any
    after: Any
    changed: bool


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of a table that is inserted, updated or deleted; `key` are its key cells."""

    kind: Literal["inserted", "updated", "deleted"]
    key: tuple[Cell, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class TableDiff:
    """What happens to a table: `rows` is a virtual sequence, in the order of the write.

    `columns` are all columns named anywhere, key columns first.
    """

    table: str
    key_columns: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[RowChange]
    inserted: int
    updated: int
    deleted: int

    @property
    def changed(self) -> bool:
        """Whether any row is touched."""
        return bool(self.inserted or self.updated or self.deleted)

    @property
    def counts(self) -> Counts:
        """Rows inserted, deleted and updated."""
        return Counts(self.inserted, self.deleted, self.updated)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, such as a recipient."""

    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class ListDiff:
    """Two lists of texts, in order."""

    entries: tuple[Entry, ...]

    @property
    def changed(self) -> bool:
        """Whether an entry came or went."""
        return any(entry.kind != "same" for entry in self.entries)

    @property
    def counts(self) -> Counts:
        """Entries added and removed."""
        kinds = [entry.kind for entry in self.entries]
        return Counts(added=kinds.count("added"), removed=kinds.count("removed"))


@dataclass(frozen=True, slots=True)
class Region:
    """Bytes that differ: one range of the bytes before became one range of the bytes after."""

    before_start: int
    before_end: int
    after_start: int
    after_end: int


@dataclass(frozen=True, slots=True)
class HexRow:
    """At most 16 bytes of a region: offset and bytes on each side (empty where a side has none)."""

    before_offset: int
    before: bytes
    after_offset: int
    after: bytes


@dataclass(frozen=True)
class BinaryDiff:
    """Two byte strings (None where there is none), the regions that differ, and a hex preview.

    `rows` is a virtual sequence over all bytes of all regions: no changed byte is left out.
    Digests are `sha256:` and hex of the bare bytes.
    """

    before: bytes | None = field(repr=False)
    after: bytes | None = field(repr=False)
    before_digest: str | None
    after_digest: str | None
    regions: tuple[Region, ...]
    rows: Sequence[HexRow] = field(repr=False)

    @property
    def changed(self) -> bool:
        """Whether the bytes differ."""
        return self.before != self.after

    @property
    def counts(self) -> Counts:
        """Bytes added and removed."""
        return Counts(
            added=sum(region.after_end - region.after_start for region in self.regions),
            removed=sum(region.before_end - region.before_start for region in self.regions),
        )
