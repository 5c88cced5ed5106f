"""Replays what the records say of policies, caps and kill switches, against what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..domain.governance import Cap, PolicyRow, Stop

_CAPPED = "capped"
_PROMOTION = "promotion"
_DECLINED = "declined"


@dataclass(slots=True)
class Governed:
    """What the records that are about no artifact say, so far."""

    active: str = ""
    proposed: dict[str, str] = field(default_factory=dict)
    """Digests of policies by who proposed them last."""
    stops: dict[str, tuple[str, str]] = field(default_factory=dict)
    caps: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)

    def follow(self, record: dict[str, Any]) -> bool:
        """Takes one record in; whether it was about what is compared here."""
        facts, actor = record["facts"], record["actor"]["id"]
        match record["event"]:
            case "policy_proposed":
                self.proposed[facts["digest"]] = actor
            case "policy_activated":
                self.active = facts["digest"]
            case "stopped":
                self.stops[facts["agent"]] = (actor, facts["why"])
            case "resumed":
                self.stops.pop(facts["agent"], None)
            case _:
                return self._follow_caps(record["event"], facts, actor)
        return True

    def _follow_caps(self, event: str, facts: dict[str, Any], actor: str) -> bool:
        """The same for what is about an agent's mode; a cap settles what was proposed before."""
        match event:
            case "capped":
                self._settle(facts, _PROMOTION, _DECLINED)
                self.caps[facts["agent"], facts["kind"], _CAPPED] = (facts["mode"], actor)
            case "uncapped":
                self._settle(facts, _CAPPED, _PROMOTION, _DECLINED)
            case "promotion_proposed":
                self.caps[facts["agent"], facts["kind"], _PROMOTION] = (facts["mode"], actor)
            case "promotion_decided":
                self._settle(facts, _PROMOTION, _DECLINED)
            case "promotion_declined":
                self._settle(facts, _PROMOTION)
                self.caps[facts["agent"], facts["kind"], _DECLINED] = (facts["mode"], actor)
            case _:
                return False
        return True

    def _settle(self, facts: dict[str, Any], *states: str) -> None:
        for state in states:
            self.caps.pop((facts["agent"], facts["kind"], state), None)

    def unlike(
        self,
        starter: str,
        policies: Iterable[PolicyRow],
        stops: Iterable[Stop],
        caps: Iterable[Cap],
    ) -> tuple[str, str]:
        """The first that is stored otherwise: its name, and what of it; both empty when all is.

        `starter` is the digest of the built-in policy, which nobody need have proposed.
        """
        return next(self._differences(starter, policies, stops, caps), ("", ""))

    def _differences(
        self,
        starter: str,
        policies: Iterable[PolicyRow],
        stops: Iterable[Stop],
        caps: Iterable[Cap],
    ) -> Iterator[tuple[str, str]]:
        rows = list(policies)
        recorded = self.active or starter
        if [row.digest for row in rows if row.state == "active"] != [recorded]:
            yield recorded, "by the record this policy is in force, which is stored otherwise"
        for row in rows:
            who = self.proposed.get(row.digest)
            if who != row.proposed_by and (who is not None or row.digest != starter):
                yield row.digest, "it was not proposed by whom it is stored"
        stored = {stop.agent: (stop.by, stop.why) for stop in stops}
        for agent in stored.keys() | self.stops.keys():
            if stored.get(agent) != self.stops.get(agent):
                yield agent, "whether it is stopped is stored otherwise than on the record"
        kept = {(cap.agent, cap.kind, cap.state): (cap.mode, cap.by) for cap in caps}
        for key in kept.keys() | self.caps.keys():
            if kept.get(key) != self.caps.get(key):
                yield key[0], "its cap, or a promotion, is stored otherwise than on the record"
