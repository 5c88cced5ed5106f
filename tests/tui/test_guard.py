"""The guard: widgets that cheat leak nothing through a real pseudo-terminal."""

from __future__ import annotations

import sys

import pytest
from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from reviewer.tui.guard import GuardedApp, guarded
from tests.support.shared import ROOT
from tests.support.terminal import Terminal, leaks


def cheat(how: str) -> Terminal:
    return Terminal([sys.executable, "-m", "tests.tui.cheat", how], size=(160, 50), cwd=str(ROOT))


def test_cheating_widgets_leak_nothing() -> None:
    with cheat("guarded") as terminal:
        terminal.wait_for(r"READYa\^\[\[31mb\^\[\]52;c;")
        terminal.settle()
        assert "⟨U+202E⟩" in terminal.text()
        terminal.send("\t\t\t\x1bOQ")
        assert terminal.wait_end() > 0, "the guard counts what it found"
        assert leaks(bytes(terminal.raw)) == []


def test_the_reader_finds_the_leaks_of_the_same_widgets_without_the_guard() -> None:
    with cheat("plain") as terminal:
        terminal.wait_for("READY")
        terminal.settle()
        found = "\n".join(leaks(bytes(terminal.raw)))
    for what in (
        "]52;c;",
        "]8;",
        "\\u202e",
        "\\u200b",
        "\\U000e0041",
        "\\x9b",
        "style from a text",
    ):
        assert what in found


def test_an_error_is_raised_and_never_printed_with_all_its_variables() -> None:
    with cheat("guarded") as terminal:
        terminal.wait_for("READY")
        terminal.send("\t\t\t\x1bOR")
        terminal.wait_end()
        assert b"raised: a^[[31mb^[]52;c;" in terminal.raw
        assert b"Traceback" not in terminal.raw
        assert b"locals" not in terminal.raw
        assert leaks(bytes(terminal.raw)) == []


def test_last_words_go_through_the_door() -> None:
    with cheat("guarded") as terminal:
        terminal.wait_for("READY")
        terminal.send("\t\t\t\x1bOS")
        assert terminal.wait_end() == 0
        assert b"said: a^[[31mb^[]52;c;" in terminal.raw
        assert leaks(bytes(terminal.raw)) == []


def test_a_clean_strip_is_passed_on_untouched() -> None:
    strip = Strip([Segment("plain ", Style(bold=True)), Segment("日本 │ é")])
    assert guarded(strip) is strip


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "\u202e", "ab\u200bcd", "\t\n"])
def test_a_cleaned_strip_keeps_its_width(text: str) -> None:
    strip = Strip([Segment("left "), Segment(text, Style(link="http://x/")), Segment(" right")])
    clean = guarded(strip)
    assert clean.cell_length == strip.cell_length
    assert clean.text.startswith("left ")
    assert all(style is None or style.link is None for _, style, _ in clean)
    assert guarded(clean) is clean


async def test_the_app_is_an_ordinary_app_otherwise() -> None:
    app: App[None] = GuardedApp()
    async with app.run_test() as pilot:
        await pilot.pause()
    assert app.breaches == 0


async def test_a_frame_in_which_nothing_is_other_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[bool] = []
    display = App._display

    def noted(app: App[None], screen: Screen[None], renderable: RenderableType | None) -> None:
        written.append(renderable is not None)
        display(app, screen, renderable)

    monkeypatch.setattr(App, "_display", noted)
    text = Static("here")
    app = GuardedApp[None]()
    async with app.run_test() as pilot:
        await app.mount(text)
        await pilot.pause()
        written.clear()
        text.refresh()
        await pilot.pause()
        assert written
        assert not any(written)
        app.cursor_position = Offset(3, 4)  # where an input method draws
        text.refresh()
        await pilot.pause()
        assert any(written)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x1b[1;31mtext\x1b[31m\x1b[0m",
        b"\x1b[0m",
        b"\x1b[4;1H\x1b[1mtext\x1b[4;4H\x1b[0m",
        b"\x1b[4;1H\x1b[1mtext\x1b[3;9Htext\x1b[0m",
        b"\x1b[4;1H\x1b[1mtext\x1b[4;9H\x1b[?25l\x1b[0m",
        b"\x1b]0;title\x07",
        b"\x1b]2;title\x1b\\",
        "\x1b]2;reviewer \u202e\x1b\\".encode(),
        b"\x1b]52;c;eA==\x07",
        b"\x1b]8;;http://x\x1b\\",
        b"\x1bPq\x1b\\",
        b"\x1bc",
        b"\x1b[6n",
        b"\x1b[2J",
        b"\x1b[?1047h",
        b"\x07",
        b"a\rb",
        b"\x9b31m",
        "\u202e".encode(),
        "\x85".encode(),
        "\U000e0041".encode(),
        "❤\ufe0f".encode(),
    ],
)
def test_the_reader_refuses(raw: bytes) -> None:
    assert leaks(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x1b[?1049h\x1b[?2026h\x1b[1;1H\x1b[1;38;2;1;2;3;48;2;4;5;6mtext\x1b[0m\r\n\x1b[?2026l",
        "\x1b[38;2;1;2;3m日本 مرحبا é क्ष 👍\x1b[0m".encode(),
        b"\x1b[1;1Htext\x1b[38;2",
        b"\x1b[1m\x1b[4;1Htext\x1b[4;5Hmore\x1b[5;1Hnext\x1b[0m\x1b[1;1Htop",
        b"\x1b[1mtext \xe2\x95",
        b"\x1b[>25u\x1b[<u\x1b[?2026$p\x1b]22;pointer\x07\x1b[8l",
        "\x1b]2;reviewer · 64 pending · 3 breaching\x1b\\".encode(),
    ],
)
def test_the_reader_allows_what_textual_writes(raw: bytes) -> None:
    assert leaks(raw) == []


class OneLine(GuardedApp[None]):
    """An app with a line to press."""

    def compose(self) -> ComposeResult:
        yield Static("here", id="here")


def pressed() -> events.MouseDown:
    return events.MouseDown(None, 1, 0, 0, 0, 1, False, False, False, 1, 0)


async def test_what_goes_while_it_is_pressed_ends_no_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    app = OneLine()
    async with app.run_test():
        screen, gone = app.screen, app.query_one("#here", Static)
        parent, gone._parent = gone._parent, None  # as a note that goes: drawn, and not there
        with pytest.raises(AttributeError, match="region"):
            screen._forward_event(pressed())
        forwarded: list[events.Event] = []
        monkeypatch.setattr(screen, "_forward_event", forwarded.append)
        await app.on_event(pressed())
        assert forwarded == []
        gone._parent = parent
        await app.on_event(pressed())
        assert len(forwarded) == 1
        monkeypatch.undo()
