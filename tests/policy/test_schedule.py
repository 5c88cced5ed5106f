"""Rotations: one person at every instant, hand-overs by the wall clock, overrides win."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reviewer.domain.errors import InputError
from reviewer.domain.instant import DAY, HOUR, WEEK, parse_iso, to_datetime
from reviewer.policy.schedule import (
    Override,
    Rotation,
    check,
    duty_at,
    instant_of_wall,
    on_call,
)

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",  # skipped the whole of 2011-12-30
    "Asia/Kathmandu",
)
TURNS = {"1h": HOUR, "12h": 12 * HOUR, "1d": DAY, "1w": WEEK}
PEOPLE = st.lists(st.sampled_from("abcde"), min_size=1, max_size=4).map(tuple)
WALLS = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1)).map(
    lambda when: when.replace(microsecond=0)
)


@st.composite
def rotations(draw: st.DrawFn, overridden: bool = True) -> Rotation:
    starts = draw(WALLS)
    spans = st.tuples(st.integers(0, 400), st.integers(1, 200), st.sampled_from("abcxy"))
    overrides = []
    for after, hours, person in draw(st.lists(spans, max_size=3)) if overridden else ():
        start = starts + timedelta(hours=after)
        end = start + timedelta(hours=hours)
        overrides.append(Override(start.isoformat(), end.isoformat(), person))
    zone, every = draw(st.sampled_from(ZONES)), draw(st.sampled_from(list(TURNS)))
    return Rotation("*", draw(PEOPLE), starts.isoformat(), every, zone, tuple(overrides))


def begin(rotation: Rotation) -> int:
    return instant_of_wall(datetime.fromisoformat(rotation.starts), ZoneInfo(rotation.zone))


def wall(at: int, zone: str) -> datetime:
    return to_datetime(at).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@given(rotations(), st.integers(0, 400 * DAY))
def test_every_instant_from_the_start_on_has_somebody_and_none_before(
    rotation: Rotation, later: int
) -> None:
    start = begin(rotation)
    duty = duty_at(rotation, start + later)
    assert duty is not None
    assert duty.person in {*rotation.people, *(o.person for o in rotation.overrides)}
    assert duty_at(rotation, start - 1 - later) is None
    assert on_call([rotation], "billing", start + later) == duty


@given(rotations(), st.integers(0, 60 * DAY))
def test_until_is_when_the_person_changes_and_not_before(rotation: Rotation, later: int) -> None:
    at = begin(rotation) + later
    duty = duty_at(rotation, at)
    assert duty is not None
    if duty.until is None:
        assert duty.next == ""
        for days in (1, 8, 100, 1000):
            after = duty_at(rotation, at + days * DAY)
            assert after is not None
            assert after.person == duty.person
        return
    assert duty.until > at
    assert duty.next != duty.person
    after = duty_at(rotation, duty.until)
    assert after is not None
    assert after.person == duty.next
    for part in (1, 2, 3):
        between = duty_at(rotation, at + (duty.until - 1 - at) * part // 3)
        assert between is not None
        assert (between.person, between.until) == (duty.person, duty.until)


@given(rotations(overridden=False), st.integers(0, 40))
def test_turns_follow_in_order_and_change_at_the_same_wall_time(
    rotation: Rotation, number: int
) -> None:
    """By the zone's own clocks turn n begins at `starts` + n × `every`, also over DST."""
    assume(rotation.zone != "Pacific/Apia")
    every = timedelta(microseconds=TURNS[rotation.every])
    starts = datetime.fromisoformat(rotation.starts)
    at = instant_of_wall(starts + number * every, ZoneInfo(rotation.zone))
    shown = wall(at, rotation.zone)
    assert shown >= starts + number * every
    if shown == starts + number * every:  # a wall time that there is
        duty = duty_at(rotation, at)
        assert duty is not None
        following = instant_of_wall(starts + (number + 1) * every, ZoneInfo(rotation.zone))
        if following > at:
            assert duty.person == rotation.people[number % len(rotation.people)]


@given(WALLS, st.integers(0, 48 * 60), st.sampled_from(ZONES))
def test_later_wall_times_are_never_earlier_instants(
    first: datetime, minutes: int, zone: str
) -> None:
    later = first + timedelta(minutes=minutes)
    assert instant_of_wall(first, ZoneInfo(zone)) <= instant_of_wall(later, ZoneInfo(zone))


@given(rotations(), st.data())
def test_overrides_win(rotation: Rotation, data: st.DataObject) -> None:
    assume(rotation.overrides)
    last = rotation.overrides[-1]
    zone = ZoneInfo(rotation.zone)
    start = instant_of_wall(datetime.fromisoformat(last.start), zone)
    end = instant_of_wall(datetime.fromisoformat(last.end), zone)
    assume(start < end)
    at = data.draw(st.integers(start, end - 1))
    duty = duty_at(rotation, at)
    assert duty is not None
    assert duty.person == last.person
    plain = duty_at(Rotation("*", rotation.people, rotation.starts, rotation.every, rotation.zone),
                    at)  # fmt: skip
    assert plain is not None
    assert duty.instead_of == ("" if plain.person == last.person else plain.person)


