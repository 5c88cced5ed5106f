"""An agent that never rests: `python -m tests.support.loop_agent URL NAME`.

It hands in one small refund after the other and fetches every verdict as soon as there is one.
Each line on standard output is JSON: `{"submitted": id}` or `{"verdict": id, "decision": …}`, with
`at`, the queue's time when it asked.  It ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from backends.sql.open import open_sqlite
from reviewer.domain.decision import Actor

from .making import refund

AT_ONCE = 400
"""Artifacts without a verdict that it waits for before it hands in another."""


def say(**what: Any) -> None:
    """A line that is out at once."""
    print(json.dumps(what), flush=True)


async def main(url: str, name: str) -> None:
    """Works until nobody listens any more."""
    queue = await open_sqlite(url)
    actor, waiting, number = Actor(name, "agent", frozenset({"agent"})), list[str](), 0
    ended = asyncio.ensure_future(asyncio.to_thread(sys.stdin.read))
    say(ready=True)
    while not ended.done():
        if len(waiting) < AT_ONCE:
            number += 1
            artifact = refund(f"{name}-{number}", name, escalations=[], confidence=0.99, risk="low")
            at = await queue.now()
            taken = await queue.submit(artifact, actor)
            say(submitted=taken.artifact_id, at=at)
            waiting.append(taken.artifact_id)
        for artifact_id in list(waiting):
            at = await queue.now()
            verdict = await queue.verdict(artifact_id)
            if verdict is not None:
                waiting.remove(artifact_id)
                say(verdict=artifact_id, decision=verdict.decision, words=verdict.comment, at=at)
        await asyncio.sleep(0.05)
    await queue.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
