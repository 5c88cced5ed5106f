"""What people order about agents, from key to queue: stop, resume, cap; asked, sent, said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..domain.decision import Refusal
from .deciding import taking_its_time, tell

if TYPE_CHECKING:
    from textual.screen import Screen

    from ..queue import Queue
    from .session import Session

STOPPING = "stop"
"""The group of the worker that asks, so that nothing is asked twice."""


def ask_to_stop(screen: Screen[Any], agent: str) -> None:
    """Asks whether to stop an agent, or all; does nothing where that is being asked already."""
    from .screens.left_once import asking

    session: Session = screen.app.session  # type: ignore[attr-defined]
    if session.read_only:
        tell(screen, "The desk was opened read-only.")
    elif not asking(screen, STOPPING):
        screen.run_worker(stop(screen, agent), group=STOPPING, exit_on_error=False)


async def stop(screen: Screen[Any], agent: str) -> bool:
    """Asks and stops; True where it was stopped."""
    from .screens.dialogs.governing import StopDialog

    session: Session = screen.app.session  # type: ignore[attr-defined]
    asked = await screen.app.push_screen_wait(StopDialog(agent))
    if asked is None:
        return False
    answer = await send(
        screen, f"stopping {asked.to} …",
        lambda queue: queue.stop(asked.to, asked.comment, session.actor),
    )  # fmt: skip
    if answer is REFUSED:
        return False
    who = "All agents are" if asked.to == "*" else f"{asked.to} is"
    back = answer.called_back
    was = "1 decision that had not gone out went" if back == 1 else (
        f"{back:,} decisions that had not gone out went"
    )  # fmt: skip
    more = f"; {was} back to people" if back else ""
    tell(screen, f"{who} stopped{more}.", "information")
    return True


REFUSED = object()
"""What `send` answers where nothing was done; it has been said why."""


async def send(
    screen: Screen[Any], words: str, call: Callable[[Queue], Awaitable[Any]]
) -> Any:  # the answers have nothing in common
    """Sends what a person ordered; a refusal and a failure are said."""
    from ..domain.errors import ReviewerError

    session: Session = screen.app.session  # type: ignore[attr-defined]
    try:
        with taking_its_time(session, words):
            answer = await session.order(call)
    except ReviewerError as error:
        tell(screen, str(error), "error")
        return REFUSED
    if isinstance(answer, Refusal):
        tell(screen, answer.sentence)
        return REFUSED
    await session.governing.look()
    return answer
