"""The rows of a rows write as a table: inserted, updated and deleted ones, cell by cell.

A model without a widget.  A row that is left out stays a row, so that it can be taken back; what
nobody touches keeps its bytes.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal

from ...domain.errors import InputError
from .compared import alike
from .json_text import JsonText, Kind, Node, Path, node_of
from .typed import dumps

Section = Literal["inserted", "updated", "deleted"]
SECTIONS: Final[tuple[Section, ...]] = ("inserted", "updated", "deleted")
SAMPLE: Final = 200
"""Rows that are asked for the kind of a column."""


class Row:
    """One row: as proposed (None: added here) and as it stands now (None: left out)."""

    __slots__ = ("document", "node", "proposed", "section")

    def __init__(self, section: Section, proposed: Node | None, node: Node | None) -> None:
        self.section = section
        self.proposed = proposed
        self.node = node
        self.document: JsonText | None = None

    @property
    def shown(self) -> Node:
        """What is shown of it, also where it is left out."""
        node = self.node or self.proposed
        assert node is not None
        return node

    @property
    def sign(self) -> str:
        """`+` added here, `−` left out, `~` changed, or a blank."""
        if self.node is None:
            return "−"
        if self.proposed is None:
            return "+"
        if self.node.source == self.proposed.source:
            return " "
        return " " if alike(self.node, self.proposed) else "~"

    @property
    def source(self) -> str:
        """Its JSON text as it stands now."""
        return self.shown.source


class Table:
    """The rows of `inserted`, `updated` and `deleted`, and their columns, keys first.

    `document` is as it stands, `proposed` as the agent has it.  Raises `InputError` where they are
    not of that shape.
    """

    def __init__(self, document: JsonText, proposed: JsonText, keys: Sequence[str]) -> None:
        self._document = document
        self.keys = tuple(keys)
        self._loaded: dict[Section, Node] = {}
        self.rows: list[Row] = []
        self._touched: set[Section] = set()
        self._kinds: dict[str, Kind] = {}
        for section in SECTIONS:
            mine, theirs = _array(document, section), _array(proposed, section)
            if mine is not None:
                self._loaded[section] = mine
            pairs = _paired(mine, theirs, section, self.keys)
            self.rows += [Row(section, old, new) for old, new in pairs]
        if not self.rows:
            raise InputError("there are no rows")
        self.columns = self._find_columns()

    def _find_columns(self) -> list[str]:
        """The columns in order of appearance, keys first."""
        found = dict.fromkeys(self.keys)
        for row in self.rows:
            value = row.shown.value
            if row.section != "updated":
                found |= dict.fromkeys(value)
                continue
            for part in ("key", "before", "after"):
                if isinstance(value.get(part), dict):
                    found |= dict.fromkeys(value[part])
        return list(found)

    # ------------------------------------------------------------------ reading

    def path(self, row: Row, column: str) -> Path:
        """Where a cell stands within its row."""
        if row.section != "updated":
            return (column,)
        return ("key" if column in self.keys else "after", column)

    def cell(self, row: Row, column: str) -> Node | None:
        """A cell as it stands, None where the row does not say."""
        return _find(row.shown, self.path(row, column))

    def before(self, row: Row, column: str) -> Node | None:
        """What an updated row had there before, as the agent says."""
        return _find(row.shown, ("before", column)) if row.section == "updated" else None

    def was(self, row: Row, column: str) -> Node | None:
        """A cell as it was proposed."""
        return _find(row.proposed, self.path(row, column)) if row.proposed is not None else None

    def changed(self, row: Row, column: str) -> bool:
        """Whether a cell differs from the proposed one."""
        if row.proposed is None or row.node is None or row.node is row.proposed:
            return False
        old, new = self.was(row, column), self.cell(row, column)
        if old is None or new is None:
            return old is not new
        return not alike(old, new)

    def why_not(self, row: Row, column: str) -> str:
        """Why a cell cannot be changed, or nothing."""
        if row.node is None:
            return "This row is left out; u takes it back."
        if row.section == "deleted":
            return "This row is deleted; - leaves the deletion out."
        if row.section == "updated" and column in self.keys:
            return "A row is found by its key; - leaves it out instead."
        return ""

    def kind(self, row: Row, column: str) -> Kind:
        """As what typing into a cell is read: as what stands there, or elsewhere in its column."""
        node = self.cell(row, column)
        if node is not None and node.kind != "null":
            return node.kind
        if column not in self._kinds:
            nodes = (self.cell(other, column) for other in self.rows[:SAMPLE])
            kinds = (node.kind for node in nodes if node is not None and node.kind != "null")
            self._kinds[column] = next(kinds, "string")
        return self._kinds[column]

    def counts(self) -> dict[str, int]:
        """How many rows are inserted, updated, deleted, left out and changed."""
        found = dict.fromkeys((*SECTIONS, "left out", "changed"), 0)
        for row in self.rows:
            sign = row.sign
            if sign == "−":
                found["left out"] += 1
                continue
            found[row.section] += 1
            found["changed"] += sign != " "
        return found

    def place(self, path: Path) -> tuple[int, int]:
        """The row and the column at a path into the document; the first where there is none."""
        if len(path) < 2 or path[0] not in SECTIONS or not isinstance(path[1], int):
            return 0, 0
        here = [n for n, row in enumerate(self.rows) if row.section == path[0] and row.node]
        row = here[path[1]] if path[1] < len(here) else 0
        column = path[-1] if isinstance(path[-1], str) and len(path) > 2 else ""
        return row, self.columns.index(column) if column in self.columns else 0

    # ------------------------------------------------------------------ changing

    def put(self, row: Row, column: str, source: str) -> None:
        """Another value, as JSON text, for a cell."""
        assert row.node is not None
        if row.document is None:
            row.document = JsonText.of(node_of(row.node.source))
        path = self.path(row, column)
        if row.document.find(path) is None:
            row.document.add(path, source)
        else:
            row.document.put(path, source)
        row.node = row.document.root
        self._touched.add(row.section)

    def put_back(self, row: Row, column: str, source: str | None) -> None:
        """What a cell was before: JSON text, or None where the row did not say."""
        if source is not None:
            self.put(row, column, source)
        elif row.document is not None and self.cell(row, column) is not None:
            row.document.remove(self.path(row, column))
            row.node = row.document.root
            self._touched.add(row.section)

    def restore(self, row: Row, column: str) -> bool:
        """Makes a cell what was proposed, takes a row back; False where nothing differs."""
        if row.node is None:
            row.node = row.proposed
            row.document = None
        elif self.changed(row, column):
            old = self.was(row, column)
            self.put_back(row, column, None if old is None else old.source)
        else:
            return False
        self._touched.add(row.section)
        return True

    def leave_out(self, number: int) -> None:
        """Leaves a row out; one that was added here goes for good."""
        row = self.rows[number]
        self._touched.add(row.section)
        if row.proposed is None:
            del self.rows[number]
        else:
            row.node = row.document = None

    def insert(self, number: int) -> int:
        """Puts a new row with the same columns after the inserted one at `number`, or as the last.

        Answers with its number.
        """
        inserted = [n for n, row in enumerate(self.rows) if row.section == "inserted"]
        model = self.rows[inserted[0]].shown.value if inserted else dict.fromkeys(self.keys)
        at = number + 1 if number in inserted else inserted[-1] + 1 if inserted else 0
        lead, _ = self._manner("inserted")
        text = json.dumps(dict.fromkeys(model), ensure_ascii=False, indent=2 if lead else None)
        self.rows.insert(at, Row("inserted", None, node_of(text.replace("\n", lead or "\n"))))
        self._touched.add("inserted")
        return at

    # ------------------------------------------------------------------ the text

    @property
    def text(self) -> str:
        """The document as it stands now."""
        for section in self._touched:
            source = self._source(section)
            if self._document.find((section,)) is None:
                if source != "[]":
                    self._document.add((section,), source)
            else:
                self._document.put((section,), source)
        self._touched.clear()
        return self._document.text

    def _source(self, section: Section) -> str:
        rows = [row for row in self.rows if row.section == section and row.node is not None]
        if not rows:
            return "[]"
        lead, tail = self._manner(section)
        separator = f",{lead}" if lead else ", "
        return f"[{lead}{separator.join(row.source for row in rows)}{tail}]"

    def _manner(self, section: Section) -> tuple[str, str]:
        """The blanks before each row and after the last."""
        loaded = self._loaded.get(section)
        if loaded is None or not loaded.parts:
            return ("\n    ", "\n  ") if self._document.in_lines else ("", "")
        text, parts = loaded.text, loaded.parts
        return text[loaded.start + 1 : parts[0].begin], text[parts[-1].stop : loaded.stop - 1]


def _array(document: JsonText, section: Section) -> Node | None:
    node = document.find((section,))
    if node is None:
        return None
    if node.kind != "array" or any(part.node.kind != "object" for part in node.parts):
        raise InputError(f"'{section}' is a list of rows, each an object")
    return node


def _find(node: Node | None, path: Path) -> Node | None:
    for key in path:
        number = node.place(key) if node is not None and node.kind == "object" else None
        node = node.parts[number].node if node is not None and number is not None else None
    return node


def _paired(
    mine: Node | None, theirs: Node | None, section: Section, keys: Sequence[str]
) -> Iterator[tuple[Node | None, Node | None]]:
    """Which rows belong together, in order: by place, or by key where rows came or went."""
    old = [part.node for part in theirs.parts] if theirs is not None else []
    new = [part.node for part in mine.parts] if mine is not None else []
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    places: dict[str, deque[int]] = defaultdict(deque)
    for place, identity in enumerate(_identities(new, section, keys)):
        places[identity].append(place)
    at = 0
    for was, identity in zip(old, _identities(old, section, keys), strict=True):
        found = places[identity]
        while found and found[0] < at:
            found.popleft()
        if not found:
            yield was, None
            continue
        place = found.popleft()
        yield from ((None, node) for node in new[at:place])
        yield was, new[place]
        at = place + 1
    yield from ((None, node) for node in new[at:])


def _identities(nodes: Iterable[Node], section: Section, keys: Sequence[str]) -> Iterator[str]:
    for node in nodes:
        value: Any = node.value
        if section == "updated":
            value = value.get("key", value)
        elif keys and all(key in value for key in keys):
            value = [value[key] for key in keys]
        yield dumps(value)
