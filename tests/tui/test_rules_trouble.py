"""Rules: nothing typed is lost; a slow or lost queue is shown, freezes nothing, decides once."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.decision import Kind
from reviewer.domain.errors import QueueError
from reviewer.domain.views import BulkDecision, Target
from reviewer.tui import connection
from reviewer.tui.deciding import drafts
from reviewer.tui.screens.dialogs.answers import RejectDialog, RespondDialog
from reviewer.tui.screens.edit import EditScreen

from .review_desk import footer
from .rules_desk import BESIDE, DIFFERENT, Rules, at

Patch = pytest.MonkeyPatch
GONE = "The queue cannot be reached: no route."


@pytest.mark.parametrize("name", [*DIFFERENT, *BESIDE, "edit"])
async def test_offline_is_shown_on_every_screen(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    began = "review" if name == "edit" else BESIDE.get(name, name)
    async with at(began, tmp_path, monkeypatch) as here:
        here.clock.seconds += 1
        if name in BESIDE:
            await here.beside(name)
        elif name == "edit":
            await here.press("e")
            edit = await here.dialog(EditScreen)
            await here.until(lambda: edit.ready, "the form")
        screen, line = here.top, here.session._line
        assert "cannot be reached" not in footer(screen)
        line.set_health("offline", GONE)
        await here.until(lambda: "cannot be reached" in footer(screen), "what is wrong")
        line.set_health("live")
        await here.until(lambda: "cannot be reached" not in footer(screen), "that it is over")


class Holds:
    """A queue that answers nothing while it is held up, in front of the real one."""

    def __init__(self, real: Any) -> None:
        self._real, self.go = real, asyncio.Event()
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name in ("watch", "close", "decide_many") or not callable(found):
            return found

        async def held(*args: Any, **more: Any) -> Any:
            self.calls += 1
            await self.go.wait()
            return await found(*args, **more)

        return held


@pytest.mark.parametrize("name", ["inbox", "triage", "group", "review", "focus"])
async def test_a_queue_that_answers_nothing_holds_up_no_key(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    """Not even after a decision was sent: keys move, another decision says what it waits for."""
    async with at(name, tmp_path, monkeypatch) as here:
        here.clock.seconds += 1
        screen = here.top
        rows = {"triage": "due"}.get(name, "list")
        moving = getattr(screen, rows, None) or screen.diff
        here.session._line.queue = holding = Holds(here.session._line.queue)  # type: ignore[assignment]
        try:
            await here.press({"triage": "M", "group": "ctrl+r"}.get(name, "a"))
            await here.until(lambda: holding.calls, "sent")
            before = _place(moving)
            await here.press("j")
            await here.until(lambda: _place(moving) != before, "the cursor moves")
            if name != "group":
                await here.press("M" if name == "triage" else "a")
                await here.until(lambda: "Still sending the last" in here.said(), "why not")
        finally:
            holding.go.set()
            here.session._line.queue = holding._real
        if name != "group":
            await here.until(lambda: not here.session.sending, "sent")


def _place(widget: Any) -> int:
    """Where its cursor stands."""
    at: int = widget.cursor
    return at


@pytest.mark.parametrize(("name", "key"), [("review", "r"), ("focus", "c")])
async def test_words_outlive_a_queue_that_is_gone(
    tmp_path: Path, monkeypatch: Patch, name: str, key: str
) -> None:
    monkeypatch.setattr(connection, "RETRY", (0.01,) * 5)
    async with at(name, tmp_path, monkeypatch) as here:
        here.clock.seconds += 1
        id, kind = here.aim[0].state.id, {"r": "reject", "c": "respond"}[key]

        async def gone(*_args: Any, **_more: Any) -> Any:
            raise QueueError(GONE)

        with monkeypatch.context() as patched:
            patched.setattr(here.session.queue, "decide", gone)
            await here.press(key)
            await here.dialog(RejectDialog if key == "r" else RespondDialog)
            if key == "r":
                await here.press("1", "tab")
            await here.press(*"words", "ctrl+s")
            await here.until(lambda: "cannot be reached" in here.toasts(), "what is wrong")
            assert drafts().comment(id, kind) == "words"
        await here.until(lambda: here.top is here.review, "back")
        here.clock.seconds += 1
        await here.press(key)
        dialog = await here.dialog(RejectDialog if key == "r" else RespondDialog)
        assert dialog.comment == "words"
        await here.press(*(["1"] if key == "r" else []), "ctrl+s")
        await here.until_status(id, "rejected" if key == "r" else "answered")
        events = [event.event for event in await here.queue.history(id)]
        assert events.count("decided") == 1


async def test_words_outlive_a_claim_that_is_lost(tmp_path: Path, monkeypatch: Patch) -> None:
    async with at("focus", tmp_path, monkeypatch) as here:
        here.clock.seconds += 1
        id = here.aim[0].state.id
        await here.press("c")
        await here.dialog(RespondDialog)
        await here.press(*"words")
        held = here.session.held(id)
        assert held is not None
        here.session._lose(held, "Your claim ended.")
        await here.press("escape")
        await here.until(lambda: here.top is here.review, "back")
        assert "Your claim ended." in here.review.news.text
        assert drafts().comment(id, "respond") == "words"


async def test_many_are_decided_once_where_the_line_breaks_in_the_middle(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(connection, "RETRY", (0.01,) * 5)
    async with at("inbox", tmp_path, monkeypatch) as here:
        targets = await _targets(here)
        session = here.session
        assert session.queue is not None
        real, sent = session.queue.decide_many, []

        async def breaks(bulk: BulkDecision, actor: Any) -> Any:
            sent.append(bulk.operation_id)
            stream: Any = real(bulk, actor)
            if inspect.isawaitable(stream):
                stream = await stream
            async for result in stream:
                if len(sent) < 3:
                    raise QueueError(GONE)  # it was stored; the answer is lost
                yield result

        monkeypatch.setattr(session.queue, "decide_many", breaks)
        bulk = BulkDecision(session.new_operation(), Kind.APPROVE, targets, reasons=("routine",))
        result = await session.decide_many(bulk)
        assert len(sent) == 3
        assert len(set(sent)) == 1
        assert result.decided == len(here.ids)  # type: ignore[union-attr]
        for id in here.ids:
            events = [event.event for event in await here.queue.history(id)]
            assert events.count("decided") == 1


async def _targets(here: Rules) -> tuple[Target, ...]:
    found = []
    for id in here.ids:
        item = await here.queue.get(id)
        assert item is not None
        found.append(Target(id, item.entry.state.revision, item.entry.state.digest))
    return tuple(found)
