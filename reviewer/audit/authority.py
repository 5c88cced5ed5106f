"""Which policy a record may name: the one that was in force when it was written.

Records of format 1 named the policy of the artifact's admission instead, and are taken as they are.
"""

from __future__ import annotations

from typing import Any

SINCE = 2
"""The first format whose records name the policy in force."""
MISNAMED = "it names a policy that was not in force then"


class Authority:
    """What records say of policies, taken in one by one and in order, from anywhere in a chain."""

    def __init__(self) -> None:
        self._active = ""
        self._proposed: set[str] = set()

    def misnamed(self, record: dict[str, Any]) -> bool:
        """Takes the next record in; whether it names another policy than the one in force.

        Before the first activation that is seen, any will do that nobody has proposed since: it is
        the built-in one, which is another in each version, or the one of before the beginning.
        """
        number = record.get("format")
        later = isinstance(number, int) and number >= SINCE
        wrong = later and not self._may_name(record.get("policy"))
        self._follow(record)
        return wrong

    def _may_name(self, policy: object) -> bool:
        if self._active:
            return policy == self._active
        return bool(policy) and policy not in self._proposed

    def _follow(self, record: dict[str, Any]) -> None:
        event, facts = record.get("event"), record.get("facts")
        if event not in ("policy_proposed", "policy_activated") or not isinstance(facts, dict):
            return
        digest = str(facts.get("digest", ""))
        if event == "policy_proposed":
            self._proposed.add(digest)
        else:
            self._active = digest
