"""Whom nobody told, in the desk: said in triage, listed on a screen of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from reviewer.domain.decision import Decision, Kind, Refusal
from reviewer.domain.governance import Notice, Unsent
from reviewer.domain.views import Effect
from reviewer.tui.screens.notices import NoticesScreen
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.screens.triage import TriageScreen
from tests.support.making import ANNA, LEAD

from .hostile_queue import payload
from .review_desk import Desk, desk
from .triage_desk import drawn, hand_in, triage

POLICY = """
version: 1
queues: {"*": {lead: lea, escalate: [{after: 50%, to: ana, notify: [chat]}]}}
agents: {"*": {grants: [{write: "*"}]}}
notify: {chat: {type: webhook, url: "https://chat.example.com/x"}}
"""


async def untold(running: Desk, number: int) -> list[str]:
    """So many artifacts of which somebody should have been told; one failed, the others unknown."""
    await running.queue.propose_policy(POLICY, "", LEAD)
    ids = [await hand_in(running, f"a{at}", -60) for at in range(number)]
    await running.queue.run_clocks()
    effects: list[Effect] = await running.queue.take_effects("w", limit=number, kind="notify")
    assert len(effects) == number
    for at, effect in enumerate(effects):
        await running.queue.settle_effect(effect, "unknown" if at else "failed", "the line broke")
    return ids


async def test_triage_says_it_and_a_key_lists_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(120, 40)) as running:
        ids = await untold(running, 2)
        screen = await triage(running, 2)
        await running.until(lambda: "2 not told" in drawn(screen), "it is said")
        await running.press("N")
        await running.until(lambda: isinstance(running.app.screen, NoticesScreen), "the screen")
        found = running.app.screen
        assert isinstance(found, NoticesScreen)
        await running.until(lambda: len(found.list.notices) == 2, "both")
        said = drawn(found)  # type: ignore[arg-type]
        assert "Not told  1 failed, 1 unknown" in said
        assert "Tell these people yourself" in said
        assert "? unknown" in said
        assert "✗ failed" in said
        assert "Tried once, then given up: the line broke" in said
        chosen = found.list.chosen
        assert chosen is not None
        assert chosen.notice.artifact_id in ids
        await running.press("enter")
        await running.until(lambda: isinstance(running.app.screen, ReviewScreen), "the review")
        assert running.app.screen.artifact_id == chosen.notice.artifact_id  # type: ignore[attr-defined]


async def test_what_was_decided_since_is_listed_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(120, 40)) as running:
        [one] = await untold(running, 1)
        screen = await triage(running, 1)
        await running.press("N")
        await running.until(lambda: isinstance(running.app.screen, NoticesScreen), "the screen")
        found = running.app.screen
        assert isinstance(found, NoticesScreen)
        await running.until(lambda: len(found.list.notices) == 1, "it")
        item = await running.queue.get(one)
        assert item is not None
        state = item.entry.state
        made = Decision(
            Kind.REJECT, one, state.revision, state.digest, "op", reasons=("other",), comment="no"
        )
        assert not isinstance(await running.queue.decide(made, ANNA), Refusal)
        await running.until(lambda: "Everybody was told" in drawn(found), "it is gone")  # type: ignore[arg-type]
        await running.press("asterisk")
        await running.until(lambda: "rejected since" in drawn(found), "all")  # type: ignore[arg-type]
        await running.press("escape")
        await running.until(lambda: running.app.screen is screen, "back in triage")
        assert isinstance(screen, TriageScreen)


async def test_nobody_untold_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch, size=(60, 20)) as running:
        running.app.push_screen(NoticesScreen())
        await running.until(lambda: isinstance(running.app.screen, NoticesScreen), "the screen")
        screen = running.app.screen
        await running.until(lambda: "Everybody was told" in drawn(screen), "read")  # type: ignore[arg-type]


async def test_names_and_titles_are_strangers_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(80, 24)) as running:
        screen = NoticesScreen()
        running.app.push_screen(screen)
        await running.until(lambda: screen.list.read, "read")
        for seed in range(30):
            bad = payload(seed)
            notice = Notice(1, bad, 1, 0, bad, bad, {"title": bad, "queue": bad})
            screen.list.show([Unsent(notice, "failed", "pending", bad, 3, 1)], 2)
            await running.pilot.pause()
            for line in drawn(screen).splitlines():  # type: ignore[arg-type]
                assert all(char.isprintable() for char in line), repr(line)
                assert cell_len(line) <= 80
