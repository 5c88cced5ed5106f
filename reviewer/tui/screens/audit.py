"""The audit record: of one artifact or of the whole queue, and the proof that it holds."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from ...domain.errors import ReviewerError
from ...domain.instant import parse_iso
from ...domain.views import Event
from ...queue import open_queue
from ...untrusted import show_line, visible
from ...verifying import verified
from ..deciding import tell
from ..keymap import textual_bindings
from ..widgets.audit_lines import AuditLines
from ..widgets.banner import Banner
from .listing import ListingScreen
from .review_actions import here

if TYPE_CHECKING:
    from ...audit.verify import Report
    from ...domain.views import AuditRow, Change
    from ...queue import Queue

LAST = 2_000
"""So many of a queue's records are shown, the newest."""


class AuditScreen(ListingScreen):
    """The records of one artifact, or of the queue where `artifact_id` is empty."""

    PLACE = "audit"
    KEYS = (
        "audit.unfold", "audit.verify", "audit.whole", "audit.open", "audit.copy", "back", "help",
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [*textual_bindings("move", "audit"), *here("refresh")]

    def __init__(self, artifact_id: str = "") -> None:
        self.artifact_id = artifact_id
        self.whole = not artifact_id
        self.report: Report | None = None
        self.records = AuditLines(id="records")
        self.proof = Banner(id="proof")
        super().__init__(self.records, self.proof)

    def heard(self, changes: list[Change]) -> None:
        """Reads anew what is about these artifacts."""
        if self.whole or any(change.artifact_id == self.artifact_id for change in changes):
            self.read()

    async def load(self) -> None:
        """Reads the records, and says of what they are."""
        if self.whole:
            events = await self.session.read(_newest)
        else:
            events = await self.session.read(lambda queue: queue.history(self.artifact_id))
        self.records.show(events, many=self.whole)
        first = events[0].seq if events else 0
        more = f", the newest {LAST:,}" if self.whole and first > 1 else ""
        what = Content("the whole queue") if self.whole else show_line(self.artifact_id, 40)
        number = f"   {len(events):,} record{'s' * (len(events) != 1)}{more}"
        self.tell_title("Audit", what, number)

    # ------------------------------------------------------------------ keys

    def action_audit_unfold(self) -> None:
        """Shows all that a record says, or less."""
        self.records.unfold()

    def action_audit_whole(self) -> None:
        """The whole queue's records, or the artifact's."""
        event = self.records.event
        if self.whole and not self.artifact_id and event is not None:
            self.artifact_id = event.artifact_id
        if self.artifact_id:
            self.whole = not self.whole
            self.read()

    def action_audit_open(self) -> None:
        """Opens the artifact of a record."""
        event = self.records.event
        if event is None or not event.artifact_id:
            tell(self, "This record is about no artifact.", "information")
            return
        from .review import ReviewScreen

        self.app.push_screen(ReviewScreen(event.artifact_id))

    def action_audit_copy(self) -> None:
        """Copies the record under the cursor; after a proof the head, to keep it elsewhere."""
        event = self.records.event
        if self.report is not None and self.report.sound:
            number, digest = self.report.head
            self.app.copy_to_clipboard(f"{number}:{digest}")
            tell(self, f"Copied the head: {number}:{digest[:16]}…", "information")
        elif event is not None:
            facts = json.dumps(event.facts, ensure_ascii=True, sort_keys=True)
            self.app.copy_to_clipboard(visible(f"{event.seq} {event.event} {event.actor} {facts}"))
            tell(self, f"Copied record {event.seq:,}.", "information")

    def action_audit_verify(self) -> None:
        """Proves the chain in a thread of its own."""
        self.proof.say([("…", "Proving every record and what is stored…")])
        self.run_worker(self._verify(), group="verify", exclusive=True)

    async def _verify(self) -> None:
        url = self.session.url
        try:
            report = await asyncio.to_thread(asyncio.run, _proved(url))
        except ReviewerError as error:
            self.proof.say([("!", error.sentence)], alarm=True)
            return
        self.report = report
        self.proof.say([_said(report)], alarm=not report.sound)


async def _newest(queue: Queue) -> list[Event]:
    after = max(0, await queue.position() - LAST)
    return [event_of(row) async for row in queue.audit(after)]


def event_of(row: AuditRow) -> Event:
    """A stored record as the history shows it."""
    found = json.loads(row.record)
    who = found["actor"]
    return Event(
        row.seq, parse_iso(found["at"]), found["event"], found["artifact"], who["id"],
        who["kind"], found["facts"],
    )  # fmt: skip


async def _proved(url: str) -> Report:
    queue = await open_queue(url)
    try:
        return await verified(queue, ())
    finally:
        await queue.close()


def _said(report: Report) -> tuple[str, str]:
    if report.broken is not None:
        return "!", f"Record {report.broken.seq:,} is broken: {report.broken.why}."
    if report.unlike is not None:
        return "!", f"{report.unlike.artifact_id} differs from its records: {report.unlike.why}."
    number, digest = report.head
    return "✓", (
        f"{report.records:,} records hold, and what is stored agrees. Head {number:,}: "
        f"{digest[:16]}…; y copies it, keep it elsewhere."
    )
