"""Insights: on the real desk, and over made-up decisions where everything must stand still."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from reviewer.config import Config
from reviewer.domain.decision import Actor, Decision, Kind
from reviewer.domain.errors import TamperedError
from reviewer.domain.instant import DAY, HOUR, MINUTE
from reviewer.domain.views import Change, Fact, QueueLoad, Settled
from reviewer.insights.periods import PERIODS
from reviewer.tui.app import DeskApp
from reviewer.tui.screens.insights import InsightsScreen
from reviewer.tui.screens.insights_panels import PANELS
from reviewer.tui.session import Session

from ..insights.made import NOON, fact, morning
from . import insights_made
from .insights_made import LOAD, Made, load
from .review_desk import BOB, Desk, desk, followed

BERLIN = ZoneInfo("Europe/Berlin")
NOW = NOON + HOUR // 3
HOSTILE = (
    "\x1b]52;c;AAAA\x07\x1b[2J",
    "[@click=app.quit]x[/]",
    "\u202etob\u202c",
    "顧客の住所を更新する機械",
    "zero\u200bwidth",
    "tab\tand\nline",
    "a" * 300,
)


def lines(screen: InsightsScreen) -> list[str]:
    """The screen as text."""
    return [
        "".join(segment.text for segment in strip) for strip in screen._compositor.render_strips()
    ]


def text(screen: InsightsScreen) -> str:
    return "\n".join(lines(screen))


class Looking:
    """The insights over made-up decisions."""

    def __init__(self, running: Desk, screen: InsightsScreen, made: Made) -> None:
        self.running, self.screen, self.made = running, screen, made

    async def press(self, *keys: str) -> None:
        """Presses keys and waits until what they read has been drawn."""
        for key in keys:
            await self.running.pilot.press(key)
            await followed(self.running.pilot)
            await self.running.until(lambda: not self.screen.reading, "what was read")
        await self.running.pilot.pause()

    async def shows(self, words: str) -> None:
        """Waits until these words are on the screen."""
        await self.running.until(lambda: words in text(self.screen), f"{words!r} on screen")


@asynccontextmanager
async def looking(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    facts: Sequence[Fact],
    *,
    size: tuple[int, int] = (120, 40),
    queues: Sequence[QueueLoad] = LOAD,
) -> AsyncIterator[Looking]:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    async with desk(tmp_path, monkeypatch, size=size) as running:
        made = Made(facts, queues)
        screen = InsightsScreen(made, BERLIN)
        running.app.push_screen(screen)
        await running.until(lambda: screen.view is not None, "the overview")
        await running.pilot.pause()
        yield Looking(running, screen, made)


# ------------------------------------------------------------------------------- pictures


async def settle(pilot: Pilot[None], facts: Sequence[Fact], keys: Sequence[str]) -> None:
    app = pilot.app
    assert isinstance(app, DeskApp)
    while app.session.connection != "live":
        await pilot.pause(0.02)
    screen = InsightsScreen(Made(facts), BERLIN)
    app.push_screen(screen)
    while screen.view is None:
        await pilot.pause(0.02)
    for key in keys:
        await pilot.press(key)
        await followed(pilot)
        while screen.reading:
            await pilot.pause(0.02)
    while screen.reading:
        await pilot.pause(0.02)
    await followed(pilot)
    await pilot.pause(0.3)


def picture(tmp_path: Path, theme: str) -> DeskApp:
    url = f"sqlite:///{tmp_path}/queue.db"
    return DeskApp(Session(Config(name="mia", theme=theme)), url)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("theme", ["reviewer", "reviewer-light"])
def test_looks(tmp_path: Path, snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    facts = morning(900, NOW)
    assert snap_compare(
        picture(tmp_path, theme),
        terminal_size=size,
        run_before=lambda pilot: settle(pilot, facts, ()),
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_modes_look(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    facts = morning(900, NOW)
    assert snap_compare(
        picture(tmp_path, "reviewer"),
        terminal_size=size,
        run_before=lambda pilot: settle(pilot, facts, ("shift+tab", "shift+tab", "j")),
    )


@pytest.mark.parametrize(
    ("name", "facts", "keys"),
    [
        ("versions", morning(900, NOW), ("v", "tab", "tab", "enter", "j", "j")),
        ("one", [fact(NOON)], ()),
        ("none", [], ()),
        ("everything", morning(3000, NOW, 24 * 200), ("]", "]", "]")),
    ],
)
def test_states(
    tmp_path: Path, snap_compare: Any, name: str, facts: list[Fact], keys: tuple[str, ...]
) -> None:
    assert snap_compare(
        picture(tmp_path, "reviewer"),
        terminal_size=(120, 40),
        run_before=lambda pilot: settle(pilot, facts, keys),
    )


# ---------------------------------------------------------------------------- the real desk


async def decide(running: Desk, kind: Kind, **more: Any) -> str:
    """Hands an artifact in and decides it as another person does."""
    id = await running.submit(**more)
    item = await running.queue.get(id)
    assert item is not None
    state = item.entry.state
    decision = Decision(kind, id, state.revision, state.digest, f"op-{id}", reasons=("other",))
    assert isinstance(await running.queue.decide(decision, BOB), Settled)
    return id


async def test_i_opens_it_and_new_decisions_come_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await decide(running, Kind.APPROVE, key="one")
        await running.submit(key="two")
        await running.pilot.pause()
        await running.press("i")
        await running.until(lambda: isinstance(running.app.screen, InsightsScreen))
        screen = running.app.screen
        assert isinstance(screen, InsightsScreen)
        await running.until(lambda: "1 decided" in text(screen))
        shown = text(screen)
        assert "bob" in shown
        assert "coder" in shown
        assert "1 pending" in shown
        await decide(running, Kind.REJECT, key="three")
        running.clock.seconds += 10
        await running.until(lambda: "2 decided" in text(screen))
        await running.press("escape")
        assert running.app.screen is running.app.inbox


async def test_what_is_taken_back_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await decide(running, Kind.APPROVE, key="one")
        id = await decide(running, Kind.APPROVE, key="two")
        await running.press("i")
        await running.until(lambda: isinstance(running.app.screen, InsightsScreen))
        screen = running.app.screen
        assert isinstance(screen, InsightsScreen)
        await running.until(lambda: "2 decided" in text(screen))
        await running.queue.undo(f"op-{id}", BOB)
        running.clock.seconds += 10
        await running.until(lambda: "1 decided" in text(screen))


# ----------------------------------------------------------------------------------- keys


async def test_periods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [fact(NOW - age) for age in (10 * MINUTE, 5 * HOUR, 3 * DAY, 20 * DAY, 300 * DAY)]
    async with looking(tmp_path, monkeypatch, some) as at:
        await at.shows("2 decided")
        for key, number in (("]", 3), ("]", 4), ("]", 5), ("]", 5), ("[", 4)):
            await at.press(key)
            await at.shows(f"{number} decided")
        await at.press("[", "[", "[", "[")
        await at.shows("1 decided")
        assert at.screen.view is not None
        assert at.screen.view.period is PERIODS[0]


async def test_panels_in_turn_and_enlarged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with looking(tmp_path, monkeypatch, morning(200, NOW), size=(80, 24)) as at:
        seen = []
        for _ in PANELS:
            seen.append(at.screen.panel.id)
            await at.press("tab")
            await at.running.until(
                lambda: at.screen.grid.region.contains_region(at.screen.panel.region), "in sight"
            )
            assert at.screen.panel.region.height > 3
        assert seen == [panel.id for panel in PANELS]
        await at.press("shift+tab", "enter")
        assert [panel.id for panel in at.screen.panels if panel.display] == ["agents"]
        assert at.screen.panel.size.height == at.screen.grid.size.height
        await at.press("tab")
        assert [panel.id for panel in at.screen.panels if panel.display] == ["pace"]
        await at.press("escape")
        assert all(panel.display for panel in at.screen.panels)
        await at.press("escape")
        assert at.running.app.screen is at.running.app.inbox


async def test_a_burst_of_keys_goes_as_far_as_single_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with looking(tmp_path, monkeypatch, morning(200, NOW), size=(80, 24)) as at:
        for _ in range(4):
            at.screen.action_step_panel(1)
        assert at.screen.panel.id == PANELS[4].id
        await at.running.pilot.resize_terminal(50, 15)
        await at.running.until(
            lambda: at.screen.grid.region.contains_region(at.screen.panel.region), "in sight"
        )


async def test_versions_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [fact(NOON, agent_version="7.1"), fact(NOON, agent_version="7.2", decision="reject")]
    async with looking(tmp_path, monkeypatch, some, size=(200, 60)) as at:
        assert "7.1" not in text(at.screen)
        await at.press("v")
        await at.shows("refund-bot 7.1")
        await at.shows("refund-bot 7.2")
        await at.press("v")
        assert "7.1" not in text(at.screen)


async def test_the_chosen_agent_is_plotted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [fact(NOON, agent="yes"), fact(NOON, agent="no", decision="reject")]
    async with looking(tmp_path, monkeypatch, some) as at:
        await at.press("tab", "tab")
        assert "approve 50%" in text(at.screen)
        await at.press("j")
        assert "approve 0%" in text(at.screen)
        await at.press("j")
        assert "approve 100%" in text(at.screen)
        await at.press("g")
        assert "approve 50%" in text(at.screen)


async def test_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [fact(NOON, agent='=HYPERLINK("x")'), fact(NOON, agent="\x1b[31mred")]
    async with looking(tmp_path, monkeypatch, some) as at:
        await at.press("e")
        await at.running.until(lambda: "Written to" in at.running.toasts())
        files = list((tmp_path / "home" / "exports").iterdir())
        assert [file.name for file in files] == ["insights-24h-2026-09-24T14-20-00.csv"]
        assert files[0].stat().st_mode & 0o077 == 0
        with files[0].open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
        period = [row for row in rows if row["span"] != "now"]
        assert {row["agent"] for row in period} == {"", '\'=HYPERLINK("x")', "^[[31mred"}
        decided = [r for r in rows if r["measure"] == "decided" and r["span"] == "period"]
        assert sum(float(row["value"]) for row in decided if row["agent"]) == 2
        assert {row["queue"] for row in rows if row["measure"] == "open_pending"} == {
            one.queue for one in LOAD
        }


async def test_how_agents_stand_is_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with looking(tmp_path, monkeypatch, [fact(NOON)]) as at:
        await at.press("e")
        await at.running.until(lambda: "Written to" in at.running.toasts())
        [path] = (tmp_path / "home" / "exports").iterdir()
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file, strict=True))
    told = {
        (row["agent"], row["kind"], row["measure"]): float(row["value"])
        for row in found
        if row["span"] == "now" and row["agent"]
    }
    assert told["crm-sync", "merge", "mode_stopped"] == 1
    assert told["mailer", "reply", "mode_assisted"] == 1
    assert told["refund-bot", "note", "error_budget_left"] == 0
    assert told["refund-bot", "note", "error_budget_burn"] > 1
    assert told["refund-bot", "refund", "error_budget_burn"] == 0
    assert told["coder", "code_change", "agreement"] == pytest.approx(60 / 90)
    assert ("coder", "code_change", "error_budget_left") not in told


# ----------------------------------------------------------------------- what it reads, draws


async def test_modes_budgets_and_agreement_have_a_panel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with looking(tmp_path, monkeypatch, [fact(NOON)], size=(200, 60)) as at:
        shown = text(at.screen)
        assert "Modes and error budgets" in shown
        line = {
            name: next(one for one in lines(at.screen) if name in one and mode in one)
            for name, mode in (
                ("crm-sync merge", "■ stopped"),
                ("mailer reply", "◐ assisted"),
                ("refund-bot note", "◐ assisted"),
                ("refund-bot refund", "● autonomous"),
            )
        }
        assert "↑" in line["mailer reply"]
        assert "spent" in line["refund-bot note"]
        assert "×" in line["refund-bot note"]
        assert "49 % left · 3/118" in line["refund-bot refund"]
        assert "97%" in line["refund-bot refund"], "115 of 118 were approved as proposed"


async def test_a_policy_that_cannot_be_read_hides_no_other_panel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as running:
        made = Made([fact(NOON)], standing=insights_made.Standing("version: 9\n"))
        screen = InsightsScreen(made, BERLIN)
        running.app.push_screen(screen)
        await running.until(lambda: screen.view is not None, "the overview")
        await running.until(lambda: "1 decided" in text(screen), "what was counted")
        assert "No agent has done anything yet." in text(screen)


# --------------------------------------------------------------------------- what it draws


async def test_only_what_is_new_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with looking(tmp_path, monkeypatch, morning(500, NOW)) as at:
        at.made.asked.clear()
        at.made.given.append(fact(NOW + 5_000_000))
        at.made.at = NOW + MINUTE
        await at.shows("501 decided")
        assert at.made.asked
        assert all(since >= NOW - 11 * MINUTE for since, _ in at.made.asked)
        await at.press("ctrl+r")
        assert min(since for since, _ in at.made.asked) < NOW - DAY


async def test_the_period_moves_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with looking(tmp_path, monkeypatch, [fact(NOW - 23 * HOUR), fact(NOW)]) as at:
        await at.shows("2 decided")
        at.made.at = NOW + 5 * HOUR
        await at.shows("1 decided")


async def test_what_became_of_older_decisions_is_looked_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with looking(tmp_path, monkeypatch, [fact(NOW - 5 * HOUR)], size=(200, 60)) as at:
        assert at.screen.view is not None
        assert at.screen.view.record.missed == 0
        at.made.given[0] = fact(NOW - 5 * HOUR, outcome="rolled_back")
        at.made.at = NOW + 3 * MINUTE
        at.screen._on_change([Change(1, "a1", "outcome")])
        await at.running.until(lambda: at.screen.view.record.missed == 1, "the outcome")


async def test_a_decision_that_was_tampered_with_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Tampered(Made):
        async def facts(self, since: int, until: int | None = None) -> AsyncIterator[list[Fact]]:
            raise TamperedError("The decision on a1 is not what was decided.")
            yield []

    async with desk(tmp_path, monkeypatch) as running:
        screen = InsightsScreen(Tampered([]), BERLIN)
        running.app.push_screen(screen)
        await running.until(lambda: "not what was decided" in text(screen))
        await running.press("]", "tab", "v", "e", "escape")
        assert "Nothing has been counted yet." in running.toasts()
        await running.until(lambda: running.app.screen is running.app.inbox)


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (20, 6)])
async def test_hostile_names_pass_the_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    some = [
        fact(NOON - n * HOUR, agent=name, actor=name, queue=name, agent_version=name)
        for n, name in enumerate(HOSTILE)
    ]
    queues = [load(name, 5, 1, 1) for name in HOSTILE]
    async with looking(tmp_path, monkeypatch, some, size=size, queues=queues) as at:
        for keys in ((), ("v",), ("enter",), *[("tab",)] * len(PANELS)):
            await at.press(*keys)
            for line in lines(at.screen):
                assert line.isprintable(), line
                assert cell_len(line) == size[0]
        assert at.running.app.is_running


async def test_nothing_is_told_by_colour_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [fact(NOON, decision=kind) for kind in ("approve", "edit", "reject", "respond")]
    async with looking(tmp_path, monkeypatch, some) as at:
        shown = text(at.screen)
        for glyph, word in (("█", "approve"), ("▓", "edit"), ("░", "reject"), ("▒", "respond")):
            assert f"{glyph} {word} 25%" in shown
        assert "█ 6 breaching" in shown
        assert "● half" in shown


async def test_an_empty_period_teaches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with looking(tmp_path, monkeypatch, []) as at:
        await at.shows("No decision was taken in the last 24 hours.")
        assert "] looks further back" in text(at.screen)
        assert "Open by queue" in text(at.screen)
        await at.press("enter", "tab", "e", "v")
        at.made.given.append(fact(NOW))
        at.made.at = NOW + MINUTE
        await at.shows("1 decided")
        assert "No decision" not in text(at.screen)


async def test_nothing_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with looking(tmp_path, monkeypatch, [], queues=[]) as at:
        await at.shows("Nothing waits in any queue.")
        await at.press("]", "]", "]")
        await at.shows("No decision was taken yet.")


async def test_the_actor_is_named_when_the_load_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Actor] = []

    class Asked(Made):
        async def load(self, actor: Actor) -> tuple[QueueLoad, ...]:
            asked.append(actor)
            return ()

    async with desk(tmp_path, monkeypatch) as running:
        screen = InsightsScreen(Asked([]), BERLIN)
        running.app.push_screen(screen)
        await running.until(lambda: screen.view is not None)
        assert asked[0].id == "mia"


async def test_help_tells_its_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with looking(tmp_path, monkeypatch, [fact(NOON)]) as at:
        await at.running.press("?")
        shown = at.running.app.screen
        await at.running.until(
            lambda: "Tell the versions of an agent apart" in shown.query_one("#keys").render().plain  # type: ignore[union-attr]
        )
