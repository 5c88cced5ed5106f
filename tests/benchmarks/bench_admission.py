"""What an admission costs: asking and ruling under 200 rules and 500 grants, on one core.

    python -m tests.benchmarks.bench_admission [ARTIFACTS]

Half of the rules are asked of the artifact, half of every write, and none of them holds: the dear
case, since each must be asked.  The grants are those of one agent, or of ten with fifty each; every
write is covered by one of them, whose rates and limits are looked at.  The rate to reach is 2,000
admissions a second of the processor's time; the parsing of the same artifacts is told besides, as
something to go by.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.state import Course
from reviewer.policy.admission import asks, rule
from reviewer.policy.compiled import Compiled, load
from reviewer.policy.facts import Facts, Standing
from reviewer.policy.starter import starter

NOW = 1_780_000_000_000_000
GRANTS = 500
SYSTEMS = 50
RULES = 200
ROUNDS = 5
KNOWN = Facts(shape_decided=9, flags=0, standing=Standing(version_decided=9))
Document = dict[str, Any]


def main() -> None:
    """Prints the numbers."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    for agents in (10, 1):
        text = _policy(agents)
        started = time.process_time()
        compiled = load(text)
        read = time.process_time() - started
        documents = [_document(at, agents) for at in range(number)]
        parsing, artifacts = _timed(lambda given=documents: [parse(one) for one in given])
        ruling, courses = _timed(lambda c=compiled, a=artifacts: [_admit(c, one) for one in a])
        assert set(courses) == {Course.APPROVE}
        print(f"{GRANTS} grants of {agents} agents, {RULES} rules, {len(text) // 1024} KiB")
        print(f"  read and compiled in      {read:8.2f} s")
        print(f"  admissions                {number / ruling:8,.0f} a second")
        print(f"  one of them               {ruling / number * 1e6:8.0f} µs")
        print(f"  as a share of parsing it  {ruling / parsing:8.2f} ×")
    ruling, _ = _timed(lambda: [_admit(starter(), one) for one in artifacts])
    print("the starter")
    print(f"  admissions                {number / ruling:8,.0f} a second")


def _admit(compiled: Compiled, artifact: Artifact) -> Course:
    asks(compiled, artifact, "shape")
    return rule(compiled, artifact, KNOWN, NOW).course


def _timed(work: Callable[[], list[Any]]) -> tuple[float, list[Any]]:
    """The median time of some rounds, in seconds, and what came of the last."""
    times, found = [], []
    for _ in range(ROUNDS):
        started = time.process_time()
        found = work()
        times.append(time.process_time() - started)
    return statistics.median(times), found


def _policy(agents: int) -> str:
    lines = ["version: 1", 'queues: {"*": {}}', "agents:"]
    for agent in range(agents):
        lines += [f"  bot{agent}:", "    mode: autonomous", "    new_version: autonomous"]
        lines += ["    autonomy: {sample: 0}", "    grants:"]
        lines += [_grant(at) for at in range(agent, GRANTS, agents)]
    lines.append("rules:")
    lines += [_rule(at) for at in range(RULES)]
    return "\n".join(lines)


def _grant(at: int) -> str:
    return (
        f"      - {{id: g{at}, write: [record, tool_call], system: crm{at % SYSTEMS}, "
        f"resource: ['orders/{at}/*', 'customers/{at}/**'], "
        f"fields: [/amount, /status, '/lines/*/qty'], "
        f"limits: {{/amount: {{least: 0, most: {1_000 + at}}}}}, rates: {{hour: 100, day: 500}}}}"
    )


def _rule(at: int) -> str:
    if at % 2:
        when = (
            f"write.system == 'crm{at}' && has(write.after.amount) && "
            f"write.after.amount > {2_000 + at} && write.fields.exists(f, f == '/note')"
        )
        return f'  - {{id: w{at}, each: write, when: "{when}", then: {{risk: high}}}}'
    when = (
        f"artifact.kind == 'kind{at}' && artifact.usd > {at}.0 && artifact.title.contains('x{at}')"
    )
    return f'  - {{id: a{at}, when: "{when}", then: {{person: true}}}}'


def _document(at: int, agents: int) -> Document:
    grant = (at * 7) % GRANTS
    lines = [{"qty": 1, "sku": "a"}, {"qty": 2, "sku": "b"}]
    before = {"amount": 1, "status": "open", "note": "n" * 50, "lines": lines}
    changed = [{"qty": 2, "sku": "a"}, {"qty": 2, "sku": "b"}]
    write = {
        "type": "record",
        "system": f"crm{grant % SYSTEMS}",
        "resource": f"orders/{grant}/x",
        "before": before,
        "after": before | {"amount": 20 + at % 10, "status": "paid", "lines": changed},
    }
    return {
        "key": f"k{at}",
        "agent": {"name": f"bot{grant % agents}", "version": "1"},
        "kind": "refund",
        "title": f"Refund order {at}",
        "confidence": 0.9,
        "cost": {"usd": 0.03},
        "writes": [write],
    }


if __name__ == "__main__":
    main()
