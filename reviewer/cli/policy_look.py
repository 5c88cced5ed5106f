"""`reviewer policy show`, `history`, `diff`: what is and was in force, and what differs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..domain.errors import InputError
from .facts import at
from .output import Table, say, say_json, styled, width
from .policy_files import Named, compiled, find, short
from .session import Session

if TYPE_CHECKING:
    from ..domain.governance import PolicyRow
    from ..policy.compare import Difference
    from ..queue import Queue

DigestArgument = Annotated[
    str, typer.Argument(metavar="DIGEST", help="Of which; the one in force without it.")
]
_EFFECTS = {"looser": "yellow", "stricter": "green", "neither": ""}
_COLUMNS = (
    ("digest", 12), ("state", 8), ("name", 24), ("proposed by", 16), ("when", 16),
    ("activated by", 16), ("since", 16), ("note", 60),
)  # fmt: skip


def show(session: Session, digest: DigestArgument = "") -> None:
    """Print the policy in force, or another one by its digest, comments and all."""

    async def work(queue: Queue) -> Named:
        if digest:
            return await find(queue, digest)
        row = await queue.policy()
        return Named(short(row.digest), row.text, row)

    found = session.run(work)
    if session.as_json:
        policy = compiled(found)
        row = _row(found.row) if found.row is not None else {"digest": policy.digest}
        say_json(row | {"text": found.text, "policy": policy.policy.document()})
    elif sys.stdout.isatty():
        from ..untrusted import plain

        say(plain(found.text).rstrip("\n"))
    else:
        sys.stdout.write(found.text)  # a file that is written from it is the same file


def history(session: Session) -> None:
    """List all policies that were proposed or in force, the newest first."""
    rows = session.run(lambda queue: queue.policies())
    if session.as_json:
        say_json([_row(row) for row in rows])
        return
    if not rows:
        say("No policy was activated yet: the starter holds.", "dim")
        return
    for line in Table(_COLUMNS, width()).add([_cells(row) for row in rows]):
        say(*line)


def diff(
    session: Session,
    policies: Annotated[
        list[str],
        typer.Argument(
            metavar="[OLD] NEW",
            help="Files, digests, or `starter`; OLD is the policy in force where it is left out.",
        ),
    ],
) -> None:
    """Say what differs between two policies, in sentences, and which way it goes.

    A change is stricter where less goes through without a person, or more is asked of people, or
    sooner; looser the other way round.
    """
    from ..policy.compare import compare

    if len(policies) > 2:
        raise InputError("Two policies can be compared.", hint="Name OLD and NEW, or NEW alone.")

    async def work(queue: Queue) -> list[Named]:
        named = [await find(queue, given) for given in policies]
        if len(named) == 1:
            row = await queue.policy()
            named.insert(0, Named(short(row.digest), row.text, row))
        return named

    old, new = map(compiled, session.run(work))
    found = compare(old.policy, new.policy)
    if session.as_json:
        differences = [difference_json(one) for one in found]
        say_json({"old": old.digest, "new": new.digest, "differences": differences})
        return
    say_differences(found)


def say_differences(found: tuple[Difference, ...]) -> None:
    """One line each: which way, and the sentence; then how many of each."""
    from ..untrusted import one_line

    if not found:
        say("They mean the same.")
        return
    for one in found:
        effect = str(one.effect)
        mark = effect if effect != "neither" else ""
        say(f"{styled(f'{mark:<8}', _EFFECTS[effect])}  {one_line(one.sentence, width() or 2000)}")
    numbers = [
        f"{number} {effect}"
        for effect in ("stricter", "looser")
        if (number := sum(str(one.effect) == effect for one in found))
    ]
    many = f"{len(found)} difference{'s' * (len(found) != 1)}"
    say(styled(f"{many}: {', '.join(numbers)}." if numbers else f"{many}.", "dim"))


def difference_json(one: Difference) -> dict[str, Any]:
    """A difference in JSON."""
    return {
        "path": one.path,
        "sort": one.sort,
        "effect": str(one.effect),
        "sentence": one.sentence,
        "old": one.old,
        "new": one.new,
    }


def _row(row: PolicyRow) -> dict[str, Any]:
    return {
        "digest": row.digest,
        "state": row.state,
        "note": row.note,
        "proposed_by": row.proposed_by,
        "proposed_at": at(row.proposed_at or None),
        "activated_by": row.activated_by or None,
        "activated_at": at(row.activated_at),
    }


def _cells(row: PolicyRow) -> list[str]:
    from ..untrusted import one_line

    return [
        short(row.digest),
        row.state,
        one_line(_name(row.text), 24),
        one_line(row.proposed_by, 16),
        _when(row.proposed_at),
        one_line(row.activated_by, 16),
        _when(row.activated_at),
        one_line(row.note, 200),
    ]


def _name(text: str) -> str:
    """The name that a stored policy gives itself, nothing where it cannot be read any more."""
    from ..policy.reading import read

    try:
        return read(text).name
    except InputError:
        return ""


def _when(instant: int | None) -> str:
    """A local time; nothing for the starter's, which has been in force since ever."""
    from ..domain.instant import to_datetime

    if not instant:
        return ""
    return to_datetime(instant).astimezone().strftime("%Y-%m-%d %H:%M")
