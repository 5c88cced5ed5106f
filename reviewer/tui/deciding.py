"""A decision from key to queue: what must be asked, what was seen, what is said afterwards.

    if await decide(screen, Kind.APPROVE, [entry], advance=True): ...

Runs inside a worker, for one artifact and for many; the screens do nothing of it themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from ..actions import GUARDS
from ..config import home
from ..domain.decision import Decision, Kind, Refusal, Seen
from ..domain.errors import QueueError
from ..domain.state import Status
from ..policy.reasons import codes
from ..untrusted import one_line, show_line
from .drafts import Drafts
from .flags import find, flagged_writes
from .guards import READ_ONLY
from .reading import Reading, Readings, unseen_flagged

if TYPE_CHECKING:
    from textual.screen import Screen

    from ..domain.views import Entry, Item
    from ..domain.writes import Write
    from .screens.dialogs.answers import Answer
    from .session import Session

T = TypeVar("T")
Asks: TypeAlias = "Callable[[Screen[Any], Session, Kind, Entry], Awaitable[Answer | None]]"
"""Asks what a decision needs to know; None where the person left."""

DONE: Final = {
    Kind.APPROVE: "approved",
    Kind.EDIT: "approved with your edit:",
    Kind.REJECT: "rejected",
    Kind.RESPOND: "answered",
    Kind.REASSIGN: "reassigned",
    Kind.SNOOZE: "snoozed",
    Kind.ESCALATE: "escalated",
}
_DOING: Final = {
    Kind.APPROVE: "approving",
    Kind.EDIT: "approving with your edit:",
    Kind.REJECT: "rejecting",
    Kind.RESPOND: "answering",
    Kind.REASSIGN: "reassigning",
    Kind.SNOOZE: "snoozing",
    Kind.ESCALATE: "escalating",
}
AFTER: Final = 0.1
"""Seconds after a decision until a note says so; the footer does at once."""
SLOW: Final = 0.3
"""Seconds after which the screen says what it is waiting for."""
_READINGS: WeakKeyDictionary[Session, Readings] = WeakKeyDictionary()


def readings(session: Session) -> Readings:
    """What has been on screen in this sitting."""
    return _READINGS.setdefault(session, Readings())


def drafts() -> Drafts:
    """The drafts of the desk's home."""
    return Drafts(home() / "drafts")


async def decide(
    screen: Screen[Any],
    kind: Kind,
    entries: Sequence[Entry],
    *,
    advance: bool = True,
    asks: Asks | None = None,
    listed: bool = False,
) -> bool:
    """Decides one artifact or many; True where at least one was decided.

    With `advance` the artifact goes out of sight, so a note says what was done.  Whatever is not
    done is said in a sentence, and nothing that was typed is lost.  `asks` takes the place of the
    dialog that asks what a move of one artifact needs.  With `listed` a single one is listed like
    many: it was marked, and another one may be on screen.
    """
    session: Session = screen.app.session  # type: ignore[attr-defined]
    if not entries:
        return False
    try:
        if len(entries) == 1 and not listed:
            return await _decide_one(screen, session, kind, entries[0], advance, asks)
        from .bulk import decide_many

        return await decide_many(screen, session, kind, entries)
    except QueueError as error:
        tell(screen, str(error), "error")
        return False


def why_not(session: Session, kind: Kind, entry: Entry) -> str:
    """Why this cannot be decided now, or nothing; what needs no look at the artifact's body."""
    state = entry.state
    if not session.may_decide:
        return f"{(READ_ONLY if session.read_only else GUARDS['decider']).capitalize()}."
    if state.status is not Status.PENDING:
        return f"It is {state.status} already."
    if kind.terminal and kind.value not in state.allowed:
        allowed = ", ".join(state.allowed) or "nothing"
        return f"{kind.value.capitalize()} is not allowed here; allowed: {allowed}."
    if kind is Kind.EDIT and state.quorum > 1:
        return f"It needs {state.quorum} people who approve the same; an edit cannot be shared."
    if kind is Kind.APPROVE and session.actor.id in state.approvers:
        return "You have approved it already; another must too."
    if state.leased(session.now()) and state.lease_owner != session.actor.id:
        return f"{state.lease_owner} has claimed it."
    against = session.governing.why_not(kind.value, state, session.actor)
    return f"{against}." if against else ""


