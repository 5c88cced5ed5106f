"""Rules: flagged text is seen before it is approved; what cannot be done stays and says why.

And: viewed marks belong to content, the agent's summary is its claim, nobody else has an opinion.
"""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path
from typing import Any

import pytest

import reviewer.tui
from reviewer.actions import by_id
from reviewer.domain.decision import Kind
from reviewer.tui.screens.dialogs.edited import EditedDialog
from reviewer.tui.screens.edit import EditScreen
from tests.support.refunds import refunds

from .review_desk import desk
from .rules_desk import at
from .test_deciding import HIDDEN

Patch = pytest.MonkeyPatch
TALL = {**HIDDEN, "before": "pay", "after": "pay\n" * 300 + HIDDEN["after"]}


def flagged(number: int = 3) -> list[dict[str, Any]]:
    """Refunds that hide something far down in a second write."""
    return [one | {"writes": [one["writes"][0], TALL]} for one in refunds(9)[:number]]


@pytest.mark.parametrize("name", ["inbox", "review", "focus", "member"])
async def test_hidden_text_that_nobody_saw_is_not_approved(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    async with at(name, tmp_path, monkeypatch, flagged()) as here:
        screen, id = here.top, here.aim[0].state.id
        here.clock.seconds += 1
        await here.press("a")
        await here.until(lambda: "has not been on screen yet" in here.toasts(), "the reason")
        assert await here.status(id) == "pending"
        if name != "inbox":
            assert screen.refusal(Kind.APPROVE)
            assert _dimmed(screen, "approve")
            await here.press("]", "G")
            await here.until(lambda: not screen.refusal(Kind.APPROVE), "seen")
            screen.tell_footer()
            assert not _dimmed(screen, "approve")
            await here.press("a")
            await here.until_status(id, "approved")


async def test_many_are_approved_without_those_that_hide_something(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    made = [*refunds(9)[:4], *flagged()[2:]]
    made[-1]["key"] = "hides"
    async with at("inbox", tmp_path, monkeypatch, made) as here:
        await here.press("*")
        await here.until(lambda: len(here.app.inbox.list.marks) == 5, "marked")
        here.clock.seconds += 1
        await here.press("a")
        await here.until(lambda: "listed first" in here.text(), "the list")
        await here.press("2", "y")
        await here.until_status(here.ids[0], "approved")
        await here.until(lambda: here.top is here.app.inbox, "done")
        assert await here.status(here.ids[-1]) == "pending"
        assert await here.pending() == 1


async def test_an_edit_sends_nothing_hidden_that_nobody_saw(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """A write that the edit leaves as it was proposed is approved with it."""
    async with at("review", tmp_path, monkeypatch, flagged()) as here:
        here.clock.seconds += 1
        await here.press("e")
        edit: EditScreen = await here.dialog(EditScreen)
        await here.until(lambda: edit.ready, "the form")
        if not edit.as_text:
            await here.press("f3")
            await here.until(lambda: edit.as_text, "its text")
        text = edit.plain.text.replace("damaged", "lost")
        edit.plain.editor.replace(text, (0, 0), edit.plain.editor.document.end)
        await here.until(lambda: edit.editing.changed(0), "typed")
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until(lambda: "has not been on screen yet" in here.toasts(), "the reason")
        assert await here.status(here.ids[0]) == "pending"
        assert here.top is here.review
        await here.press("]", "G")
        await here.until(lambda: not here.review.refusal(Kind.APPROVE), "seen")
        await here.press("e")
        edit = await here.dialog(EditScreen)
        await here.until(lambda: edit.ready and edit.editing.changed(0), "the draft")
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until_status(here.ids[0], "approved")


def _dimmed(screen: Any, id: str) -> bool:
    """Whether the footer shows an action as not possible now; it stands there in any case."""
    action = by_id(id)
    found = [part for part in screen.footer._left if str(part.text).strip() == action.label]
    assert found, f"{id} is not there"
    return bool(found[0].style == "off")


@pytest.mark.parametrize("name", ["inbox", "review", "focus", "triage", "group"])
async def test_what_is_not_possible_stays_visible_and_says_why(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    """Nothing may be decided: the words stay where they were, dimmed, and each key says why."""
    async with at(name, tmp_path, monkeypatch) as here:
        screen = here.top
        tell = getattr(screen, "tell_footer", None) or screen.tell
        ids = ["reassign", "snooze", "escalate"] if name == "triage" else ["approve", "reject"]
        tell()
        before = {id: _dimmed(screen, id) for id in ids}
        assert not any(before.values())
        here.session.read_only = True
        tell()
        assert all(_dimmed(screen, id) for id in ids)
        here.clock.seconds += 1
        for id in ids:
            await here.press(by_id(id).keys[0])
            await here.until(lambda: "the desk is read-only" in here.said().lower(), id)
            assert "your role" not in here.said()
            here.app.clear_notifications()
        assert await here.pending() == len(here.ids)


async def test_what_the_agent_does_not_allow_stays_visible_and_says_why(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    made = [one | {"allowed": ["reject"]} for one in refunds(9)[:2]]
    async with at("review", tmp_path, monkeypatch, made) as here:
        here.clock.seconds += 1
        assert _dimmed(here.top, "approve")
        assert not _dimmed(here.top, "reject")
        await here.press("a")
        await here.until(lambda: "Approve is not allowed here; allowed: reject" in here.toasts())


# -------------------------------------------------------------------------- whose words they are


@pytest.mark.parametrize("name", ["inbox", "review", "triage", "group", "look"])
async def test_the_agents_summary_is_nowhere_without_saying_whose_it_is(
    tmp_path: Path, monkeypatch: Patch, name: str
) -> None:
    made = [one | {"summary": "Entirely harmless."} for one in refunds(9)[:5]]
    async with at(name, tmp_path, monkeypatch, made, size=(160, 45)) as here:
        if name in ("inbox", "review", "look"):
            await here.until(lambda: "Entirely harmless." in here.text(), "the summary")
        lines = here.text().splitlines()
        for before, line in zip(["", *lines], lines, strict=False):
            if "harmless" in line:
                assert "the agent's own claim" in line or "The agent claims" in before, line


def _modules(root: Path) -> list[tuple[Path, str]]:
    return [(path, path.read_text(encoding="utf-8")) for path in root.rglob("*.py")]


async def test_nobody_elses_opinion_is_shown_or_recorded_as_seen(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """No assistant is there: the desk has no widget for what one would say, and records so."""
    names = {"assistant", "opinion", "suggestion"}
    root = Path(reviewer.tui.__path__[0])
    for path, text in await asyncio.to_thread(_modules, root):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Name | ast.Attribute | ast.keyword | ast.arg | ast.alias):
                said = getattr(node, "id", "") or getattr(node, "attr", "")
                said = said or getattr(node, "arg", "") or getattr(node, "name", "") or ""
                assert not names & set(said.lower().replace(".", "_").split("_")), (path, said)
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await here.press("A")
        await here.until(lambda: here.session.undoable, "approved")
        assert (await here.queue.history(id))[-1].facts["seen"]["assistant_first"] is False
