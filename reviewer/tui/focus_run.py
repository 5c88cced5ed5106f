"""One run through a queue in focus: what was decided, what was skipped, how fast, what comes next.

No widget.  A run is kept on disk after every step, so that it goes on where it was left, also
after a crash.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from ..files import replace_text

if TYPE_CHECKING:
    from ..domain.query import Query
    from ..domain.views import Entry, Page
    from ..queue import Queue
    from .session import Session

STALE: Final = 12 * 3600 * 1_000_000
"""A run that rested for longer begins anew, microseconds."""
RECENT: Final = 20
"""The pace is that of so many decisions."""
PAGE: Final = 50
LOOKED_AT: Final = 2_000
"""So many entries are looked at for one that is free."""
STAYS: Final = frozenset({"reassign", "escalate"})
"""What leaves an artifact pending; in this run it does not come again."""


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: its kind, and how many seconds the artifact was in front of the person."""

    kind: str
    seconds: float


@dataclass
class FocusRun:
    """A run under one filter; `at` is the instant of its last step."""

    text: str
    at: int = 0
    current: str = ""
    done: dict[str, Step] = field(default_factory=dict)
    skipped: dict[str, None] = field(default_factory=dict)
    """Ids in the order in which they were skipped."""
    following: str = ""
    waiting: int = 0
    """How many are pending under the filter, and in `exact` whether that is all."""
    exact: bool = True

    def decided(self, artifact_id: str, kind: str, seconds: float) -> None:
        """A decision was stored."""
        self.skipped.pop(artifact_id, None)
        self.done[artifact_id] = Step(kind, seconds)

    def undone(self, artifact_id: str) -> None:
        """A decision was taken back: the artifact comes again."""
        self.done.pop(artifact_id, None)

    def skip(self, artifact_id: str) -> None:
        """Not now."""
        self.skipped.pop(artifact_id, None)
        self.skipped[artifact_id] = None

    def last_skipped(self) -> str:
        """Takes back the last skip; nothing where there is none."""
        return self.skipped.popitem()[0] if self.skipped else ""

    def passed(self, artifact_id: str) -> bool:
        """Whether this one does not come by itself any more."""
        return artifact_id in self.done or artifact_id in self.skipped

    @property
    def counts(self) -> Counter[str]:
        """How many were decided how."""
        return Counter(step.kind for step in self.done.values())

    @property
    def pace(self) -> float:
        """Seconds for one decision, the median of the last ones; 0 before the first."""
        recent = [step.seconds for step in list(self.done.values())[-RECENT:]]
        return median(recent) if recent else 0.0

    @property
    def left(self) -> int:
        """How many are still to be seen, the one on screen among them."""
        staying = sum(step.kind in STAYS for step in self.done.values())
        return max(0, self.waiting - len(self.skipped) - staying)

    @property
    def position(self) -> int:
        """The number of the one on screen, counting from 1."""
        return len(self.done) + len(self.skipped) + 1

    async def look(self, session: Session, query: Query) -> None:
        """Finds the most urgent one that is free and was not passed, and counts what waits."""
        actor, now = session.actor, session.now()
        found, looked = "", 0
        after: str | None = None

        async def page(queue: Queue) -> Page:
            return await queue.page(query, actor, limit=PAGE, after=after)

        while not found and looked < LOOKED_AT:
            here = await session.read(page)
            looked += len(here.entries)
            found = next((e.state.id for e in here.entries if self._comes(e, actor.id, now)), "")
            after = here.next
            if after is None:
                break
        self.following = found
        count = await session.read(lambda queue: queue.count(query, actor))
        self.waiting, self.exact = count.number, count.exact

    def _comes(self, entry: Entry, me: str, now: int) -> bool:
        state = entry.state
        if state.status != "pending":
            return False
        mine = not state.leased(now) or state.lease_owner == me
        return mine and state.id != self.current and not self.passed(state.id)

    # ------------------------------------------------------------------ kept on disk

    def to_json(self) -> str:
        """The run as it is kept."""
        done = {id: [step.kind, round(step.seconds, 1)] for id, step in self.done.items()}
        return json.dumps(
            {
                "text": self.text, "at": self.at, "current": self.current, "done": done,
                "skipped": list(self.skipped),
            }
        )  # fmt: skip

    @classmethod
    def of_json(cls, raw: str) -> FocusRun:
        """The run that was kept; raises ValueError, KeyError or TypeError for anything else."""
        kept: Any = json.loads(raw)
        done = {str(id): Step(str(s[0]), float(s[1])) for id, s in dict(kept["done"]).items()}
        skipped = dict.fromkeys(map(str, kept["skipped"]))
        return cls(str(kept["text"]), int(kept["at"]), str(kept["current"]), done, skipped)


class FocusRuns:
    """The runs below one folder, one file for each filter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, text: str, now: int) -> FocusRun:
        """The run under this filter, a new one where there is none or it rested for too long."""
        run = _read(self._path(text))
        return run if run and run.text == text and now - run.at < STALE else FocusRun(text, now)

    def cut_off(self, now: int) -> FocusRun | None:
        """The last run that has an artifact on screen, or None; it may be running elsewhere."""
        runs = (_read(path) for path in self._folder.glob("*.json"))
        found = [run for run in runs if run and run.current and now - run.at < STALE]
        return max(found, key=lambda run: run.at, default=None)

    def save(self, run: FocusRun, now: int) -> None:
        """Keeps a run; raises OSError where the disk refuses."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_text(self._path(run.text), replace(run, at=now).to_json())

    def _path(self, text: str) -> Path:
        name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return self._folder / f"{name}.json"


def _read(path: Path) -> FocusRun | None:
    """The run that a file keeps, or None where it cannot be read."""
    try:
        return FocusRun.of_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