BERLIN = Rotation("billing", ("ana", "ben"), "2026-03-27T09:00", "1d", "Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "person", "until"),
    [
        ("2026-03-28T09:00:00+01:00", "ben", "2026-03-29T09:00:00+02:00"),  # a day of 23 hours
        ("2026-03-29T08:59:59+02:00", "ben", "2026-03-29T09:00:00+02:00"),
        ("2026-03-29T09:00:00+02:00", "ana", "2026-03-30T09:00:00+02:00"),
        ("2026-10-24T09:00:00+02:00", "ben", "2026-10-25T09:00:00+01:00"),  # one of 25
        ("2026-10-25T08:30:00+01:00", "ben", "2026-10-25T09:00:00+01:00"),
    ],
)
def test_hand_over_stays_at_nine_when_the_clocks_change(at: str, person: str, until: str) -> None:
    duty = duty_at(BERLIN, parse_iso(at))
    assert duty is not None
    assert (duty.person, duty.until) == (person, parse_iso(until))


def test_a_skipped_wall_time_is_when_the_clocks_go_forward_and_a_double_one_the_first() -> None:
    zone = ZoneInfo("Europe/Berlin")
    skipped = instant_of_wall(datetime(2026, 3, 29, 2, 30), zone)
    assert skipped == parse_iso("2026-03-29T03:00:00+02:00")
    double = instant_of_wall(datetime(2026, 10, 25, 2, 30), zone)
    assert double == parse_iso("2026-10-25T02:30:00+02:00")
    apia = instant_of_wall(datetime(2011, 12, 30, 12), ZoneInfo("Pacific/Apia"))
    assert apia == parse_iso("2011-12-31T00:00:00+14:00")


def test_a_long_override_over_many_turns_ends_when_it_ends() -> None:
    away = Override("2026-04-01T00:00", "2027-04-01T00:00", "ana")
    rotation = Rotation("*", ("ana", "ben"), "2026-03-27T09:00", "1d", "UTC", (away,))
    duty = duty_at(rotation, parse_iso("2026-04-02T10:00:00Z"))
    assert duty is not None
    assert duty.person == "ana"
    assert duty.until is not None
    assert duty.until >= parse_iso("2027-04-01T00:00:00Z")
    assert duty.next == "ben"
    other = duty_at(rotation, parse_iso("2026-04-03T10:00:00Z"))
    assert other is not None
    assert other.instead_of == "ben"


def test_the_queue_s_own_rotation_goes_before_that_of_all() -> None:
    everyone = Rotation("*", ("cy",), "2020-01-01T00:00", "1w", "UTC")
    at = parse_iso("2026-04-02T10:00:00Z")
    found = on_call([everyone, BERLIN], "billing", at)
    assert found is not None
    assert found.person in ("ana", "ben")
    elsewhere = on_call([everyone, BERLIN], "legal", at)
    assert elsewhere is not None
    assert (elsewhere.person, elsewhere.until) == ("cy", None)
    before = on_call([everyone, BERLIN], "billing", parse_iso("2021-01-01T00:00:00Z"))
    assert before is not None
    assert before.person == "cy"  # its own has not begun
    assert on_call([BERLIN], "legal", at) is None
    assert on_call([], "billing", at) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"people": ()}, "people"),
        ({"people": ("ana", " ")}, "people"),
        ({"starts": "2026-03-27T09:00:00Z"}, "starts"),
        ({"starts": "monday"}, "starts"),
        ({"starts": "0001-01-01T00:00"}, "starts"),
        ({"every": "59m"}, "every"),
        ({"every": "week"}, "every"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"overrides": (Override("2026-03-28T09:00", "2026-03-28T09:00", "cy"),)}, "overrides"),
        ({"overrides": (Override("2026-03-28T09:00", "soon", "cy"),)}, "overrides"),
        ({"overrides": (Override("2026-03-28T09:00", "2026-03-29T09:00", ""),)}, "overrides"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(change: dict[str, object], field: str) -> None:
    whole = {name: getattr(BERLIN, name) for name in BERLIN.__slots__} | change
    with pytest.raises(InputError) as caught:
        check(Rotation(**whole))  # type: ignore[arg-type]
    assert caught.value.place == field


@given(rotations())
def test_what_can_be_used_passes(rotation: Rotation) -> None:
    zone = ZoneInfo(rotation.zone)
    for one in rotation.overrides:  # one within a day that the clocks skip has no length
        start, end = (
            instant_of_wall(datetime.fromisoformat(t), zone) for t in (one.start, one.end)
        )
        assume(start < end)
    check(rotation)
