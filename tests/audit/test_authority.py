"""A record that names a policy which was not in force is found, wherever a chain begins."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from reviewer.audit.authority import MISNAMED
from reviewer.audit.chain import GENESIS, Row, link
from reviewer.audit.record import event
from reviewer.audit.verify import verify_export
from reviewer.domain.decision import Actor
from tests.domain.strategies import NOW

from .chains import lines

STARTER, ONE, TWO = "sha256:starter", "sha256:one", "sha256:two"


@dataclass(frozen=True)
class Said:
    """One record: the event, the policy it names, and of which policy it speaks."""

    event: str
    policy: str
    of: str = ""
    format: int = 2


LIFE = [
    Said("submitted", STARTER),
    Said("policy_proposed", STARTER, ONE),
    Said("decided", STARTER),
    Said("policy_activated", STARTER, ONE),
    Said("decided", ONE),
    Said("policy_proposed", ONE, TWO),
    Said("policy_activated", ONE, TWO),
    Said("undone", TWO),
    Said("policy_activated", TWO, ONE),
    Said("decided", ONE),
]


def chain(life: list[Said]) -> list[Row]:
    """A sound chain of such records."""
    rows: list[Row] = []
    previous = GENESIS
    for seq, one in enumerate(life, 1):
        facts = {"digest": one.of or "sha256:artifact"}
        value = json.loads(event(seq, one.event, "", Actor("ann"), NOW + seq, facts, one.policy))
        record = json.dumps(value | {"format": one.format})
        rows.append((seq, record, previous, link(previous, record)))
        previous = rows[-1][3]
    return rows


def test_a_life_under_several_policies_is_sound() -> None:
    assert verify_export(lines(chain(LIFE))).sound


@pytest.mark.parametrize("begin", range(1, len(LIFE)))
def test_it_is_sound_from_anywhere(begin: int) -> None:
    rows = chain(LIFE)
    start = (rows[begin - 1][0], rows[begin - 1][3])
    assert verify_export(lines(rows[begin:]), start=start).sound


@pytest.mark.parametrize(
    ("place", "policy"),
    [(2, ONE), (2, ""), (3, ONE), (4, STARTER), (4, TWO), (5, TWO), (6, TWO), (7, ONE), (9, TWO)],
)
def test_a_policy_that_was_not_in_force_is_named(place: int, policy: str) -> None:
    said = LIFE[place]
    life = [*LIFE[:place], Said(said.event, policy, said.of), *LIFE[place + 1 :]]
    report = verify_export(lines(chain(life)))
    assert report.broken is not None
    assert (report.broken.seq, report.broken.why) == (place + 1, MISNAMED)


def test_records_of_before_named_the_policy_of_the_admission() -> None:
    life = [Said(one.event, STARTER, one.of, 1) for one in LIFE]
    assert verify_export(lines(chain(life))).sound
    assert verify_export(lines(chain([*life, Said("decided", ONE)]))).sound
    assert not verify_export(lines(chain([*life, Said("decided", STARTER)]))).sound
