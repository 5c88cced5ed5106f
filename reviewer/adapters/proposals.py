"""From what an agent says in Python to an artifact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict

from pydantic import BaseModel

from ..domain.artifact import Agent, Artifact, parse
from ..domain.errors import InputError
from ..domain.writes import Model

AgentLike = str | Mapping[str, Any] | Agent
Parts = Sequence[Mapping[str, Any] | Model]


class Fields(TypedDict, total=False):
    """An artifact's fields as keyword arguments; DESIGN §4 and `reviewer schema artifact`.

    Times may be aware `datetime`s, parts may be mappings or models.
    """

    key: str
    agent: AgentLike
    kind: str
    title: str
    summary: str
    queue: str
    identity: Mapping[str, Any]
    writes: Parts
    context: Parts
    escalations: Parts
    confidence: float | None
    risk: str
    cost: Mapping[str, Any]
    trace: Mapping[str, Any]
    due_at: datetime | str | None
    expires_at: datetime | str | None
    on_expiry: Literal["reject", "escalate"]
    allowed: Sequence[str]
    reply: Mapping[str, Any]
    supersedes: str | None
    metadata: Mapping[str, Any]


def artifact(
    given: Artifact | Mapping[str, Any] | None, fields: Fields, agent: AgentLike
) -> Artifact:
    """The artifact, from a whole one or from its fields; raises `InputError` with the place."""
    if isinstance(given, Artifact) and not fields:
        return given
    whole: dict[str, Any] = dict(_plain(given)) if given is not None else {}
    whole |= {name: _plain(value) for name, value in fields.items() if value is not None}
    named = whole.get("agent") or agent
    if not named:
        raise InputError(
            "the agent has no name", "/agent", "Name it: Client(agent='…') or submit(agent='…')."
        )
    whole["agent"] = agent_document(named)
    return parse(whole)


def agent_document(agent: AgentLike) -> dict[str, Any]:
    """An agent as JSON, from its name, its fields or its model."""
    if isinstance(agent, str):
        return {"name": agent}
    return dict(_plain(agent))


def _plain(value: Any) -> Any:
    """JSON values of mappings, sequences, models and times; the rest is for the parser to judge."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
