"""Our own full form: one line for each label with everything that it holds.

What has no fixed shape (writes, tools, calls, the patch, reason codes) stands as a JSON text in a
string, so that any number of lines loads into one Arrow schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...domain.artifact import Artifact
from ..conversation import Turn, conversation, json_text, openai_tools
from ..delta import text_delta
from .revisions import Case
from .rules import final, proposal


def records(case: Case) -> Iterator[dict[str, Any]]:
    """One record.

    `messages` (role, content, `tool_calls`, `tool_call_id`), `tools`, `proposal` and `final` (JSON
    texts of writes, `final` empty where nothing was approved), `delta` (RFC 6902 patch over the
    proposal), `delta_text` (unified diff without context), `distance` (0 same, 1 nothing left of
    the proposal), `message` (a response's words), times as RFC 3339, `dwell_ms` in milliseconds.
    """
    artifact, label = case.row.artifact, case.row.label
    turns = conversation(artifact)
    good = final(case)
    patch = label.get("delta", [])
    responded = case.decision == "respond"
    yield _about(artifact) | {
        "format": 1,
        "artifact": case.row.artifact_id,
        "seq": case.row.seq,
        "messages": [_message(turn) for turn in turns],
        "tools": json_text(openai_tools(artifact, turns)),
        "proposal": proposal(artifact),
        "final": good or "",
        "decision": case.decision,
        "reasons": json_text(label["reasons"]),
        "comment": "" if responded else label["comment"],
        "message": label["comment"] if responded else "",
        "delta": json_text(patch),
        "delta_text": text_delta(artifact.document().get("writes", []), patch),
        "distance": float(label.get("distance", 1.0 if good is None else 0.0)),
        "reviewer": label["reviewer"],
        "reviewer_kind": label["reviewer_kind"],
        "at": label["at"],
        "dwell_ms": label["dwell_ms"],
        "bulk": label["bulk"],
        "assistant_first": label["assistant_first"],
        "policy": label["policy"],
        "digest": label["digest"],
        "digest_decided": label.get("digest_decided", "" if good is None else label["digest"]),
        "outcome": label.get("outcome", ""),
    }


def _about(artifact: Artifact) -> dict[str, Any]:
    return {
        "agent": artifact.agent.name,
        "agent_version": artifact.agent.version,
        "model": artifact.agent.model,
        "kind": artifact.kind,
        "key": artifact.key,
        "supersedes": artifact.supersedes or "",
        "subject": artifact.identity.on_behalf_of,
        "title": artifact.title,
        "risk": str(artifact.risk),
        "escalations": json_text([one.code for one in artifact.escalations]),
    }


def _message(turn: Turn) -> dict[str, str]:
    calls = [{"id": one.id, "name": one.name, "arguments": one.arguments} for one in turn.calls]
    return {
        "role": turn.role,
        "content": turn.text,
        "tool_calls": json_text(calls) if calls else "",
        "tool_call_id": turn.answers,
    }
