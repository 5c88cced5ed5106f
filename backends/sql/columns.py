"""The columns of the hot row in the order in which `rows` reads them."""

from __future__ import annotations

STATE = (
    "public_id", "key", "agent", "kind", "status", "queue", "risk", "digest", "revision",
    "due_at", "rank", "created_at", "allowed", "quorum", "approvers", "assignee", "owner",
    "snoozed_until", "expires_at", "on_expiry", "lease_owner", "lease_until", "fence", "escalated",
    "decided_at", "effective_at", "mode", "needs",
)  # fmt: skip
"""The fields of `lifecycle.State`, in its order."""

LINE = (
    "title", "agent_version", "reasons", "confidence", "writes", "supersedes", "superseded_by",
    "decision", "decided_by", "outcome", "shape", "usd", "seconds",
)  # fmt: skip
"""What a list draws besides, in the order of `queue.Entry`."""

HOT = (*STATE, *LINE, "policy", "id")
