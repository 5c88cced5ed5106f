"""The reason codes that decisions name: the policy's own, then the built-in ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.decision import REASONS

if TYPE_CHECKING:
    from .document import Policy

OTHER = "other"


def codes(policy: Policy | None) -> dict[str, str]:
    """Every code with its meaning, in the order in which people are offered them; `other` last.

    The policy's own come first, so that they get the digits.  The meanings are the policy's words:
    they reach a terminal only through `reviewer.untrusted`.
    """
    own = dict(policy.reasons) if policy is not None else {}
    built_in = {code: said for code, said in REASONS.items() if code not in own}
    found = own | built_in
    return {code: said for code, said in found.items() if code != OTHER} | {OTHER: found[OTHER]}
