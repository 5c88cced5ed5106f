"""A reviewer in a process of its own: takes what comes next and approves it until nothing is left.

Run as `python -m tests.conformance.working URL NAME`; prints the ids that it decided, one a line.
"""

from __future__ import annotations

import asyncio
import sys

from reviewer.domain.decision import Actor, Decision, Kind
from reviewer.domain.query import parse
from reviewer.queue import Settled, open_queue


async def work(url: str, name: str) -> None:
    """Decides until there is nothing to claim."""
    queue, actor = await open_queue(url), Actor(name)
    while (claim := await queue.claim_next(parse(""), actor)) is not None:
        state = claim.item.entry.state
        decision = Decision(
            Kind.APPROVE, state.id, state.revision, state.digest, f"{name}-{state.id}", claim.fence
        )
        answer = await queue.decide(decision, actor)
        assert isinstance(answer, Settled), answer
        print(state.id)
    await queue.close()


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
