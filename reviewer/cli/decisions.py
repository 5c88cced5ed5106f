"""Decisions from the command line, each bound to the digest of what is in the queue."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import config
from ..domain.errors import InputError, NotFoundError, ReviewerError
from ..untrusted import one_line
from . import complete
from .commands import command
from .failure import RefusedError
from .output import say, say_json
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ..domain.decision import Refusal
    from ..queue import BulkResult, Item, Queue, Settled

IdArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="An id, the start of one, or a key.", autocompletion=complete.pending
    ),
]
DigestOption = Annotated[
    str, typer.Option(metavar="DIGEST", help="Decide only if this is what is in the queue.")
]
CommentOption = Annotated[str, typer.Option("--comment", "-m", help="In words.")]
ReasonOption = Annotated[
    list[str] | None,
    typer.Option(
        "--reason", "-r", metavar="CODE", help="A reason code.", autocompletion=complete.reasons
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for name, function in (
        ("approve", _approve),
        ("reject", _reject),
        ("respond", _respond),
        ("reassign", _reassign),
        ("snooze", _snooze),
        ("escalate", _escalate),
        ("undo", _undo),
    ):
        command(app, name, panel="Decide")(function)


def _approve(
    session: Session, artifact: IdArgument, digest: DigestOption = "", comment: CommentOption = ""
) -> None:
    """Approve exactly what is in the queue."""
    decide(session, artifact, "approve", digest, comment=comment)


def _reject(
    session: Session,
    artifact: IdArgument,
    reason: ReasonOption = None,
    comment: CommentOption = "",
    digest: DigestOption = "",
) -> None:
    """Reject it; name at least one reason code.

    The codes: those that the policy in force names under `reasons`, and wrong_value, wrong_target,
    not_needed, against_policy, missing_context, unsafe, poor_quality, duplicate, other. Without
    --reason it names all of them.
    """
    given = tuple(dict.fromkeys(reason or []))
    if not given:
        known = session.run(reasons_in_force)
        raise InputError("A reject names at least one reason code.", hint=_codes(known))
    decide(session, artifact, "reject", digest, reasons=given, comment=comment)


def _respond(
    session: Session,
    artifact: IdArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the agent shall know.")] = "",
    comment: CommentOption = "",
    digest: DigestOption = "",
) -> None:
    """Answer the agent in words instead of deciding."""
    if bool(text) == bool(comment):
        raise InputError("Give the answer once: as TEXT or with --comment.")
    decide(session, artifact, "respond", digest, comment=text or comment)


def _reassign(
    session: Session,
    artifact: IdArgument,
    to: Annotated[str, typer.Argument(metavar="TO", help="A person, or queue:NAME.")],
    comment: CommentOption = "",
    digest: DigestOption = "",
) -> None:
    """Give it to another person or queue."""
    decide(session, artifact, "reassign", digest, to=to, comment=comment)


def _snooze(
    session: Session,
    artifact: IdArgument,
    until: Annotated[
        str, typer.Argument(metavar="UNTIL", help="A while (2h, 1d12h) or a time with its zone.")
    ],
    comment: CommentOption = "",
    digest: DigestOption = "",
) -> None:
    """Put it aside for a while, or until a time."""
    from ..domain.instant import parse_duration, parse_iso

    while_ = until[:1].isdigit() and "-" not in until and ":" not in until
    length, instant = (parse_duration(until), 0) if while_ else (0, parse_iso(until))
    decide(session, artifact, "snooze", digest, after=length, until=instant, comment=comment)


def _escalate(
    session: Session,
    artifact: IdArgument,
    to: Annotated[str, typer.Option(metavar="TO", help="A person, or queue:NAME.")] = "",
    reason: ReasonOption = None,
    comment: CommentOption = "",
    digest: DigestOption = "",
) -> None:
    """Hand it up, with a reason: a code, words, or both. Whoever gets it reads that first."""
    given = tuple(dict.fromkeys(reason or []))
    if not given and not comment.strip():
        raise InputError("An escalation says why: in words (--comment) or by a code (--reason).")
    decide(session, artifact, "escalate", digest, reasons=given, to=to, comment=comment)


def _undo(
    session: Session,
    operation: Annotated[
        str, typer.Argument(metavar="OPERATION", help="Its id; without it, your last one.")
    ] = "",
) -> None:
    """Take a decision back while its undo window is open."""
    url = session.url
    chosen = operation or _remembered(url)
    result = session.run(lambda queue: queue.undo(chosen, session.person()))
    if session.as_json:
        skipped = [
            {"artifact": r.artifact_id, "code": str(r.code), "sentence": r.sentence}
            for r in result.skipped
        ]
        say_json({"operation": chosen, "undone": result.decided, "skipped": skipped})
    if not result.decided:
        raise _not_undone(result)
    if not operation:
        _memory().unlink(missing_ok=True)
    if not session.as_json:
        left = f", {len(result.skipped)} could not be" if result.skipped else ""
        say(f"{result.decided} taken back{left}.")


def _not_undone(result: BulkResult) -> ReviewerError:
    from ..domain.decision import Code

    if not result.skipped:
        return RefusedError("There is nothing to take back.")
    first = result.skipped[0]
    if first.code is Code.NOT_FOUND:
        hint = "A decision prints its operation's id, such as op-…; an artifact's id is none."
        return NotFoundError(first.sentence, hint)
    return RefusedError(first.sentence)


def decide(
    session: Session, artifact: str, kind: str, digest: str = "", after: int = 0, **more: Any
) -> None:
    """One decision on what is in the queue now; says what it did, raises `RefusedError` otherwise.

    `after` (microseconds) is for a snooze that is counted from the queue's own clock.
    """
    from ..domain.decision import Refusal
    from .lookup import find

    async def work(queue: Queue) -> tuple[Item, Settled | Refusal]:
        person = session.person()
        await _know(queue, more.get("reasons", ()))
        item = await find(queue, artifact, person)
        if after:
            more["until"] = await queue.now() + after
        return item, await send(queue, session, item, kind, digest, **more)

    item, settled = session.run(work)
    if isinstance(settled, Refusal):
        raise refused(settled)
    tell(session, item, settled)


async def send(
    queue: Queue, session: Session, item: Item, kind: str, digest: str = "", **more: Any
) -> Settled | Refusal:
    """Sends a decision bound to the item's revision and digest; checks `digest` where given."""
    from ..domain.decision import Decision, Kind

    state, person = item.entry.state, session.person()
    if digest and not _same_digest(digest, state.digest):
        raise RefusedError(f"{state.id} has another digest: {state.digest}.", "stale")
    now = await queue.now()
    mine = state.leased(now) and state.lease_owner == person.id
    decision = Decision(
        kind=Kind(kind),
        artifact_id=state.id,
        revision=state.revision,
        digest=state.digest,
        operation_id=f"op-{secrets.token_hex(12)}",
        fence=state.fence if mine else None,
        **more,
    )
    return await queue.decide(decision, person)


