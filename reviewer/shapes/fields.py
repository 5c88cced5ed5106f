"""Which fields change and how, without their values: paths with a kind of change and types."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from .patterns import key_pattern

NODES: Final = 4_000
"""How many values of one artifact are looked at; a larger one is grouped by what was seen."""
DEEPEST: Final = 24
WIDEST: Final = 500
"""Entries of one object or array that are looked at."""
UNSORTED: Final = 20 * WIDEST
"""Names in two objects from which on they are not even put in order."""


class Absent:
    """The value of a field that is not there."""


ABSENT: Final = Absent()


class Field(NamedTuple):
    """One field: a path (steps after `/`, `[]` for any element), `+`, `-` or `~`, and its type.

    The type of a changed field is that before and that after, `text→number`, or one where they are
    the same.
    """

    path: str
    op: str
    type: str


class Budget:
    """How much may still be looked at; `spent` says that something was left out."""

    __slots__ = ("left", "spent")

    def __init__(self, nodes: int = NODES) -> None:
        self.left = nodes
        self.spent = False

    def take(self) -> bool:
        """Whether one more value may be looked at."""
        self.left -= 1
        if self.left < 0:
            self.spent = True
        return not self.spent

    def room(self, wanted: int, waiting: int) -> int:
        """How many of `wanted` parts may join those that are `waiting` to be looked at."""
        room = max(0, min(wanted, WIDEST, self.left - waiting))
        if room < wanted:
            self.spent = True
        return room


def type_of(value: Any) -> str:
    """The JSON type of a value in our words; an empty object or array is one of its own."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "bool"
    if isinstance(value, str):
        return "text"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, dict):
        return "object" if value else "empty object"
    return "list" if value else "empty list"


def fields(before: Any, after: Any, budget: Budget, at: str = "") -> set[Field]:
    """The leaves that differ between two JSON values; `ABSENT` for one that is not there.

    Elements of arrays are compared in order: for a shape it does not matter which element moved.
    """
    found: set[Field] = set()
    todo: list[tuple[str, Any, Any, int]] = [(at, before, after, 0)]
    while todo and budget.take():
        path, old, new, depth = todo.pop()
        if old is new:
            continue
        if depth < DEEPEST and _below(todo, path, old, new, depth + 1, budget):
            continue
        if old is ABSENT:
            found.add(Field(path, "+", type_of(new)))
        elif new is ABSENT:
            found.add(Field(path, "-", type_of(old)))
        elif type(old) is not type(new) or old != new:
            found |= _changed(path, old, new)
    return found


def _below(
    todo: list[tuple[str, Any, Any, int]], path: str, old: Any, new: Any, depth: int, budget: Budget
) -> bool:
    """Puts the parts of two containers (or of one that came or went) on the list."""
    if isinstance(old, list) or isinstance(new, list):
        left, right = _elements(old), _elements(new)
        if left is None or right is None or not (left or right):
            return False
        step = f"{path}/[]"
        for at in range(budget.room(max(len(left), len(right)), len(todo))):
            here = left[at] if at < len(left) else ABSENT
            there = right[at] if at < len(right) else ABSENT
            todo.append((step, here, there, depth))
        return True
    if isinstance(old, dict) or isinstance(new, dict):
        mine, yours = _entries(old), _entries(new)
        if mine is None or yours is None or not (mine or yours):
            return False
        if len(mine) + len(yours) > UNSORTED:
            budget.spent = True
            return False
        names = sorted(mine.keys() | yours.keys())
        for name in names[: budget.room(len(names), len(todo))]:
            step = f"{path}/{key_pattern(name)}"
            todo.append((step, mine.get(name, ABSENT), yours.get(name, ABSENT), depth))
        return True
    return False


def _elements(value: Any) -> list[Any] | None:
    return [] if value is ABSENT else value if isinstance(value, list) else None


def _entries(value: Any) -> dict[str, Any] | None:
    return {} if value is ABSENT else value if isinstance(value, dict) else None


def _changed(path: str, old: Any, new: Any) -> set[Field]:
    left, right = type_of(old), type_of(new)
    if left == right == "number" and old == new:
        return set()  # 1 and 1.0 are one number (RFC 8785)
    return {Field(path, "~", left if left == right else f"{left}→{right}")}
