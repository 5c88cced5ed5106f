"""Real input: 200 recorded episodes of an airline support agent, as artifacts for review.

`python -m tests.support.airline OUT.jsonl` writes them as JSON Lines for `reviewer submit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from .build import artifact_of
from .replay import Step, steps
from .source import HANDOFF, Call, Episode, episodes_read

__all__ = ["Call", "Episode", "Step", "artifacts", "episodes", "ground_truth", "replayed"]


def episodes() -> Iterator[Episode]:
    """The recorded episodes; skips the running test where the data is absent."""
    yield from episodes_read()


def replayed() -> Iterator[Step]:
    """Every write and hand-off of every episode, with the world and conversation before it."""
    for episode in episodes_read():
        yield from steps(episode)


def artifacts(limit: int | None = None) -> list[dict[str, Any]]:
    """The artifacts of all writes and hand-offs, the same list every time; the first `limit`."""
    return [artifact_of(step) for step in islice(replayed(), limit)]


def ground_truth(artifact: Mapping[str, Any]) -> bool | None:
    """Whether exactly this call is among the actions that would have been right in its episode.

    A hand-off is compared by name alone.  The data names one only where nothing else would have
    been right, so for a hand-off that it does not name the answer is None: not known.
    """
    facts = artifact["metadata"]
    actions = next(e.actions for e in episodes_read() if e.task_id == facts["task_id"])
    if facts["tool"] == HANDOFF:
        return True if any(action["name"] == HANDOFF for action in actions) else None
    return {"name": facts["tool"], "kwargs": facts["arguments"]} in actions
