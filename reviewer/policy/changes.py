"""What a write changes, as grants and rules see it: two documents, the fields between, the aim.

Every write becomes a document before and one after, so that a field has a JSON pointer whatever
the type:

    file      /content /mode
    record    the record's own fields; after a patch also every place that the patch names
    rows      /COLUMN of every row
    sql       /statement, /parameters/NAME or /parameters/NUMBER
    request   /method /url /query/NAME /headers/name /body/…
    message   /channel /to /cc /bcc /subject /body /thread
    tool_call the arguments
    document  /content

`before` is the agent's word.  So what is sent as a whole (request, message, sql, tool_call) counts
as changed whatever was there before, and so does everything of a write that claims to change
nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from ..domain.writes import (
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
from .aims import address, bare, clear_name, clear_url, query
from .pointers import ABSENT, differing, leaves
from .sql import verbs

Pair = tuple[Any, Any]
"""A document before and after; `ABSENT` for none."""


class Change:
    """One write, looked at: what is dear to work out is worked out when it is asked for."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.type: str = write.type
        self.system = write.system

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The documents before and after: one pair, of rows one for each row."""
        return tuple(_pairs(self.write))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The pointers of everything that changes, each once, in their order.

        What `resource` and `actions` of a grant speak of (a request's method and address, a
        message's channel) is not among them.
        """
        found = dict.fromkeys(_fields(self.write, self.pairs))
        if not found:
            sides = (side for pair in self.pairs for side in pair if side is not ABSENT)
            found = dict.fromkeys(at for side in sides for at in leaves(side) if at)
        return tuple(found)

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """What it does: a file's action, a method, SQL verbs, a tool's name, a channel, or what
        becomes of records, documents and rows (create, modify, delete; insert, update, delete).
        """
        return tuple(_actions(self.write))

    @cached_property
    def aims(self) -> tuple[str, ...]:
        """What it aims at, as patterns of resources see it; a grant must cover every one."""
        return tuple(_aims(self.write))

    @cached_property
    def clear(self) -> bool:
        """Whether no aim can be read in two ways; what is not clear only `*` stands for."""
        if isinstance(self.write, RequestWrite):
            return clear_url(self.write.url)
        return all(map(clear_name, self.aims))

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """Who gets a message: addresses without the names before them, in small letters."""
        if not isinstance(self.write, MessageWrite):
            return ()
        named = (*self.write.to, *self.write.cc, *self.write.bcc)
        return tuple(dict.fromkeys(map(address, named)))

    @cached_property
    def rows(self) -> int | None:
        """How many rows it changes; None where an SQL statement does not say."""
        match self.write:
            case RowsWrite(inserted=inserted, updated=updated, deleted=deleted):
                return len(inserted) + len(updated) + len(deleted)
            case SqlWrite(rows=rows):
                return rows
            case _:
                return 1

    @property
    def name(self) -> str:
        """What error sentences call it: its type, and what it aims at."""
        aim = next((aim for aim in self.aims if aim), "")
        what = " ".join(part for part in (self.type, self.system, aim) if part)
        return what if len(what) <= 120 else what[:119] + "…"


BINARY = "base64:"
"""Goes before a content that is no text."""


def _pairs(write: Write) -> Iterator[Pair]:
    match write:
        case FileWrite():
            yield _file(write.before), _file(write.after)
        case RecordWrite():
            yield _or_absent(write.before), _or_absent(write.result())
        case RowsWrite():
            yield from ((ABSENT, row) for row in write.inserted)
            for row in write.updated:
                before = {**row.before, **row.key}
                yield before, {**before, **row.after}
            yield from ((row, ABSENT) for row in write.deleted)
        case SqlWrite():
            yield ABSENT, {"statement": write.statement, "parameters": write.parameters}
        case RequestWrite():
            yield ABSENT, _request(write)
        case MessageWrite():
            yield _draft(write), _message(write)
        case ToolCallWrite():
            yield write.before if isinstance(write.before, dict) else ABSENT, write.arguments
        case DocumentWrite():
            old = ABSENT if write.before is None else {"content": write.before}
            yield old, {"content": write.after}


