"""Artifacts and writes without what the policy masks, still such that they can be read back.

Pointers are those of each write's document (see `changes`).  What else a write holds (its note, a
resource's name, the other side that a statement or a request claims) is looked at by patterns, and
by fields where it is a document of the same sort.  Context is told by texts, so that only patterns
look at it.  A file's content is looked at as what its bytes say, an address also without its `%XX`.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, unquote_plus

from ..domain.artifact import Artifact, Reply
from ..domain.context import Document, Link, Message, Note, ToolCall, ToolResult
from ..domain.writes import (
    DocumentWrite,
    FileState,
    FileWrite,
    MessageWrite,
    RecordWrite,
    RequestWrite,
    RowsWrite,
    RowUpdate,
    SqlWrite,
    ToolCallWrite,
    Write,
)
from .masking import MARK, Masker
from .pointers import escaped

METHOD = "MASKED"
"""A method that is masked: one that can be read back."""
_IN_PATHS = "/:@!$&'()*+,;=[]~"
"""What may stand in an address as it is."""


def artifact(masker: Masker, given: Artifact) -> Artifact:
    """The artifact with everything masked that the agent wrote in it; the same where none is."""
    if not masker.active:
        return given
    text, identity, trace, hook = masker.text, given.identity, given.trace, given.reply.webhook
    return given.model_copy(
        update={
            "agent": given.agent.model_copy(update={"run_id": text(given.agent.run_id)}),
            "key": text(given.key),
            "title": text(given.title),
            "summary": text(given.summary),
            "supersedes": text(given.supersedes) if given.supersedes else given.supersedes,
            "identity": identity.model_copy(
                update={
                    "act_as": text(identity.act_as),
                    "on_behalf_of": text(identity.on_behalf_of),
                    "scopes": list(map(text, identity.scopes)),
                }
            ),
            "trace": trace.model_copy(
                update={"traceparent": text(trace.traceparent), "url": text(trace.url)}
            ),
            "reply": given.reply if hook is None or text(hook) == hook else Reply(),
            "writes": [write(masker, one) for one in given.writes],
            "context": [_item(masker, one) for one in given.context],
            "escalations": [
                one.model_copy(update={"detail": text(one.detail)}) for one in given.escalations
            ],
            "metadata": masker.value(given.metadata),
        }
    )


def write(masker: Masker, given: Write) -> Write:
    """One write, masked; of the same type, and such that `parse_writes` reads it."""
    if not masker.active:
        return given
    before, parts = masker.count, _parts(masker, given)
    changed = {name: masker.text(getattr(given, name)) for name in ("note", "system", "resource")}
    seen = given.precondition
    if seen is not None:
        # few values can be guessed back from the digest of what holds them, which an ETag may be
        hidden = masker.count > before
        told = {"version": masker.texts(seen.version)} | {
            name: MARK if hidden and one else masker.texts(one)
            for name, one in (("etag", seen.etag), ("digest", seen.digest))
        }
        parts["precondition"] = seen.model_copy(update=told)
    return given.model_copy(update=changed | parts)


def _parts(masker: Masker, given: Write) -> dict[str, Any]:
    """The fields that only this type has, masked."""
    match given:
        case FileWrite():
            source = given.renamed_from
            return {
                "before": _file(masker, given.before),
                "after": _file(masker, given.after),
                "renamed_from": masker.text(source) if source else source,
            }
        case RecordWrite():
            return _record(masker, given)
        case RowsWrite():
            return {
                "inserted": [masker.value(row) for row in given.inserted],
                "updated": [_row(masker, row) for row in given.updated],
                "deleted": [masker.value(row) for row in given.deleted],
            }
        case SqlWrite():
            return {
                "statement": masker.leaf(given.statement, "/statement"),
                "parameters": masker.value(given.parameters, "/parameters"),
                "tables": list(map(masker.text, given.tables)),
                "before": _aside(masker, given.before),
                "after": _aside(masker, given.after),
            }
        case RequestWrite():
            return _request(masker, given)
        case MessageWrite():
            return _message(masker, given)
        case ToolCallWrite():
            return {
                "name": masker.text(given.name),
                "arguments": masker.value(given.arguments),
                "arguments_schema": _schema(masker, given.arguments_schema),
                "before": _aside(masker, given.before),
            }
        case DocumentWrite():
            before = given.before
            return {
                "title": masker.text(given.title),
                "language": masker.text(given.language),
                "before": before if before is None else masker.leaf(before, "/content"),
                "after": masker.leaf(given.after, "/content"),
            }


def _file(masker: Masker, state: FileState | None) -> FileState | None:
    if state is None:
        return None
    changed: dict[str, Any] = {}
    if masker.hidden("/mode"):
        changed["mode"] = "100644"  # the usual one says nothing
    content = state.content()
    try:
        plain = content.decode("utf-8")
    except UnicodeDecodeError:
        seen = (state.base64 or "", *_readings(content))
        if any(masker.leaf(one, "/content") != one for one in seen):
            changed |= {"text": MARK, "base64": None}
    else:
        told = masker.leaf(plain, "/content")
        spelled = state.base64 or ""
        if told != plain or masker.text(spelled) != spelled:
            changed |= {"text": told, "base64": None}
    return state.model_copy(update=changed)


def _readings(content: bytes) -> Iterator[str]:
    """What stands in bytes that are no UTF-8: UTF-16 where a mark at the start says so."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield content.decode("utf-16", "replace")
    yield content.decode("utf-8", "replace")


