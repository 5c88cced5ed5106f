"""What a rule may look at: the call, the conversation before it, and the world before it.

Nothing here knows the recorded result, later messages, the reward or the right actions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from .conversation import Answered, Conversation
from .source import Record, World
from .tools import Proposal

LATE = timedelta(minutes=15)
_USER_ID = re.compile(r"\b[a-z]+_[a-z]+_\d{4}\b")


@dataclass(frozen=True)
class Case:
    """One proposed call, seen before it is made."""

    name: str
    arguments: Record
    conversation: Conversation
    world: World
    proposal: Proposal

    @property
    def reservation_id(self) -> str:
        """The reservation that the call changes; empty for bookings, certificates and hand-offs."""
        return str(self.arguments.get("reservation_id", ""))

    @property
    def reservation(self) -> Record | None:
        """That reservation as it stands before."""
        return self.world.get(f"reservations/{self.reservation_id}")

    @property
    def cabin(self) -> str:
        """The reservation's cabin; the tool that changes it leaves the record's field behind."""
        for one in self.conversation.answered():
            ours = one.arguments.get("reservation_id") == self.reservation_id
            if ours and one.name == "update_reservation_flights" and not one.error:
                return str(one.arguments["cabin"])
        return str((self.reservation or {}).get("cabin", ""))

    @property
    def customer(self) -> str:
        """Whose data changes; for a hand-off who the conversation is with; empty if unknown."""
        if "user_id" in self.arguments:
            return str(self.arguments["user_id"])
        return str((self.reservation or {}).get("user_id", "")) or self.speaker[1]

    @property
    def speaker(self) -> tuple[int | None, str]:
        """Where and as which customer the user introduced themselves, or (None, "")."""
        for index, text in reversed(list(self.conversation.said("user"))):
            for user_id in _USER_ID.findall(text):
                if self.world.get(f"users/{user_id}"):
                    return index, user_id
        return None, ""

    @property
    def user(self) -> Record:
        """The customer's profile as it stands before; empty if unknown."""
        return self.world.get(f"users/{self.customer}") or {}

    @property
    def seen_at(self) -> int | None:
        """Where the agent last read the reservation."""
        return self.conversation.read("get_reservation_details", reservation_id=self.reservation_id)

    def seen_reservations(self) -> Iterator[tuple[int, Record]]:
        """The customer's reservations that the agent has read, newest first, as they now stand."""
        for one in self.reads():
            found = self.world.get(f"reservations/{one.arguments['reservation_id']}")
            if found and found["user_id"] == self.customer:
                yield one.index, found

    def reads(self) -> Iterator[Answered]:
        """The answers to the agent's readings of reservations, newest first."""
        for one in self.conversation.answered():
            if one.name == "get_reservation_details" and not one.error:
                yield one

    def status(self, flight: Record) -> str:
        """What the timetable says of a segment: available, on time, delayed, flying, landed, …"""
        return str((self.world.on(flight["flight_number"], flight["date"]) or {}).get("status"))

    def late(self, flight: Record) -> bool:
        """Whether a segment leaves or left late: by 15 minutes or more, as US statistics count."""
        day = self.world.on(flight["flight_number"], flight["date"]) or {}
        actual = day.get("actual_departure_time_est") or day.get("estimated_departure_time_est")
        if not actual:
            return False
        hour = self.world.flights[flight["flight_number"]]["scheduled_departure_time_est"]
        planned = datetime.fromisoformat(f"{flight['date']}T{hour[:8]}")
        days = timedelta(days=int(hour[8:] or 0))
        return datetime.fromisoformat(actual) - planned - days >= LATE


def escalation(
    code: str, detail: str, evidence: int | None = None, source: str = "policy"
) -> Record:
    """One escalation of wire format 1."""
    found: Record = {"code": code, "detail": detail, "source": source}
    return found if evidence is None else found | {"evidence": evidence}


def dollars(amount: float) -> str:
    """`$1,200`, with cents only where there are some."""
    return f"${abs(amount):,.0f}" if float(amount).is_integer() else f"${abs(amount):,.2f}"
