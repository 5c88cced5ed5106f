"""Every screen that decides, opened alike, for the tests of the rules (`test_rules_*.py`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from reviewer.actions import Action, keys_of, place
from reviewer.domain.decision import Decision, Kind, Refusal
from reviewer.domain.query import Query
from reviewer.domain.views import Entry
from reviewer.tui.screens.focus import FocusScreen
from reviewer.tui.screens.group_member import MemberScreen
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.triage import TriageScreen
from tests.support.refunds import refunds

from .review_desk import BOB
from .test_groups import Groups, groups

NUMBER = 6
SCREENS = ("inbox", "review", "focus", "member", "triage", "group", "look")
"""Where artifacts are decided; edit, palette and dialogs stand over one of these."""
DIFFERENT = tuple(name for name in SCREENS if name != "member")
"""A member is shown by the review screen itself; for what it does not change."""
BESIDE = {"groups": "group", "audit": "inbox", "insights": "inbox"}
"""Screens on which nothing is decided, and from where they are reached."""
READING = ("review", "focus", "member")
"""Those that show one artifact whole, and claim it."""


class Rules(Groups):
    """The desk at one of the screens; `shown` is what a decision there would be about."""

    @property
    def top(self) -> Any:
        return self.app.screen

    @property
    def aim(self) -> list[Entry]:
        found: list[Entry] = self.top.aim
        return found

    def text(self) -> str:
        """What stands on the terminal, without notes."""
        strips = self.top._compositor.render_strips()
        return "\n".join(strip.text for strip in strips[: self.app.size.height])

    def said(self) -> str:
        """What the screen says: notes, and all that it shows."""
        return f"{self.toasts()}\n{self.text()}"

    async def revisions(self) -> dict[str, tuple[str, int]]:
        """Status and revision of everything that was handed in."""
        found = {}
        for id in self.ids:
            item = await self.queue.get(id)
            assert item is not None
            found[id] = (str(item.entry.state.status), item.entry.state.revision)
        return found

    async def pending(self) -> int:
        """How many are."""
        return (await self.queue.count(Query(), BOB)).number

    async def bob(self, id: str, kind: Kind = Kind.REJECT, **more: Any) -> None:
        """Bob decides it elsewhere."""
        item = await self.queue.get(id)
        assert item is not None
        state = item.entry.state
        if kind is Kind.REJECT:
            more["reasons"] = ("unsafe",)
        made = Decision(kind, id, state.revision, state.digest, f"bob-{id}-{kind}", **more)
        assert not isinstance(await self.queue.decide(made, BOB), Refusal)

    async def goes(self, kind: type[Any]) -> None:
        """Waits until a screen of this kind is on top."""
        await self.until(lambda: isinstance(self.app.screen, kind), kind.__name__)

    # ------------------------------------------------------------------ the screens

    async def inbox_(self) -> None:
        """What stands under the cursor of the inbox is on screen."""
        box = self.app.inbox
        await self.until(lambda: box.list.row_count >= min(len(self.ids), 50), "the list")
        await self.until(
            lambda: (
                box.list.entry is not None
                and self.session._shown is not None
                and self.session._shown[0] == box.list.entry.state.id
            ),
            "the preview",
        )

    async def focus_(self) -> None:
        """The first is in focus."""
        self.app.push_screen(FocusScreen(None))
        await self.goes(FocusScreen)
        await self.until(lambda: self.top.opened is not None, "the first")
        await self.shown(self.top.opened.id)

    async def member_(self) -> None:
        """A member of the group is open."""
        group = await self.open_group()
        await self.press("G", "enter")
        await self.goes(MemberScreen)
        await self.shown(group.list.current)

    async def triage_(self) -> None:
        """What stands under the cursor of triage is on screen."""
        await self.until(lambda: self.session.queue is not None, "the queue")
        self.app.push_screen(TriageScreen())
        await self.goes(TriageScreen)
        await self.until(lambda: self.top.due.row_count == len(self.ids), "its rows")
        await self.until(
            lambda: self.session._shown == (self.aim[0].state.id, self.aim[0].state.digest),
            "its row",
        )

    async def look_(self) -> None:
        """The first look is on screen."""
        await self.open_group()
        await self.press("a")
        await self.look_shown(0)

    async def beside(self, name: str) -> None:
        """One of the screens beside the list, on which nothing is decided (`BESIDE`)."""
        if name == "groups":
            await self.press("escape")
            await self.until(lambda: self.top is self.list, "the groups")
            return
        await self.press({"audit": "H", "insights": "i"}[name])
        await self.until(lambda: getattr(self.top, "PLACE", "") == name, name)

    async def go(self, name: str) -> None:
        """Opens the screen; what it shows has just been drawn."""
        if name == "inbox":
            await self.inbox_()
        elif name == "review":
            await self.open(self.ids[0], wait=0)
        elif name == "focus":
            await self.focus_()
        elif name == "member":
            await self.member_()
        elif name == "triage":
            await self.triage_()
        elif name == "group":
            await self.open_group()
        else:
            await self.look_()
        await self.pilot.pause()


@asynccontextmanager
async def at(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    documents: list[dict[str, Any]] | None = None,
    **more: Any,
) -> AsyncIterator[Rules]:
    """The desk at a screen, with a few near-identical refunds; their first is due first."""
    made = [
        one | {"due_at": f"2027-01-01T{number // 60:02d}:{number % 60:02d}:00Z"}
        for number, one in enumerate(documents or refunds(NUMBER + 3)[:NUMBER])
    ]
    async with groups(tmp_path, monkeypatch, made, **more) as plain:
        here = Rules(plain.app, plain.pilot, plain.queue, plain.clock)
        here.ids = plain.ids
        await here.go(name)
        yield here


def deciding(name: str) -> list[Action]:
    """The actions of a screen that decide or move, each with its first key."""
    live = {"member": "review"}.get(name, name)
    return [
        action
        for action in place(live)
        if action.scope == "decide" or (name == "triage" and "shown" in action.guards)
    ]


def key_of(action: Action) -> str:
    """The key that a test presses for it."""
    return keys_of(action)[0]


def inbox_of(here: Rules) -> InboxScreen:
    """The inbox."""
    return here.app.inbox
