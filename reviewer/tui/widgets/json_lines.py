"""A JSON value as lines to be read, each with its path; made in a thread where it is large.

One member stands on one line, short members of scalars stay together (`{id: 7, name: "x"}`), a
text of several lines is shown line by line behind `│`.  Nothing is escaped but quotes and
backslashes: what a terminal must not see is made visible by `untrusted` when a line is drawn.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Final

from ...domain.strict_json import MAX_DEPTH

INLINE: Final = 56
"""An object or array of scalars that is not longer, characters, stands on one line."""
READ_AS_JSON: Final = 256 * 1024
"""A text of so many characters at most is looked at whether it is JSON."""
_BLOCK: Final = 256 * 1024
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w.\-]*")
_SCALARS = (str, int, float, bool, type(None))

Label = str | int | None


class JsonLines:
    """Lines with the place of each; `add` may be called for several values, one after the other."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._labels: list[Label] = []
        self._parents = array("q")

    def add(self, value: Any, head: str = "", label: Label = None) -> None:
        """Adds a value; `head` (ours) stands before it, `label` names it in its lines' paths."""
        self._value(value, head, label, -1, 0)

    def text(self, lines: Iterable[str]) -> None:
        """Adds lines that belong to no value."""
        for line in lines:
            self._line(line, None, -1)

    def path(self, line: int) -> str:
        """The path of a line, like `items[3].price`; empty where it has none."""
        parts: list[str] = []
        while 0 <= line < len(self._labels):
            label = self._labels[line]
            if isinstance(label, int):
                parts.append(f"[{label}]")
            elif label is not None:
                parts.append(f".{_key(label)}")
            line = self._parents[line]
        return "".join(reversed(parts)).removeprefix(".")

    def copied(self, line: int) -> str:
        """A line as it stands in the artifact, without what is drawn before it."""
        text = self.lines[line]
        held = self._labels[line] is None and self._parents[line] >= 0
        return text.partition("│ ")[2] if held else text.strip() if self._labels[line] else text

    def _line(self, text: str, label: Label, parent: int) -> int:
        self.lines.append(text)
        self._labels.append(label)
        self._parents.append(parent)
        return len(self.lines) - 1

    def _value(self, value: Any, head: str, label: Label, parent: int, depth: int) -> None:
        pad = "  " * depth
        if isinstance(value, str) and "\n" in value:
            pieces = split_lines(value)
            at = self._line(f"{pad}{head}{len(pieces):,} lines", label, parent)
            for piece in pieces:
                self._line(f"{pad}│ {piece}", None, at)
            return
        members = isinstance(value, dict) and bool(value) and not head
        short = None if members else inline(value)
        if short is not None:
            self._line(f"{pad}{head}{short}", label, parent)
            return
        if head:
            parent = self._line(f"{pad}{head}{_counted(value)}", label, parent)
            depth += 1
        if isinstance(value, dict):
            for key, inner in value.items():
                self._value(inner, f"{_key(key)}: ", key, parent, depth)
        else:
            for index, inner in enumerate(value):
                self._value(inner, f"[{index}] ", index, parent, depth)


def inline(value: Any, limit: int = INLINE) -> str | None:
    """A value on one line, or None where it needs several; a scalar always fits."""
    if isinstance(value, _SCALARS):
        return scalar(value)
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    if len(value) * 3 > limit:
        return None
    parts = []
    used = 0
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if not isinstance(inner, _SCALARS) or (isinstance(inner, str) and len(inner) > limit):
            return None
        said = scalar(inner)
        if "\n" in said:
            return None
        parts.append(f"{_key(key)}: {said}" if isinstance(value, dict) else said)
        used += len(parts[-1]) + 2
        if used > limit:
            return None
    joined = ", ".join(parts)
    return f"{{{joined}}}" if isinstance(value, dict) else f"[{joined}]"


def brief(value: Any, limit: int = 80) -> str:
    """A value in at most about `limit` characters: `id: 7, items: [3]`; its beginning if longer."""
    if isinstance(value, dict):
        return _cut(", ".join(_members(value.items(), limit)), limit)
    if isinstance(value, list | tuple):
        return _cut(", ".join(_few(value, limit)), limit)
    return _cut(scalar(value[: limit + 1] if isinstance(value, str) else value), limit)


def keys_of(value: Any, limit: int = 60) -> str:
    """What an object or array holds: `4 fields: id, status, …`, `12 items`."""
    if isinstance(value, dict):
        names: list[str] = []
        for name in value:
            names.append(_key(str(name)[:limit]))
            if sum(map(len, names)) > limit:
                break
        return _cut(f"{_counted(value)}: {', '.join(names)}", limit)
    return _counted(value)


def scalar(value: Any) -> str:
    """A scalar as JSON, but for a text only quotes and backslashes are escaped."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, _Number):
        return value.text
    return json.dumps(value)


def as_json(text: str) -> Any:
    """The object or array that a text is, with its numbers as they are written; else None.

    A text with a key twice in one object is left a text: as a value it would lose one.
    """
    if len(text) > READ_AS_JSON or text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        value = json.loads(
            text, parse_float=_Number, parse_constant=_Number, object_pairs_hook=_unique
        )
        return value if _is_flat(value) else None
    except (ValueError, RecursionError):
        return None


def split_lines(text: str) -> list[str]:
    """The lines of a text; a large one is cut in blocks, so that other threads get their turn."""
    if len(text) <= _BLOCK:
        return text.split("\n")
    lines: list[str] = []
    at = 0
    while at <= len(text):
        end = text.find("\n", min(at + _BLOCK, len(text)))
        end = len(text) if end < 0 else end
        lines += text[at:end].split("\n")
        at = end + 1
    return lines


class _Number(float):
    """A number as it stands in the text: `1.10` is not `1.1` to a reader."""

    text: str

    def __new__(cls, text: str) -> _Number:
        made = super().__new__(cls, text)
        made.text = text
        return made


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _is_flat(value: Any) -> bool:
    """Whether it is nested no deeper than an artifact's own values may be."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False


def _counted(value: Any) -> str:
    what = "field" if isinstance(value, dict) else "item"
    return f"{len(value):,} {what}{'s' if len(value) != 1 else ''}"


def _key(key: str | int) -> str:
    name = str(key)
    return name if _PLAIN_KEY.fullmatch(name) else scalar(name).replace("\n", "\\n")


def _members(items: Iterable[tuple[str, Any]], limit: int) -> Iterable[str]:
    left = limit
    for key, value in items:
        if left <= 0:
            yield "…"
            return
        said = f"{_key(str(key)[:limit])}: {_short(value, left)}"
        left -= len(said) + 2
        yield said


def _few(values: Sequence[Any], limit: int) -> Iterable[str]:
    left = limit
    for value in values:
        if left <= 0:
            yield "…"
            return
        said = _short(value, left)
        left -= len(said) + 2
        yield said


def _short(value: Any, limit: int) -> str:
    if isinstance(value, dict):
        return f"{{{len(value)}}}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{len(value)}]" if value else "[]"
    return scalar(value[: max(limit, 8)] if isinstance(value, str) else value)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
