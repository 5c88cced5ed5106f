"""Trying a policy file: read it, check it, replay the last days under it; no widgets.

Everything that computes runs in threads, so that the screen goes on drawing; cancelling the
worker stops it at the next batch, the thread as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.errors import InputError, ReviewerError
from ..domain.instant import DAY

if TYPE_CHECKING:
    from ..diff.model import WriteDiff
    from ..policy.compare import Difference
    from ..policy.compiled import Compiled
    from ..policy.document import Policy
    from ..policy.reading import Problem
    from ..policy.simulated import Simulated
    from ..queue import Queue
    from .session import Session

SPAN = 30 * DAY
LARGEST = 2_000_000
"""Bytes of a policy file that are read; nobody writes more by hand."""

Progress = Callable[[int, float], None]
"""Told how many admissions were replayed, and the share of the time that is behind (0 to 1)."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A policy file as it was read: what is wrong with it, or what it compiles to.

    `trouble` says why there is no text at all; `differences` are those from the policy in force.
    """

    path: Path
    text: str = ""
    trouble: str = ""
    problems: tuple[Problem, ...] = ()
    compiled: Compiled | None = None
    differences: tuple[Difference, ...] = ()
    simulated: Simulated | None = None

    @property
    def good(self) -> bool:
        """Whether it could be put in force."""
        return self.compiled is not None

    def under(self, simulated: Simulated) -> Tried:
        """The same with what was found when it was simulated."""
        return replace(self, simulated=simulated)


async def tried(path: Path, in_force: Policy | None) -> Tried:
    """Reads and checks a file, in a thread."""
    return await asyncio.to_thread(_tried, path, in_force)


def _tried(path: Path, in_force: Policy | None) -> Tried:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            return Tried(path, trouble=f"It is larger than {LARGEST // 1_000_000} MB.")
        text = raw.decode("utf-8")
    except FileNotFoundError:
        return Tried(path, trouble="It is not there yet: e makes it from the policy in force.")
    except UnicodeDecodeError:
        return Tried(path, trouble="It is not UTF-8 text: save it as UTF-8.")
    except OSError as error:
        return Tried(path, trouble=f"It cannot be read: {error.strerror}.")
    return checked(path, text, in_force)


def checked(path: Path, text: str, in_force: Policy | None) -> Tried:
    """Checks a text; heavy, to be called in a thread."""
    from ..policy.compiled import load
    from ..policy.reading import PolicyError

    try:
        compiled = load(text)
    except PolicyError as error:
        return Tried(path, text, problems=tuple(error.problems))
    except InputError as error:
        return Tried(path, text, trouble=error.sentence)
    from ..policy.compare import compare

    differences = compare(in_force, compiled.policy) if in_force is not None else ()
    return Tried(path, text, compiled=compiled, differences=tuple(differences))


async def simulated(session: Session, compiled: Compiled, progress: Progress) -> Simulated:
    """The last days under a policy."""

    async def replay(queue: Queue) -> Simulated:
        from ..policy.simulate import Simulation

        until = session.now()
        since, past = until - SPAN, {}
        for row in await queue.policies():
            known = await asyncio.to_thread(_policy, row.text)
            if known is not None:
                past[row.digest] = known
        simulation = Simulation(compiled, since, until, past)
        begin, number = since - simulation.warm_up, 0
        async for batch in queue.admissions(begin, until):
            await asyncio.to_thread(simulation.add, batch)
            number += len(batch)
            if batch:
                progress(number, (batch[-1].at - begin) / max(1, until - begin))
        return await asyncio.to_thread(simulation.result)

    return await session.read(replay)


def _policy(text: str) -> Policy | None:
    from ..policy.reading import read

    try:
        return read(text)
    except ReviewerError:
        return None


def difference_of(before: str, after: str) -> WriteDiff:
    """The lines that differ between two texts of policies, ready to be drawn."""
    from ..diff import line_diff
    from ..diff.model import Section, WriteDiff

    section = Section("policy", line_diff(before, after), "yaml")
    return WriteDiff("file", "policy.yaml", "before", (), (section,))
