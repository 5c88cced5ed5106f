"""`reviewer policy activate`: put a policy in force, or tell who else must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..domain.decision import Refusal
from .failure import RefusedError
from .output import say, say_json
from .policy_files import compiled, find, short
from .session import Session

if TYPE_CHECKING:
    from ..domain.governance import PolicyRow
    from ..policy.document import Activation
    from ..queue import Queue


def activate(
    session: Session,
    policy: Annotated[
        str, typer.Argument(metavar="FILE|DIGEST", help="A file, or a policy of before.")
    ],
    note: Annotated[
        str, typer.Option("--note", "-m", metavar="TEXT", help="Why, for the history.")
    ] = "",
) -> None:
    """Put a policy in force for everything that comes in from now on.

    Where the policy in force asks for four eyes, it is proposed, and somebody else activates it by
    its digest.
    """
    person = session.person()

    async def work(queue: Queue) -> tuple[PolicyRow, PolicyRow]:
        before = await queue.policy()
        named = await find(queue, policy)
        compiled(named)  # what is wrong with a file is told with its lines
        if named.row is not None:
            answer = await queue.activate_policy(named.row.digest, person)
        else:
            answer = await queue.propose_policy(named.text, note, person)
        if isinstance(answer, Refusal):
            raise RefusedError(answer.sentence, str(answer.code))
        return before, answer

    before, row = session.run(work)
    active = row.state == "active"
    waits = "" if active else _who_else(before, row)
    if session.as_json:
        say_json(
            {
                "digest": row.digest,
                "state": row.state,
                "before": before.digest,
                "four_eyes": waits or None,
            }
        )
    elif not active:
        say(f"Proposed {short(row.digest)}. {waits}")
    elif row.digest == before.digest:
        say(f"{short(row.digest)} is in force already.")
    else:
        say(f"{short(row.digest)} is in force; before it was {short(before.digest)}.")


def _who_else(before: PolicyRow, row: PolicyRow) -> str:
    """Who must agree, and how."""
    from ..untrusted import one_line

    asks = _activation(before)
    others = [name for name in asks.by if name != row.proposed_by] if asks is not None else []
    who = one_line(" or ".join(others), 200) if others else "Another lead or admin"
    return f"{who} must activate it too: `reviewer policy activate {short(row.digest)}`."


def _activation(before: PolicyRow) -> Activation | None:
    from ..domain.errors import InputError
    from ..policy.reading import read

    try:
        return read(before.text).activation
    except InputError:
        return None
