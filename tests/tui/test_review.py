"""The review screen: what it shows, how its panes behave, and that hostile text stays text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from reviewer.domain.artifact import parse
from reviewer.tui.screens.dialogs.link import LinkDialog
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.widgets.writes_tree import branches

from ..support.hostile import hostile_artifact
from .review_desk import AGENT, CODE, desk, document

Patch = pytest.MonkeyPatch


def screen_text(screen: ReviewScreen) -> str:
    """Everything that stands on the screen."""
    return "\n".join(strip.text for strip in screen._compositor.render_strips())


async def test_it_says_what_who_why_and_what_would_change(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(160, 45)) as here:
        screen = await here.open(await here.submit())
        text = screen_text(screen)
        for said in (
            "Fix retry loop in sync", "coder", "svc-git", "repo/sync", "confidence 0.62", "$0.03",
            "two orders match", "agent 0.41", "Retries now back off.", "the agent's own claim",
            "claimed by you", "due", "change 1 of 1", "write 1 of 2", "backoff(7)",
            "sync fails at night", "read_file",
        ):  # fmt: skip
            assert said in text


async def test_keys_walk_through_changes_and_writes(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        screen = await here.open(await here.submit())
        await here.press("n")
        assert screen.index == 1
        assert screen.diff.change[0] == 1
        await here.press("N")
        assert screen.index == 0
        await here.press("]", "]")
        assert screen.index == 1
        await here.until(lambda: "last write" in here.toasts(), "the end is said")
        await here.press("[")
        assert screen.index == 0


async def test_viewed_marks_go_by_content(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        screen = await here.open(id)
        await here.press(".")
        assert screen.index == 1
        assert [screen.mark_of(index) for index in range(2)] == ["viewed", ""]
        writes = document()["writes"]
        writes[1]["after"]["refund"]["amount"] = 999
        newer = await here.submit(key="a2", supersedes="a1", writes=writes)
        await here.until(lambda: screen.opened.changed, "the news")
        await here.press("ctrl+r")
        await here.shown(newer)
        assert [screen.mark_of(index) for index in range(2)] == ["viewed", ""]
        assert "write 2: " in screen.news.text
        assert "write 1: " not in screen.news.text
        writes[0]["after"]["text"] = CODE.replace("call(7)", "call(8)")
        third = await here.submit(key="a3", supersedes="a2", writes=writes)
        await here.until(lambda: screen.opened.changed, "the news")
        await here.press("ctrl+r")
        await here.shown(third)
        assert screen.mark_of(0) == ""


async def test_view_keys_and_panes(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(160, 45)) as here:
        screen = await here.open(await here.submit())
        view = screen.diff
        assert view.is_split
        await here.press("s", "t", "w", "{")
        assert (view.is_split, view.wrapped, view.ignoring, view.context) == (False, True, True, 6)
        await here.press("}", "w", "t")
        assert (view.wrapped, view.ignoring, view.context) == (False, False, 3)
        await here.press("+")
        assert not screen.context.region
        await here.press("+")
        assert screen.context.region
        await here.press("p")
        assert screen.precedents.display
        assert not screen.context.display
        assert screen.focused is screen.precedents
        await here.press("p")
        assert screen.focused is screen.context
        await here.press("j", "enter")
        assert "read_file" in screen_text(screen)
        assert "def f0(call):" in screen_text(screen)


async def test_precedents_show_how_it_was_decided_before(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(160, 45)) as here:
        first = await here.submit(title="The one before")
        await here.open(first)
        await here.press("r")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "the dialog")
        await here.press("1", "y")
        await here.until_status(first, "rejected")
        second = await here.submit(key="a2")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "left")
        screen = await here.open(second)
        await here.press("p")
        await here.until(lambda: "1 reject" in screen_text(screen), "the precedent")
        assert "The one before" in screen_text(screen).rpartition("\n")[0]  # not in the footer


async def test_an_artifact_without_writes_asks_for_an_answer(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=[])
        screen = await here.open(id)
        assert "Answer with c" in screen_text(screen)
        await here.press("a")
        await here.until(lambda: "not allowed here" in here.toasts(), "the refusal")
        assert await here.status(id) == "pending"


async def test_a_link_is_shown_before_it_is_opened(tmp_path: Path, monkeypatch: Patch) -> None:
    opened: list[str] = []
    link = {"type": "link", "title": "docs", "uri": "https://example.invalid/\u202etxt"}
    async with desk(tmp_path, monkeypatch) as here:
        monkeypatch.setattr(here.app, "open_url", lambda url, **_: opened.append(url))
        screen = await here.open(await here.submit(context=[link]))
        screen.context.focus()
        await here.press("o")
        await here.dialog(LinkDialog)
        text = "\n".join(strip.text for strip in here.app.screen._compositor.render_strips())
        assert "example.invalid" in text
        assert "⟨U+202E⟩" in text
        await here.press("enter", "o")
        assert opened == []
        await here.press("y")
        await here.until(lambda: opened, "the browser")


@pytest.mark.parametrize(
    ("size", "first"), [((80, 24), 0), ((120, 40), 2), ((200, 60), 4), ((40, 10), 6)]
)
async def test_hostile_artifacts_of_every_type_stay_text(
    tmp_path: Path, monkeypatch: Patch, size: tuple[int, int], first: int
) -> None:
    """`desk` asserts at its end that the guard had nothing to do."""
    async with desk(tmp_path, monkeypatch, size=size) as here:
        for number in (first, first + 1):
            parsed = parse(hostile_artifact(number))
            id = (await here.queue.submit(parsed, AGENT)).artifact_id
            # at 40×10 its warnings leave the diff no line: it counts as never shown
            screen = ReviewScreen(id)
            here.app.push_screen(screen)
            await here.until(
                lambda screen=screen: screen.opened is not None and screen.diff.rows is not None
            )
            await here.press("n", "t", "s", "p", "tab", "enter", "+")
            await here.press("E", "f2", "escape", "R", "escape", "escape", "escape")
            await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "left")


def test_the_tree_groups_by_system_and_folder() -> None:
    rows = branches(parse(document()).writes)
    assert [(row.text, row.index) for row in rows] == [
        ("sync", None), ("src/sync/", None), ("retry.py", 0), ("crm", None), ("order/8841", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_snapshot(
    tmp_path: Path, monkeypatch: Patch, snap_compare: object, size: tuple[int, int]
) -> None:
    """The picture of DESK.md, at three sizes."""
    from textual.pilot import Pilot

    from reviewer.config import Config
    from reviewer.queue import open_queue
    from reviewer.tui.app import DeskApp
    from reviewer.tui.session import Session

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    url = f"sqlite:///{tmp_path}/queue.db"
    hidden = document()["writes"]
    hidden[0]["after"]["text"] = CODE.replace("call(7)", "call(7)\u200b")
    app = DeskApp(Session(Config(name="mia")), url)

    async def run(pilot: Pilot[None]) -> None:
        queue = await open_queue(url)
        id = (await queue.submit(parse(document(writes=hidden)), AGENT)).artifact_id
        await queue.close()
        screen = ReviewScreen(id)
        app.push_screen(screen)
        for _ in range(400):
            await pilot.pause(0.02)
            coloured = screen.diff.syntax is not None and screen.diff.syntax.complete
            drawn = screen.opened is not None and screen.diff.rows is not None and coloured
            # the footer says so once the flagged place has been on the screen for long enough
            if drawn and screen.footer._left and screen.footer._left[0].style == "key":
                break
        await pilot.pause(0.2)

    assert snap_compare(app, terminal_size=size, run_before=run)  # type: ignore[operator]
