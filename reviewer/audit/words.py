"""What a record says in few words, for histories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

TELLING: Final = (
    "decision", "to", "reasons", "comment", "outcome", "detail", "reason", "by",
)  # fmt: skip
"""The facts that tell most, in the order in which they are told."""


def words(facts: Mapping[str, Any]) -> str:
    """The facts that people ask for first, joined by `·`; hostile text as it is."""
    said = []
    for name in TELLING:
        value = facts.get(name)
        if value:
            said.append(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    return " · ".join(said)
