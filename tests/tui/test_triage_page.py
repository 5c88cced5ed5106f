"""Paging from the desk: asked for once, by `y`; the escalation stays whatever the pager does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from reviewer.domain.decision import Actor
from reviewer.domain.views import Item
from reviewer.policy.document import Policy
from reviewer.policy.reading import PolicyError, Problem
from reviewer.tui.screens.dialogs.answers import EscalateDialog
from reviewer.tui.screens.dialogs.page import PageDialog
from reviewer.tui.screens.inbox import InboxScreen

from .review_desk import BOB, Desk, desk
from .triage_desk import ROTATIONS, drawn, hand_in, settled, titles, triage

LEAD = Actor("lea", roles=frozenset({"lead"}))
MASKING = """\
version: 1
agents: {"*": {grants: [{write: "*"}]}}
on_call: [{queue: "*", people: [ana], starts: "2020-01-01T00:00", every: 1d, zone: UTC}]
masking: {patterns: ['88\\d+']}
"""


def unreadable(_text: str) -> Policy:
    raise PolicyError([Problem(1, 1, "/version", "this program reads version 1")])


def pager(tmp_path: Path, body: str = "") -> tuple[str, Path]:
    """A pager that adds what it gets to a file, a line for each page, then runs `body`."""
    got, path = tmp_path / "got.jsonl", tmp_path / "pager.py"
    path.write_text(
        "import json, sys\n"
        f"with open({str(got)!r}, 'a') as out:\n"
        "    out.write(json.dumps([json.loads(sys.stdin.read()), sys.argv[1:]]) + '\\n')\n" + body
    )
    return f"'{sys.executable}' '{path}'", got


def pages(got: Path) -> list[list[object]]:
    return [json.loads(line) for line in got.read_text().splitlines()] if got.exists() else []


async def stored(running: Desk, id: str) -> Item:
    item = await running.queue.get(id)
    assert item is not None
    return item


async def test_a_page_escalates_to_who_is_on_call_and_runs_the_pager_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, got = pager(tmp_path)
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager=command) as running:
        title = "Refund \x1b]52;c;AAAA\x07\u202e8841"
        id = await hand_in(running, "one", 60, queue="legal", title=title)
        screen = await triage(running, 1)
        dialog = await running.ask("p", PageDialog)
        assert "Page ana?" in dialog.heading
        running.clock.seconds += 1
        await running.press("enter", "p")  # neither Enter nor its own key
        assert running.app.screen is dialog
        assert (await stored(running, id)).entry.state.assignee == ""
        await running.press("y")
        await running.until(lambda: "Paged ana: python" in running.toasts(), "the pager's word")
        item = await stored(running, id)
        assert (item.entry.state.assignee, item.entry.state.escalated) == ("ana", True)
        last = item.reasons[-1]
        assert (last.code, last.detail, last.source) == (
            "paged",
            "paged by mia from triage",
            "person",
        )
        [[told, arguments]] = pages(got)
        assert isinstance(told, dict)
        assert (told["to"], told["by"], told["artifact"]) == ("ana", "mia", id)
        assert told["link"] == f"reviewer://local/artifact/{id}"
        assert told["title"].isprintable()
        assert "\\x1b" not in json.dumps(told["title"])
        assert arguments == [told["sentence"]]
        await running.until(lambda: screen.due.window.rows[0].state.assignee == "ana")


async def test_words_go_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command, got = pager(tmp_path)
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager=command) as running:
        id = await hand_in(running, "one", 60, queue="legal")
        await triage(running, 1)
        await running.ask("p", PageDialog)
        await running.press("tab", *"yes now", "ctrl+s")
        await running.until(lambda: "Paged ana" in running.toasts())
        assert (await stored(running, id)).reasons[-1].detail == "yes now"
        [[told, _]] = pages(got)
        assert isinstance(told, dict)
        assert told["words"] == "yes now"


@pytest.mark.parametrize("readable", [True, False])
async def test_what_the_policy_masks_stays_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readable: bool
) -> None:
    command, got = pager(tmp_path)
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager=command) as running:
        await running.queue.propose_policy(MASKING, "", LEAD)
        await hand_in(running, "one", 60, queue="legal", title="Refund order 8841")
        await triage(running, 1)
        if not readable:
            monkeypatch.setattr("reviewer.tui.paging.read", unreadable)
        await running.ask("p", PageDialog)
        await running.press("tab", *"see 8842", "ctrl+s")
        await running.until(lambda: "Paged ana" in running.toasts())
        [[told, _]] = pages(got)
        assert isinstance(told, dict)
        assert told["title"] == ("Refund order ‹masked›" if readable else "‹masked›")
        assert told["words"] == ("see ‹masked›" if readable else "see 8842")


async def test_leaving_the_question_does_nothing_and_keeps_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, got = pager(tmp_path)
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager=command) as running:
        id = await hand_in(running, "one", 60, queue="legal")
        screen = await triage(running, 1)
        await running.ask("p", PageDialog)
        await running.press("tab", *"help", "escape")
        await running.until(lambda: running.app.screen is screen)
        assert pages(got) == []
        assert (await stored(running, id)).entry.state.revision == 1
        await settled(running, screen)
        dialog = await running.ask("p", PageDialog)
        assert dialog.comment == "help"


async def test_a_confirm_that_was_typed_ahead_pages_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, got = pager(tmp_path)
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager=command) as running:
        id = await hand_in(running, "one", 60, queue="legal")
        await triage(running, 1)
        await running.pilot.press("p", "y")  # the clock stands still
        dialog = await running.dialog(PageDialog)
        await running.pilot.press("y")
        await running.pilot.pause()
        assert running.app.screen is dialog
        assert pages(got) == []
        assert (await stored(running, id)).entry.state.revision == 1


async def test_a_pager_that_fails_is_told_and_the_escalation_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, got = pager(tmp_path, "sys.exit('the line is busy')\n")
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager=command) as running:
        id = await hand_in(running, "one", 60, queue="legal")
        await triage(running, 1)
        await running.ask("p", PageDialog)
        await running.press("y")
        await running.until(lambda: "ended with 1: the line is busy." in running.toasts())
        assert "It is escalated to ana." in running.toasts()
        assert (await stored(running, id)).entry.state.assignee == "ana"
        assert len(pages(got)) == 1


async def test_a_page_goes_on_where_the_screen_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = tmp_path / "go"
    command, got = pager(
        tmp_path,
        f"import os, time\nwhile not os.path.exists({str(go)!r}):\n    time.sleep(0.02)\n",
    )
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager=command) as running:
        await hand_in(running, "one", 60, queue="legal")
        await triage(running, 1)
        await running.ask("p", PageDialog)
        await running.press("y")
        await running.until(lambda: pages(got), "the pager runs")
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen))
        go.touch()
        await running.until(lambda: "Paged ana" in running.toasts())


async def test_a_refused_escalation_pages_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody claims it while the question is open: nothing is stored, and nobody is woken."""
    command, got = pager(tmp_path)
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager=command) as running:
        id = await hand_in(running, "one", 60, queue="legal")
        screen = await triage(running, 1)
        await running.ask("p", PageDialog)
        await running.queue.claim(id, BOB)
        await running.press("y")
        await running.until(lambda: "bob has claimed it" in running.toasts())
        await running.until(lambda: running.app.screen is screen)
        assert pages(got) == []


async def test_without_a_pager_it_says_how_to_set_one_and_offers_the_escalation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS) as running:
        id = await hand_in(running, "one", 60, queue="legal")
        await triage(running, 1)
        dialog = await running.ask("p", PageDialog)
        assert "No pager is set. Escalate to ana?" in dialog.heading
        assert "reviewer config set pager" in drawn(dialog)
        await running.press("y")
        await running.until(lambda: "escalated one" in running.toasts())
        item = await stored(running, id)
        assert item.entry.state.assignee == "ana"
        assert item.reasons[-1].code == "escalated"


async def test_with_nobody_on_call_it_offers_the_plain_escalation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, got = pager(tmp_path)
    async with desk(tmp_path, monkeypatch, pager=command) as running:
        await hand_in(running, "one", 60)
        screen = await triage(running, 1)
        assert "nobody" in drawn(screen)
        await running.press("p")
        assert "on_call says who is" in running.toasts()
        await running.dialog(EscalateDialog)
        assert pages(got) == []
        assert titles(screen) == ["one"]
