"""What of an artifact has been on the screen: the ground of guards and of the decision record.

Pure values keyed by digests, so that nothing seen of one content counts for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..domain.decision import Seen
from ..domain.digest import digest

if TYPE_CHECKING:
    from ..domain.artifact import Artifact
    from ..domain.writes import Write


@dataclass
class Reading:
    """What was drawn of one artifact: lines of each write by the write's digest."""

    digest: str
    flags: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)

    def note(self, write_digest: str, lines: int, complete: bool) -> None:
        """So many lines of a write have been on screen."""
        self.lines[write_digest] = max(lines, self.lines.get(write_digest, 0))
        if complete:
            self.complete.add(write_digest)

    def opened(self, write_digest: str) -> bool:
        """Whether anything of a write has been on screen."""
        return self.lines.get(write_digest, 0) > 0

    def seen(self, dwell_ms: int) -> Seen:
        """For the decision's record."""
        return Seen(dwell_ms=dwell_ms, lines=sum(self.lines.values()), flags=self.flags)


class Readings:
    """The readings of one sitting, by the artifact's digest."""

    def __init__(self) -> None:
        self._known: dict[str, Reading] = {}

    def of(self, digest: str) -> Reading:
        """The reading of an artifact, begun where there is none."""
        return self._known.setdefault(digest, Reading(digest))


def write_digest(write: Write) -> str:
    """The digest of one write's content, by which viewed marks are kept."""
    return digest("write", write.model_dump(mode="json"))


def unseen_flagged(artifact: Artifact, flagged: Sequence[int], reading: Reading) -> list[int]:
    """The indexes of flagged writes of which nothing has been on screen."""
    return [index for index in flagged if not reading.opened(write_digest(artifact.writes[index]))]
