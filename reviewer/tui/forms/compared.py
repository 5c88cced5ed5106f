"""Which fields of a document differ from those of the proposed one."""

from __future__ import annotations

from typing import Final

from ...diff.arrays import pair_elements, same
from .json_text import JsonText, Node, Path

MANY: Final = 2_000
"""Longer arrays are compared item by item at the same place, even if items came or went."""


class Compared:
    """A document that changes beside the one that does not; None for no such document."""

    def __init__(self, document: JsonText, proposed: JsonText | None) -> None:
        self._document, self._proposed = document, proposed
        self._pairs: dict[Path, dict[int, int]] = {}
        self._gone: dict[Path, dict[str | int, Node]] = {}

    def forget(self) -> None:
        """The document changed."""
        self._pairs.clear()
        self._gone.clear()

    def counterpart(self, path: Path) -> Node | None:
        """The proposed value of a field, None where it was not there."""
        if self._proposed is None:
            return None
        node: Node | None = self._proposed.root
        for length, key in enumerate(path):
            if node is None:
                return None
            if isinstance(key, int) and node.kind == "array":
                number = self._paired(path[:length], node).get(key)
            else:
                number = node.place(key)
            node = None if number is None else node.parts[number].node
        return node

    def sign(self, path: Path) -> str:
        """`~` changed, `+` new, or a blank."""
        if self._proposed is None:
            return " "
        old, new = self.counterpart(path), self._document.find(path)
        if old is None or new is None:
            return "+"
        return " " if alike(old, new) else "~"

    def gone(self, path: Path) -> dict[str | int, Node]:
        """What was proposed within the object or array at a path and is not there any more."""
        if path not in self._gone:
            self._gone[path] = self._find_gone(path)
        return self._gone[path]

    def proposed_place(self, path: Path, node: Node) -> str | int:
        """The key or index that a node which is gone had in the object or array at a path."""
        around = self.counterpart(path)
        assert around is not None
        return next(part.key for part in around.parts if part.node is node)

    def changes(self) -> int:
        """How many fields without parts differ: changed, new and removed ones."""
        if self._proposed is None:
            return 0
        return self._changes(self._document.root, ())

    def _changes(self, node: Node, path: Path) -> int:
        old = self.counterpart(path)
        if old is not None and old.source == node.source:
            return 0
        if old is None or old.kind != node.kind:
            return 1
        if node.kind not in ("object", "array"):
            return 0 if alike(old, node) else 1
        inside = sum(self._changes(part.node, (*path, part.key)) for part in node.parts)
        return inside + len(self.gone(path))

    def _find_gone(self, path: Path) -> dict[str | int, Node]:
        old, new = self.counterpart(path), self._document.find(path)
        if old is None or new is None or old.kind != new.kind:
            return {}
        if old.kind == "object":
            return {part.key: part.node for part in old.parts if new.place(part.key) is None}
        if old.kind == "array" and len(old.parts) <= MANY:
            kept = set(self._paired(path, old).values())
            left = [part.node for place, part in enumerate(old.parts) if place not in kept]
            return {len(new.parts) + place: node for place, node in enumerate(left)}
        return {}

    def _paired(self, path: Path, old: Node) -> dict[int, int]:
        """The proposed place of each item of an array."""
        if path in self._pairs:
            return self._pairs[path]
        new = self._document.find(path)
        count = 0 if new is None or new.kind != "array" else len(new.parts)
        if new is None or count == len(old.parts) or max(count, len(old.parts)) > MANY:
            pairs = {place: place for place in range(min(count, len(old.parts)))}
        else:
            pairs = {
                after: before
                for before, after, _ in pair_elements(old.value, new.value, ())
                if before is not None and after is not None
            }
        self._pairs[path] = pairs
        return pairs


def alike(old: Node, new: Node) -> bool:
    """Whether two nodes say the same, however it is spelled."""
    mine, theirs = old.source, new.source
    if mine == theirs:
        return True
    return old.kind == new.kind and same(old.value, new.value)
