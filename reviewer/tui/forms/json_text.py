"""A JSON text whose values can be replaced one by one, while everything else keeps its bytes.

Only what is looked at is taken apart: the parts of an object or array are found by the C scanner of
the standard library when somebody asks for them, so a text of some megabytes opens at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ...domain.errors import InputError
from ...domain.strict_json import loads

Path = tuple[str | int, ...]
Kind = Literal["object", "array", "string", "number", "boolean", "null"]

_BLANK: Final = re.compile(r"[ \t\n\r]*")
_SCANNER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_KINDS: Final[dict[str, Kind]] = {
    "{": "object", "[": "array", '"': "string", "t": "boolean", "f": "boolean", "n": "null",
}  # fmt: skip


def _node(text: str, start: int, stop: int) -> Node:
    return Node(text, start, stop, _KINDS.get(text[start], "number"))


def _parts_of(node: Node) -> list[Part]:
    text, at = node.text, _blank(node.text, node.start + 1)
    is_object = node.kind == "object"
    found: list[Part] = []
    while text[at] not in "}]":
        begin = at
        key: str | int = len(found)
        if is_object:
            key, at = _SCANNER.raw_decode(text, at)
            at = _blank(text, _blank(text, at) + 1)
        stop = _SCANNER.raw_decode(text, at)[1]
        found.append(Part(key, begin, at, stop, _node(text, at, stop)))
        at = _blank(text, stop)
        if text[at] == ",":
            at = _blank(text, at + 1)
    return found


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


@dataclass(slots=True)
class Part:
    """A member of an object or an item of an array.

    `start` and `stop` bound its value in the text of the node around it, `begin` is where its key
    begins (an item has none: where it begins itself).
    """

    key: str | int
    begin: int
    start: int
    stop: int
    node: Node


@dataclass(slots=True)
class Node:
    """One value: `text[start:stop]`, but for the parts that were replaced since."""

    text: str
    start: int
    stop: int
    kind: Kind
    split: Callable[[Node], list[Part]] = _parts_of
    _parts: list[Part] | None = None
    _places: dict[str | int, int] | None = None
    _changed: set[int] = field(default_factory=set)

    @property
    def parts(self) -> list[Part]:
        """Its members or items; none of anything else."""
        if self._parts is None:
            self._parts = self.split(self) if self.kind in ("object", "array") else []
        return self._parts

    def place(self, key: str | int) -> int | None:
        """The number of the part with this key, None where there is none."""
        if self.kind == "array":
            return key if isinstance(key, int) and 0 <= key < len(self.parts) else None
        if self._places is None:
            self._places = {part.key: number for number, part in enumerate(self.parts)}
        return self._places.get(key)

    @property
    def source(self) -> str:
        """Its JSON text as it stands now."""
        if not self._changed:
            return self.text[self.start : self.stop]
        pieces, at = [], self.start
        for number in sorted(self._changed):
            part = self.parts[number]
            pieces += [self.text[at : part.start], part.node.source]
            at = part.stop
        return "".join([*pieces, self.text[at : self.stop]])

    @property
    def value(self) -> Any:
        """Its value."""
        return json.loads(self.source)

    def replaced(self, number: int, node: Node) -> None:
        """Puts another node in the place of a part's, or notes that the part changed within."""
        self.parts[number].node = node
        self._changed.add(number)


def node_of(source: str) -> Node:
    """The node of a JSON text without blanks around it."""
    return _node(source, 0, len(source))


