"""A member of a group as facets: every value of it by where it stands, lists without their order.

`Key(write, side, path)`: `side` is `before`, `after`, or `about` for what is the artifact's own or
the write's (resource, precondition).  Values are tuples of JSON scalars, one for each element where
the path goes through a list; `{}` and `[]` stand for empty containers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from reviewer.diff.states import Content, Json, State, after_state, before_state

from .patterns import key_pattern

if TYPE_CHECKING:
    from reviewer.domain.artifact import Artifact
    from reviewer.domain.writes import Write

MOST: Final = 3_000
"""Values of one member that are compared; a larger member is lifted out of its group."""
WRITES: Final = 20

Side: TypeAlias = Literal["about", "before", "after"]
Scalar: TypeAlias = str | int | float | bool | None


class Key(NamedTuple):
    """Where a value stands; `write` counts from 0, -1 for the artifact itself."""

    write: int
    side: Side
    path: str


@dataclass(frozen=True, slots=True)
class Facets:
    """All values of one member; `cut` where there were more."""

    values: Mapping[Key, tuple[Scalar, ...]]
    cut: bool


def facets_of(artifact: Artifact) -> Facets:
    """The facets of an artifact."""
    found: dict[Key, list[Scalar]] = {}
    left = MOST
    for key, value in _all(artifact):
        left -= 1
        if left < 0:
            break
        found.setdefault(key, []).append(value)
    cut = left < 0 or len(artifact.writes) > WRITES
    return Facets({key: tuple(values) for key, values in found.items()}, cut)


def _all(artifact: Artifact) -> Iterator[tuple[Key, Scalar]]:
    for number, write in enumerate(artifact.writes[:WRITES]):
        yield from _write(number, write)
    about = {
        "confidence": artifact.confidence,
        "risk": str(artifact.risk),
        "act as": artifact.identity.act_as,
        "on behalf of": artifact.identity.on_behalf_of,
        "agent version": artifact.agent.version,
        "model": artifact.agent.model,
        "expires": "set" if artifact.expires_at else "",
    }
    for name, value in about.items():
        if value not in ("", None):
            yield Key(-1, "about", name), value
    for scope in artifact.identity.scopes:
        yield Key(-1, "about", "scopes"), scope


def _write(number: int, write: Write) -> Iterator[tuple[Key, Scalar]]:
    yield Key(number, "about", "resource"), write.resource
    if write.precondition is not None:
        for name, value in write.precondition:
            if value is not None:
                yield Key(number, "about", f"precondition {name}"), value
    try:
        states: tuple[State, State] = before_state(write), after_state(write)
    except ValueError:  # a patch that does not apply; the shape keeps its steps apart
        return
    sides: tuple[Side, Side] = ("before", "after")
    for side, state in zip(sides, states, strict=True):
        for name, text in state.values.items():
            if text is not None:
                yield Key(number, side, name), text
        for name, part in state.parts.items():
            for path, value in _content(name, part.content):
                yield Key(number, side, path), value


def _content(name: str, content: Content) -> Iterator[tuple[str, Scalar]]:
    if isinstance(content, Json):
        path = "" if name in _BARE else name
        for below, value in _leaves(content.value):
            yield (path + below if path else below.lstrip("/")), value
    elif isinstance(content, tuple):
        for entry in content:
            yield name, entry
    elif isinstance(content, bytes):
        yield f"{name} (bytes)", len(content)
    elif content is not None:
        yield name, content


_BARE: Final = {"record", "arguments"}
"""Parts that are the whole document: their fields need no name before them."""


def _leaves(value: Any) -> Iterator[tuple[str, Scalar]]:
    todo: list[tuple[str, Any]] = [("", value)]
    while todo:
        path, item = todo.pop()
        if isinstance(item, dict) and item:
            todo += reversed([(f"{path}/{key_pattern(k)}", inner) for k, inner in item.items()])
        elif isinstance(item, list) and item:
            todo += reversed([(f"{path}/[]", inner) for inner in item])
        else:
            yield path, "{}" if item == {} else "[]" if item == [] else item


def name_of(key: Key, several: bool) -> str:
    """A facet's name for people: `refund.amount`, with the write's number where `several`."""
    path = key.path.strip("/").replace("/[]", "[]").replace("/", ".")
    return f"{key.write + 1}: {path}" if several and key.write >= 0 else path
