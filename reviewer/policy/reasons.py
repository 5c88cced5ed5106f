"""The reason codes that decisions name: the policy's own, then the built-in ones."""

from __future__ import annotations

from ..domain.decision import REASONS
from .document import Policy

OTHER = "other"
MOST = 9
"""How many a dialog offers: one for each digit."""


def codes(policy: Policy | None) -> dict[str, str]:
    """Every code with its sentence, in the order in which people are offered them; `other` last."""
    own = dict(policy.reasons) if policy is not None else {}
    built_in = {code: said for code, said in REASONS.items() if code not in own}
    found = own | built_in
    return {code: said for code, said in found.items() if code != OTHER} | {OTHER: found[OTHER]}


def offered(policy: Policy | None) -> dict[str, str]:
    """As many of them as there are digits; `other`, which takes words, is always among them."""
    found = codes(policy)
    first = [code for code in found if code != OTHER][: MOST - 1]
    return {code: found[code] for code in (*first, OTHER)}
