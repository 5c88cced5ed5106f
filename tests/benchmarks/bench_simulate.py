"""Simulating a policy: `python -m tests.benchmarks.bench_simulate`.

Options: `--size N` (admissions, default 100,000), `--rules N` and `--grants N` of the policy that
is simulated.  Told, in processor time: admissions a second under an assisted policy, one that
decides alone, and one that does so with many rules and grants; and the greatest memory.  Reading
them from a store comes on top of it.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from reviewer.domain.governance import Admission
from reviewer.domain.instant import MINUTE
from reviewer.policy.simulate import Simulation
from tests.domain.strategies import NOW
from tests.policy.test_simulate import ASSISTED, lenient
from tests.policy.worlds import Event, World, artifact, compile_

DIFFERENT = 300
BATCH = 200


def history(size: int) -> Iterator[Admission]:
    """Admissions under the assisted policy, one a minute, each decided after five."""
    some = [
        Event(MINUTE, artifact(n % 7, agent=f"bot-{n % 5}"), decision="approve")
        for n in range(DIFFERENT)
    ]
    made = World(compile_(ASSISTED)).run(some)
    for number in range(size):
        at = NOW + number * MINUTE
        one = made[number % DIFFERENT]
        yield replace(one, seq=number, at=at, decided_at=at + 5 * MINUTE)


def measure(name: str, document: dict[str, Any], size: int) -> None:
    """Simulates one policy and tells how fast."""
    compiled, admissions = compile_(document), history(size)
    simulation = Simulation(compiled, NOW, NOW + size * MINUTE)
    took = 0.0
    while batch := list(islice(admissions, BATCH)):
        start = time.process_time()
        simulation.add(batch)
        took += time.process_time() - start
    found = simulation.result()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    alone = found.courses.approve.now
    print(
        f"{name}: {size / took:,.0f} a second, {took:.1f} s, {alone:,} alone, {memory} MB at most"
    )


def main() -> None:
    """Reads the options and measures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--rules", type=int, default=200)
    options.add_argument("--grants", type=int, default=500)
    given = options.parse_args()
    rules = [
        {
            "id": f"rule-{number}",
            "when": f"artifact.confidence < 0.{number:04d} && size(artifact.title) > {number}",
            "then": {"person": True},
        }
        for number in range(given.rules)
    ]
    grants: list[dict[str, Any]] = [
        {"write": "record", "system": f"crm-{number}", "id": f"grant-{number}"}
        for number in range(given.grants - 1)
    ]
    grants.append({"write": "*", "id": "all", "rates": {"day": 1_000_000}})
    measure("assisted", ASSISTED, given.size)
    measure("alone", lenient(), given.size)
    measure("many rules and grants", lenient(grants=grants) | {"rules": rules}, given.size)


if __name__ == "__main__":
    main()