def why_unseen(item: Item, flagged: Sequence[int], reading: Reading, place: str = "review") -> str:
    """Why it cannot be approved before more of it has been on screen, or nothing.

    `flagged` are the indexes of the writes that carry a flag; `place` is the screen that asks.
    """
    unseen = unseen_flagged(item.artifact, flagged, reading)
    if not unseen:
        return ""
    total = len(item.artifact.writes)
    which = ", ".join(str(index + 1) for index in unseen[:5])
    where = f" in write {which} of {total}" if total > 1 else ""
    if place != "review":
        how = "enter opens it"
    elif total > 1:
        how = "go there with ]"
    else:
        how = "scroll to it with n or j"
    return f"Flagged text{where} has not been on screen yet; {how}."


def tell(screen: Screen[Any], sentence: str, severity: Any = "warning") -> None:
    """A note on the screen; names from artifacts in it are made visible."""
    screen.notify(one_line(sentence, 300), severity=severity, markup=False)


# ---------------------------------------------------------------------------------------- one


async def _decide_one(
    screen: Screen[Any],
    session: Session,
    kind: Kind,
    entry: Entry,
    advance: bool,
    asks: Asks | None,
) -> bool:
    state = entry.state
    if not session.shown_long_enough(state.id, state.digest):
        return False  # typed ahead: what has not been seen is not decided
    why = why_not(session, kind, entry)
    item: Item | None = None
    if not why and kind in (Kind.APPROVE, Kind.EDIT):
        with taking_its_time(session, f"{_DOING[kind]} {_name(entry)} …"):
            item = await session.get(state.id)
        why = _changed(entry, item)
        if not why and kind is Kind.APPROVE and item is not None:
            flagged = flagged_writes(await asyncio.to_thread(find, item.artifact))
            place = getattr(screen, "PLACE", "")
            why = why_unseen(item, flagged, readings(session).of(state.digest), place)
    if why:
        tell(screen, why)
        return False
    if kind is Kind.EDIT and session.held(state.id) is None:
        return await _claimed(screen, session, kind, entry, advance)
    return await _send_one(screen, session, kind, entry, item, advance, asks)


async def _claimed(
    screen: Screen[Any], session: Session, kind: Kind, entry: Entry, advance: bool
) -> bool:
    """Decides under a claim, so that nobody else decides what is being worked on meanwhile."""
    id, done = entry.state.id, False
    claim = await session.claim(id)
    if isinstance(claim, Refusal):
        tell(screen, claim.sentence)
        return False
    try:
        why = _changed(entry, claim.item)
        if why:
            tell(screen, why)
        else:
            done = await _send_one(screen, session, kind, claim.item.entry, claim.item, advance)
    finally:
        if not done:
            await session.release(id)
    return done


async def _send_one(
    screen: Screen[Any],
    session: Session,
    kind: Kind,
    entry: Entry,
    item: Item | None,
    advance: bool,
    asks: Asks | None = None,
) -> bool:
    state = entry.state
    seen = readings(session).of(state.digest).seen(session.dwell_ms(state.id, state.digest))
    decision = await _asked(screen, session, kind, entry, item, seen, asks)
    if decision is None:
        return False
    with taking_its_time(session, f"{_DOING[kind]} {_name(entry)} …"):
        answer = await session.decide(decision, f"{DONE[kind]} {_name(entry)}")
    if isinstance(answer, Refusal):
        tell(screen, answer.sentence)
        return False
    _forget(session, kind, entry)
    if advance:
        undo = "   u takes it back" if answer.effective_at is not None else ""
        said = f"{DONE[kind]} {_name(entry)}{undo}"
        # what comes next is drawn first; a note takes two layouts of the whole screen
        screen.app.set_timer(AFTER, lambda: tell(screen, said, "information"))
    return True


def _forget(session: Session, kind: Kind, entry: Entry) -> None:
    """What was typed has been sent; an edit stays where the artifact was only moved."""
    state = entry.state
    if kind.terminal:
        for id in filter(None, (state.id, entry.supersedes)):
            drafts().set_aside(id)
    elif drafts().comment(state.id, kind.value):
        with contextlib.suppress(OSError):  # words that were sent already
            drafts().keep_comment(state.id, state.digest, kind.value, "", session.now())


