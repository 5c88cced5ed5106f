"""From a step of an episode to an artifact document of wire format 1."""

from __future__ import annotations

import re
from typing import Any

from reviewer.domain.artifact import parse
from reviewer.domain.digest import digest

from . import airline_policy, conduct
from .case import Case, dollars
from .replay import Step
from .source import HANDOFF, Record
from .tools import Change

KINDS = {
    "book_reservation": "book",
    "cancel_reservation": "cancel",
    "update_reservation_flights": "rebook",
    "update_reservation_baggages": "baggage",
    "update_reservation_passengers": "passengers",
    "send_certificate": "certificate",
    HANDOFF: "handoff",
}
_RISKS = ("low", "medium", "high", "critical")
# how bad a wrong one is before money is looked at: a cancellation frees seats that may be gone,
# a certificate is the customer's once sent
_BASE_RISK = {"cancel": 2, "certificate": 2, "book": 1, "rebook": 1}
_FIRST_SENTENCE = re.compile(r"^.*?[.!?](?=\s|$)", re.S)


def artifact_of(step: Step) -> dict[str, Any]:
    """The artifact of one write or hand-off; raises InputError if it were not wire format 1."""
    call, episode = step.call, step.episode
    case = Case(call.name, call.arguments, step.conversation, step.world, step.proposal)
    kind = KINDS[call.name]
    handoff = call.name == HANDOFF
    rules = conduct.FOR_HANDOFFS if handoff else conduct.FOR_WRITES + airline_policy.FOR_WRITES
    document: dict[str, Any] = {
        "format": 1,
        "key": f"airline-{episode.task_id}-{episode.trial}-{step.number}",
        "agent": {
            "name": "airline-support",
            "version": "gpt-4o",
            "model": "gpt-4o",
            "run_id": episode.run_id,
        },
        "kind": kind,
        "title": _title(case, kind),
        "summary": _claim(case),
        "queue": "airline",
        "identity": {
            "act_as": "svc-airline",
            "on_behalf_of": case.customer,
            "scopes": [] if handoff else ["reservations:write", "users:write"],
        },
        "writes": [_write(case, change) for change in step.proposal.changes],
        "context": list(step.conversation.items),
        "escalations": [found for rule in rules for found in rule(case)],
        "risk": _risk(kind, step.proposal.money),
        "cost": {"steps": sum(1 for item in step.conversation.items if _by_agent(item))},
        "metadata": {
            "task_id": episode.task_id,
            "trial": episode.trial,
            "reward": episode.reward,
            "tool": call.name,
            "arguments": call.arguments,
            "expected_outcome": _expected(case),
        },
    }
    if handoff:
        document["allowed"] = ["respond", "reject"]
    parse(document)
    return document


def _by_agent(item: Record) -> bool:
    return item["type"] == "tool_call" or item.get("role") in ("agent", "thought")


def _claim(case: Case) -> str:
    """What the agent itself says it is doing: its hand-off summary, or its last words."""
    if case.name == HANDOFF:
        return str(case.arguments.get("summary", ""))
    return next((text for _, text in case.conversation.said("agent")), "")


def _title(case: Case, kind: str) -> str:
    money, asked = case.proposal.money, case.arguments
    moved = ""
    if money:
        moved = f" ({dollars(money)} {'charged' if money > 0 else 'paid back'})"
    if kind == "handoff":
        summary = str(asked.get("summary", ""))
        first = _FIRST_SENTENCE.match(summary)
        return f"Hand over: {(first.group() if first else summary)[:160]}"
    if kind == "book":
        route = f"{asked['origin']}–{asked['destination']}"
        return f"Book {route} in {asked['cabin'].replace('_', ' ')} for {case.customer}{moved}"
    if kind == "certificate":
        return f"Send {case.customer} a certificate of {dollars(asked['amount'])}"
    verb = {
        "cancel": "Cancel",
        "rebook": "Change flights of",
        "baggage": "Change bags of",
        "passengers": "Change passengers of",
    }[kind]
    return f"{verb} {case.reservation_id}{moved}"


def _write(case: Case, change: Change) -> Record:
    write: Record = {
        "type": "record",
        "system": "airline",
        "resource": change.path,
        "after": change.after,
    }
    if change.before is not None:
        write |= {
            "before": change.before,
            "precondition": {"digest": digest("record", change.before)},
        }
    if case.proposal.refusals:
        write["note"] = "As far as it can be computed: a dry run of the tool is refused."
    return write


def _risk(kind: str, money: float) -> str:
    """By what cannot be undone, one level more above a thousand dollars."""
    level = _BASE_RISK.get(kind, 0) + (abs(money) > conduct.MUCH_MONEY)
    return _RISKS[level]


def _expected(case: Case) -> Record:
    """What a dry run before the call says; the recorded result is not looked at."""
    if case.proposal.refusals:
        return {"ok": False, "error": case.proposal.refusals[0].error}
    return {"ok": True}
