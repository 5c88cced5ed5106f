"""An episode played again: the world and the conversation at each of the agent's calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .conversation import Conversation, conversation_before
from .source import HANDOFF, Call, Episode, World, pristine
from .tools import TOOLS, Proposal, propose


@dataclass(frozen=True)
class Step:
    """One call that a person should see: `number` counts them from 1 within the episode."""

    episode: Episode
    number: int
    call: Call
    world: World
    conversation: Conversation
    proposal: Proposal


def worlds(episode: Episode) -> Iterator[tuple[Call, World]]:
    """Every call of the agent, reads too, with the world it met.

    A write changes the world for later calls only where the real tool did not refuse it.
    """
    world = pristine()
    for call in episode.calls():
        yield call, world
        if call.name in TOOLS and not call.failed:
            world = world.with_records(propose(world, call.name, call.arguments).records)


def steps(episode: Episode) -> Iterator[Step]:
    """The writes and hand-offs of an episode in order."""
    number = 0
    for call, world in worlds(episode):
        if call.name not in TOOLS and call.name != HANDOFF:
            continue
        number += 1
        proposal = Proposal() if call.name == HANDOFF else propose(world, call.name, call.arguments)
        yield Step(episode, number, call, world, conversation_before(episode, call), proposal)
