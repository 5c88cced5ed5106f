"""The diff of a whole write, of every type: facts first, then one section for each part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from reviewer.domain.writes import (
    BaseWrite,
    DocumentWrite,
    MessageWrite,
    RequestWrite,
    RowsWrite,
    SqlWrite,
    ToolCallWrite,
    Write,
)

from .facts import bytes_facts, text_facts, value_facts, write_facts
from .lines import line_diff
from .lists import list_diff
from .model import ABSENT, Base, Fact, Section, WriteDiff
from .octets import binary_diff
from .rows import table_diff, table_facts
from .states import Content, Json, Part, State, after_state, before_state
from .structured import ID_KEYS, field_diff

MAX_LINES: Final = 1_000_000
"""A text of more lines than this is shown as bytes."""

_IN_STATE: Final = {
    "file": {"after", "resource"},
    "record": {"after", "patch"},
    "rows": {"inserted", "updated", "deleted", "key_columns"},
    "sql": {"statement", "parameters", "tables", "rows", "after"},
    "request": {"method", "url", "headers", "body"},
    "message": {"channel", "to", "cc", "bcc", "subject", "body", "thread"},
    "tool_call": {"name", "arguments"},
    "document": {"title", "after"},
}
"""The fields that the state after a write shows; two writes are compared in all others as well."""


def diff_write(
    write: Write,
    edited: Write | None = None,
    base: Base | None = None,
    ignore_whitespace: bool = False,
) -> WriteDiff:
    """What a write changes, or with `edited` what the reviewer's version of it changes.

    `base` is what the left side shows: the state `before` (the default without `edited`), or the
    write as `proposed` (the default with it).  Raises ValueError where `edited` has another type.
    """
    if edited is not None and edited.type != write.type:
        raise ValueError(f"a '{write.type}' write cannot become a '{edited.type}' write")
    new = write if edited is None else edited
    base = base or ("before" if edited is None else "proposed")
    left = before_state(write) if base == "before" else after_state(write)
    right = after_state(new)
    facts = [*value_facts(left, right), *write_facts(write, edited)]
    sections: list[Section] = []
    if isinstance(new, RowsWrite) and base == "before":
        facts += table_facts(new)
        sections.append(Section("rows", table_diff(new)))
    else:
        parts = _Parts(left, right, _id_keys(new), ignore_whitespace)
        sections += parts.sections()
        facts += parts.facts()
    if base == "proposed":
        sections += _others(write, new)
    return WriteDiff(new.type, _title(new), base, tuple(facts), tuple(sections))


def _title(write: Write) -> str:
    """System and resource; where both are empty, what else tells the target."""
    title = " ".join(text for text in (write.system, write.resource) if text)
    if title:
        return title
    match write:
        case RequestWrite():
            return f"{write.method} {write.url}"
        case MessageWrite():
            return f"{write.channel} {', '.join(write.to)}"
        case ToolCallWrite():
            return write.name
        case SqlWrite():
            return ", ".join(write.tables)
        case DocumentWrite():
            return write.title
        case _:
            return ""


def _id_keys(write: Write) -> tuple[tuple[str, ...], ...]:
    if isinstance(write, RowsWrite):
        return (("key",), tuple(write.key_columns))
    return ID_KEYS


def _others(write: BaseWrite, edited: BaseWrite) -> Iterator[Section]:
    """What an edit changed in fields that the states do not show, such as a schema."""
    shown = _IN_STATE[getattr(write, "type", "")] | {"note"}
    before, after = (side.model_dump(mode="json", exclude=shown) for side in (write, edited))
    body = field_diff(before, after)
    if body.changed:
        yield Section("other fields", body)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of two states, compared each with its like."""

    left: State
    right: State
    id_keys: tuple[tuple[str, ...], ...]
    ignore_whitespace: bool

    def pairs(self) -> Iterator[tuple[str, Part, Part]]:
        """The parts of either state by name, texts that are too long as bytes."""
        for name in dict.fromkeys((*self.right.parts, *self.left.parts)):
            old = self.left.parts.get(name, Part(None))
            new = self.right.parts.get(name, Part(None))
            as_bytes = any(
                isinstance(part.content, bytes) or _too_long(part.content) for part in (old, new)
            )
            if as_bytes:
                old, new = _as_bytes(old), _as_bytes(new)
            yield name, old, new

    def sections(self) -> Iterator[Section]:
        """One section for each part that is not empty on both sides."""
        for name, old, new in self.pairs():
            if _empty(old.content) and _empty(new.content):
                continue
            body = self._body(old.content, new.content)
            shown = new if new.content is not None else old
            yield Section(name, body, shown.language, shown.filename)

    def facts(self) -> Iterator[Fact]:
        """What the texts and bytes of the parts do not show by themselves."""
        for _, old, new in self.pairs():
            before, after = old.content, new.content
            if isinstance(before, bytes) or isinstance(after, bytes):
                yield from bytes_facts(_bytes(before), _bytes(after))
            elif isinstance(after, str):
                is_file = bool(new.filename)
                yield from text_facts(before if isinstance(before, str) else None, after, is_file)

    def _body(self, before: Content, after: Content) -> Any:
        if isinstance(before, bytes) or isinstance(after, bytes):
            return binary_diff(_bytes(before), _bytes(after))
        if isinstance(before, str | None) and isinstance(after, str | None):
            return line_diff(before or "", after or "", self.ignore_whitespace)
        if isinstance(before, tuple) or isinstance(after, tuple):
            return list_diff(_texts(before), _texts(after))
        return field_diff(_value(before), _value(after), self.id_keys)


def _too_long(content: Content) -> bool:
    return isinstance(content, str) and content.count("\n") + content.count("\r") > MAX_LINES


def _as_bytes(part: Part) -> Part:
    text = part.content
    content = text.encode("utf-8") if isinstance(text, str) else text
    return Part(content, part.language, part.filename)


def _empty(content: Content) -> bool:
    return content is None or content in ("", ())


def _bytes(content: Content) -> bytes | None:
    return content if isinstance(content, bytes) else None


def _texts(content: Content) -> tuple[str, ...]:
    return content if isinstance(content, tuple) else ()


def _value(content: Content) -> Any:
    """The JSON value of a part; a text that became JSON, or the other way round, is a string."""
    if content is None:
        return ABSENT
    return content.value if isinstance(content, Json) else content
