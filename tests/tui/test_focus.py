"""Focus: decide and go on, skip and come back, leave and resume, and what it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from reviewer import config
from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor
from reviewer.domain.query import Query
from reviewer.domain.query import parse as parse_query
from reviewer.domain.views import Claim
from reviewer.queue import open_queue
from reviewer.tui.app import DeskApp
from reviewer.tui.focus_run import STALE, FocusRun, FocusRuns, Step
from reviewer.tui.screens.focus import FocusScreen
from reviewer.tui.screens.focus_end import FocusEnd
from reviewer.tui.screens.focus_words import pace, progress, summary
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.session import Session
from reviewer.tui.tally import lasts

from .review_desk import AGENT, Desk, desk, document

Patch = pytest.MonkeyPatch
BOB = Actor("bob", "person", frozenset({"reviewer"}))


async def fill(here: Desk, number: int) -> list[str]:
    """So many artifacts, the first due first."""
    return [
        await here.submit(
            key=f"k-{at}", title=f"Number {at}", due_at=f"2027-01-01T00:{at:02d}:00Z", risk="low"
        )
        for at in range(number)
    ]


async def focus(here: Desk, artifact_id: str, query: Query | None = None) -> FocusScreen:
    """Focus, with this artifact on screen for a second."""
    screen = FocusScreen(query)
    here.app.push_screen(screen)
    await shown(here, artifact_id)
    return screen


async def shown(here: Desk, artifact_id: str) -> None:
    """Waits until this artifact is drawn, and lets a second pass by the clock."""
    await here.until(lambda: isinstance(here.app.screen, FocusScreen), "focus")
    await here.shown(artifact_id)
    here.clock.seconds += 1


def line(screen: FocusScreen) -> str:
    """What stands on top."""
    return str(screen._line.render_line(0).text)


async def test_deciding_goes_on_to_the_next(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 4)
        screen = await focus(here, ids[0])
        await here.until(lambda: "1 of 4" in line(screen), "the position")
        for at in (0, 1, 2):
            await here.press("a")
            await here.until_status(ids[at], "approved")
            await shown(here, ids[at + 1])
        await here.until(lambda: "4 of 4" in line(screen), "the position")
        assert "each" in line(screen)
        assert await here.status(ids[3]) == "pending"


async def test_it_looks_like_a_review(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=document()["writes"][:1])
        screen = await focus(here, id)
        assert not screen.query_one("#writes-pane").display
        assert screen.query_one("#footer").region.height == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_snapshot(tmp_path: Path, snap_compare: Any, size: tuple[int, int]) -> None:
    url = f"sqlite:///{tmp_path}/queue.db"
    app = DeskApp(Session(Config(name="mia")), url)

    async def run(pilot: Pilot[None]) -> None:
        queue = await open_queue(url)
        for at in range(3):
            await queue.submit(parse(document(key=f"k{at}", risk="low")), AGENT)
        await queue.close()
        run = FocusRun("", done={f"d{at}": Step("approve", 6.0) for at in range(4)})
        run.skip("a_gone")
        screen = FocusScreen(None, run)
        app.push_screen(screen)
        while not (run.waiting and screen.opened is not None and screen.diff.rows is not None):
            await pilot.pause(0.02)
        created = screen.opened.item.entry.state.created_at
        app.session.now = lambda: created + 90_000_000  # type: ignore[method-assign]
        while screen.diff.syntax is None or not screen.diff.syntax.complete:
            await pilot.pause(0.02)
        screen.header.tick(app.session.now())
        await pilot.pause(0.3)

    assert snap_compare(app, terminal_size=size, run_before=run)


async def test_the_next_is_looked_through_before_it_is_asked_for(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 2)
        screen = await focus(here, ids[0])
        await here.until(lambda: screen._ahead is not None, "the next one")
        assert screen._ahead is not None
        assert screen._ahead.id == ids[1]
        assert screen._diffs.has(screen._ahead.digests[0], False)


async def test_keys_typed_ahead_decide_one_at_most(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 3)
        await focus(here, ids[0])
        for _ in range(6):
            await here.pilot.press("a")  # in one moment: the clock stands
        await here.until_status(ids[0], "approved")
        await here.shown(ids[1])
        assert await here.status(ids[1]) == "pending"
        assert await here.status(ids[2]) == "pending"


async def test_what_is_skipped_comes_back_at_the_end(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 3)
        screen = await focus(here, ids[0])
        await here.press("greater_than_sign")
        await shown(here, ids[1])
        await here.until(lambda: "1 skipped" in line(screen), "what was skipped")
        assert here.session.held(ids[0]) is None
        await here.press("less_than_sign")
        await shown(here, ids[0])
        await here.press("greater_than_sign")
        await shown(here, ids[1])
        await here.press("a")
        await shown(here, ids[2])
        await here.press("a")
        end = await here.dialog(FocusEnd)
        assert "1  skipped" in str(summary(end.run))
        assert "2  approved" in str(summary(end.run))
        await here.press("s")
        await shown(here, ids[0])
        await here.press("a")
        await here.until_status(ids[0], "approved")


async def test_it_is_resumed_where_it_was_left(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 4)
        await focus(here, ids[0])
        await here.press("greater_than_sign")
        await shown(here, ids[1])
        await here.press("a")
        await shown(here, ids[2])
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, InboxScreen), "the inbox")
        assert here.session.held(ids[2]) is None
    async with desk(tmp_path, monkeypatch) as here:  # another sitting
        screen = await focus(here, ids[2])
        await here.until(lambda: "3 of 4" in line(screen), "the position")
        assert "1 skipped" in line(screen)
        await here.press("backspace")
        await here.until(lambda: "1 of 3" in line(screen), "begun anew")
        assert "skipped" not in line(screen)


async def test_a_run_that_was_cut_off_goes_on_from_ones_own_list(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """After a crash in focus the claim is left, and the desk opens on what is claimed."""
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 4)
        screen = await focus(here, ids[0], parse_query("agent:coder"))
        await here.press("a")
        await shown(here, ids[1])
        await here.until(lambda: screen.opened is not None and screen.opened.claimed, "claimed")
        await here.until(lambda: "2 of 4" in line(screen), "kept")
        kept = FocusRuns(config.home() / "focus").load("agent:coder", here.session.now())
        assert kept.current == ids[1]
        mine = FocusScreen(parse_query("is:mine"))  # nothing is let go of, as in a crash
        here.app.switch_screen(mine)
        await shown(here, ids[1])
        await here.until(lambda: "2 of 4" in line(mine), "the run that was cut off")
        assert mine.run.text == "agent:coder"
        assert "which was cut off" in here.toasts()
        await here.press("a")
        await shown(here, ids[2])


async def test_ones_own_list_is_a_run_of_its_own_where_none_was_cut_off(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 4)
        await focus(here, ids[0], parse_query("agent:coder"))
        await here.press("a")
        await shown(here, ids[1])
        await here.press("escape")  # lets go of it
        await here.until(lambda: isinstance(here.app.screen, InboxScreen), "the inbox")
        await here.session.claim(ids[3])
        mine = await focus(here, ids[3], parse_query("is:mine"))
        assert mine.run.text == "is:mine"


async def test_it_goes_on_from_a_review(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 3)
        await here.press("2")
        await here.until(lambda: here.app.inbox.list.row_count == 3, "the list")
        await here.open(ids[1])
        await here.press("f")
        await shown(here, ids[1])
        await here.press("f")
        assert "This is focus" in here.toasts()
        await here.press("a")
        await here.until_status(ids[1], "approved")
        await shown(here, ids[0])
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, InboxScreen), "the inbox")


async def test_the_end_goes_on_when_something_comes(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        (only,) = await fill(here, 1)
        await focus(here, only)
        await here.press("a")
        await here.dialog(FocusEnd)
        new = await here.submit(key="new", title="Came later")
        await shown(here, new)
        assert isinstance(here.app.screen, FocusScreen)


async def test_what_others_hold_is_passed_over(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 4)
        assert isinstance(await here.queue.claim(ids[1], BOB), Claim)
        screen = await focus(here, ids[0])
        await here.until(lambda: screen.run.following == ids[2], "the one that is free")
        monkeypatch.setattr(screen, "_on_change", lambda _changes: None)  # it hears too late
        assert isinstance(await here.queue.claim(ids[2], BOB), Claim)
        await here.press("a")
        await shown(here, ids[3])
        assert "bob" in here.toasts()
        assert await here.status(ids[2]) == "pending"


async def test_what_is_taken_back_comes_again(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        ids = await fill(here, 3)
        screen = await focus(here, ids[0])
        await here.press("a")
        await shown(here, ids[1])
        await here.press("u")
        await here.until_status(ids[0], "pending")
        await shown(here, ids[0])  # right away
        assert not screen.run.done


async def test_an_empty_list_says_so(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        here.app.push_screen(FocusScreen(None))
        end = await here.dialog(FocusEnd)
        assert "Nothing is left to decide" in str(summary(end.run))
        await here.press("s")
        assert "Nothing was skipped" in here.toasts()


async def test_a_place_that_cannot_be_kept_is_said(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:

        def refuses(_self: FocusRuns, _run: FocusRun, _now: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(FocusRuns, "save", refuses)
        ids = await fill(here, 2)
        await focus(here, ids[0])
        await here.until(lambda: "No space left" in here.toasts(), "why")
        await here.press("a")
        await here.until_status(ids[0], "approved")


_ids = st.text(min_size=1, max_size=5)
_steps = st.builds(Step, st.sampled_from(["approve", "reject", "edit"]), st.integers(0, 600))


@given(st.text(), _ids, st.dictionaries(_ids, _steps), st.lists(_ids, unique=True))
def test_a_run_is_kept_as_it_is(
    text: str, current: str, done: dict[str, Step], skipped: list[str]
) -> None:
    run = FocusRun(text, 5, current, done, dict.fromkeys(skipped))
    assert FocusRun.of_json(run.to_json()) == run
    assert run.position == len(done) + len(skipped) + 1


def test_an_old_or_broken_run_begins_anew(tmp_path: Path) -> None:
    runs = FocusRuns(tmp_path / "focus")
    runs.save(FocusRun("x", done={"a": Step("approve", 1.0)}), 10)
    assert runs.load("x", 11).done
    assert not runs.load("x", 10 + STALE).done
    assert not runs.load("y", 11).done
    (kept,) = (tmp_path / "focus").iterdir()
    for broken in ("", "[]", "null", '{"text": "x"}', '{"done": [1]}'):
        kept.write_text(broken)
        assert runs.load("x", 11) == FocusRun("x", 11)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 s each · 12 a minute"), (45, "45 s each · 80 an hour"), (600, "10 min each")],
)
def test_the_pace_in_words(seconds: float, words: str) -> None:
    assert pace(seconds).startswith(words)


def test_durations_in_one_unit() -> None:
    assert [lasts(s) for s in (0, 89, 120, 7200)] == ["0 s", "89 s", "2 min", "2.0 h"]


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_the_line_fits_any_width(width: int) -> None:
    run = FocusRun("agent:x", skipped={"s": None}, waiting=10)
    for at in range(5):
        run.decided(f"d{at}", "approve", 4.0)
    left, right = progress(run, width)
    assert any("7 of 15" in str(part.text) for part in left)
    assert any("about" in str(part.text) for part in right)
