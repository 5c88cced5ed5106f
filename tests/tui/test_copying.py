"""Copying: what is put on the clipboard is what it says, and nothing in it hides or steers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import parse
from reviewer.domain.permalink import parse as parse_permalink
from reviewer.tui.copying import MOST, CopyScreen, copied
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.untrusted import visible
from reviewer.untrusted.characters import NEVER, UNSEEN
from reviewer.untrusted.escapes import json_escaped, toml_escaped

from .review_desk import Desk, desk, document
from .test_inbox import fill, text

HOSTILE = "Pay\x1b]52;c;ZXZpbA==\x07 \u202e100\u2066 now\x9b31m\u2028;\u200brm\U000e0041"


@given(st.text(max_size=40))
def test_escapes_leave_the_value_and_hide_nothing(value: str) -> None:
    import tomllib

    import tomlkit

    as_json = json_escaped(json.dumps(value, ensure_ascii=False))
    assert json.loads(as_json) == value
    assert not UNSEEN.search(as_json)
    as_toml = toml_escaped(tomlkit.dumps({"value": value}))
    assert not UNSEEN.search(as_toml)
    assert tomllib.loads(as_toml)["value"] == value


def test_what_is_too_long_for_a_terminal_is_said() -> None:
    assert "more than many terminals take" in copied("the artifact", "x" * (MOST + 1))
    assert copied("its id", "a_1") == "Copied a_1."
    assert copied("the artifact as text", "one\ntwo") == "Copied the artifact as text."


async def copy(running: Desk, *keys: str) -> str:
    """Copies, and answers with the clipboard."""
    running.app._clipboard = ""
    await running.press("y")
    await running.until(lambda: isinstance(running.app.screen, CopyScreen), "the choice")
    await running.press(*keys)
    await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")
    if keys != ("escape",):
        await running.until(lambda: running.app.clipboard, "the clipboard")
    return running.app.clipboard


async def test_id_permalink_text_and_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        (id,) = await fill(running, 1, summary=HOSTILE)
        assert await copy(running, "i") == id
        link = await copy(running, "p")
        assert parse_permalink(link) == ("local", id)
        assert await copy(running, "escape") == ""

        whole = await copy(running, "j")
        assert not NEVER.search(whole)
        assert json.loads(whole) == parse(document(**filled(HOSTILE))).document()
        assert "Copied the artifact as JSON" in text(running)

        told = await copy(running, "y")
        assert told == await copy(running, "t")
        assert not UNSEEN.search(told)
        assert "Refund order 8800" in told
        assert "refund.amount" in told
        assert "⟨U+202E⟩" in told
        assert told.rstrip().endswith(link)


def filled(summary: str) -> dict[str, Any]:
    return {"key": "k0", "title": "Refund order 8800", "summary": summary}


async def test_two_quick_keys_copy_and_do_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from textual import events

    async with desk(tmp_path, monkeypatch) as running:
        (id,) = await fill(running, 1)
        running.clock.seconds += 5
        for key in "yi":  # `i` alone opens the insights
            running.app.post_message(events.Key(key, key))
        await running.until(lambda: running.app.clipboard == id, "the id")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")


async def test_the_mouse_chooses_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        (id,) = await fill(running, 1)
        await running.press("y")
        await running.until(lambda: isinstance(running.app.screen, CopyScreen), "the choice")
        await running.pilot.click("#id")
        await running.until(lambda: running.app.clipboard == id, "the id")
        await running.press("y")
        await running.until(lambda: isinstance(running.app.screen, CopyScreen), "the choice")
        await running.pilot.click(offset=(1, 1))
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")


async def test_an_artifact_named_at_the_start_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reviewer.tui.app import DeskApp
    from reviewer.tui.screens.review import ReviewScreen

    async with desk(tmp_path, monkeypatch) as running:
        ids = await fill(running, 3)
        app = DeskApp(running.session.__class__(running.session.config), running.app.url,
                      artifact=ids[1])  # fmt: skip
    async with app.run_test(size=(120, 40)) as pilot:
        for _ in range(400):
            top = app.screen
            if isinstance(top, ReviewScreen) and top.opened is not None:
                break
            await pilot.pause(0.02)
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.artifact_id == ids[1]
        await pilot.press("escape")
        for _ in range(400):
            if app.screen is inbox_of(app):
                break
            await pilot.pause(0.02)
        assert app.screen is inbox_of(app)


def inbox_of(app: Any) -> Any:
    return app.screen_stack[0]


async def test_in_a_review_the_line_under_the_cursor_can_be_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await running.open(await running.submit())
        await running.until(screen.diff.line_text, "a line")
        line = screen.diff.line_text()
        await running.press("y")
        await running.until(lambda: isinstance(running.app.screen, CopyScreen), "the choice")
        await running.press("l")
        await running.until(lambda: running.app.clipboard, "the clipboard")
        assert running.app.clipboard == visible(line)
        await running.press("y")
        await running.until(lambda: isinstance(running.app.screen, CopyScreen), "the choice")
        await running.press("p")
        await running.until(lambda: running.app.clipboard.startswith("reviewer://"), "the link")
        assert screen.artifact_id in running.app.clipboard
