"""The policy's screens over made-up values, on a clock that stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from reviewer.config import Config
from reviewer.tui.app import DeskApp
from reviewer.tui.screens.agents import AgentsScreen
from reviewer.tui.screens.policy import PolicyScreen
from reviewer.tui.session import Session

from .governed import NOW, STOPS, Governed, compiled_of


def made_desk(tmp_path: Path, **config: Any) -> DeskApp:
    """A desk over an empty queue; `shown` gives it the values."""
    return DeskApp(Session(Config(name="mia", **config)), f"sqlite:///{tmp_path}/queue.db")


async def shown(pilot: Pilot[None], screen: Screen[Any], made: Governed | None = None) -> None:
    """Shows a screen that reads made-up values at ten o'clock, and waits until it has."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    made = made or Governed()
    session = app.session
    while session.queue is None:
        await pilot.pause(0.05)
    await session._line.stop()
    made.under = session.queue
    session.read = made.read  # type: ignore[method-assign]
    session.now = lambda: NOW  # type: ignore[method-assign]
    governing = session.governing
    governing._read = made.read
    governing.compiled, governing.row = compiled_of(), made.rows[1]
    governing.stops = tuple(made.thrown) if made.thrown else ()
    app.push_screen(screen)
    while not ready(app.screen):
        await pilot.pause(0.05)
    await pilot.pause(0.3)


def ready(screen: Screen[Any]) -> bool:
    """Whether everything that it shows has been read."""
    if isinstance(screen, AgentsScreen):
        return screen.is_mounted and bool(screen.list.rows) and not screen._dirty
    return isinstance(screen, PolicyScreen) and screen.is_mounted and bool(screen.rows)


def drawn(screen: Screen[Any]) -> str:
    """What the terminal shows."""
    lines = screen._compositor.render_strips(screen.size)
    return "\n".join(line.text.rstrip() for line in lines)


@asynccontextmanager
async def desk_of(
    tmp_path: Path,
    screen: Screen[Any],
    made: Governed | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    **config: Any,
) -> AsyncIterator[Pilot[None]]:
    """A running desk with this screen on top."""
    app = made_desk(tmp_path, **config)
    async with app.run_test(size=size) as pilot:
        await shown(pilot, screen, made)
        yield pilot
    assert app.breaches == 0


__all__ = ["STOPS", "desk_of", "drawn", "made_desk", "ready", "shown"]
