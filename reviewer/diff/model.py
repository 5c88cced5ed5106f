"""What a screen draws of a diff: frozen values without any widget.

Every text in these values may come from an artifact and is hostile: it reaches a terminal only
through `reviewer.untrusted`.  The sentences of a `Fact` are ours and hold no artifact text.
Offsets in marks count code points of the text they belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from .words import BlockMarks, Marks, block_marks

Kind: TypeAlias = Literal["same", "removed", "added", "changed"]
Op: TypeAlias = Literal["same", "removed", "added", "changed", "moved"]


class Absent(Enum):
    """The type of `ABSENT`: nothing was there, which is not the same as a JSON null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Counts:
    """How much changed, in the unit of the diff that it belongs to (lines, fields, rows, bytes).

    For lines and bytes a replaced one counts as removed and as added, as in `git diff --stat`.
    """

    added: int = 0
    removed: int = 0
    changed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.added + other.added, self.removed + other.removed, self.changed + other.changed
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


# ---------------------------------------------------------------------------------------- lines


class Block(NamedTuple):
    """A run of lines: `left[left_start:left_end]` became `right[right_start:right_end]`."""

    kind: Kind
    left_start: int
    left_end: int
    right_start: int
    right_end: int


@dataclass(frozen=True)
class LineDiff:
    """Two texts as lines with their exact terminators, and the runs that lead from one to other.

    `"".join(left)` and `"".join(right)` are the two texts, byte for byte.  The blocks cover both
    sides without a gap; `changed` blocks have lines on both sides.  `coarse` says that the diff is
    right but may be larger than it had to be (the exact search would have cost too much).  Where
    `whitespace_ignored`, `same` blocks may hold lines that differ in whitespace: `hidden` counts
    them.
    """

    left: Sequence[str]
    right: Sequence[str]
    blocks: tuple[Block, ...]
    coarse: bool = False
    whitespace_ignored: bool = False
    hidden: int = 0
    _marks: dict[int, BlockMarks | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def changed(self) -> bool:
        """Whether the two texts differ at all, ignored whitespace included."""
        return self.hidden > 0 or any(block.kind != "same" for block in self.blocks)

    @property
    def counts(self) -> Counts:
        """Lines added and removed."""
        changed = [block for block in self.blocks if block.kind != "same"]
        return Counts(
            added=sum(block.right_end - block.right_start for block in changed),
            removed=sum(block.left_end - block.left_start for block in changed),
        )

    def marks(self, block: int) -> BlockMarks | None:
        """The words that changed in a `changed` block: marks per left line and per right line.

        Computed when first asked for.  Marks may reach into a line's terminator.  None where the
        block is too large to look into: all of it counts as changed.
        """
        if block not in self._marks:
            at = self.blocks[block]
            self._marks[block] = block_marks(
                self.left[at.left_start : at.left_end], self.right[at.right_start : at.right_end]
            )
        return self._marks[block]


@dataclass(frozen=True, slots=True)
class Side:
    """One line on one side: its number from 1, its text, its terminator ('' at a ragged end).

    `marks` are the changed words as (start, end).  `show_ending` says that the terminator has to
    be drawn: it is part of what changed, or unlike that of the side's first line.
    """

    number: int
    text: str
    ending: str
    marks: Marks = ()
    show_ending: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn row of text; `block` is its index in `LineDiff.blocks`.

    In a unified view `removed` has only `left`, `added` only `right`, `same` both.  Side by side
    a `changed` line has both.
    """

    kind: Kind
    left: Side | None
    right: Side | None
    block: int


@dataclass(frozen=True, slots=True)
class Fold:
    """A run of unchanged rows that is folded away: how many, and the line numbers it starts at.

    `block` is what `opened` takes to unfold it.
    """

    count: int
    left_number: int
    right_number: int
    block: int


Row: TypeAlias = Line | Fold

# --------------------------------------------------------------------------------------- fields


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

# ----------------------------------------------------------------------------------------- rows


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


# ------------------------------------------------------------------------------ lists and bytes


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


# --------------------------------------------------------------------------------------- writes


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a write that no line of a diff shows, such as a mode or a rename.

    `sentence` is ours; `before` and `after` are the artifact's values (hostile text) or None.
    `alert` marks what a reviewer could overlook at a cost.
    """

    code: str
    sentence: str
    before: str | None = None
    after: str | None = None
    alert: bool = False


Body: TypeAlias = LineDiff | FieldDiff | TableDiff | ListDiff | BinaryDiff


@dataclass(frozen=True)
class Section:
    """One part of a write and its diff; `name` is ours (`body`, `to`, `statement`, ...).

    `language` is a pygments lexer name, `filename` a path to guess one by; both may be empty and
    both are hostile text.
    """

    name: str
    body: Body
    language: str = ""
    filename: str = ""


Base: TypeAlias = Literal["before", "proposed"]


@dataclass(frozen=True)
class WriteDiff:
    """The diff of one write: facts first, then the sections in the order to draw them.

    `title` is the write's own target (hostile text).  `base` says what the left side is: the
    state before, or the write as it was proposed (then the right side is the edited one).
    """

    type: str
    title: str
    base: Base
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]

    @property
    def changed(self) -> bool:
        """Whether left and right differ anywhere."""
        return bool(self.facts_changed or any(section.body.changed for section in self.sections))

    @property
    def facts_changed(self) -> tuple[Fact, ...]:
        """The facts whose value differs between the two sides."""
        return tuple(fact for fact in self.facts if fact.before != fact.after)

    @property
    def counts(self) -> Counts:
        """The counts of all sections together."""
        return sum((section.body.counts for section in self.sections), Counts())

    @property
    def coarse(self) -> bool:
        """Whether some text diff is right but may be larger than it had to be."""
        return any(isinstance(s.body, LineDiff) and s.body.coarse for s in self.sections)