def tell(session: Session, item: Item, settled: Settled) -> None:
    """Says what a decision did, and remembers it for `reviewer undo`."""
    from . import facts

    if settled.effective_at is not None:
        _remember(session.url, settled)
    if session.as_json:
        say_json(facts.settled(settled))
        return
    state = settled.state
    done = {
        "approve": "approved", "edit": "approved with edits", "reject": "rejected",
        "respond": "answered", "reassign": "reassigned", "snooze": "snoozed",
        "escalate": "escalated",
    }[str(settled.decision)]  # fmt: skip
    if str(settled.decision) == "approve" and str(state.status) == "pending":
        done = f"approved by {len(state.approvers)} of {state.quorum}"
    say(f"{done} {state.id}  {one_line(item.artifact.title, 80)}", "green")
    if settled.effective_at is not None:
        say(f"operation {settled.operation_id}; `reviewer undo` takes it back.", "dim")


def refused(refusal: Refusal) -> RefusedError:
    """A refusal as an error."""
    return RefusedError(refusal.sentence, str(refusal.code))


def _same_digest(given: str, whole: str) -> bool:
    """The whole digest, or at least 12 of its hex digits."""
    bare = given.removeprefix("sha256:").lower()
    return len(bare) >= 12 and whole.removeprefix("sha256:").startswith(bare)


async def reasons_in_force(queue: Queue) -> dict[str, str]:
    """The reason codes that may be given now, with the policy's own words for their meanings."""
    from ..policy.reading import PolicyError, read
    from ..policy.reasons import codes

    try:
        policy = read((await queue.policy()).text)
    except PolicyError:  # in force, and yet unreadable here: of another version
        policy = None
    return codes(policy)


async def _know(queue: Queue, given: Sequence[str]) -> None:
    """Raises `InputError` for a reason code that neither the policy in force nor we have."""
    from ..domain.decision import REASONS

    # the policy takes time to read, and takes none of the built-in ones away
    strange = [code for code in given if code not in REASONS]
    if not strange:
        return
    known = await reasons_in_force(queue)
    for code in strange:
        if code not in known:
            raise InputError(f"There is no reason code '{one_line(code, 80)}'.", hint=_codes(known))


def _codes(known: Iterable[str]) -> str:
    return f"Codes: {', '.join(known)}."


def _memory() -> Path:
    return config.home() / "last-operation.json"


def _remember(url: str, settled: Settled) -> None:
    """Keeps the operation for `reviewer undo`; that this fails must not hide the decision."""
    fact = {"queue": url, "operation": settled.operation_id, "artifact": settled.state.id}
    try:
        config.ensure_home()
        _memory().write_text(json.dumps(fact), encoding="utf-8")
    except Exception:
        say("(the operation could not be remembered; undo it by its id)", "dim")


def _remembered(url: str) -> str:
    try:
        fact = json.loads(_memory().read_text(encoding="utf-8"))
        if fact["queue"] == url:
            return str(fact["operation"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise NotFoundError(
        "No decision of yours on this queue is remembered.", "Give the operation's id."
    )
