"""What an agent calls besides `submit`: wait for the verdict, report the outcome, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..domain.errors import InputError
from ..domain.outcome import Outcome
from ..domain.state import SHADOWED
from . import complete
from .codes import Exit
from .commands import command
from .listing import IdArgument
from .output import say, say_json
from .session import Session

if TYPE_CHECKING:
    from ..queue import Item, Queue, Verdict


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    command(app, "wait", panel="Agents")(_wait)
    command(app, "report", panel="Agents")(_report)
    command(app, "withdraw", panel="Agents")(_withdraw)


def _wait(
    session: Session,
    artifact: IdArgument,
    timeout: Annotated[
        str,
        typer.Option(metavar="TIME", help="How long, e.g. 30s, 1h30m or seconds; for ever else."),
    ] = "",
) -> int:
    """Wait until a person has decided, and print the verdict with the final writes as JSON.

    Exit codes: 0 approved as proposed, 6 approved with edits (carry out the printed writes, not
    your own), 1 rejected, 7 answered in words, 8 expired, 9 withdrawn or superseded, 10 recorded
    only (shadow mode), 4 nobody decided in time. The verdict comes when the undo window is over.
    """
    import asyncio

    from ..adapters.client import AsyncClient
    from . import facts
    from .lookup import find

    seconds = _seconds(timeout)

    async def work() -> tuple[Item, Verdict | None]:
        # the client goes on waiting through a queue that is away for a moment
        async with AsyncClient(session.url) as client:
            item = await find(await client.opened(), artifact, session.person())
            return item, await client.wait(item.entry.state.id, seconds)

    item, verdict = asyncio.run(work())
    if verdict is None:
        state = item.entry.state
        say_json({"artifact": state.id, "key": state.key, "status": "pending", "decision": ""})
        return Exit.TIMEOUT
    say_json(facts.verdict(verdict))
    return exit_of(verdict.status, verdict.decision)


def exit_of(status: str, decision: str) -> Exit:
    """The exit code of a verdict."""
    if status == "approved":
        return Exit.EDITED if decision == "edit" else Exit.OK
    return {
        "rejected": Exit.NEGATIVE,
        "answered": Exit.ANSWERED,
        "expired": Exit.EXPIRED,
        SHADOWED: Exit.SHADOWED,
    }.get(status, Exit.GONE)


def _report(
    session: Session,
    artifact: IdArgument,
    outcome: Annotated[
        str,
        typer.Argument(
            metavar="OUTCOME", help=" | ".join(Outcome), autocompletion=complete.outcomes
        ),
    ],
    detail: Annotated[str, typer.Option(help="In words.")] = "",
) -> None:
    """Report what happened to the writes after an approval."""
    if outcome not in frozenset(Outcome):
        raise InputError(f"There is no outcome '{outcome}'.", hint=f"Known: {', '.join(Outcome)}.")
    _as_agent(
        session,
        artifact,
        lambda queue, id, actor: queue.report_outcome(id, outcome, detail, actor),
        {"outcome": outcome},
        f"reported {outcome}:",
    )


def _withdraw(session: Session, artifact: IdArgument) -> None:
    """Take a pending artifact back, as its agent."""
    _as_agent(
        session, artifact, lambda queue, id, actor: queue.withdraw(id, actor), {}, "withdrawn"
    )


def _as_agent(session: Session, artifact: str, call: Any, fact: dict[str, Any], done: str) -> None:
    from ..domain.decision import Refusal
    from .decisions import refused
    from .lookup import find

    async def work(queue: Queue) -> Any:
        item = await find(queue, artifact, session.person())
        state = item.entry.state
        return await call(queue, state.id, session.agent(state.agent))

    after = session.run(work)
    if isinstance(after, Refusal):
        raise refused(after)
    if session.as_json:
        say_json({"artifact": after.id, "status": str(after.status)} | fact)
    else:
        say(f"{done} {after.id}")


def _seconds(text: str) -> float | None:
    from ..domain.instant import SECOND, parse_duration

    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return parse_duration(text) / SECOND
    if not 0 <= seconds < 1e9:
        raise InputError(f"'{text}' is not a duration", hint="Write it like 30s, 5m or 1h30m.")
    return seconds
