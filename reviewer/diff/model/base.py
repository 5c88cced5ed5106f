"""What all diffs share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeAlias

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
