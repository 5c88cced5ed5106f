"""The variables of rules: names, types and meanings, and their values for an artifact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..domain.artifact import Artifact
from ..domain.instant import to_datetime
from ..domain.writes import DocumentWrite, FileWrite, MessageWrite, SqlWrite
from .changes import Change
from .facts import Facts
from .pointers import ABSENT


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is asked of: an artifact with its writes, what is known, and when."""

    artifact: Artifact
    changes: tuple[Change, ...]
    facts: Facts
    now: int


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of rules; `type` is that of CEL, `write` says that only `each: write` has it."""

    name: str
    type: str
    meaning: str
    write: bool = False


def _table(write: bool, *rows: tuple[str, str, str]) -> tuple[Variable, ...]:
    return tuple(Variable(*row, write) for row in rows)


VARIABLES: Final = (
    *_table(
        False,
        ("agent.name", "string", "the agent's name"),
        ("agent.version", "string", "its version, empty where it gives none"),
        ("agent.model", "string", "the model that it says it used"),
        ("artifact.kind", "string", "what sort of task it is"),
        ("artifact.title", "string", "the title, as the agent wrote it"),
        ("artifact.summary", "string", "the summary, as the agent wrote it"),
        ("artifact.queue", "string", "the queue that the agent wished for"),
        ("artifact.risk", "string", "low, medium, high or critical, as the agent says"),
        ("artifact.risk_level", "int", "the same as a number from 0 for low to 3 for critical"),
        ("artifact.confidence", "double", "from 0.0 to 1.0; 0.0 where the agent gives none"),
        ("artifact.escalations", "list(string)", "the codes of the agent's own escalations"),
        ("artifact.metadata", "dyn", "the agent's own fields; ask has(…) before using one"),
        ("artifact.usd", "double", "what the run has cost so far in US dollars"),
        ("artifact.seconds", "double", "how long the run took so far"),
        ("artifact.tokens", "int", "tokens read and written in the run so far"),
        ("artifact.steps", "int", "steps of the run so far"),
        ("identity.act_as", "string", "as whom the writes would be made"),
        ("identity.on_behalf_of", "string", "for whom it was asked, empty where nobody is named"),
        ("identity.scopes", "list(string)", "the scopes that the agent says it holds"),
        ("writes", "list(dyn)", "all writes, each a map with the fields of `write` below"),
        ("writes.count", "int", "how many writes there are"),
        ("writes.types", "list(string)", "the types of the writes, each once"),
        ("writes.systems", "list(string)", "the systems that they go to, each once"),
        ("context", "list(dyn)", "the context's items: type, role, name, title, uri, text"),
        ("history.shape_decided", "int", "how often people decided on this shape before"),
        ("history.shape_rejected", "int", "how often they rejected it"),
        ("history.decided", "int", "decisions on this agent and kind in its budget's window"),
        ("history.mistakes", "int", "how many of them the budget counts as mistakes"),
        ("history.version_decided", "int", "how many of them were on this version"),
        ("hidden", "int", "characters that hide or mislead, in all texts of the artifact"),
        ("now", "timestamp", 'when it was admitted; now.getHours("Europe/Berlin")'),
    ),
    *_table(
        True,
        ("write.number", "int", "which of the writes it is, from 1"),
        ("write.type", "string", "file, record, rows, sql, request, message, tool_call, document"),
        ("write.system", "string", "the system that it goes to"),
        ("write.resource", "string", "what it changes there; of a request the address"),
        ("write.actions", "list(string)", "what it does: modify, POST, delete …, as in grants"),
        ("write.fields", "list(string)", "JSON pointers of what changes"),
        ("write.rows", "int", "how many rows it changes; -1 where it does not say"),
        ("write.recipients", "list(string)", "who gets it, of a message"),
        ("write.text", "string", "the text of a file, document, message or SQL statement"),
        ("write.before", "dyn", "the document before, null for none; of rows a list"),
        ("write.after", "dyn", "the document after, null for none; of rows a list"),
    ),
)
"""What `when` of a rule may ask, in the order in which the guide shows it."""

NAMES: Final = tuple(variable.name for variable in VARIABLES)

_ARTIFACT: Final[Mapping[str, Callable[[Subject], Any]]] = {
    "agent.name": lambda s: s.artifact.agent.name,
    "agent.version": lambda s: s.artifact.agent.version,
    "agent.model": lambda s: s.artifact.agent.model,
    "artifact.kind": lambda s: s.artifact.kind,
    "artifact.title": lambda s: s.artifact.title,
    "artifact.summary": lambda s: s.artifact.summary,
    "artifact.queue": lambda s: s.artifact.queue,
    "artifact.risk": lambda s: str(s.artifact.risk),
    "artifact.risk_level": lambda s: s.artifact.risk.level,
    "artifact.confidence": lambda s: float(s.artifact.confidence or 0.0),
    "artifact.escalations": lambda s: [one.code for one in s.artifact.escalations],
    "artifact.metadata": lambda s: s.artifact.metadata,
    "artifact.usd": lambda s: float(s.artifact.cost.usd or 0.0),
    "artifact.seconds": lambda s: float(s.artifact.cost.seconds or 0.0),
    "artifact.tokens": lambda s: (
        (s.artifact.cost.input_tokens or 0) + (s.artifact.cost.output_tokens or 0)
    ),
    "artifact.steps": lambda s: s.artifact.cost.steps or 0,
    "identity.act_as": lambda s: s.artifact.identity.act_as,
    "identity.on_behalf_of": lambda s: s.artifact.identity.on_behalf_of,
    "identity.scopes": lambda s: list(s.artifact.identity.scopes),
    "writes": lambda s: [write_map(number, one) for number, one in enumerate(s.changes, 1)],
    "writes.count": lambda s: len(s.changes),
    "writes.types": lambda s: list(dict.fromkeys(one.type for one in s.changes)),
    "writes.systems": lambda s: list(dict.fromkeys(one.system for one in s.changes)),
    "context": lambda s: [_item(one) for one in s.artifact.context],
    "history.shape_decided": lambda s: s.facts.shape_decided,
    "history.shape_rejected": lambda s: s.facts.shape_rejected,
    "history.decided": lambda s: s.facts.standing.decided,
    "history.mistakes": lambda s: s.facts.standing.mistakes,
    "history.version_decided": lambda s: s.facts.standing.version_decided,
    "hidden": lambda s: -1 if s.facts.flags is None else s.facts.flags,
    "now": lambda s: to_datetime(s.now),
}
_WRITE: Final[Mapping[str, Callable[[int, Change], Any]]] = {
    "write.number": lambda number, _: number,
    "write.type": lambda _, c: c.type,
    "write.system": lambda _, c: c.system,
    "write.resource": lambda _, c: c.aims[0],
    "write.actions": lambda _, c: list(c.actions),
    "write.fields": lambda _, c: list(c.fields),
    "write.rows": lambda _, c: -1 if c.rows is None else c.rows,
    "write.recipients": lambda _, c: list(c.recipients),
    "write.text": lambda _, c: _text(c),
    "write.before": lambda _, c: _side(c, 0),
    "write.after": lambda _, c: _side(c, 1),
}


def artifact_values(subject: Subject, names: Iterable[str]) -> dict[str, Any]:
    """The values of those of the named variables that an artifact has."""
    return {name: _ARTIFACT[name](subject) for name in names if name in _ARTIFACT}


def write_values(number: int, change: Change, names: Iterable[str]) -> dict[str, Any]:
    """The values of those of the named variables that its write of this number has."""
    return {name: _WRITE[name](number, change) for name in names if name in _WRITE}


def write_map(number: int, change: Change) -> dict[str, Any]:
    """A write as the list `writes` has it."""
    return {
        name.removeprefix("write."): value
        for name, value in write_values(number, change, _WRITE).items()
    }


def _side(change: Change, side: int) -> Any:
    found = [pair[side] for pair in change.pairs if pair[side] is not ABSENT]
    if change.type == "rows":
        return found
    return found[0] if found else None


def _text(change: Change) -> str:
    match change.write:
        case MessageWrite(body=text) | SqlWrite(statement=text) | DocumentWrite(after=text):
            return text
        case FileWrite(after=after):
            return (after.text or "") if after is not None else ""
        case _:
            return ""


_TEXTS: Final = ("role", "name", "title", "uri", "text")


def _item(item: Any) -> dict[str, str]:
    """An item of the context; every key is there, empty where the item has none of it."""
    return {"type": item.type} | {name: getattr(item, name, "") for name in _TEXTS}
