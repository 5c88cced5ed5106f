"""What a screen draws of a diff: frozen values without any widget.

Every text in these values may come from an artifact and is hostile: it reaches a terminal only
through `reviewer.untrusted`.  The sentences of a `Fact` are ours and hold no artifact text.
Offsets in marks count code points of the text they belong to.
"""

from __future__ import annotations

from .base import ABSENT, Absent, Counts, Kind, Op
from .data import (
    BinaryDiff,
    Cell,
    Entry,
    FieldChange,
    FieldDiff,
    FieldFold,
    FieldRow,
    HexRow,
    ListDiff,
    Region,
    RowChange,
    TableDiff,
)
from .text import Block, Fold, Line, LineDiff, Row, Side
from .write import Base, Body, Fact, Section, WriteDiff

__all__ = [
    "ABSENT",
    "Absent",
    "Base",
    "BinaryDiff",
    "Block",
    "Body",
    "Cell",
    "Counts",
    "Entry",
    "Fact",
    "FieldChange",
    "FieldDiff",
    "FieldFold",
    "FieldRow",
    "Fold",
    "HexRow",
    "Kind",
    "Line",
    "LineDiff",
    "ListDiff",
    "Op",
    "Region",
    "Row",
    "RowChange",
    "Section",
    "Side",
    "TableDiff",
    "WriteDiff",
]
