"""Near-identical refunds with a few outliers among them, as a file for `reviewer submit`.

    python -m tests.support.refunds FILE [NUMBER]

Three of them are odd: one asks for a hundred times as much, one goes to a domain that nobody else
has, one rests on an order that is in another state.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

ODD = ("amount", "recipient", "state")


def refunds(number: int = 50, seed: int = 7) -> list[dict[str, Any]]:
    """The documents; the last three are odd, in the order of `ODD`."""
    rng = Random(seed)
    return [
        refund(8_800 + at, rng, odd)
        for at, odd in enumerate([*[""] * (number - len(ODD)), *ODD][:number])
    ]


def refund(order: int, rng: Random, odd: str = "") -> dict[str, Any]:
    """One refund, odd in one of the three ways or not."""
    amount = round(rng.uniform(12, 180), 2)
    mail = "cash@payout.invalid" if odd == "recipient" else f"c{order}@mail.example"
    before = {
        "status": "disputed" if odd == "state" else "delivered",
        "refunded": 0,
        "currency": "EUR",
        "customer": mail,
    }
    asked = round(amount * 100, 2) if odd == "amount" else amount
    return {
        "key": f"refund-{order}",
        "agent": {"name": "refund-bot", "version": "2.3.1", "model": "gpt-5-mini"},
        "kind": "refund",
        "title": f"Refund order {order} (damaged)",
        "summary": "Damaged on arrival; the photo shows it.",
        "identity": {"act_as": "svc-refunds", "on_behalf_of": f"customer:{order}"},
        "risk": "low",
        "confidence": round(rng.uniform(0.9, 0.99), 2),
        "writes": [
            {
                "type": "record",
                "system": "shop",
                "resource": f"orders/{order}",
                "before": before,
                "after": before | {"refunded": asked, "status": "refunded", "reason": "damaged"},
                "precondition": {"version": rng.randrange(2, 5)},
            }
        ],
        "escalations": [{"code": "sampled", "detail": "a part of all refunds goes to people"}],
    }


if __name__ == "__main__":
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    lines = "".join(json.dumps(document) + "\n" for document in refunds(many))
    Path(sys.argv[1]).write_text(lines, encoding="utf-8")
