"""A whole write: facts and sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .base import Counts
from .data import BinaryDiff, FieldDiff, ListDiff, TableDiff
from .text import LineDiff


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
