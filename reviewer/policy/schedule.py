"""Who is on call: rotations that hand over at a local wall time, and overrides within them.

People think of hand-overs by the clock on their wall, so a rotation counts in local wall time and
only its results are instants (microseconds): "every day at nine" stays at nine when the clocks
change.  A wall time that the clocks skip is the instant at which they are put forward; one that
comes twice is the first of the two (PEP 495, `fold=0`).  So hand-overs never change their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..domain.errors import InputError
from ..domain.instant import HOUR, from_datetime, parse_duration, to_datetime

ANY = "*"
"""The queue name of the rotation for every queue that has none of its own."""
SHORTEST = HOUR
"""The shortest turn, microseconds."""


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else is on call from `start` until before `end`, local wall times (ISO 8601)."""

    start: str
    end: str
    person: str

    def plain(self) -> dict[str, str]:
        """Its fields as the settings have them."""
        return {"from": self.start, "to": self.end, "person": self.person}


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who are on call for a queue in turn.

    The first begins at the local wall time `starts` (ISO 8601, no offset) in the time zone `zone`
    (IANA name), the next one follows `every` so often (`1d`, `1w`, `12h`; no less than an hour).
    Of overrides that overlap the last one holds.
    """

    queue: str
    people: tuple[str, ...]
    starts: str
    every: str
    zone: str
    overrides: tuple[Override, ...] = ()

    def plain(self) -> dict[str, object]:
        """Its fields as the settings have them."""
        found: dict[str, object] = {
            "queue": self.queue,
            "people": list(self.people),
            "starts": self.starts,
            "every": self.every,
            "zone": self.zone,
        }
        if self.overrides:
            found["overrides"] = [override.plain() for override in self.overrides]
        return found


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on call at an instant.

    `until` is the instant at which somebody else (`next`) takes over, None where nobody ever does;
    `instead_of` is whose turn it would be where an override holds.
    """

    person: str
    until: int | None
    next: str = ""
    instead_of: str = ""


def on_call(rotations: Iterable[Rotation], queue: str, at: int) -> Duty | None:
    """Who is on call for a queue at an instant; None where no rotation has begun by then.

    The queue's own rotation goes before the one for all queues (`*`).
    """
    found = list(rotations)
    for name in (queue, ANY):
        for rotation in found:
            if rotation.queue == name and (duty := duty_at(rotation, at)) is not None:
                return duty
    return None


def duty_at(rotation: Rotation, at: int) -> Duty | None:
    """Who is on call by one rotation at an instant; None before it begins."""
    clock = _Clock.of(rotation)
    now = clock.person(at)
    if now is None:
        return None
    person, turn_of = now
    instead = turn_of if turn_of != person else ""
    moment = at
    # between two edges of overrides everybody has a turn: after so many steps nobody else comes
    for _ in range((len(rotation.people) + 1) * (2 * len(rotation.overrides) + 1)):
        following = clock.next_change(moment)
        if following is None:
            break
        moment = following
        then = clock.person(moment)
        if then is not None and then[0] != person:
            return Duty(person, moment, then[0], instead)
    return Duty(person, None, "", instead)


def instant_of_wall(wall: datetime, zone: ZoneInfo) -> int:
    """The first instant at which the clocks of a zone show this naive wall time, or a later one."""
    first = from_datetime(wall.replace(tzinfo=zone))
    if _wall(first, zone) == wall:
        return first
    # skipped: the two readings stand before and after the instant at which the clocks go forward
    low, high = sorted((from_datetime(wall.replace(tzinfo=zone, fold=1)), first))
    while low < high:
        middle = (low + high) // 2
        if _wall(middle, zone) >= wall:
            high = middle
        else:
            low = middle + 1
    return low


def parse_wall(text: str) -> datetime:
    """A naive wall time from ISO 8601; raises `InputError` where it is none or has an offset."""
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        wall = None
    if wall is None or wall.tzinfo is not None:
        raise InputError(
            f"'{text[:40]}' is no local time", hint="Write it like 2026-11-02T09:00, no offset."
        )
    return wall


def check(rotation: Rotation) -> None:
    """Raises `InputError` where a rotation's times, people or zone cannot be used.

    The error's `place` is the field that is wrong.
    """
    if not rotation.people or not all(person.strip() for person in rotation.people):
        raise InputError("a rotation needs people, by name", "people")
    zone = _zone(rotation.zone)
    _checked("starts", rotation.starts, zone)
    try:
        turn = parse_duration(rotation.every)
    except InputError as error:
        raise InputError(error.sentence, "every", error.hint) from None
    if turn < SHORTEST:
        raise InputError("a turn is an hour at least", "every", "Write it like 12h, 1d or 1w.")
    for override in rotation.overrides:
        start = _checked("overrides", override.start, zone)
        if _checked("overrides", override.end, zone) <= start:
            raise InputError("an override ends after it begins", "overrides")
        if not override.person.strip():
            raise InputError("an override needs a person", "overrides")


def _checked(field: str, text: str, zone: ZoneInfo) -> int:
    try:
        return instant_of_wall(parse_wall(text), zone)
    except OverflowError:
        raise InputError(f"'{text[:40]}' is too far away", field) from None
    except InputError as error:
        raise InputError(error.sentence, field, error.hint) from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise InputError(
            f"there is no time zone '{name[:40]}'", "zone", "Write it like Europe/Berlin, or UTC."
        ) from None


def _wall(at: int, zone: ZoneInfo) -> datetime:
    return to_datetime(at).astimezone(zone).replace(tzinfo=None)


class _Clock(NamedTuple):
    """A rotation, read."""

    zone: ZoneInfo
    starts: datetime
    turn: timedelta
    people: tuple[str, ...]
    overrides: Sequence[tuple[int, int, str]]

    @classmethod
    def of(cls, rotation: Rotation) -> _Clock:
        zone = _zone(rotation.zone)
        overrides = [
            (
                instant_of_wall(parse_wall(one.start), zone),
                instant_of_wall(parse_wall(one.end), zone),
                one.person,
            )
            for one in rotation.overrides
        ]
        turn = timedelta(microseconds=parse_duration(rotation.every))
        return cls(zone, parse_wall(rotation.starts), turn, rotation.people, overrides)

    def hand_over(self, number: int) -> int:
        """The instant at which turn `number` begins, counted from 0."""
        try:
            return instant_of_wall(self.starts + number * self.turn, self.zone)
        except OverflowError:  # beyond the year 9999
            return from_datetime(datetime.max.replace(tzinfo=UTC))

    def turn_at(self, at: int) -> int | None:
        """The turn that goes on at an instant, None before the first."""
        number = max(0, (_wall(at, self.zone) - self.starts) // self.turn)
        while self.hand_over(number + 1) <= at:
            number += 1
        while number >= 0 and self.hand_over(number) > at:
            number -= 1
        return number if number >= 0 else None

    def person(self, at: int) -> tuple[str, str] | None:
        """Who is on call at an instant, and whose turn it is."""
        turn = self.turn_at(at)
        if turn is None:
            return None
        whose = self.people[turn % len(self.people)]
        for start, end, person in reversed(self.overrides):
            if start <= at < end:
                return person, whose
        return whose, whose

    def next_change(self, at: int) -> int | None:
        """The next instant after the rotation's begin at which somebody else may be on call."""
        edges = [edge for start, end, _ in self.overrides for edge in (start, end)]
        overridden = any(start <= at < end for start, end, _ in self.overrides)
        turn = self.turn_at(at)
        if turn is not None and len(self.people) > 1 and not overridden:
            edges.append(self.hand_over(turn + 1))
        return min((edge for edge in edges if edge > at), default=None)