def _record(masker: Masker, given: RecordWrite) -> dict[str, Any]:
    told: dict[str, Any] = {
        "before": _or_none(masker, given.before),
        "after": _or_none(masker, given.after),
        "json_schema": _schema(masker, given.json_schema),
    }
    if given.patch is not None:
        told["patch"] = [_step(masker, one) for one in given.patch]
        try:
            given.model_copy(update=told).result()
        except ValueError:  # it tests, by another way, for what is masked now
            told |= {"patch": None, "after": masker.value(given.result())}
    return told


def _or_none(masker: Masker, value: Any) -> Any:
    return None if value is None else masker.value(value)


def _aside(masker: Masker, value: Any) -> Any:
    """What a write claims of the other side: one document, or a list of them."""
    if isinstance(value, list):
        value = [masker.value(one) for one in value]
    return _or_none(masker, value)


_EXAMPLES = ("const", "default", "enum", "examples")
"""What of a JSON Schema is a value of the place that it describes."""
_SAME_PLACE = ("allOf", "anyOf", "oneOf")


def _schema(masker: Masker, schema: Any, at: str = "") -> Any:
    """A JSON Schema: patterns look at every text of it, fields at the values that it names."""
    if not isinstance(schema, dict):
        return masker.texts(schema)
    told: dict[str, Any] = {}
    for name, inner in schema.items():
        if name == "properties" and isinstance(inner, dict):
            told[name] = {
                key: _schema(masker, one, f"{at}/{escaped(key)}") for key, one in inner.items()
            }
        elif name == "items":
            told[name] = _schema(masker, inner, f"{at}/0")
        elif name in _SAME_PLACE and isinstance(inner, list):
            told[name] = [_schema(masker, one, at) for one in inner]
        else:
            told[name] = masker.value(inner, at) if name in _EXAMPLES else masker.texts(inner)
    return told


def _step(masker: Masker, step: dict[str, Any]) -> dict[str, Any]:
    """A step of an RFC 6902 patch; its pointers are keys and stay."""
    if "value" not in step:
        return step
    return step | {"value": masker.value(step["value"], str(step.get("path", "")))}


def _row(masker: Masker, row: RowUpdate) -> RowUpdate:
    sides = {name: masker.value(getattr(row, name)) for name in ("key", "before", "after")}
    return row.model_copy(update=sides)


def _request(masker: Masker, given: RequestWrite) -> dict[str, Any]:
    return {
        "method": METHOD if masker.leaf(given.method, "/method") != given.method else given.method,
        "url": _url(masker, given.url),
        "headers": {
            name: masker.leaf(value, f"/headers/{escaped(name.lower())}")
            for name, value in given.headers.items()
        },
        "body": masker.value(given.body, "/body"),
        "before": _aside(masker, given.before),
    }


def _url(masker: Masker, url: str) -> str:
    """An address: its way under `/url`, each name of its query under `/query/NAME`."""
    rest, sharp, fragment = url.partition("#")
    way, _, asked = rest.partition("?")
    if masker.hidden("/url"):
        told = (f"{way.partition('://')[0]}://{MARK}", MARK if fragment else "")
        masker.count += told != (way, fragment)
    else:
        told = (_escaped(masker, way), _escaped(masker, fragment))
    seen = _query(masker, asked)
    if (*told, seen) != (way, fragment, asked):
        url = f"{told[0]}{'?' if asked else ''}{seen}{sharp}{told[1]}"
    return masker.text(url)


def _query(masker: Masker, asked: str) -> str:
    if "=" not in asked:  # no names, so that it is one value
        plain = unquote_plus(asked)
        told = masker.leaf(plain, "/query") if asked else plain
        return asked if told == plain else _quoted(told)
    # some servers take `;` for `&`
    pairs = parse_qsl(asked.replace(";", "&"), keep_blank_values=True)
    seen = [
        (masker.text(name), masker.leaf(value, f"/query/{escaped(name)}")) for name, value in pairs
    ]
    if seen == pairs:
        return asked
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in seen)


def _escaped(masker: Masker, part: str) -> str:
    """A part of an address, looked at without its escapes."""
    plain = unquote(part)
    told = masker.text(plain)
    return part if told == plain else _quoted(told, _IN_PATHS)


def _quoted(value: str, safe: str = "/") -> str:
    return MARK.join(quote(piece, safe=safe) for piece in value.split(MARK))


def _message(masker: Masker, given: MessageWrite) -> dict[str, Any]:
    changed: dict[str, Any] = {
        name: masker.value(getattr(given, name), f"/{name}")
        for name in ("channel", "to", "cc", "bcc", "subject", "body")
    }
    if given.thread is not None:
        changed["thread"] = masker.leaf(given.thread, "/thread")
    if given.before is not None:
        draft = {
            name: masker.value(getattr(given.before, name), f"/{name}")
            for name in ("to", "subject", "body")
        }
        changed["before"] = given.before.model_copy(update=draft)
    return changed


def _item(masker: Masker, item: Any) -> Any:
    text = masker.text
    match item:
        case Message() | Note():
            return item.model_copy(update={"text": text(item.text)})
        case Document():
            told = {"title": text(item.title), "uri": text(item.uri), "text": text(item.text)}
            return item.model_copy(update=told)
        case Link():
            return item.model_copy(update={"title": text(item.title), "uri": text(item.uri)})
        case ToolCall():
            told = {"name": text(item.name), "arguments": masker.texts(item.arguments)}
            return item.model_copy(update=told)
        case ToolResult():
            told = {"name": text(item.name), "output": masker.texts(item.output)}
            return item.model_copy(update=told)
    raise TypeError(type(item).__name__)  # a type of context that masking does not know yet
