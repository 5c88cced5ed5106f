"""One artifact that is open for review: what is known of it, whose it is, whether it changed.

No widget and no I/O: the review screen asks it what it may do and why not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..diff import diff_write
from ..diff.model import WriteDiff
from ..domain.decision import Actor, Code, Kind, Refusal
from ..domain.state import Status
from ..domain.writes import FileWrite
from .flags import find, flagged_writes
from .newest import Newest
from .reading import write_digest

if TYPE_CHECKING:
    from ..domain.views import Event, Item
    from ..domain.writes import Write
    from ..untrusted.flags import Flag

CACHED = 24
_EVENTS = {
    "decided": "decided it",
    "approved_in_part": "approved it; more approvals are needed",
    "snoozed": "put it aside",
    "reassigned": "reassigned it",
    "escalated": "escalated it",
    "undone": "took the decision back",
    "superseded": "replaced it by a new revision",
    "withdrawn": "withdrew it",
    "expired": "it expired",
    "claimed": "claimed it",
}


@dataclass
class Opened:
    """An artifact on the review screen; `refusal` says why there is no claim on it."""

    item: Item
    refusal: Refusal | None = None
    claimed: bool = False
    read_at: int = 0
    """When it was read, by the queue's clock."""
    changed: str = ""
    """What happened to it since it was read; nothing may be decided until it is read again."""
    over: str = ""
    """What it is now, where nothing is left to decide: `rejected by bob`."""
    done: bool = False
    """Whether it was decided here; what the queue says of that is no news."""
    flags: tuple[Flag, ...] = ()
    flagged: list[int] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    """Roughly how many characters the diff of each write compares."""

    @classmethod
    def of(cls, item: Item, now: int) -> Opened:
        """An artifact as it was just read; takes long for a large one."""
        flags = find(item.artifact)
        writes = item.artifact.writes
        return cls(
            item, read_at=now, flags=flags, flagged=flagged_writes(flags),
            digests=[write_digest(write) for write in writes], sizes=[size_of(w) for w in writes],
        )  # fmt: skip

    @property
    def id(self) -> str:
        """The artifact's public id."""
        return self.item.entry.state.id

    @property
    def digest(self) -> str:
        """The digest that a decision names."""
        return self.item.entry.state.digest

    def differs(self, now: Item | None) -> bool:
        """Whether what is in the queue is something else than what was read."""
        if now is None:
            return True
        mine, other = self.item.entry.state, now.entry.state
        return (mine.digest, mine.revision, mine.status, self.item.entry.superseded_by) != (
            other.digest, other.revision, other.status, now.entry.superseded_by,
        )  # fmt: skip

    def changed_to(self, now: Item | None) -> str:
        """Takes note of what it is now and says what to do; `changed` says what happened."""
        if now is not None and now.entry.superseded_by:
            self.over = "replaced"
            self.changed += " Press ctrl+r to see the new revision."
        elif now is None or now.entry.state.status is not Status.PENDING:
            state = now.entry.state.status if now is not None else "gone"
            by = f" by {now.entry.decided_by}" if now is not None and now.entry.decided_by else ""
            self.over = f"{state}{by}"
            self.changed += " Nothing is left to decide."
        else:
            return f"{self.changed} Press ctrl+r to see it."
        return self.changed

    def whose(self, actor: Actor, now: int) -> tuple[str, str]:
        """Whose it is in few words, and the style for it."""
        if self.over:
            return self.over, "bold $text-warning"
        state = self.item.entry.state
        if state.status is not Status.PENDING:
            by = f" by {self.item.entry.decided_by}" if self.item.entry.decided_by else ""
            return f"{state.status}{by}", "bold $text-accent"
        if self.claimed:
            return "claimed by you", "$text-success"
        if state.leased(now) and state.lease_owner != actor.id:
            return f"claimed by {state.lease_owner}", "bold $text-warning"
        return "not claimed", "$text-muted"

    def refused_because(self, kind: Kind) -> str:
        """Why the screen refuses before anything else is asked, or nothing."""
        if self.over:
            return self.changed
        if self.changed:
            return f"{self.changed} Press ctrl+r to see it as it is now; then decide."
        if self.refusal is not None and self.refusal.code in (Code.CLAIMED_BY, Code.LOST_CLAIM):
            return self.refusal.sentence
        if kind is Kind.EDIT and not self.item.artifact.writes:
            return "There is no write to edit."
        return ""


class Diffs:
    """The diffs made so far, by the writes' digests; safe to fill from a thread."""

    def __init__(self) -> None:
        self._known: Newest[tuple[str, bool], WriteDiff] = Newest(CACHED)

    def has(self, digest: str, ignoring: bool) -> bool:
        """Whether the diff of a write is there without making it."""
        return (digest, ignoring) in self._known

    def of(self, digest: str, write: Write, ignoring: bool) -> WriteDiff:
        """The diff of a write, made where it is not known."""
        key = (digest, ignoring)
        known = self._known.get(key)
        if known is None:
            known = diff_write(write, ignore_whitespace=ignoring)
            self._known[key] = known
        return known


def size_of(write: Write) -> int:
    """Roughly how many characters a diff of this write compares; cheap."""
    if isinstance(write, FileWrite):
        sides = [side for side in (write.before, write.after) if side is not None]
        return sum(len(side.text or side.base64 or "") for side in sides)
    total = 0
    todo: list[object] = [write.__dict__]
    while todo and total < 1_000_000:
        value = todo.pop()
        if isinstance(value, str):
            total += len(value)
        elif isinstance(value, dict):
            total += 8 * len(value)
            todo.extend(value.values())
        elif isinstance(value, list):
            total += 8 * len(value)
            todo.extend(value)
        elif hasattr(value, "__dict__"):
            todo.append(value.__dict__)
    return total


def what_happened(events: list[Event], since: int, actor: Actor) -> tuple[str, bool]:
    """What was done to an artifact after an instant, in one sentence, and whether by the actor."""
    later = [event for event in events if event.at > since and event.event in _EVENTS]
    told = [event for event in later if event.event != "claimed"] or later
    if not told:
        return "", False
    last = told[-1]
    words = _EVENTS[last.event]
    if words.startswith("it "):
        return f"It{words[2:]}.", False
    to = f" to {last.facts['to']}" if last.facts.get("to") else ""
    mine = last.actor == actor.id
    return f"{'You' if mine else last.actor or 'The policy'} {words}{to}.", mine


def difference(old: Item, new: Item) -> list[str]:
    """What a new revision of the proposal changed, one short sentence for each write."""
    before, after = old.artifact.writes, new.artifact.writes
    found = []
    for index, write in enumerate(after):
        if index >= len(before):
            found.append(f"write {index + 1} is new")
        elif write_digest(before[index]) != write_digest(write):
            found.append(f"write {index + 1}: {_changed(before[index], write)}")
    if len(before) > len(after):
        found.append(f"{len(before) - len(after)} fewer writes")
    return found or ["the writes are the same as before"]


def _changed(old: Write, new: Write) -> str:
    if old.type != new.type:
        return f"now a {new.type} write"
    counts = diff_write(old, new).counts
    parts = [f"+{counts.added:,}"] * bool(counts.added)
    parts += [f"-{counts.removed:,}"] * bool(counts.removed)
    parts += [f"~{counts.changed:,}"] * bool(counts.changed)
    return " ".join(parts) or "other details"
