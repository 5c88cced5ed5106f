"""Which rejected revisions an approved one followed, over rows that stream by."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Set
from dataclasses import dataclass

from ...domain.artifact import Artifact, parse
from ...domain.digest import canonical
from ...domain.views import LabelRow

Key = tuple[str, str]
"""An agent's name and its key of an artifact."""


@dataclass(frozen=True, slots=True)
class Case:
    """A label with the rejected earlier revisions of an approved artifact, oldest first."""

    row: LabelRow
    rejected: tuple[Artifact, ...] = ()

    @property
    def decision(self) -> str:
        """The kind of the decision."""
        return str(self.row.label["decision"])


def superseded_keys(rows: Iterable[LabelRow]) -> frozenset[Key]:
    """The keys that a labelled artifact supersedes: what `Revisions` has to keep."""
    return frozenset(
        (row.artifact.agent.name, row.artifact.supersedes)
        for row in rows
        if row.artifact.supersedes
    )


class Revisions:
    """Follows `supersedes` from label to label; a revision that left no label ends the chain.

    What waits for a later revision is kept compressed; with `superseded` only what has one is.
    """

    def __init__(self, superseded: Set[Key] | None = None) -> None:
        self._superseded = superseded
        self._waiting: dict[Key, list[bytes]] = {}

    def follow(self, row: LabelRow) -> tuple[Artifact, ...]:
        """The rejected revisions that this row's approved artifact followed, oldest first."""
        artifact, decision = row.artifact, row.label["decision"]
        agent = artifact.agent.name
        earlier = self._waiting.pop((agent, artifact.supersedes or ""), [])
        if decision in ("approve", "edit"):
            return tuple(parse(zlib.decompress(one)) for one in earlier)
        if decision == "reject":
            earlier = [*earlier, zlib.compress(canonical(artifact.document()), 1)]
        key = (agent, artifact.key)
        if earlier and artifact.key and (self._superseded is None or key in self._superseded):
            self._waiting[key] = earlier
        return ()
