"""The forms by type of write: plain text, text below a head of JSON fields, or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...domain.artifact import parse_write
from ...domain.errors import InputError
from ...domain.strict_json import loads
from ...domain.writes import (
    DocumentWrite,
    FileWrite,
    RecordWrite,
    ToolCallWrite,
    Write,
)

RULE: Final = "---"
"""The line between a head of fields and the text below."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one write is edited: `what` is named above the editor, `language` colours it.

    `read` raises `InputError` where the text is no such write.  `schema` is the JSON Schema that
    the write carries for what is edited, or None.
    """

    what: str
    text: Callable[[Any], str]
    read: Callable[[Any, str], Write]
    language: str = ""
    schema: Callable[[Any], Mapping[str, Any] | None] = lambda _write: None
    value: Callable[[Any], Any] = lambda _write: None
    """What the schema is about."""


def form_of(write: Write) -> Form:
    """The form of a write."""
    if isinstance(write, FileWrite) and (write.after is None or write.after.text is None):
        return WHOLE
    return FORMS.get(write.type, WHOLE)


def _with(write: Write, **changes: Any) -> Write:
    """The write with other fields, validated like one that was submitted."""
    document = write.model_dump(mode="json", exclude_unset=True) | changes
    return parse_write({"type": write.type, **document})


# ------------------------------------------------------------------------------------- text


def _file_text(write: FileWrite) -> str:
    assert write.after is not None
    return write.after.text or ""


def _file_read(write: FileWrite, text: str) -> Write:
    assert write.after is not None
    return _with(
        write, after=write.after.model_dump(mode="json", exclude_unset=True) | {"text": text}
    )


def _document_read(write: DocumentWrite, text: str) -> Write:
    return _with(write, after=text)


# --------------------------------------------------------------------- a head and a text


def _headed(what: str, fields: tuple[str, ...], below: str, language: str = "") -> Form:
    def text(write: Write) -> str:
        document = write.model_dump(mode="json")
        head = [f"{name}: {_json(document[name])}" for name in fields]
        return "\n".join([*head, RULE, document[below]])

    def read(write: Write, typed: str) -> Write:
        head, found, rest = f"\n{typed}".partition(f"\n{RULE}\n")
        if not found:
            raise InputError(f"the line '{RULE}' between the fields and the text is gone")
        return _with(write, **_fields(head, fields), **{below: rest})

    return Form(what, text, read, language)


def _fields(head: str, fields: tuple[str, ...]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for line in head.split("\n"):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in fields:
            known = ", ".join(fields)
            raise InputError(f"'{name[:40]}' is no field here; fields: {known}")
        try:
            given[name.strip()] = loads(value)
        except InputError as error:
            raise InputError(f"{name.strip()}: {error}") from None
    missing = [name for name in fields if name not in given]
    if missing:
        raise InputError(f"the field '{missing[0]}' is gone")
    return given


# ------------------------------------------------------------------------------------- JSON


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _record_text(write: RecordWrite) -> str:
    return _pretty(write.result())


def _record_read(write: RecordWrite, text: str) -> Write:
    after = loads(text)
    if write.patch is not None and after == write.result():
        return write
    document = write.model_dump(mode="json", exclude_unset=True)
    document.pop("patch", None)
    return parse_write({"type": "record", **document, "after": after})


def _some(what: str, fields: tuple[str, ...]) -> Form:
    def text(write: Write) -> str:
        document = write.model_dump(mode="json")
        return _pretty({name: document[name] for name in fields})

    def read(write: Write, typed: str) -> Write:
        value = loads(typed)
        if not isinstance(value, dict) or set(value) - set(fields):
            raise InputError(f"a JSON object with the fields {', '.join(fields)}")
        return _with(write, **value)

    return Form(what, text, read, "json")


def _call_text(write: ToolCallWrite) -> str:
    return _pretty(write.arguments)


def _call_read(write: ToolCallWrite, text: str) -> Write:
    return _with(write, arguments=loads(text))


def _whole_text(write: Write) -> str:
    return _pretty(write.model_dump(mode="json", exclude_unset=True) | {"type": write.type})


def _whole_read(write: Write, text: str) -> Write:
    made = parse_write(loads(text))
    if made.type != write.type:
        raise InputError(f"a '{write.type}' write stays one; F8 drops it")
    return made


WHOLE: Final = Form("the write as JSON", _whole_text, _whole_read, "json")

FORMS: Final[dict[str, Form]] = {
    "file": Form("the file's text", _file_text, _file_read),
    "document": Form("the text", lambda write: str(write.after), _document_read),
    "message": _headed("the message", ("to", "cc", "bcc", "subject"), "body"),
    "sql": _headed("the statement", ("parameters",), "statement", "sql"),
    "record": Form(
        "the record as JSON", _record_text, _record_read, "json",
        schema=lambda write: write.json_schema, value=lambda write: write.result(),
    ),
    "tool_call": Form(
        "the arguments as JSON", _call_text, _call_read, "json",
        schema=lambda write: write.arguments_schema, value=lambda write: write.arguments,
    ),
    "request": _some("the request as JSON", ("method", "url", "headers", "body")),
    "rows": _some("the rows as JSON", ("inserted", "updated", "deleted")),
}  # fmt: skip
