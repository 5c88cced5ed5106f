"""One artifact as text: everything that a reviewer needs before looking at the diff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..domain.instant import from_datetime, iso, short_duration
from ..domain.state import Status
from ..untrusted import one_line, plain
from .columns import MARKS, status
from .output import json_text

if TYPE_CHECKING:
    from ..queue import Item

Line = tuple[str, str]
SHORT = 160
"""Cells of a context item unless all is asked for."""


def lines(item: Item, now: int, full: bool) -> Iterator[Line]:
    """Lines and styles; `now` is the queue's clock in microseconds."""
    yield one_line(item.artifact.title), "bold"
    yield from _facts(item, now)
    yield from _summary(item, full)
    yield from _reasons(item)
    yield from _writes(item)
    yield from _context(item, full)


def _facts(item: Item, now: int) -> Iterator[Line]:
    entry, state, artifact = item.entry, item.entry.state, item.artifact
    agent = artifact.agent
    who = " ".join(filter(None, (agent.name, agent.version, agent.model and f"({agent.model})")))
    whom = artifact.identity
    who += f"  as {whom.act_as}" if whom.act_as else ""
    who += f"  for {whom.on_behalf_of}" if whom.on_behalf_of else ""
    yield _fact("id", state.id)
    if state.key:
        yield _fact("key", one_line(state.key))
    yield _fact("status", _status(item, now))
    yield _fact("agent", one_line(who))
    if whom.scopes:
        yield _fact("scopes", one_line(", ".join(whom.scopes)))
    risk = f"risk {MARKS[str(state.risk)]}"
    yield _fact("kind", one_line(f"{state.kind} · queue {state.queue}") + f" · {risk}")
    spent = _spent(artifact)
    if spent:
        yield _fact("run", one_line(spent))
    if entry.supersedes:
        yield _fact("revises", one_line(entry.supersedes))
    if entry.superseded_by:
        yield _fact("revised by", one_line(entry.superseded_by))
    if artifact.trace.url:
        yield _fact("trace", one_line(artifact.trace.url))
    yield _fact("allowed", ", ".join(state.allowed) or "nothing")
    yield _fact("digest", state.digest)


def _fact(name: str, text: str) -> Line:
    return f"  {name:<11} {text}", ""


def _status(item: Item, now: int) -> str:
    state, entry = item.entry.state, item.entry
    parts = [status(entry, now)]
    if state.status is Status.PENDING:
        left = state.due_at - now
        parts.append(
            f"due {short_duration(left)}" if left >= 0 else f"late {short_duration(-left)}"
        )
        if state.leased(now):
            parts.append(one_line(f"claimed by {state.lease_owner}"))
        if state.assignee:
            parts.append(one_line(f"assigned to {state.assignee}"))
        if state.snoozed_until is not None and state.snoozed_until > now:
            parts.append(f"snoozed until {iso(state.snoozed_until)}")
        if state.quorum > 1:
            parts.append(f"{len(state.approvers)} of {state.quorum} approvals")
    else:
        if entry.decided_by:
            parts.append(one_line(f"by {entry.decided_by}"))
        if state.decided_at is not None:
            parts.append(f"at {iso(state.decided_at)}")
        if entry.outcome:
            parts.append(one_line(f"outcome {entry.outcome}"))
    return " · ".join(parts)


def _spent(artifact: Any) -> str:
    cost = artifact.cost
    parts = []
    if artifact.confidence is not None:
        parts.append(f"confidence {artifact.confidence:.2f}")
    if cost.usd is not None:
        parts.append(f"${cost.usd:.2f}" if cost.usd >= 0.01 else f"${cost.usd:.4f}")
    if cost.seconds is not None:
        parts.append(f"{cost.seconds:g} s")
    if cost.steps is not None:
        parts.append(f"{cost.steps} steps")
    return " · ".join(parts)


def _summary(item: Item, full: bool) -> Iterator[Line]:
    if item.artifact.summary:
        yield "", ""
        yield "The agent says", "bold"
        yield from _text(item.artifact.summary, full)


def _reasons(item: Item) -> Iterator[Line]:
    if item.reasons:
        yield "", ""
        yield "Why you see this", "bold"
    for reason in item.reasons:
        score = "" if reason.score is None else f" {reason.score:g}"
        text = one_line(reason.detail or reason.code)
        yield f"  ⚑ {text}  ({one_line(reason.code)}, {reason.source}{score})", "yellow"


def _writes(item: Item) -> Iterator[Line]:
    writes = item.artifact.writes
    if writes:
        yield "", ""
        yield "Writes", "bold"
    for number, write in enumerate(writes, 1):
        yield f"  {number} {write.type:<9} {one_line(target(write))}".rstrip(), ""
        if write.note:
            yield f"    {one_line(write.note)}", "dim"


def target(write: Any) -> str:
    """What a write aims at, in its own words (hostile text)."""
    if write.type == "request":
        return f"{write.method} {write.url}"
    if write.type == "message":
        return f"{write.channel} to {', '.join(write.to)}: {write.subject}"
    if write.type == "tool_call":
        return f"{write.name}({', '.join(write.arguments)})"
    if write.type == "sql":
        return " ".join(filter(None, (write.system, " ".join(write.statement.split()))))
    if write.type == "file":
        moved = f"{write.renamed_from} → " if write.renamed_from else ""
        return f"{write.action} {write.system} {moved}{write.resource}".replace("  ", " ")
    return " ".join(filter(None, (write.system, write.resource, getattr(write, "title", ""))))


def _context(item: Item, full: bool) -> Iterator[Line]:
    if item.artifact.context:
        yield "", ""
        yield "Context", "bold"
    for part in item.artifact.context:
        when = f"{iso(from_datetime(part.at))[11:16]} " if part.at else ""
        head, body = _part(part)
        if full and body:
            yield f"  {when}{one_line(head)}", "cyan"
            yield from _text(body, full)
        else:
            yield f"  {when}" + one_line(f"{head}  {body}".rstrip(), SHORT), ""


def _part(part: Any) -> tuple[str, str]:
    if part.type == "message":
        return part.role, part.text
    if part.type == "tool_call":
        return f"calls {part.name}", json_text(part.arguments)
    if part.type == "tool_result":
        failed = " failed" if part.error else ""
        body = part.output if isinstance(part.output, str) else json_text(part.output)
        return f"result {part.name}{failed}", body
    if part.type == "document":
        return " ".join(filter(None, ("document", part.title, part.uri))), part.text
    if part.type == "link":
        return " ".join(filter(None, ("link", part.title, part.uri))), ""
    return "note", part.text


def _text(text: str, full: bool) -> Iterator[Line]:
    shown = plain(text).split("\n")
    for line in shown if full else shown[:12]:
        yield f"  {line}", ""
    if not full and len(shown) > 12:
        yield f"  … {len(shown) - 12} more lines; --full shows them", "dim"
