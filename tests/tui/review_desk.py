"""The real desk over a real SQLite queue, on a clock that the test moves."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from textual.pilot import Pilot

from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor
from reviewer.queue import Queue, open_queue
from reviewer.tui import app as app_module
from reviewer.tui import governing
from reviewer.tui.app import DeskApp
from reviewer.tui.screens.dialogs import base
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.session import Session

AGENT = Actor("bot", "agent", frozenset({"agent"}))
BOB = Actor("bob")

CODE = "".join(f"def f{n}(call):\n    return call({n})\n" for n in range(40))
DOCUMENT: dict[str, Any] = {
    "key": "a1",
    "agent": {"name": "coder", "version": "1.4"},
    "kind": "change",
    "title": "Fix retry loop in sync",
    "summary": "Retries now back off.",
    "risk": "low",
    "confidence": 0.62,
    "identity": {"act_as": "svc-git", "on_behalf_of": "repo/sync"},
    "cost": {"usd": 0.03, "seconds": 14, "steps": 7},
    "writes": [
        {
            "type": "file",
            "system": "sync",
            "resource": "src/sync/retry.py",
            "before": {"text": CODE},
            "after": {"text": CODE.replace("call(7)", "call(backoff(7))")},
        },
        {
            "type": "record",
            "system": "crm",
            "resource": "order/8841",
            "before": {"status": "open", "refund": {"amount": 0}},
            "after": {"status": "refunded", "refund": {"amount": 212, "reason": "damaged"}},
        },
    ],
    "context": [
        {"type": "message", "role": "user", "text": "sync fails at night"},
        {"type": "tool_call", "name": "read_file", "id": "1", "arguments": {"path": "retry.py"}},
        {"type": "tool_result", "id": "1", "output": CODE},
        {"type": "message", "role": "thought", "text": "The loop sleeps too little."},
    ],
    "escalations": [
        {"code": "low_confidence", "detail": "two orders match", "score": 0.41, "evidence": 0}
    ],
}


def document(**changes: Any) -> dict[str, Any]:
    """The document of an artifact, with other fields."""
    return copy.deepcopy(DOCUMENT) | changes


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def followed(pilot: Pilot[Any]) -> None:
    """Waits until what was just done has gone from the app to the widget and back.

    A pause waits for an idle processor, and on a busy machine a process that gets none looks idle.
    """
    for _ in range(4):
        await pilot._wait_for_screen()
    await pilot.pause()


class Desk:
    """One person at a running desk."""

    def __init__(self, app: DeskApp, pilot: Pilot[None], queue: Queue, clock: Clock) -> None:
        self.app, self.pilot, self.queue, self.clock = app, pilot, queue, clock

    @property
    def session(self) -> Session:
        return self.app.session

    @property
    def review(self) -> ReviewScreen:
        return next(s for s in self.app.screen_stack if isinstance(s, ReviewScreen))

    async def submit(self, **changes: Any) -> str:
        """Submits an artifact by another process's queue."""
        return (await self.queue.submit(parse(document(**changes)), AGENT)).artifact_id

    async def until(self, holds: Callable[[], Any], why: str = "") -> None:
        """Waits for something to be so."""
        for _ in range(1500):
            if holds():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"it never came: {why or holds}; {self.describe()}")

    async def open(self, artifact_id: str, *, wait: float = 1.0, **more: Any) -> ReviewScreen:
        """Opens an artifact for review; `wait` seconds pass by the clock once it is drawn."""
        screen = ReviewScreen(artifact_id, **more)
        self.app.push_screen(screen)
        await self.shown(artifact_id)
        self.clock.seconds += wait
        return screen

    async def shown(self, artifact_id: str) -> None:
        """Waits until an artifact is drawn on the review screen."""
        await self.until(
            lambda: (
                self.review.opened is not None
                and self.review.opened.id == artifact_id
                and self.session._shown is not None
                and self.session._shown[0] == artifact_id
            ),
            f"{artifact_id} on screen",
        )
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Presses keys, 0.3 seconds apart by the clock."""
        for key in keys:
            self.clock.seconds += 0.3
            await self.pilot.press(key)
            await followed(self.pilot)

    async def status(self, artifact_id: str) -> str:
        """What the queue says."""
        item = await self.queue.get(artifact_id)
        assert item is not None
        return str(item.entry.state.status)

    async def until_status(self, artifact_id: str, status: str) -> None:
        """Waits until the queue says so."""
        for _ in range(1500):
            if await self.status(artifact_id) == status:
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"{artifact_id} never became {status}")

    async def dialog(self, kind: type[Any]) -> Any:
        """Waits for a dialog, or another screen, until it is drawn: its keys count from then on."""
        await self.until(
            lambda: (
                isinstance(self.app.screen, kind)
                and getattr(self.app.screen, "_since", 0.0) is not None
            ),
            kind.__name__,
        )
        await self.pilot.pause()
        return self.app.screen

    async def ask(self, key: str, kind: type[Any]) -> Any:
        """Presses a key that opens a dialog, or another screen; again where it came too early.

        What is drawn anew counts as not yet seen, and on a busy machine that may be at any time.
        """
        for _ in range(20):
            said = len(GIVEN[self.app])
            await self.press(key)
            told = [*GIVEN[self.app][said:], str(getattr(self.app.screen, "_notice", ""))]
            if isinstance(self.app.screen, kind) or not any("long enough" in one for one in told):
                break
        return await self.dialog(kind)

    def describe(self) -> str:
        """Where the desk stands, for a failure."""
        top = self.app.screen
        said = f"{type(top).__name__}, shown {self.session._shown}, notes {self.toasts()!r}"
        if isinstance(top, ReviewScreen) and top.opened is not None:
            said += f", {top.opened.id} {top.opened.changed!r} {top.news.text!r}"
        return said

    def toasts(self) -> str:
        """What notes have been given; on the screen each stays for some seconds only."""
        return "\n".join(GIVEN[self.app])


def held_up(running: Desk, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """The desk's own queue answers no decision until the event is set, as if it were locked."""
    queue, go = running.session.queue, asyncio.Event()
    assert queue is not None
    real = queue.decide

    async def waits(*args: Any, **more: Any) -> Any:
        await go.wait()
        return await real(*args, **more)

    monkeypatch.setattr(queue, "decide", waits)
    return go


