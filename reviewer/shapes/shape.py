"""The shape of an artifact: what two proposals share that differ only in their values.

Artifacts of one shape come from the same agent, are of the same kind, aim at the same sort of
targets, change the same fields in the same way and are here for the same reasons.  A shape says
what may be looked at together; it never says that the members are alike enough to be decided alike
(that is for `reviewer.shapes.analysis` and the person who looks).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from reviewer.domain.artifact import Artifact
from reviewer.domain.writes import (
    DocumentWrite,
    FileWrite,
    MessageWrite,
    RecordWrite,
    RequestWrite,
    RowsWrite,
    SqlWrite,
    ToolCallWrite,
    Write,
)

from .fields import ABSENT, Budget, Field, fields, type_of
from .patterns import (
    LONGEST_STATEMENT,
    key_pattern,
    path_pattern,
    resource_pattern,
    statement_pattern,
    url_pattern,
)

VERSION: Final = "reviewer/shape/1"
"""Goes into every id: a change of the rules makes other shapes, never old ids of a new meaning."""
MOST_WRITES: Final = 50
MOST_FIELDS: Final = 400
MOST_REASONS: Final = 50


@dataclass(frozen=True)
class WriteShape:
    """One write without its values; all texts are an artifact's and hostile.

    `target` is the pattern of what it aims at, `how` says create, modify, delete, a method, a
    channel, `fields` what changes.
    """

    type: str
    system: str
    target: str
    how: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Shape:
    """What the members of a group share; `cut` says that an artifact was too large to see all."""

    agent: str
    kind: str
    writes: tuple[WriteShape, ...]
    reasons: tuple[str, ...]
    cut: bool = False

    @cached_property
    def id(self) -> str:
        """12 hex digits of a SHA-256 over a canonical description, the same in every process."""
        description = [
            self.agent,
            self.kind,
            [[w.type, w.system, w.target, w.how, w.fields] for w in self.writes],
            self.reasons,
            self.cut,
        ]
        # pure ASCII, so that a lone surrogate is no reason to fail
        raw = json.dumps(description, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(f"{VERSION}\n{raw}".encode()).hexdigest()[:12]


def shape_of(artifact: Artifact, reasons: Sequence[str]) -> Shape:
    """The shape of an artifact that is in the queue for `reasons` (escalation codes, in any order).

    Never raises, and takes a time that does not grow with the artifact: what goes beyond the
    bounds of `reviewer.shapes.fields` is left out, and `cut` is true.
    """
    budget = Budget()
    writes = tuple(_write(write, budget) for write in artifact.writes[:MOST_WRITES])
    codes = sorted(set(reasons))
    cut = budget.spent or len(artifact.writes) > MOST_WRITES or len(codes) > MOST_REASONS
    return Shape(artifact.agent.name, artifact.kind, writes, tuple(codes[:MOST_REASONS]), cut)


def _write(write: Write, budget: Budget) -> WriteShape:
    target, how, found = _parts(write, budget)
    ordered = sorted(found)
    if len(ordered) > MOST_FIELDS:
        budget.spent = True
        del ordered[MOST_FIELDS:]
    return WriteShape(write.type, write.system, target, how, tuple(ordered))


def _parts(write: Write, budget: Budget) -> tuple[str, tuple[str, ...], set[Field]]:
    match write:
        case FileWrite():
            return _file(write)
        case RecordWrite():
            return _record(write, budget)
        case RowsWrite():
            return write.resource, tuple(sorted(write.key_columns)[:50]), _rows(write, budget)
        case SqlWrite():
            return _sql(write, budget)
        case RequestWrite():
            return _request(write, budget)
        case MessageWrite():
            return _message(write)
        case ToolCallWrite():
            old = write.before if isinstance(write.before, dict) else ABSENT
            found = fields(old, write.arguments, budget)
            return resource_pattern(write.resource), (write.name,), found
        case DocumentWrite():
            how = ("create" if write.before is None else "modify", write.language)
            return resource_pattern(write.resource), how, set()


def _file(write: FileWrite) -> tuple[str, tuple[str, ...], set[Field]]:
    modes = [state.mode if state else "" for state in (write.before, write.after)]
    how = (write.action, *modes, path_pattern(write.renamed_from or ""))
    return path_pattern(write.resource), how, set()


def _record(write: RecordWrite, budget: Budget) -> tuple[str, tuple[str, ...], set[Field]]:
    target = resource_pattern(write.resource)
    if write.patch is not None:
        return target, ("patch",), _patch(write.patch, budget)
    how = "create" if write.before is None else "delete" if write.after is None else "modify"
    old = ABSENT if write.before is None else write.before
    new = ABSENT if write.after is None else write.after
    return target, (how,), fields(old, new, budget)


_PATCH_OPS: Final = {"add": "+", "remove": "-", "replace": "~"}


def _patch(patch: Iterable[dict[str, Any]], budget: Budget) -> set[Field]:
    """The fields that an RFC 6902 patch names; it is not carried out, which can cost a lot."""
    found: set[Field] = set()
    for step in patch:
        if not budget.take():
            break
        op = str(step.get("op", ""))[:20]
        path = _pointer(step.get("path"))
        if op in ("add", "replace") and isinstance(step.get("value"), dict | list):
            added = fields(ABSENT, step["value"], budget, path)
            found |= {Field(f.path, _PATCH_OPS[op], f.type) for f in added}
        else:
            source = f"{_pointer(step['from'])}→" if "from" in step else ""
            kind = type_of(step["value"]) if "value" in step else ""
            found.add(Field(source + path, _PATCH_OPS.get(op, op), kind))
    return found


def _pointer(value: Any) -> str:
    """A JSON pointer (RFC 6901) with its indexes generalised."""
    steps = str(value)[:2_000].split("/")[1:]
    return "".join(
        f"/{'[]' if step.isdigit() or step == '-' else key_pattern(step)}" for step in steps
    )


def _rows(write: RowsWrite, budget: Budget) -> set[Field]:
    found: set[Field] = set()
    for row in write.inserted:
        found |= fields(ABSENT, row, budget)
    for gone in write.deleted:
        found |= fields(gone, ABSENT, budget)
    for update in write.updated:
        if budget.spent:
            break
        found |= fields(update.before, {**update.before, **update.after}, budget)
    return found


def _sql(write: SqlWrite, budget: Budget) -> tuple[str, tuple[str, ...], set[Field]]:
    statement = statement_pattern(write.statement)
    if len(write.statement) > LONGEST_STATEMENT:
        # what was not read may do anything: only the very same rest is the same shape
        rest = write.statement[LONGEST_STATEMENT:].encode("utf-8", "surrogatepass")
        statement += f" …{hashlib.sha256(rest).hexdigest()}"
    parameters = write.parameters
    if isinstance(parameters, list):
        parameters = {f":{at}": value for at, value in enumerate(parameters[:500])}
    how = (statement, *sorted(write.tables)[:50])
    return resource_pattern(write.resource), how, fields(ABSENT, parameters, budget)


def _request(write: RequestWrite, budget: Budget) -> tuple[str, tuple[str, ...], set[Field]]:
    body: Any = ABSENT if write.body is None else write.body
    before: Any = ABSENT
    if isinstance(write.before, dict) and isinstance(body, dict):
        named = {name: value for name, value in write.before.items() if name in body}
        before = write.before if write.method == "PUT" else named
    headers = sorted({key_pattern(name.lower()) for name in list(write.headers)[:100]})
    how = (write.method, url_pattern(write.url), *headers)
    return resource_pattern(write.resource), how, fields(before, body, budget)


def _message(write: MessageWrite) -> tuple[str, tuple[str, ...], set[Field]]:
    parts: dict[str, Any] = {
        "to": write.to,
        "cc": write.cc,
        "bcc": write.bcc,
        "subject": write.subject,
    }
    parts |= {"body": write.body, "thread": write.thread}
    op = "+" if write.before is None else "~"
    found = {Field(f"/{name}", op, type_of(value)) for name, value in parts.items() if value}
    return resource_pattern(write.resource), (write.channel,), found
