"""The triage screen for tests: artifacts that are due when the test says, and who is on call."""

from __future__ import annotations

from typing import Any

from reviewer.domain.instant import SECOND, iso
from reviewer.policy.schedule import Rotation
from reviewer.tui.screens.triage import TriageScreen

from .review_desk import Desk

ROTATIONS = (
    Rotation("*", ("ana",), "2020-01-01T00:00", "1d", "UTC"),
    Rotation("billing", ("ben", "cy"), "2020-01-01T00:00", "1w", "UTC"),
)


async def hand_in(
    running: Desk,
    key: str,
    seconds: float,
    *,
    queue: str = "billing",
    risk: str = "low",
    **more: Any,
) -> str:
    """Hands in an artifact that is due so many seconds from now."""
    due = iso(await running.queue.now() + round(seconds * SECOND))
    return await running.submit(
        key=key, title=more.pop("title", key), due_at=due, queue=queue, risk=risk, **more
    )


async def triage(running: Desk, rows: int) -> TriageScreen:
    """Opens the screen from the inbox and waits for its rows."""
    await running.press("t")
    await running.until(lambda: isinstance(running.app.screen, TriageScreen), "triage")
    screen = running.app.screen
    assert isinstance(screen, TriageScreen)
    await running.until(lambda: screen.due.row_count == rows and screen.load.read, "its rows")
    await settled(running, screen)
    return screen


async def settled(running: Desk, screen: TriageScreen) -> None:
    """Waits until what is under the cursor is said to be on screen; the clock goes on a second."""
    if screen.entry is not None:
        id = screen.entry.state.id
        await running.until(
            lambda: running.session._shown is not None and running.session._shown[0] == id, "shown"
        )
    running.clock.seconds += 1


def titles(screen: TriageScreen) -> list[str]:
    """What is listed, in order."""
    return [entry.title for entry in screen.due.window.rows]


def drawn(screen: TriageScreen) -> str:
    """What the terminal shows."""
    lines = screen._compositor.render_strips(screen.size)
    return "\n".join(line.text.rstrip() for line in lines)
