"""What is said of notifications that did not arrive, on the command line and in the desk.

None of them is sent again: of what may have arrived nobody knows, and what surely failed was tried
for long enough that a person must look at the channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...domain.governance import Unsent

NEXT: Final = (
    "Tell these people yourself, or decide, reassign or escalate what they were to be told of; "
    "then see to the channel."
)
"""What whoever is on call does about them."""
LOST: Final = "its worker went away while it was at it; it is not sent again"
"""The sentence of those of which older versions stored none."""


def counted(numbers: Mapping[str, int]) -> str:
    """`2 failed, 1 unknown`; empty where there is none."""
    return ", ".join(f"{number:,} {name}" for name, number in numbers.items() if number)


def why(unsent: Unsent) -> str:
    """What became of it: the channel's own sentence, and what that means."""
    said = unsent.detail or LOST
    if unsent.state == "unknown":
        return said[:1].upper() + said[1:]
    tries = "once" if unsent.attempts == 1 else f"{unsent.attempts:,} times"
    return f"Tried {tries}, then given up: {said}"