def _fields(write: Write, pairs: tuple[Pair, ...]) -> Iterator[str]:
    match write:
        case RequestWrite() | MessageWrite() | SqlWrite():
            hidden = ("/method", "/url", "/channel")
            sent = pairs[0][1]
            whole = ("/to", "/cc", "/bcc") if isinstance(write, MessageWrite) else ()
            for name, value in sent.items():
                at = f"/{name}"
                if at in whole:
                    yield at
                elif at not in hidden:
                    yield from leaves(value, at)
        case ToolCallWrite():
            # without arguments there is nothing that it says of any field
            yield from (at for at in leaves(write.arguments) if at)
        case RecordWrite(patch=patch):
            yield from _whole(pairs[0])
            yield from _patched(patch or ())
        case FileWrite() | DocumentWrite() | RowsWrite():
            for pair in pairs:
                yield from _whole(pair)


def _whole(pair: Pair) -> Iterator[str]:
    """What differs; what goes away is a change of the whole, whose pointer is empty."""
    before, after = pair
    if after is ABSENT:
        yield ""
    yield from differing(before, after)


def _patched(patch: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The places that an RFC 6902 patch names, and those within what it puts there.

    They count although the document may come out the same: the one that it meets may be another.
    """
    for step in patch:
        op, path = step.get("op"), str(step.get("path", ""))
        if op == "test":
            continue
        yield path
        if op == "move":
            yield str(step.get("from", ""))
        if isinstance(step.get("value"), dict | list):
            yield from leaves(step["value"], path)


def _actions(write: Write) -> Iterator[str]:
    match write:
        case FileWrite(action=action):
            yield action
        case RecordWrite(before=before):
            gone = write.after is None and write.patch is None
            yield "create" if before is None else "delete" if gone else "modify"
        case RowsWrite():
            rows = {"insert": write.inserted, "update": write.updated, "delete": write.deleted}
            yield from (name for name, changed in rows.items() if changed)
        case SqlWrite(statement=statement):
            yield from verbs(statement)
        case RequestWrite(method=method):
            yield method
        case MessageWrite(channel=channel):
            yield channel
        case ToolCallWrite(name=name):
            yield name
        case DocumentWrite(before=before):
            yield "create" if before is None else "modify"


def _aims(write: Write) -> Iterator[str]:
    match write:
        case RequestWrite(url=url):
            yield bare(url)
        case FileWrite(renamed_from=str(source)):
            yield from (write.resource, source)
        case SqlWrite(tables=tables) if tables:
            yield from tables
            if write.resource:
                yield write.resource
        case _:
            yield write.resource


def _file(state: FileState | None) -> Any:
    if state is None:
        return ABSENT
    try:
        content = state.content().decode("utf-8")
    except UnicodeDecodeError:
        content = BINARY + base64.b64encode(state.content()).decode("ascii")
    return {"content": content, "mode": state.mode}


def _draft(write: MessageWrite) -> Any:
    return ABSENT if write.before is None else write.before.model_dump()


def _or_absent(value: Any) -> Any:
    return ABSENT if value is None else value


def _request(write: RequestWrite) -> dict[str, Any]:
    sent: dict[str, Any] = {"method": write.method, "url": bare(write.url)}
    asked = query(write.url)
    if asked:
        sent["query"] = _by_name(parse_qsl(asked, keep_blank_values=True))
        if ";" in asked or not sent["query"]:
            sent["query"] = asked  # some servers take `;` for `&`: it is told as a whole
    if write.headers:
        sent["headers"] = _by_name((name.lower(), value) for name, value in write.headers.items())
    if write.body is not None:
        sent["body"] = write.body
    return sent


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Texts by name; those of a name that comes twice are a list."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _message(write: MessageWrite) -> dict[str, Any]:
    sent: dict[str, Any] = {"channel": write.channel, "to": write.to}
    for name in ("cc", "bcc", "subject", "thread"):
        if getattr(write, name):
            sent[name] = getattr(write, name)
    return sent | {"body": write.body}
