"""What of an artifact has been on the screen: the ground of guards and of the decision record.

Pure values keyed by digests, so that nothing seen of one content counts for another.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

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
    flags_left: dict[str, int] = field(default_factory=dict)

    def note(self, write_digest: str, lines: int, complete: bool, flags_left: int = 0) -> None:
        """So many lines of a write have been on screen, and so many flagged ones have not.

        Negative where it is not known yet.
        """
        if flags_left >= 0:
            before = self.flags_left.get(write_digest, flags_left)
            self.flags_left[write_digest] = min(before, flags_left)
        self.lines[write_digest] = max(lines, self.lines.get(write_digest, 0))
        if complete:
            self.complete.add(write_digest)

    def opened(self, write_digest: str) -> bool:
        """Whether anything of a write has been on screen."""
        return self.lines.get(write_digest, 0) > 0

    def flags_seen(self, write_digest: str) -> bool:
        """Whether every flagged line of a write has been on screen."""
        return self.opened(write_digest) and self.flags_left.get(write_digest, 1) == 0

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


_DIGESTS: Final[dict[int, tuple[weakref.ref[Write], str]]] = {}
"""Of the writes that are alive, by identity: writes are frozen, and one may be megabytes long."""


def write_digest(write: Write) -> str:
    """The digest of one write's content, by which viewed marks are kept; worked out once."""
    known = _DIGESTS.get(id(write))
    if known is not None and known[0]() is write:
        return known[1]
    found, place = digest("write", write.model_dump(mode="json")), id(write)

    def forget(gone: weakref.ref[Write]) -> None:
        if place in _DIGESTS and _DIGESTS[place][0] is gone:
            del _DIGESTS[place]

    _DIGESTS[place] = (weakref.ref(write, forget), found)
    return found


def unseen_flagged(artifact: Artifact, flagged: Sequence[int], reading: Reading) -> list[int]:
    """The indexes of flagged writes of which a flagged line has not been on screen."""
    digests = {index: write_digest(artifact.writes[index]) for index in flagged}
    return [index for index, digest in digests.items() if not reading.flags_seen(digest)]
