"""A note on the desk of whoever a step reached: the desk sees the record of it and rings.

There is nothing to send and so nothing that could be lost or come twice: the record `alerted` goes
to every desk by the feed, and a desk that is opened later shows the artifact as escalated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .sent import cleaned

EVENT: Final = "alerted"


def note(facts: Mapping[str, Any], person: str) -> str:
    """What the desk of `person` says of a record `alerted`; empty where it is not for them.

    `facts` are the record's particulars.  Only our words, numbers and the policy's names.
    """
    if not facts.get("desk") or person not in facts.get("people", ()):
        return ""
    why = cleaned(str(facts.get("why", "")), 160)
    return f"Escalated to you: {why}." if why else "An artifact was escalated to you."
