"""Applies the changes of a JSON diff to the document before, which gives the one after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .model import ABSENT, FieldChange


class _Step(NamedTuple):
    """A change and what remains of its two paths below the value at hand."""

    change: FieldChange
    old: tuple[str, ...] | None
    new: tuple[str, ...] | None

    def depth(self) -> int:
        return len(self.old if self.old is not None else self.new or ())

    def below(self) -> _Step:
        old, new = self.old, self.new
        return _Step(self.change, old[1:] if old else old, new[1:] if new else new)


def apply_changes(before: Any, changes: Iterable[FieldChange]) -> Any:
    """The document that all `changes` of a `field_diff` make of its `before`; shares parts with it.

    Raises ValueError where a change does not belong to this document.
    """
    steps = [
        _Step(change, _tokens(change.before_path), _tokens(change.after_path))
        for change in changes
        if change.op != "same"
    ]
    return _apply(before, steps)


def _tokens(path: str | None) -> tuple[str, ...] | None:
    if path is None:
        return None
    parts = path.split("/")[1:]
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def _apply(value: Any, steps: Sequence[_Step]) -> Any:
    if not steps:
        return value
    if steps[0].depth() == 0:
        return steps[0].change.after
    if isinstance(value, dict):
        return _apply_to_object(value, steps)
    if isinstance(value, list | tuple):
        return _apply_to_array(value, steps)
    raise ValueError("the change lies within a value that has no fields")


def _apply_to_object(value: Mapping[str, Any], steps: Sequence[_Step]) -> dict[str, Any]:
    done = dict(value)
    for name, inner in _grouped(steps, {}).items():
        result = _apply(done.get(name, ABSENT), inner)
        if result is ABSENT:
            del done[name]
        else:
            done[name] = result
    return done


def _apply_to_array(value: Sequence[Any], steps: Sequence[_Step]) -> list[Any]:
    """Elements that are not removed, added or moved keep their order in the places left."""
    gone: set[int] = set()
    come: dict[int, Any] = {}
    moved: dict[int, int] = {}
    inner: list[_Step] = []
    for step in steps:
        if step.depth() > 1 or step.change.op == "changed":
            inner.append(step)
        elif step.change.op == "added":
            come[int((step.new or ("",))[0])] = step.change.after
        elif step.change.op == "removed":
            gone.add(int((step.old or ("",))[0]))
        else:
            moved[int((step.new or ("",))[0])] = int((step.old or ("",))[0])
    still = iter([at for at in range(len(value)) if at not in gone and at not in moved.values()])
    size = len(value) - len(gone) + len(come)
    origin = {at: moved[at] if at in moved else next(still) for at in range(size) if at not in come}
    grouped = _grouped(inner, {str(at): str(old) for at, old in origin.items()})
    return [
        come[at] if at in come else _apply(value[origin[at]], grouped.get(str(origin[at]), []))
        for at in range(size)
    ]


def _grouped(steps: Sequence[_Step], origins: Mapping[str, str]) -> dict[str, list[_Step]]:
    """The steps by the field before that they lie in; `origins` maps fields after to it."""
    groups: dict[str, list[_Step]] = {}
    for step in steps:
        token = (
            step.old[0] if step.old else origins.get((step.new or ("",))[0], (step.new or ("",))[0])
        )
        groups.setdefault(token, []).append(step.below())
    return groups
