"""The desk as a program: light to start, clear when it cannot, clean when it ends."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from textual.widgets import OptionList

from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.domain.errors import ReviewerError
from reviewer.domain.query import Query
from reviewer.queue import open_queue
from reviewer.tui.app import DeskApp
from reviewer.tui.keymap import checked
from reviewer.tui.screens.choose import ChooseScreen
from reviewer.tui.screens.help import HelpScreen, guide_pages
from reviewer.tui.session import Session
from reviewer.tui.themes import quieter
from tests.support.shared import ROOT
from tests.support.terminal import Terminal, leaks

from .review_desk import AGENT, Desk, desk, document

HEAVY = (
    "sqlalchemy", "sqlmodel", "alembic", "httpx", "pydantic", "jsonschema", "litellm", "pygments",
    "rapidfuzz", "diff_match_patch", "keyring", "reviewer.queue", "reviewer.domain.artifact",
    "textual.widgets._text_area",
)  # fmt: skip
END = "\x1b[?1049l"


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    code = f"import sys, reviewer.tui.app; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def started(tmp_path: Path, *args: str, size: tuple[int, int] = (100, 30), **env: str) -> Terminal:
    # no COLUMNS and LINES: the desk asks the terminal itself, and hears when that changes
    around = {"REVIEWER_HOME": str(tmp_path / "home"), "COLUMNS": "", "LINES": "", **env}
    command = [sys.executable, "-m", "reviewer", *args]
    return Terminal(command, size=size, env=around, cwd=str(ROOT))


async def filled(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/queue.db"
    queue = await open_queue(url)
    await queue.submit(parse(document(title="Refund order 8841")), AGENT)
    await queue.close()
    return url


async def test_q_leaves_a_clean_terminal(tmp_path: Path) -> None:
    url = await filled(tmp_path)
    with started(tmp_path, "--queue", url) as terminal:
        terminal.wait_for("Refund order 8841")
        terminal.settle()
        terminal.send("q")
        assert terminal.wait_end() == 0
        raw = bytes(terminal.raw).decode()
    assert END in raw
    assert "Traceback" not in raw
    assert leaks(bytes(terminal.raw)) == []
    assert "\x1b]2;reviewer · 1 pending" in raw


async def test_a_signal_ends_it_cleanly_and_gives_the_claim_back(tmp_path: Path) -> None:
    url = await filled(tmp_path)
    with started(tmp_path, "--queue", url) as terminal:
        terminal.wait_for("Refund order 8841")
        terminal.settle()
        terminal.send("\r")
        terminal.wait_for("claimed by you")
        terminal.process.kill(signal.SIGTERM)
        terminal.wait_end()
        raw = bytes(terminal.raw).decode()
    assert END in raw
    queue = await open_queue(url)
    page = await queue.page(Query(), AGENT)
    assert page.entries[0].state.lease_owner == ""
    await queue.close()


async def test_without_colour_the_cursor_and_the_risk_are_still_told(tmp_path: Path) -> None:
    url = await filled(tmp_path)
    with started(tmp_path, "--queue", url, NO_COLOR="1") as terminal:
        terminal.wait_for(r"▌.*· low.*Refund order 8841")
        terminal.settle()
        raw = bytes(terminal.raw).decode()
        terminal.send("q")
        terminal.wait_end()
    colours = set(re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", raw))
    assert all(len(set(colour)) == 1 for colour in colours), "greys only"


async def test_a_terminal_of_forty_by_ten_is_usable(tmp_path: Path) -> None:
    url = await filled(tmp_path)
    with started(tmp_path, "--queue", url, size=(40, 10)) as terminal:
        terminal.wait_for("Refund order")
        terminal.resize(120, 40)
        terminal.wait_for("Why you see this")
        terminal.resize(40, 10)
        terminal.settle()
        terminal.send("q")
        assert terminal.wait_end() == 0


def test_a_queue_that_cannot_be_opened_is_one_sentence_and_the_desk_stays(tmp_path: Path) -> None:
    wrong = tmp_path / "other.db"
    wrong.write_text("this is not a database, it is a text that is long enough to be read as one")
    with started(tmp_path, "--queue", f"sqlite:///{wrong}") as terminal:
        terminal.wait_for("The queue cannot be opened")
        terminal.settle()
        assert "offline" in terminal.text()
        assert "ctrl+r tries again" in terminal.text()
        terminal.send("q")
        assert terminal.wait_end() == 0


def test_a_keymap_that_clashes_is_refused_before_anything_is_drawn() -> None:
    with pytest.raises(ReviewerError, match="'r' is bound to both 'approve' and 'reject'"):
        DeskApp(Session(Config(keymap={"approve": "r"})), "sqlite:///nowhere.db")
    assert checked({"settings": ","}) == {"settings": "comma"}


async def test_keys_can_be_swapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keymap = {"down": "f9,ctrl+n", "take_next": "j", "help": "f2", "edit.compare": "f10"}
    async with desk(tmp_path, monkeypatch, keymap=keymap) as running:
        for number in range(3):
            await running.submit(key=f"k{number}", title=f"Order {number}")
        await running.until(lambda: running.app.inbox.list.row_count == 3)
        await running.press("f9")
        assert running.app.inbox.list.cursor == 1
        await running.press("ctrl+n")
        assert running.app.inbox.list.cursor == 2
        await running.ask("f2", HelpScreen)
        await running.press("escape", "question_mark", "up", "down")
        assert running.app.inbox.list.cursor == 1, "down is not a key of its own any more"


async def test_help_shows_the_keys_and_the_guide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await running.ask("question_mark", HelpScreen)
        await running.until(lambda: "Approve exactly what is shown" in screen_text(running))
        await running.press("escape")
        await running.ask("f1", HelpScreen)
        name, _, page = guide_pages()[0]
        await running.until(lambda: running.app.screen.query_one("#guide").display, name)
        words = page.splitlines()[2].split()[1:4]
        await running.until(lambda: " ".join(words) in screen_text(running), page[:200])
        await running.press("q")
        assert not isinstance(running.app.screen, HelpScreen)


async def test_the_palette_runs_any_action(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await running.submit()
        await running.until(lambda: running.app.inbox.list.row_count == 1)
        await running.press("colon")
        await running.until(lambda: "Search" in screen_text(running))
        await running.press(*"newest oldest")
        await running.until(lambda: "Change the order" in screen_text(running))
        await running.press("enter")
        await running.until(lambda: running.app.inbox.filter_bar.order == "newest", "the order")


async def test_one_queue_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await running.submit(key="one", queue="billing", title="In billing")
        await running.submit(key="two", queue="code", title="In code")
        rows = running.app.inbox.list
        await running.until(lambda: rows.row_count == 2)
        running.app.inbox.action_choose_queue()
        await running.dialog(ChooseScreen)
        options = running.app.screen.query_one(OptionList)
        await running.until(lambda: options.option_count >= 3)
        await running.press("j", "j", "enter")
        await running.until(lambda: rows.row_count == 1)
        assert rows.window.rows[0].title == "In code"


def screen_text(running: Desk) -> str:
    strips = running.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def test_quiet_colours_lie_between_ink_and_paper() -> None:
    found = quieter("#ffffff", "#000000")
    assert found == {"quiet": "#9E9E9E", "faint": "#666666"}
    assert quieter("ansi_default", "ansi_default")["quiet"].startswith("ansi")
