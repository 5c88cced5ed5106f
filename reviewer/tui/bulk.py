"""One decision on many artifacts: what it touches is listed, why is asked, how far it is is shown.

It acts on the ids, revisions and digests that were listed and on nothing else.  Before many are
approved each one is looked through: what carries flagged text that has not been on screen is left
out, and the list says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..domain.decision import Kind, Refusal, Seen
from ..domain.views import BulkDecision, Target
from ..policy.reasons import codes
from ..untrusted import one_line
from .deciding import DONE, ask, readings, tell, why_not, why_unseen
from .flags import find, flagged_writes
from .policy_words import lifted_out, looks_needed

if TYPE_CHECKING:
    from textual.screen import Screen

    from ..domain.views import BulkResult, Entry, Item
    from .screens.dialogs.answers import Answer
    from .session import Session

AT_ONCE: Final = 50
"""How many artifacts are read and looked through in one go."""
LONG: Final = 200
"""From this number on the looking through shows its progress."""
LEFT_OUT: Final = "left out: "
UNSEEN: Final = f"{LEFT_OUT}it holds flagged text that has not been on screen"


async def decide_many(
    screen: Screen[Any],
    session: Session,
    kind: Kind,
    entries: Sequence[Entry],
    *,
    seen: Seen | None = None,
    clean: Set[str] = frozenset(),
) -> bool:
    """Asks, then decides; True where at least one was decided.

    `seen` is what of them was looked at before, for the record of each; `clean` are the digests of
    those that were looked through already and hold no flagged text.
    """
    if kind is Kind.EDIT:
        tell(screen, "Many cannot be edited at once; clear the marks and edit one.")
        return False
    flags = {}
    if kind is Kind.APPROVE:
        unknown = [entry for entry in entries if entry.state.digest not in clean]
        unseen = await _unseen(screen, session, unknown)
        if unseen is None:
            return False
        flags = {**alone(entries, seen), **dict.fromkeys(unseen, UNSEEN)}
    kept = [entry for entry in entries if entry.state.id not in flags]
    if not kept:
        tell(screen, f"None of them can be approved with others: {next(iter(flags.values()))}.")
        return False
    answer, gone = await _answer(
        screen, session, kind, entries, _worth_saying(session, kind, kept) | flags
    )
    if answer is None:
        return False
    kept = [entry for entry in kept if entry.state.id not in gone]
    bulk = BulkDecision(
        operation_id=session.new_operation(),
        kind=kind,
        targets=tuple(
            Target(entry.state.id, entry.state.revision, entry.state.digest) for entry in kept
        ),
        reasons=answer.reasons,
        comment=answer.comment,
        to=answer.to,
        until=answer.until,
        seen=seen or Seen(bulk=True),
    )
    result = await _run(screen, session, bulk)
    if isinstance(result, Refusal):
        tell(screen, result.sentence)
        return False
    _tell_result(screen, kind, kept, result)
    return result.decided > 0


async def _answer(
    screen: Screen[Any],
    session: Session,
    kind: Kind,
    entries: Sequence[Entry],
    flags: dict[str, str],
) -> tuple[Answer | None, frozenset[str]]:
    """What was answered, and the ids that the dialog struck out: decided or changed meanwhile."""
    from .screens.dialogs.bulk import BulkDialog

    place: Answer | None = None
    if kind in (Kind.REASSIGN, Kind.SNOOZE, Kind.ESCALATE):
        place = await ask(screen, session, kind, entries[0])
        if place is None:
            return None, frozenset()
    left_out = frozenset(id for id, why in flags.items() if why.startswith(LEFT_OUT))
    reasons = codes(session.governing.policy)
    dialog = BulkDialog(kind, entries, flags, left_out=left_out, reasons=reasons)
    answer = await screen.app.push_screen_wait(dialog)
    if answer is not None and place is not None:
        words = answer.comment or place.comment
        answer = replace(answer, to=place.to, until=place.until, comment=words)
    return answer, frozenset(dialog.gone)


async def _unseen(
    screen: Screen[Any], session: Session, entries: Sequence[Entry]
) -> list[str] | None:
    """The ids of those with flagged text that has not been on screen; None where one stopped it."""
    from .screens.dialogs.bulk import ProgressDialog

    progress = None
    if len(entries) >= LONG:
        words = f"looking through {len(entries):,} artifacts for hidden characters"
        progress = ProgressDialog(words, len(entries), "esc stop; nothing is decided")
        screen.app.push_screen(progress)
    found: list[str] = []
    try:
        for start in range(0, len(entries), AT_ONCE):
            some = entries[start : start + AT_ONCE]
            items = await asyncio.gather(*(_read(session, entry) for entry in some))
            found += await asyncio.to_thread(_flagged, session, items)
            if progress is not None:
                progress.go(start + len(some))
                if progress.stopped:
                    return None
    finally:
        if progress is not None and progress.is_attached:
            progress.dismiss()
    return found


async def _read(session: Session, entry: Entry) -> Item | None:
    return await session.get(entry.state.id)


def _flagged(session: Session, items: Sequence[Item | None]) -> list[str]:
    found = []
    for item in items:
        if item is not None:
            state = item.entry.state
            flagged = flagged_writes(find(item.artifact))
            if flagged and why_unseen(item, flagged, readings(session).of(state.digest)):
                found.append(state.id)
    return found


def alone(entries: Sequence[Entry], seen: Seen | None) -> dict[str, str]:
    """Which of them the policy does not let be approved with others, and why; by artifact id.

    `seen` is what was looked at before, None where they were only marked in a list.
    """
    found: dict[str, str] = {}
    looked = seen.sampled if seen is not None else 0
    for entry in entries:
        state = entry.state
        looks = looks_needed(state.needs)
        if lifted_out(state.needs):
            found[state.id] = f"{LEFT_OUT}the policy wants it decided by itself"
        elif looks > looked:
            how = "b decides it with its group" if seen is None else "approve it by itself"
            found[state.id] = f"{LEFT_OUT}the policy wants {looks} looked at before; {how}"
    return found


def _worth_saying(session: Session, kind: Kind, entries: Sequence[Entry]) -> dict[str, str]:
    """What the person should know of single ones before deciding all."""
    found: dict[str, str] = {}
    for entry in entries:
        state = entry.state
        why = why_not(session, kind, entry)
        if why:
            found[state.id] = f"will be skipped: {why}"
        elif state.escalated:
            found[state.id] = "escalated"
        elif state.risk.level >= 3:
            found[state.id] = "critical"
        elif readings(session).of(state.digest).flags:
            found[state.id] = "flagged text, seen"
    return found


async def _run(screen: Screen[Any], session: Session, bulk: BulkDecision) -> BulkResult | Refusal:
    from .screens.dialogs.bulk import ProgressDialog

    number = len(bulk.targets)
    progress = ProgressDialog(f"{bulk.kind.value} {_artifacts(number)}", number)
    screen.app.push_screen(progress)

    def note(result: BulkResult) -> bool:
        progress.go(result.decided + len(result.skipped))
        return not progress.stopped

    try:
        return await session.decide_many(bulk, note, lambda result: _done(bulk.kind, result))
    finally:
        if progress.is_attached:
            progress.dismiss()


def _tell_result(
    screen: Screen[Any], kind: Kind, entries: Sequence[Entry], result: BulkResult
) -> None:
    said = _done(kind, result)
    if result.effective_at is not None and result.decided:
        said += "   u takes all of it back"
    tell(screen, said, "information")
    if result.skipped:
        first, number = result.skipped[0], len(result.skipped)
        titles = {entry.state.id: one_line(entry.title, 40) for entry in entries}
        title = titles.get(first.artifact_id, "")
        which = f"{title} ({first.artifact_id})" if title else first.artifact_id
        were = "was" if number == 1 else "were"
        tell(screen, f"{number:,} {were} skipped. {which}: {first.sentence}")


def _done(kind: Kind, result: BulkResult) -> str:
    return f"{DONE[kind]} {_artifacts(result.decided)}"


def _artifacts(number: int) -> str:
    return f"{number:,} artifact{'s' * (number != 1)}"
