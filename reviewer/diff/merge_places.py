"""Carrying an edit over to another proposal: a three-way merge, and its conflicts place by place.

A text merges by line, a JSON document by path, a head of JSON fields with a text below by field and
by line.  What cannot be read as JSON merges by line.  No conflict is settled without a choice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from reviewer.domain.errors import InputError
from reviewer.domain.strict_json import loads

from .merge import Conflict, JsonConflict, TextMerge, merge_json, merge_text
from .model import ABSENT
from .words import carried

Choice: TypeAlias = Literal["mine", "theirs", "both"]
Shape: TypeAlias = Literal["text", "json", "headed"]
Choices: TypeAlias = Mapping[int, Choice]

RULE: Final = "\n---\n"
"""Between the head of fields and the text below."""


@dataclass(frozen=True, slots=True)
class Place:
    """One conflict: where, and what stands there on each side; None where nothing does.

    `where` is a JSON pointer, empty for the whole document, or lines of the merged text.  `both`
    are the two changes together where they concern different words, else None.  All texts are
    hostile, `where` too.
    """

    where: str
    base: str | None
    mine: str | None
    theirs: str | None
    both: str | None = None


@dataclass(frozen=True)
class Carried:
    """An edit on another proposal: the places in conflict, and the text for any choice of them."""

    places: tuple[Place, ...]
    resolve: Callable[[Choices], str]

    def text(self, choices: Choices | None = None) -> str:
        """The merged text; a place without a choice keeps what is mine."""
        return self.resolve(choices or {})

    def open(self, choices: Choices) -> tuple[int, ...]:
        """The numbers of the places that nobody has settled."""
        return tuple(n for n in range(len(self.places)) if n not in choices)


def carry(base: str, mine: str, theirs: str, shape: Shape = "text") -> Carried:
    """What I made of `base`, on `theirs`."""
    try:
        if shape == "json":
            return _documents(*(loads(text) for text in (base, mine, theirs)))
        if shape == "headed":
            return _headed(base, mine, theirs)
    except InputError:
        pass  # what is typed need not be finished
    return _texts(merge_text(base, mine, theirs))


# ------------------------------------------------------------------------------------- texts


def _texts(merge: TextMerge) -> Carried:
    places: list[Place] = []
    line = 1
    for piece in merge.pieces:
        if isinstance(piece, Conflict):
            last = line + max(len(piece.mine), 1) - 1
            where = f"line {line}" if last == line else f"lines {line} to {last}"
            base, mine, theirs = (
                "".join(side) or None for side in (piece.base, piece.mine, piece.theirs)
            )
            places.append(Place(where, base, mine, theirs, piece.suggestion()))
            line += len(piece.mine)
        else:
            line += len(piece.lines)

    def resolve(choices: Choices) -> str:
        at = iter(range(len(places)))

        def choose(conflict: Conflict) -> Sequence[str]:
            number = next(at)
            chosen = choices.get(number, "mine")
            if chosen == "both":
                return (places[number].both or "",)
            return conflict.theirs if chosen == "theirs" else conflict.mine

        return merge.resolved(choose)

    return Carried(tuple(places), resolve)


# ------------------------------------------------------------------------------------- JSON


def _documents(base: Any, mine: Any, theirs: Any) -> Carried:
    merge = merge_json(base, mine, theirs)

    def resolve(choices: Choices) -> str:
        value = _settled(merge.value, merge.conflicts, choices)
        return json.dumps(value, ensure_ascii=False, indent=2)

    return Carried(tuple(map(_place, merge.conflicts)), resolve)


def _place(conflict: JsonConflict) -> Place:
    base, mine, theirs = map(_shown, (conflict.base, conflict.mine, conflict.theirs))
    return Place(conflict.path, base, mine, theirs, _both(conflict))


def _shown(value: Any) -> str | None:
    if value is ABSENT:
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _both(conflict: JsonConflict) -> str | None:
    sides = (conflict.base, conflict.mine, conflict.theirs)
    if not all(isinstance(side, str) for side in sides):
        return None
    text = carried(*sides)
    other = carried(conflict.base, conflict.theirs, conflict.mine)
    return text if text is not None and text == other else None


def _settled(value: Any, conflicts: Sequence[JsonConflict], choices: Choices) -> Any:
    for number, conflict in enumerate(conflicts):
        chosen = choices.get(number, "mine")
        if chosen != "mine":
            settled = conflict.theirs if chosen == "theirs" else _both(conflict)
            value = _put(value, conflict.path.split("/")[1:], settled)
    return value


def _put(value: Any, path: Sequence[str], new: Any) -> Any:
    """The document with another value at a path (RFC 6901), or without one; not the same object."""
    if not path:
        return new
    name = path[0].replace("~1", "/").replace("~0", "~")
    if isinstance(value, list | tuple):
        at = int(name)
        return [*value[:at], _put(value[at], path[1:], new), *value[at + 1 :]]
    made = dict(value)
    inner = _put(made.get(name), path[1:], new)
    if inner is ABSENT:
        made.pop(name, None)
    else:
        made[name] = inner
    return made


# --------------------------------------------------------------------- a head and a text


def head_of(text: str) -> tuple[dict[str, Any], str]:
    """The fields above the line `---` and the text below; raises `InputError` without it."""
    head, rule, below = text.partition(RULE)
    if not rule:
        raise InputError("the line '---' between the fields and the text is gone")
    found: dict[str, Any] = {}
    for line in filter(str.strip, head.split("\n")):
        name, _, value = line.partition(":")
        found[name.strip()] = loads(value)
    return found, below


def _headed(*sides: str) -> Carried:
    split = [head_of(side) for side in sides]
    heads = merge_json(*(fields for fields, _ in split))
    below = _texts(merge_text(*(text for _, text in split)))
    first = len(heads.conflicts)

    def resolve(choices: Choices) -> str:
        fields = _settled(heads.value, heads.conflicts, choices)
        head = "\n".join(
            f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()
        )
        rest = {number - first: choice for number, choice in choices.items() if number >= first}
        return head + RULE + below.text(rest)

    return Carried((*map(_place, heads.conflicts), *below.places), resolve)
