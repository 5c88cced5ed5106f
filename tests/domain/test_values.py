"""Instants, durations, digests and decisions as values."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import instant
from reviewer.domain.decision import REASONS, Kind
from reviewer.domain.digest import canonical, digest, digest_bytes
from reviewer.domain.errors import InputError, ReviewerError

from .strategies import json_values


@given(st.integers(0, 4_000_000_000_000))
def test_instants_survive_iso(millis: int) -> None:
    assert instant.parse_iso(instant.iso(millis * 1000)) == millis * 1000


@pytest.mark.parametrize("text", ["", "noon", "2026-01-01T00:00:00"])
def test_times_without_offset_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        instant.parse_iso(text)
    with pytest.raises(InputError):
        instant.from_datetime(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "micros"),
    [("90s", 90_000_000), ("1h30m", 5_400_000_000), ("2d", 2 * instant.DAY), ("0.5s", 500_000)],
)
def test_durations(text: str, micros: int) -> None:
    assert instant.parse_duration(text) == micros


@pytest.mark.parametrize("text", ["", "5", "h", "1h 30m", "-1h", "1y"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(InputError, match="not a duration"):
        instant.parse_duration(text)


@pytest.mark.parametrize(
    ("micros", "shown"),
    [
        (12 * instant.MINUTE, "0:12"),
        (-4 * instant.MINUTE, "-0:04"),
        (100 * instant.MINUTE, "1:40"),
        (27 * instant.HOUR, "1d 3h"),
        (48 * instant.HOUR, "2d"),
        (400 * instant.DAY + instant.HOUR, "400d"),
    ],
)
def test_durations_for_people(micros: int, shown: str) -> None:
    assert instant.short_duration(micros) == shown


@given(json_values)
def test_digests_tell_kinds_of_things_apart(value: object) -> None:
    assert digest("a", value) != digest("b", value)
    assert digest("a", value) == digest_bytes("a", canonical(value))
    assert digest("a", value).startswith("sha256:")
    assert len(digest("a", value)) == 71


def test_canonical_bytes_of_the_rfc() -> None:
    value = {"numbers": [333333333.33333329, 4.50, 2e-3, 1e-27], "literals": [None, True, False]}
    wanted = b'{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27]}'
    assert canonical(value) == wanted


def test_reason_codes_fit_the_keys() -> None:
    assert len(REASONS) == 9
    assert [kind for kind in Kind if not kind.terminal] == [
        Kind.REASSIGN,
        Kind.SNOOZE,
        Kind.ESCALATE,
    ]


def test_errors_are_a_sentence_and_a_next_step() -> None:
    assert str(ReviewerError("It is full.", "Free some space.")) == "It is full. Free some space."
    assert str(InputError("bad", "/a")) == "/a: bad"
