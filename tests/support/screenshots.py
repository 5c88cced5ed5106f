"""Takes the pictures in `screenshots/` from the desk: `python -m tests.support.screenshots`.

The desk runs on the demo's artifacts in a queue of its own, in a directory that goes afterwards.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from textual.pilot import Pilot

from . import screenshots_policy
from .shared import ROOT

WIDE, NARROW = (118, 32), (80, 24)


async def settled(pilot: Pilot[Any], holds: Callable[[], Any]) -> None:
    """Waits until something is so and the screen has been drawn."""
    for _ in range(500):
        await pilot.pause(0.02)
        if holds():
            break
    else:
        raise SystemExit("the desk never came to what the picture is to show")
    await pilot.pause(0.6)


async def fill(url: str, name: str) -> None:
    """The demo's artifacts, and a morning of other people's work on them."""
    from reviewer.demo import catalogue, reviewers
    from reviewer.demo.agent import clock, submit_all
    from reviewer.queue import open_queue

    queue = await open_queue(url)
    now = clock()
    made = [*catalogue.first(8841, now), *catalogue.rest(8841, now)]
    ids = await submit_all(queue, made)
    await reviewers.begin(queue, Random(8841), ids[5:60:3], name)
    await queue.close()


def save(app: Any, name: str) -> None:
    """The screen as SVG, without fonts that a reader's browser would have to fetch."""
    svg = app.export_screenshot(title="reviewer")
    svg = re.sub(r'url\("https?://[^"]*"\)[^,;]*[,]?', "", svg)
    svg = re.sub(r"src: (local\([^)]*\)),\s*;", r"src: \1;", svg)
    (ROOT / "screenshots" / f"{name}.svg").write_text(svg)
    print(f"screenshots/{name}.svg")


async def find(pilot: Pilot[Any], text: str) -> None:
    """Filters the inbox and waits for the first match."""
    app = pilot.app
    await pilot.press("slash")
    await pilot.press("ctrl+u", *text, "enter")
    await settled(pilot, lambda: app.screen.list.entry is not None)
    await pilot.pause(0.6)


async def wide(url: str, name: str) -> None:
    """Inbox, filters, review, dialogs, help on a wide terminal."""
    from reviewer.config import Config
    from reviewer.tui.app import DeskApp
    from reviewer.tui.session import Session

    app = DeskApp(Session(Config(name=name)), url)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot, lambda: app.inbox.list.entry is not None)
        await pilot.press("2")
        await settled(pilot, lambda: app.inbox.list.row_count > 30)
        await pilot.press("j", "j", "space", "j", "space", "k", "k", "k")
        await pilot.pause(0.8)
        save(app, "inbox")
        await pilot.press("a")
        await pilot.pause(1.0)
        save(app, "bulk")
        await pilot.press("escape", "ctrl+@")
        for picture, text in (
            ("review", "retry loop"),
            ("table", "winter price"),
            ("hostile", "harmless reply"),
        ):
            await find(pilot, text)
            await pilot.press("enter")
            await settled(pilot, lambda: getattr(app.screen, "opened", None) is not None)
            await pilot.pause(1.5)
            save(app, picture)
            if picture == "review":
                await pilot.press("r")
                await pilot.pause(0.6)
                save(app, "reject")
                await pilot.press("escape")
                await pilot.press("e")
                await pilot.pause(1.5)
                save(app, "edit")
                await pilot.press("escape")
                await pilot.pause(0.5)
            await pilot.press("escape")
            await settled(pilot, lambda: app.screen is app.inbox)
        await pilot.press("question_mark")
        await pilot.pause(0.8)
        save(app, "help")
        await pilot.press("escape")
        await deeper(pilot, app)


async def deeper(pilot: Pilot[Any], app: Any) -> None:
    """The screens that one goes to from the inbox."""
    await pilot.press("backspace")
    await settled(pilot, lambda: app.inbox.list.row_count > 30)
    for key, picture in (("f", "focus"), ("b", "groups"), ("t", "triage"), ("i", "insights")):
        await pilot.press(key)
        await settled(pilot, lambda: app.screen is not app.inbox)
        await pilot.pause(2.5)
        if picture == "groups":
            await pilot.press("enter")
            await pilot.pause(2.5)
            save(app, "group")
            await pilot.press("escape")
            await pilot.pause(0.8)
        save(app, picture)
        await pilot.press("escape")
        await settled(pilot, lambda: app.screen is app.inbox)


async def narrow(url: str, name: str) -> None:
    """The inbox at 80 by 24, in a light theme."""
    from reviewer.config import Config
    from reviewer.tui.app import DeskApp
    from reviewer.tui.session import Session

    app = DeskApp(Session(Config(name=name, theme="reviewer-light")), url)
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot, lambda: app.inbox.list.entry is not None)
        await pilot.press("2")
        await settled(pilot, lambda: app.inbox.list.row_count > 20)
        save(app, "inbox-80x24")


async def governed(url: str, name: str, file: str) -> None:
    """The policy in force, a file that is tried, the agents, the kill switch, a ruling."""
    from reviewer.config import Config
    from reviewer.tui.app import DeskApp
    from reviewer.tui.session import Session

    app: Any = DeskApp(Session(Config(name=name, roles=("reviewer", "lead"), policy=file)), url)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot, lambda: app.inbox.list.entry is not None)
        await find(pilot, "whole order")
        await pilot.press("enter")
        await settled(pilot, lambda: getattr(app.screen, "opened", None) is not None)
        await pilot.press("P")
        await settled(pilot, lambda: app.screen._ruled is not None)
        save(app, "ruling")
        await pilot.press("escape", "escape")
        await settled(pilot, lambda: app.screen is app.inbox)
        await pilot.press("P")
        await settled(pilot, lambda: app.screen is not app.inbox and app.screen.rows)
        await pilot.pause(1.5)
        save(app, "policy")
        await pilot.press("c")
        await settled(pilot, lambda: app.screen.tried is not None)
        await pilot.press("s")
        await settled(pilot, lambda: app.screen.tried.simulated is not None)
        save(app, "policy-simulated")
        await pilot.press("escape", "escape")
        await settled(pilot, lambda: app.screen is app.inbox)
        await pilot.press("B")
        await settled(pilot, lambda: app.screen is not app.inbox and app.screen.list.rows)
        await pilot.press("j")
        await pilot.pause(0.6)
        save(app, "agents")
        await pilot.press("exclamation_mark")
        await pilot.pause(0.8)
        save(app, "stop")


async def main() -> None:
    """Fills queues and takes every picture."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["REVIEWER_HOME"] = place
        url = f"sqlite:///{Path(place) / 'queue.db'}"
        await fill(url, "ada")
        await wide(url, "ada")
        await narrow(url, "ada")
        refunds = f"sqlite:///{Path(place) / 'refunds.db'}"
        await screenshots_policy.fill(refunds)
        file = screenshots_policy.try_file(Path(place))
        await governed(refunds, screenshots_policy.ME, file)
        os.chdir(ROOT)


if __name__ == "__main__":
    asyncio.run(main())