class JsonText:
    """A JSON document that is edited in place; raises `InputError` where the text is none."""

    def __init__(self, text: str) -> None:
        loads(text)
        start = _blank(text, 0)
        stop = _SCANNER.raw_decode(text, start)[1]
        self._around = (text[:start], text[stop:])
        self.root = _node(text, start, stop)

    @classmethod
    def of(cls, node: Node) -> JsonText:
        """A document of a node that was read already."""
        made = cls.__new__(cls)
        made._around = ("", "")
        made.root = node
        return made

    @property
    def text(self) -> str:
        """The document as it stands now."""
        return self._around[0] + self.root.source + self._around[1]

    @property
    def value(self) -> Any:
        """What the document says."""
        return self.root.value

    @property
    def in_lines(self) -> bool:
        """Whether it is set out in lines, so that what is put in shall be too."""
        return "\n" in self.root.text[self.root.start : self.root.stop]

    def find(self, path: Path) -> Node | None:
        """The node at a path, None where there is none."""
        node = self.root
        for key in path:
            number = node.place(key)
            if number is None:
                return None
            node = node.parts[number].node
        return node

    def put(self, path: Path, source: str) -> None:
        """Another value, as JSON text, in the place of the one at a path; KeyError for none."""
        self._place(path, node_of(source))

    def _place(self, path: Path, node: Node) -> None:
        if not path:
            self.root = node
            return
        around = self._way(path[:-1])
        place = around[-1].place(path[-1])
        if place is None:
            raise KeyError(path)
        around[-1].replaced(place, node)
        for outer, key, inner in zip(around, path, around[1:], strict=False):
            number = outer.place(key)
            assert number is not None
            outer.replaced(number, inner)

    def _way(self, path: Path) -> list[Node]:
        """The nodes from the root to a path."""
        nodes = [self.root]
        for key in path:
            number = nodes[-1].place(key)
            if number is None:
                raise KeyError(path)
            nodes.append(nodes[-1].parts[number].node)
        return nodes

    # ------------------------------------------------------------------ parts come and go

    def remove(self, path: Path) -> None:
        """Takes a member or an item out; KeyError for none."""
        node = self._fresh(path[:-1])
        number = node.place(path[-1])
        if number is None:
            raise KeyError(path)
        parts, text = node.parts, node.text
        if len(parts) == 1:
            source = "{}" if node.kind == "object" else "[]"
        elif number:
            source = text[: parts[number - 1].stop] + text[parts[number].stop :]
        else:
            source = text[: parts[0].begin] + text[parts[1].begin :]
        self._place(path[:-1], node_of(source))

    def add(self, path: Path, source: str) -> None:
        """Puts in a member after the last one, or an item before the one at the path's index."""
        node = self._fresh(path[:-1])
        key, parts, text = path[-1], node.parts, node.text
        lead, colon = self._manner(node, len(path) - 1)
        inner = source.replace("\n", lead) if lead.startswith("\n") else source
        if node.kind == "object":
            assert isinstance(key, str)
            inner = json.dumps(key, ensure_ascii=False) + colon + inner
        if not parts:
            tail = lead[: max(1, len(lead) - 2)] if lead else ""
            made = text[0] + lead + inner + tail + text[-1]
        elif node.kind == "array" and isinstance(key, int) and key < len(parts):
            at = parts[max(0, key)].begin
            made = text[:at] + inner + "," + (lead or " ") + text[at:]
        else:
            at = parts[-1].stop
            made = text[:at] + "," + (lead or " ") + inner + text[at:]
        self._place(path[:-1], node_of(made))

    def _fresh(self, path: Path) -> Node:
        """The node at a path, taken apart anew, so that its text holds everything in it."""
        node = self.find(path)
        if node is None:
            raise KeyError(path)
        return node_of(node.source)

    def _manner(self, node: Node, depth: int) -> tuple[str, str]:
        """How parts are set out here: the blanks before each, and what follows a key."""
        parts, text = node.parts, node.text
        if parts:
            lead = text[1 : parts[0].begin]
            if node.kind == "array":
                return lead, ""
            end = _SCANNER.raw_decode(text, parts[0].begin)[1]
            return lead, text[end : parts[0].start]
        return ("\n" + "  " * (depth + 1) if self.in_lines else ""), ": "


class HeadedText(JsonText):
    """Lines `name: value`, the line `---`, and a text below: what a message's form gives.

    The lines read as the members of one object.  Raises `InputError` as `JsonText` does.
    """

    def __init__(self, text: str, names: Iterable[str], rule: str = "---") -> None:
        head, found, below = f"\n{text}".partition(f"\n{rule}\n")
        if not found:
            raise InputError(f"the line '{rule}' between the fields and the text is gone")
        self.below = below
        self._rule = rule
        wanted = tuple(names)
        parts = _lines(head[1:], wanted)
        missing = [name for name in wanted if name not in {part.key for part in parts}]
        if missing:
            raise InputError(f"the field '{missing[0]}' is gone")
        self.root = Node(head[1:], 0, len(head) - 1, "object", lambda _node: parts)

    @property
    def text(self) -> str:
        return "\n".join([self.root.source, self._rule, self.below])

    @property
    def in_lines(self) -> bool:
        return False

    @property
    def value(self) -> Any:
        return {part.key: part.node.value for part in self.root.parts}


def _lines(head: str, names: tuple[str, ...]) -> list[Part]:
    found: list[Part] = []
    at = 0
    for line in head.split("\n"):
        begin, at = at, at + len(line) + 1
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in names or name.strip() in {part.key for part in found}:
            raise InputError(f"'{name[:40]}' is no field here; fields: {', '.join(names)}")
        try:
            loads(value)
        except InputError as error:
            raise InputError(f"{name.strip()}: {error}") from None
        start = _blank(head, begin + len(name) + 1)
        stop = _SCANNER.raw_decode(head, start)[1]
        found.append(Part(name.strip(), begin, start, stop, _node(head, start, stop)))
    return found