GIVEN: WeakKeyDictionary[DeskApp, list[str]] = WeakKeyDictionary()
"""The notes that a desk has given, in order."""


def hear_notes(app: DeskApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the notes of a desk from the moment they are given until a test clears them."""
    given, notify, clear = GIVEN.setdefault(app, []), app.notify, app.clear_notifications

    def heard(message: str, **more: Any) -> None:
        given.append(message)
        notify(message, **more)

    def cleared() -> None:
        given.clear()
        clear()

    monkeypatch.setattr(app, "notify", heard)
    monkeypatch.setattr(app, "clear_notifications", cleared)


def footer(screen: Any) -> str:
    """What stands in the last line."""
    return str(screen.footer.render_line(0).text)


@asynccontextmanager
async def desk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    size: tuple[int, int] = (120, 40),
    **config: Any,
) -> AsyncIterator[Desk]:
    """The desk, connected; a second queue on the same file stands for other people."""
    clock = Clock()
    monkeypatch.setattr(base, "clock", clock)
    # on a clock that stands nobody is ever idle: what waits for that begins at once
    monkeypatch.setattr(governing, "MOST", 0.0)
    # a key is pressed when the test's clock says so, however busy the machine is
    monkeypatch.setattr(app_module, "get_time", lambda: 0.0)
    url = f"sqlite:///{tmp_path}/queue.db"
    other = await open_queue(url)
    session = Session(Config(name="mia", **config), monotonic=clock)
    app = DeskApp(session, url)
    hear_notes(app, monkeypatch)
    async with app.run_test(size=size) as pilot:
        running = Desk(app, pilot, other, clock)
        await running.until(lambda: session.queue is not None, "the queue")
        yield running
    await other.close()
    assert app.breaches == 0
