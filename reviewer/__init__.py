"""`reviewer`: the review desk for AI agents, in the terminal.

For agents: `from reviewer import Client` (or `AsyncClient`), see `reviewer.adapters.client`.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_LAZY = {
    "Artifact": "reviewer.domain.artifact",
    "AlreadyReported": "reviewer.adapters.verdicts",
    "Answered": "reviewer.adapters.verdicts",
    "AsyncClient": "reviewer.adapters.client",
    "AsyncTicket": "reviewer.adapters.client",
    "Client": "reviewer.adapters.client",
    "Expired": "reviewer.adapters.verdicts",
    "InvalidEdit": "reviewer.adapters.verdicts",
    "NotApproved": "reviewer.adapters.verdicts",
    "Refused": "reviewer.adapters.verdicts",
    "Rejected": "reviewer.adapters.verdicts",
    "ReviewerError": "reviewer.domain.errors",
    "Shadowed": "reviewer.adapters.verdicts",
    "Superseded": "reviewer.adapters.verdicts",
    "Ticket": "reviewer.adapters.client",
    "TimedOut": "reviewer.adapters.verdicts",
    "Verdict": "reviewer.domain.views",
    "Withdrawn": "reviewer.adapters.verdicts",
}

if TYPE_CHECKING:
    from reviewer.adapters.client import AsyncClient, AsyncTicket, Client, Ticket
    from reviewer.adapters.verdicts import (
        AlreadyReported,
        Answered,
        Expired,
        InvalidEdit,
        NotApproved,
        Refused,
        Rejected,
        Shadowed,
        Superseded,
        TimedOut,
        Withdrawn,
    )
    from reviewer.domain.artifact import Artifact
    from reviewer.domain.errors import ReviewerError
    from reviewer.domain.views import Verdict

__all__ = [
    "AlreadyReported",
    "Answered",
    "Artifact",
    "AsyncClient",
    "AsyncTicket",
    "Client",
    "Expired",
    "InvalidEdit",
    "NotApproved",
    "Refused",
    "Rejected",
    "ReviewerError",
    "Shadowed",
    "Superseded",
    "Ticket",
    "TimedOut",
    "Verdict",
    "Withdrawn",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Imports what agents use when it is first asked for (PEP 562): the desk starts without it."""
    if name not in _LAZY:
        raise AttributeError(f"module 'reviewer' has no attribute '{name}'")
    from importlib import import_module

    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
