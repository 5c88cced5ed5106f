"""What a person sees when something breaks beneath the desk, or the terminal is an odd one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.shared import ROOT
from tests.support.terminal import Terminal, leaks

from .hostile_queue import fill, own_artifact
from .hostile_walk import PROGRAM

RESTORED = b"\x1b[?1049l"
FAILING = """
import sys
from backends.sql.agent import AgentSide
from reviewer.cli import main
async def get(self, artifact_id):
    raise ZeroDivisionError("broken \\x1b[31m inside")
AgentSide.get = get
sys.exit(main())
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a queue of two dozen hostile artifacts."""
    place = tmp_path / "home"
    place.mkdir(mode=0o700)
    (place / "config.toml").write_text('name = "ana"\n')
    fill(place, [own_artifact(number) for number in range(24)])
    return place


def desk(home: Path, size: tuple[int, int] = (100, 30), **env: str) -> Terminal:
    return Terminal(PROGRAM, size, {"REVIEWER_HOME": str(home), **env}, cwd=str(ROOT))


def mine(home: Path) -> str:
    """What ana has claimed."""
    return subprocess.run(
        [*PROGRAM, "list", "--json", "holder:ana"],
        env={**os.environ, "REVIEWER_HOME": str(home)},
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip


def said(terminal: Terminal) -> str:
    """What stands on the ordinary screen after the desk has gone, without the desk's own codes."""
    raw = bytes(terminal.raw)
    assert raw.count(RESTORED) == 1
    assert b"Traceback" not in raw
    assert leaks(raw) == []
    after = raw[raw.index(RESTORED) :].decode()
    return "".join(re.findall(r"reviewer: .*", after))


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_restores_the_terminal_and_gives_claims_back(home: Path, name: str) -> None:
    with desk(home) as terminal:
        terminal.wait_for("24 pending|1[0-9] pending|2[0-9] pending")
        terminal.send("\r")
        terminal.wait_for("claimed by you")
        assert mine(home)
        os.kill(terminal.process.pid, getattr(signal, name))
        terminal.wait_end()
        assert said(terminal) == ""
    assert mine(home) == ""
    assert not (home / "log").exists()


def test_a_window_that_is_closed_leaves_no_process_and_no_claim(home: Path) -> None:
    terminal = desk(home)
    terminal.wait_for("pending")
    terminal.send("\r")
    terminal.wait_for("claimed by you")
    terminal.process.fileobj.close()
    end = time.monotonic() + 20
    while os.waitpid(terminal.process.pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() < end, "the desk still runs without a terminal"
        time.sleep(0.05)
    assert mine(home) == ""


def test_a_broken_backend_is_one_sentence_and_a_log(home: Path) -> None:
    command = [sys.executable, "-c", FAILING]
    with Terminal(command, (120, 40), {"REVIEWER_HOME": str(home)}, cwd=str(ROOT)) as terminal:
        terminal.wait_for(r"Something went wrong: ZeroDivisionError: broken \^\[\[31m")
        terminal.send("\r")
        assert terminal.wait_end() == 70
        sentence = said(terminal)
        assert "ZeroDivisionError" in sentence
        assert "errors.log" in sentence
    log = (home / "log" / "errors.log").read_text()
    assert "in get" in log, "the log names the place"
    assert "\x1b" not in log


def test_a_queue_file_that_is_deleted_or_damaged_is_said(home: Path) -> None:
    with desk(home) as terminal:
        terminal.wait_for("pending")
        for file in home.glob("queue.db*"):
            file.unlink()
        (home / "queue.db").write_bytes(b"not a database at all" * 1000)
        terminal.send("\r")
        terminal.settle(0.5)
        terminal.send("\x1b")
        terminal.wait_for("offline")
        terminal.wait_for("queue file")
        terminal.send("q")
        assert terminal.wait_end() == 0
        assert said(terminal) == ""


def test_bytes_that_are_not_utf8_are_typed_and_nothing_breaks(home: Path) -> None:
    with desk(home) as terminal:
        terminal.wait_for("pending")
        terminal.send(b"/\xff\xe9\xc3x\x80")
        terminal.wait_for("/ |�")
        terminal.settle()
        terminal.send("\x1b")
        terminal.settle(0.3)
        terminal.send("q")
        assert terminal.wait_end() == 0
        assert said(terminal) == ""


def test_a_storm_of_sizes(home: Path) -> None:
    sizes = [(80, 24), (20, 5), (200, 60), (1, 1), (100, 2), (2, 100), (40, 10), (120, 40)]
    with desk(home) as terminal:
        terminal.wait_for("pending")
        for number, size in enumerate(sizes * 4):
            terminal.resize(*size)
            terminal.read(0.01)
            if number == 12:
                terminal.send("\r")
        terminal.resize(100, 30)
        terminal.wait_for("claimed by you")
        terminal.send("\x1b")
        terminal.settle(0.3)
        terminal.wait_for("pending")
        terminal.send("q")
        assert terminal.wait_end() == 0
        assert said(terminal) == ""


@pytest.mark.parametrize(
    ("size", "env"),
    [
        ((40, 10), {}),
        ((20, 5), {}),
        ((80, 24), {"NO_COLOR": "1"}),
        ((80, 24), {"TERM": "linux", "COLORTERM": ""}),
        ((80, 24), {"TERM": "xterm", "COLORTERM": ""}),
        ((80, 24), {"LANG": "C", "LC_ALL": "C"}),
    ],
)
def test_odd_terminals_are_usable(home: Path, size: tuple[int, int], env: dict[str, str]) -> None:
    with desk(home, size, **env) as terminal:
        terminal.wait_for("▌")
        terminal.send("\r")
        terminal.wait_for("‹")
        terminal.send("\x1b")
        terminal.wait_for("▌")
        terminal.settle(0.3)
        terminal.send("q")
        assert terminal.wait_end() == 0
        assert said(terminal) == ""


def test_no_colour_is_no_colour(home: Path) -> None:
    with desk(home, NO_COLOR="1") as terminal:
        terminal.wait_for("▌")
        terminal.send("q")
        terminal.wait_end()
        for code in (b"[38;", b";38;", b"[48;", b";48;"):
            colours = bytes(terminal.raw).split(code)[1:]
            assert all(_grey(text) for text in colours), "a colour with NO_COLOR"


def _grey(code: bytes) -> bool:
    """Whether a colour `2;R;G;B` is a shade of grey."""
    kind, red, green, blue = code.split(b"m")[0].split(b";")[:4]
    return kind == b"2" and red == green == blue


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"TERM": "dumb"}, "dumb terminal"),
        ({"PYTHONIOENCODING": "latin-1"}, "needs UTF-8"),
    ],
)
def test_a_terminal_that_cannot_be_drawn_on_is_one_sentence(
    home: Path, env: dict[str, str], sentence: str
) -> None:
    with desk(home, **env) as terminal:
        assert terminal.wait_end() == 2
        raw = bytes(terminal.raw)
    assert sentence in raw.decode()
    assert b"\x1b" not in raw


def test_nothing_is_said_of_an_artifact_that_is_not_there_yet(home: Path) -> None:
    with desk(home) as terminal:
        terminal.wait_for("pending")
        terminal.settle(0.3)
        (home / "queue.db").write_bytes(b"not a database at all" * 1000)
        terminal.send("\r")
        terminal.wait_for("Context|Writes|…")
        shown = terminal.settle(0.4)
        assert "Nobody raised a concern" not in shown
        assert "gave no context" not in shown