@contextlib.contextmanager
def taking_its_time(session: Session, words: str) -> Iterator[None]:
    """Says what is on its way, once it takes long."""
    timer = asyncio.get_running_loop().call_later(SLOW, session.note_sending, words)
    try:
        yield
    finally:
        timer.cancel()
        session.note_sending("")


def _changed(entry: Entry, item: Item | None) -> str:
    if item is None:
        return "It is not in the queue any more."
    if item.entry.state.digest != entry.state.digest:
        return "It changed since it was shown; look at it again."
    return ""


async def _asked(
    screen: Screen[Any],
    session: Session,
    kind: Kind,
    entry: Entry,
    item: Item | None,
    seen: Seen,
    asks: Asks | None,
) -> Decision | None:
    """The decision, after asking what it needs; None where the person left."""
    from .screens.dialogs.answers import Answer

    state = entry.state
    answer: Answer | None = Answer()
    writes = None
    if kind is Kind.EDIT:
        from .screens.edit import EditScreen, Moved

        assert item is not None
        edited = await screen.app.push_screen_wait(EditScreen(item))
        if isinstance(edited, Moved):
            _go_on(screen, edited.artifact_id)
        if edited is None or isinstance(edited, Moved):
            return None
        writes, answer = edited.writes, Answer(comment=edited.comment)
        why = await _unseen_as_proposed(screen, item, writes, readings(session).of(state.digest))
        if why:
            tell(screen, f"{why} Your edit is kept; e goes on.")
            return None
    elif kind is not Kind.APPROVE:
        answer = await (asks or ask)(screen, session, kind, entry)
    if answer is None:
        return None
    return Decision(
        kind=kind,
        artifact_id=state.id,
        revision=state.revision,
        digest=state.digest,
        operation_id=session.new_operation(),
        fence=session.fence(state.id),
        reasons=answer.reasons,
        comment=answer.comment,
        writes=writes,
        to=answer.to,
        until=answer.until,
        seen=seen,
    )


async def _unseen_as_proposed(
    screen: Screen[Any], item: Item, writes: Sequence[Write | None], reading: Reading
) -> str:
    """Why an edit cannot be sent: a write that it leaves as proposed hides what nobody saw."""
    flagged = flagged_writes(await asyncio.to_thread(find, item.artifact))
    same = [index for index in flagged if writes[index] == item.artifact.writes[index]]
    return why_unseen(item, same, reading, getattr(screen, "PLACE", ""))


def _go_on(screen: Screen[Any], artifact_id: str) -> None:
    """To the revision that took the artifact's place, where it has to be seen first."""
    tell(screen, "Your edit goes with it: look at the new revision, then e goes on.", "information")
    if hasattr(screen, "open_artifact"):  # a list, whose cursor stands on any other by now
        screen.open_artifact(artifact_id)
    elif hasattr(screen, "action_refresh"):
        screen.call_later(screen.action_refresh)


async def ask(screen: Screen[Any], session: Session, kind: Kind, entry: Entry) -> Answer | None:
    """What a kind of decision needs to know, asked in its dialog; None where the person left."""
    from .screens.dialogs import answers

    what = show_line(entry.title, 74)
    kept = drafts().comment(entry.state.id, kind.value)

    def keep(words: str) -> None:
        state = entry.state
        try:
            drafts().keep_comment(state.id, state.digest, kind.value, words, session.now())
        except OSError as error:
            tell(screen, f"The draft cannot be kept: {error.strerror}.", "error")

    dialog: answers.WordsDialog
    if kind is Kind.REJECT:
        reasons = codes(session.governing.policy)
        dialog = answers.RejectDialog(what, reasons=reasons, draft=kept, keep=keep)
    elif kind is Kind.RESPOND:
        dialog = answers.RespondDialog(what, draft=kept, keep=keep)
    elif kind is Kind.SNOOZE:
        dialog = answers.SnoozeDialog(session.now(), what)
    else:
        made = answers.ReassignDialog if kind is Kind.REASSIGN else answers.EscalateDialog
        dialog = made(lambda: _places(session), what, draft=kept, keep=keep)
    return await screen.app.push_screen_wait(dialog)


async def _places(session: Session) -> list[str]:
    from ..domain.query import Query

    facets = await session.read(lambda queue: queue.facets(Query(), session.actor))
    return [f"queue:{name}" for name in sorted(facets.get("queue", {}))][:50]


def _name(entry: Entry) -> str:
    return one_line(entry.title, 40)
