"""The policy in force, compiled once per process, and what holds an agent back right now.

Every transaction that rules or decides asks the store which policy is in force, so that one that
another process has put in force holds from the next transaction on; only a digest that is not
known yet costs reading and compiling its text.

What rules is imported when it is first asked: whoever only opens a queue and looks never waits.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewer.domain.errors import InputError, QueueError, TamperedError
from reviewer.domain.state import Mode

from .proof import HINT

if TYPE_CHECKING:
    from reviewer.policy.compiled import Compiled

    from .transaction import Reader

MODES = tuple(map(str, Mode))
"""From the most careful to the least."""
ALL = "*"
"""The agent of a stop that holds for every one."""
STARTER_NOTE = "the built-in starter"
KEPT = 4
"""So many compiled policies are kept: the one in force, and those that were just before."""


class Policies:
    """The compiled policies of one open queue, and the draw of the sample; safe between threads.

    `draw` gives a number from 0 to 1 at random; tests put another in its place.
    """

    def __init__(self) -> None:
        self.draw: Callable[[], float] = random.random
        self._lock = threading.Lock()
        self._known: dict[str, Compiled] = {}
        self._latest: tuple[Compiled | None, str | None] = (None, None)

    def latest(self) -> Compiled:
        """The one that was in force when last asked: a guess for what is prepared ahead."""
        return self._latest[0] or _starter()

    def warm(self) -> None:
        """Imports what rules and compiles the starter, before a transaction waits for that."""
        if self._latest[0] is None:
            from reviewer.policy import admission, deciding  # noqa: F401

            _starter()

    def of(self, reader: Reader, digest: str | None) -> Compiled:
        """The policy in force by its digest, the starter for None.

        Raises `TamperedError` where the stored text is another's, `QueueError` where this version
        cannot read it.
        """
        latest, of = self._latest
        if latest is not None and of == digest:
            return latest
        if digest is None:
            latest = _starter()
        else:
            latest = self._known.get(digest) or self._load(reader, digest)
            self.keep(latest)
        self._latest = latest, digest
        return latest

    def keep(self, compiled: Compiled) -> None:
        """Keeps a policy that somebody has compiled already."""
        with self._lock:
            self._known.pop(compiled.digest, None)
            self._known[compiled.digest] = compiled
            while len(self._known) > KEPT:
                del self._known[next(iter(self._known))]

    def _load(self, reader: Reader, digest: str) -> Compiled:
        from reviewer.policy.compiled import load

        row = reader.one("policy_text", digest=digest)
        try:
            compiled = load(row[0])
        except InputError as error:
            raise QueueError(
                f"The policy in force cannot be read by this version: {error.sentence}",
                "Update reviewer, or put another policy in force with the version that wrote it.",
            ) from error
        if compiled.digest != digest:
            raise TamperedError("The stored policy is not the one that was put in force.", HINT)
        return compiled


def _starter() -> Compiled:
    from reviewer.policy.starter import starter

    return starter()


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds for an agent's kind now: the policy, who stopped it and why, the cap on it."""

    policy: Compiled
    stopped: str = ""
    cap: str = ""


def in_force(reader: Reader, agent: str, kind: str) -> InForce:
    """The policy in force, and what holds this agent's kind back; asked once a transaction."""
    known = reader.forces.get((agent, kind))
    if known is None:
        known = reader.forces[agent, kind] = _asked(reader, agent, kind)
    return known


def _asked(reader: Reader, agent: str, kind: str) -> InForce:
    digest, stopped, all_stopped, of_kind, of_all = reader.one("in_force", agent=agent, kind=kind)
    compiled = reader.dialect.policies.of(reader, digest)
    sentence = ""
    if stopped or all_stopped:
        sentence = stop_sentence(reader, agent if stopped else ALL)
    elif of_kind is None and of_all is None:
        return InForce(compiled)
    cap = of_kind or of_all or ""
    if of_kind and of_all:
        cap = min(of_kind, of_all, key=MODES.index)
    return InForce(compiled, sentence, cap)


def current(reader: Reader) -> Compiled:
    """The policy in force; raises `TamperedError` or `QueueError` where it cannot be read."""
    row = reader.one("policy_digest")
    return reader.dialect.policies.of(reader, str(row[0]) if row else None)


def digest_of(reader: Reader) -> str:
    """The digest of the policy in force; asked even where its text cannot be read."""
    row = reader.one("policy_digest")
    return str(row[0]) if row else _starter().digest


def stop_sentence(reader: Reader, agent: str) -> str:
    """Who stopped an agent, or all, and why."""
    name, why, actor, _ = reader.one("stop_get", agent=agent)
    whom = "all agents" if name == ALL else name
    return f"{actor} stopped {whom}: {why}" if why else f"{actor} stopped {whom}."
