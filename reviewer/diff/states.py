"""A write as two states, before and after, each made of the same named parts.

Two states of any write compare in the same way, which is what makes before -> after, proposed ->
mine and before -> mine one thing.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from reviewer.domain.patch import apply_patch
from reviewer.domain.writes import (
    DocumentWrite,
    FileState,
    FileWrite,
    MessageWrite,
    RecordWrite,
    RequestWrite,
    RowsWrite,
    SqlWrite,
    ToolCallWrite,
    Write,
)

from .model import ABSENT

SYMLINK: Final = "120000"


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON document; wrapped, so that a JSON string is not taken for a text."""

    value: Any


Content: TypeAlias = str | bytes | Json | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a state: a text, bytes, JSON, a list of texts, or None where there is none."""

    content: Content
    language: str = ""
    filename: str = ""


@dataclass(frozen=True)
class State:
    """One side of a write: short values by code, and parts by name, both in drawing order."""

    values: Mapping[str, str | None] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)


def before_state(write: Write) -> State:
    """What is there before the write, as far as it says."""
    match write:
        case FileWrite():
            return _file(write, write.renamed_from or write.resource, write.before)
        case RecordWrite():
            return State(_existence(write.before), {"record": Part(_json(write.before))})
        case DocumentWrite():
            part = Part(write.before, write.language)
            return State(_existence(write.before), {"text": part})
        case MessageWrite():
            draft = write.before
            if draft is None:
                return State()
            return State(parts=_message(draft.to, draft.subject, draft.body))
        case SqlWrite():
            return State(parts={"rows": Part(_json(write.before))})
        case RequestWrite():
            parts = {"body": Part(*_shown_before(write))}
            if _representation(write) is not ABSENT:
                parts["representation"] = Part(_json(write.before))
            return State(parts=parts)
        case ToolCallWrite():
            return State(parts={"arguments": Part(_json(write.before))})
        case _:
            return State()


def after_state(write: Write) -> State:
    """What shall be there after the write; `note` is the agent's own word on it."""
    state = _after(write)
    values = dict(state.values) | ({"note": write.note} if write.note else {})
    return State(values, state.parts)


def _after(write: Write) -> State:
    match write:
        case FileWrite():
            after = write.after
            if write.action == "rename" and after is None:
                after = write.before
            return _file(write, write.resource, after)
        case RecordWrite():
            result = write.result()
            return State(_existence(result), {"record": Part(_json(result))})
        case DocumentWrite():
            values = _existence(write.after) | {"title": write.title or None}
            return State(values, {"text": Part(write.after, write.language)})
        case MessageWrite():
            return _message_after(write)
        case SqlWrite():
            return _sql(write)
        case RequestWrite():
            return _request(write)
        case ToolCallWrite():
            return State({"tool": write.name}, {"arguments": Part(Json(write.arguments))})
        case RowsWrite():
            return State(
                {},
                {
                    "key_columns": Part(tuple(write.key_columns)),
                    "inserted": Part(Json(write.inserted)),
                    "updated": Part(Json([u.model_dump(mode="json") for u in write.updated])),
                    "deleted": Part(Json(write.deleted)),
                },
            )


def _existence(value: object) -> dict[str, str | None]:
    return {"existence": "absent" if value is None else "present"}


def _json(value: Any) -> Json | None:
    """JSON null in these places means that nothing was given."""
    return None if value is None else Json(value)


def _file(write: FileWrite, path: str, state: FileState | None) -> State:
    if state is None:
        unknown = write.action == "rename"
        return State(
            {"path": path} if unknown else {"existence": "absent"}, {"content": Part(None)}
        )
    values = {"existence": "present", "path": path, "mode": state.mode}
    content: str | bytes = state.text if state.text is not None else _decoded(state)
    return State(values, {"content": Part(content, "", "" if state.mode == SYMLINK else path)})


def _decoded(state: FileState) -> str | bytes:
    """Base64 of plain UTF-8 is shown as the text that it is."""
    raw = base64.b64decode(state.base64 or "")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
    return raw if "\0" in text else text


def _message(to: Sequence[str], subject: str, body: str) -> dict[str, Part]:
    return {"to": Part(tuple(to)), "subject": Part(subject), "body": Part(body)}


def _message_after(write: MessageWrite) -> State:
    parts = {
        "to": Part(tuple(write.to)),
        "cc": Part(tuple(write.cc)),
        "bcc": Part(tuple(write.bcc)),
        "subject": Part(write.subject),
        "body": Part(write.body),
    }
    return State({"channel": write.channel, "thread": write.thread}, parts)


def _sql(write: SqlWrite) -> State:
    parts = {
        "statement": Part(write.statement, "sql"),
        "parameters": Part(None if write.parameters == [] else Json(write.parameters)),
        "tables": Part(tuple(write.tables)),
        "rows": Part(_json(write.after)),
    }
    return State({"rows_claimed": None if write.rows is None else str(write.rows)}, parts)


def _request(write: RequestWrite) -> State:
    result = _representation(write)
    parts = {
        "headers": Part(Json(write.headers) if write.headers else None),
        "body": Part(_body(write.body), _body_language(write)),
    }
    if result is not ABSENT:
        parts["representation"] = Part(_json(result))
    return State({"method": write.method, "url": write.url}, parts)


def _body(value: Any) -> str | Json | None:
    return value if isinstance(value, str) and value else _json(value)


def _media_type(write: RequestWrite) -> str:
    named = [value for name, value in write.headers.items() if name.lower() == "content-type"]
    return named[0].partition(";")[0].strip().lower() if named else ""


def _body_language(write: RequestWrite) -> str:
    media_type = _media_type(write)
    return next((name for name in ("json", "xml", "html") if name in media_type), "")


def _shown_before(write: RequestWrite) -> tuple[Content, str]:
    """What the body is compared with: all of the representation, or the fields that it names.

    PUT replaces a representation (RFC 9110), so what the body does not name is lost.  Of other
    methods that is not known, and for PATCH and DELETE the representation has its own part.
    """
    before, body = write.before, write.body
    if write.method == "PUT":
        return _body(before), _body_language(write)
    if write.method in ("PATCH", "DELETE") or not isinstance(before, dict):
        return None, ""
    if not isinstance(body, dict):
        return None, ""
    named = {name: value for name, value in before.items() if name in body}
    return (Json(named) if named else None), ""


def _representation(write: RequestWrite) -> Any:
    """The representation after PATCH or DELETE where that follows from a standard, else `ABSENT`.

    Sources: RFC 6902 (JSON Patch), RFC 7396 (JSON Merge Patch), RFC 9110.
    """
    if write.before is None:
        return ABSENT
    if write.method == "DELETE":
        return None
    if write.method != "PATCH":
        return ABSENT
    patch: Any = write.body
    if isinstance(patch, list) and "json-patch" in _media_type(write):
        try:
            return apply_patch(write.before, patch)
        except ValueError:
            return ABSENT
    return _merge_patch(write.before, patch) if isinstance(patch, dict) else ABSENT


def _merge_patch(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    done = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            done.pop(name, None)
        else:
            done[name] = _merge_patch(done.get(name), value)
    return done
