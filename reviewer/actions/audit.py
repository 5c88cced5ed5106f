"""The audit record."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .model import Action
from .model import one as _one


def audit() -> Iterable[Action]:
    """What the audit screen does."""
    one = partial(_one, "audit", "Audit")
    yield one("audit.unfold", "enter", "unfold", "Show all that the record says, or less again.")
    yield one("audit.verify", "v", "verify", "Prove the chain, and what is stored, by the records.")
    yield one("audit.whole", "*", "all", "The records of the whole queue, or of this artifact.")
    yield one("audit.open", "o", "open", "Open the artifact of this record.")
    yield one("audit.copy", "y", "copy", "Copy the record, or the head after a proof.")
