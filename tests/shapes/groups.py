"""Groups of near-identical proposals, made to order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.views import Entry, Item
from tests.domain.strategies import pending


def refund(number: int, amount: float = 25.0, **more: Any) -> Artifact:
    """One refund of a row of alike ones; `more` replaces fields of the document."""
    document: dict[str, Any] = {
        "key": f"refund-{number}",
        "agent": {"name": "refund-bot", "version": "2.3.1"},
        "kind": "refund",
        "title": f"Refund order {number}",
        "writes": [record(number, amount)],
        "confidence": 0.9,
        "risk": "low",
    }
    return parse(document | more)


def record(number: int, amount: float, to: str = "", **more: Any) -> dict[str, Any]:
    """The write of a refund; `more` is added to the record before and after."""
    mail = to or f"c{number}@mail.example"
    before = {"status": "open", "refund": 0, "currency": "EUR", "mail": mail} | more
    return {
        "type": "record",
        "system": "shop",
        "resource": f"orders/{number}",
        "before": before,
        "after": before | {"status": "refunded", "refund": amount},
        "precondition": {"version": 3},
    }


def message(number: int, body: str, to: str = "") -> dict[str, Any]:
    """A message write."""
    mail = to or f"c{number}@mail.example"
    return {"type": "message", "channel": "email", "to": [mail], "subject": "s", "body": body}


def items(artifacts: Sequence[Artifact]) -> list[Item]:
    """As the queue gives them."""
    return [Item(Entry(pending(artifact), artifact.title), artifact) for artifact in artifacts]
