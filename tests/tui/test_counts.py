"""Counts before moves: they move, they show, they die with any other key, they never decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from reviewer.actions import by_id
from reviewer.actions.counted import LINES, MOST, REPEATED, decides, takes_count
from reviewer.tui.screens.inbox import InboxScreen

from .review_desk import CODE, desk, footer
from .test_inbox import fill, here, inbox


def test_no_decision_takes_a_count() -> None:
    for id in (*REPEATED, *LINES):
        action = by_id(id)
        assert takes_count(action)
        assert action.scope != "decide"
    assert decides("approve")
    assert decides("reject.stay")
    assert not decides("down")


async def test_in_the_inbox_a_count_begins_with_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 60)
        await running.press("0", "5")
        assert "05…" in footer(inbox(running))
        await running.press("j")
        assert here(running) == "Refund order 8805"
        assert "05…" not in footer(inbox(running))
        await running.press("0", "2", "0", "G")
        assert here(running) == "Refund order 8819"
        await running.press("0", "3", "k")
        assert here(running) == "Refund order 8816"
        await running.press("0", "2", "g")
        assert here(running) == "Refund order 8801"
        await running.press("0", "9", "9", "9", "j")
        assert here(running) == "Refund order 8859"
        # a digit alone is a saved view, as ever
        before = inbox(running).views.here
        await running.press("3")
        assert inbox(running).views.here == 2 != before


async def test_a_count_dies_with_any_other_key_and_escape_drops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 30)
        await running.press("0", "7", "escape")
        assert "07…" not in footer(inbox(running))
        await running.press("j")
        assert here(running) == "Refund order 8801"
        await running.press("0", "7", "space", "j")  # the key itself does what it does
        assert len(inbox(running).list.marks) == 1
        assert here(running) == "Refund order 8803"
        await running.press("0", "7")
        await running.pilot.click("#list", offset=(30, 1))
        assert "07…" not in footer(inbox(running))
        await running.press("0", "j")
        assert here(running) == "Refund order 8801"


@pytest.mark.parametrize("key", ["a", "A", "r", "z", "x"])
async def test_a_decision_with_a_count_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 3)
        running.clock.seconds += 5
        await running.press("0", "2", key)
        assert "A decision takes no count" in footer(inbox(running))
        assert isinstance(running.app.screen, InboxScreen)
        await running.pilot.pause(0.1)
        for id in ids:
            assert await running.status(id) == "pending"


async def test_in_a_review_digits_alone_are_a_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        lines = CODE.splitlines()
        after = "\n".join(line if n % 20 else f"{line}  # {n}" for n, line in enumerate(lines))
        write = {
            "type": "file",
            "system": "s",
            "resource": "a.py",
            "before": {"text": CODE},
            "after": {"text": after},
        }
        id = await running.submit(writes=[write])
        screen = await running.open(id)
        await running.until(lambda: screen.diff.change[1] > 3, "the changes")
        await running.press("g", "1", "2")
        assert "12…" in footer(screen)
        await running.press("j")
        assert screen.diff.cursor == 12
        await running.press("2", "1", "G")  # the line with that number, however many are folded
        row = screen.diff.rows[screen.diff.row]
        assert row.line.right.number == 21
        assert screen.diff.cursor < 20
        await running.press("g", "n")
        first = screen.diff.change[0]
        await running.press("2", "n")
        assert screen.diff.change[0] == first + 2
        await running.press("4", "a")
        await running.pilot.pause(0.1)
        assert await running.status(id) == "pending"
        assert "A decision takes no count" in running.toasts()


async def test_a_field_gets_its_digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 3)
        await running.press("/", "0", "5", "j")
        assert running.app.screen.query_one(Input).value == "05j"
        await running.press("escape")
        await running.until(lambda: here(running) == "Refund order 8800", "the list as it was")


async def test_a_count_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 30)
        await running.press(*"0999999999")
        assert len(running.app.counts.typed) <= len(str(MOST)) + 1
        await running.press("j")
        assert here(running) == "Refund order 8829"


async def test_a_digit_typed_ahead_belongs_to_the_field_that_is_being_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 3)
        for key, character in (("slash", "/"), ("0", "0"), ("7", "7")):
            running.app.post_message(events.Key(key, character))
        await running.until(lambda: inbox(running).filter_bar.text == "07", "the digits")
