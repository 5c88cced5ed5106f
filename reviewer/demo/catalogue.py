"""Which artifacts the demo begins with, and which keep coming."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from random import Random

from . import awkward, bulk, code, contracts, crm, data, hostile, messages, ops, refunds
from .made import Json, Maker

EVERYDAY: tuple[Maker, ...] = (
    refunds.refund, code.retry_fix, messages.answer, data.statement, crm.merge, contracts.clause,
    ops.operate, refunds.refund, data.rows, messages.answer, ops.scale, code.housekeeping,
    crm.enrich, refunds.question, contracts.report, code.bump, messages.announce, data.prices,
    crm.schema_move, ops.webhook,
)  # fmt: skip
LIGHT: tuple[Maker, ...] = (
    hostile.everything, hostile.trojan_source, awkward.arabic, awkward.hebrew, awkward.cjk,
    awkward.binary,
)  # fmt: skip
HEAVY: tuple[Maker, ...] = (awkward.long_file, awkward.one_line, awkward.long_context)
FIRST = 48
MORE = 40


def first(seed: int, now: int) -> list[Json]:
    """Some sixty small ones of every type: enough for the first screen, quick to take in."""
    everyday = [EVERYDAY[i % len(EVERYDAY)](_rng(seed, "first", i), now) for i in range(FIRST)]
    light = [make(_rng(seed, make.__name__, 0), now) for make in LIGHT]
    return _distinct([*everyday, *light, *refunds.chain(_rng(seed, "chain", 0), now)])


def rest(seed: int, now: int) -> Iterator[Json]:
    """What arrives in the background right after: the groups, the heavy ones, some more."""
    for make in HEAVY:
        yield make(_rng(seed, make.__name__, 0), now)
    pairs = zip(
        bulk.phones(_rng(seed, "phones", 0), now),
        bulk.reminders(_rng(seed, "reminders", 0), now),
        strict=True,
    )
    yield from chain.from_iterable(pairs)
    for number in range(MORE):
        yield steady(seed, -1 - number, now)


def steady(seed: int, number: int, now: int) -> Json:
    """The `number`-th artifact of the stream that goes on as long as the demo runs."""
    rng = _rng(seed, "steady", number)
    made = rng.choice(EVERYDAY)(rng, now)
    # a stream must never meet a key that the seed has used
    return made | {"key": made["key"].replace("-r0", f"-s{number % 100_000}-r0")}


def _distinct(made: list[Json]) -> list[Json]:
    """Two makers may draw the same number; then the later one gets another key."""
    seen: set[str] = set()
    done = []
    for one in made:
        key = one["key"]
        names = chain([key], (key.replace("-r0", f"-{n}-r0") for n in count(2)))
        free = next(name for name in names if name not in seen)
        seen.add(free)
        done.append(one | {"key": free})
    return done


def _rng(seed: int, theme: str, number: int) -> Random:
    # a text seeds by SHA-512: the same on every machine and in every process
    return Random(f"{seed}/{theme}/{number}")
