"""Triage in a real terminal of a telephone's size: by key and by thumb, in colour and without."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ..support.shared import ROOT
from ..support.terminal import Terminal, leaks

PROGRAM = [sys.executable, "-m", "reviewer"]
COLOUR = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")


def artifact(number: int) -> dict[str, object]:
    title = "Refund \x1b]52;c;AAAA\x07\u202e8841" if number == 2 else f"Refund order {number}"
    return {
        "key": f"k{number}",
        "agent": {"name": "refund-bot", "version": "1"},
        "kind": "refund",
        "title": title,
        "queue": "billing" if number % 2 else "legal",
        "risk": "critical" if number == 7 else "low",
        "writes": [
            {
                "type": "record",
                "system": "crm",
                "resource": f"order/{number}",
                "before": {"status": "open"},
                "after": {"status": "refunded"},
            }
        ],
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with eight artifacts, somebody on call, and a pager that leaves a file."""
    place = tmp_path / "home"
    place.mkdir(mode=0o700)
    script = tmp_path / "pager.py"
    script.write_text(
        f"import sys\nopen({str(tmp_path / 'got.json')!r}, 'w').write(sys.stdin.read())\n"
        "print('noise')\nprint('more noise', file=sys.stderr)\n"
    )
    (place / "config.toml").write_text(
        f'name = "mia"\npager = "{sys.executable} {script}"\n'
        '[[on_call]]\npeople = ["ana"]\nstarts = "2020-01-01T00:00"\nevery = "1d"\nzone = "UTC"\n'
    )
    lines = tmp_path / "a.jsonl"
    lines.write_text("".join(json.dumps(artifact(n)) + "\n" for n in range(8)))
    done = subprocess.run(
        [*PROGRAM, "submit", str(lines)],
        env=environment(place), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "REVIEWER_HOME": str(home)}


def opened(home: Path, size: tuple[int, int], **env: str) -> Terminal:
    terminal = Terminal(PROGRAM, size, {"REVIEWER_HOME": str(home), **env}, cwd=str(ROOT))
    terminal.wait_for("Refund order 7")
    terminal.send("t")
    terminal.wait_for("‹ Triage")
    terminal.wait_for("8 open")
    terminal.settle()
    return terminal


def until(terminal: Terminal, act: Callable[[], None], pattern: str) -> None:
    """Acts until it shows: what was not on screen for long enough is refused, rightly."""
    for _ in range(10):
        terminal.settle(0.4)
        act()
        try:
            terminal.wait_for(pattern, 4)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{pattern!r} never came:\n{terminal.text()}")


def left(terminal: Terminal) -> None:
    """Goes back to the inbox; an escape and the next key must not come as one."""
    terminal.send("\x1b")
    terminal.wait_for(r"\A(?![\s\S]*‹ Triage)")
    terminal.settle()


@pytest.mark.parametrize("colour", [True, False])
def test_one_thumb(home: Path, tmp_path: Path, colour: bool) -> None:
    with opened(home, (40, 20), **({} if colour else {"NO_COLOR": "1"})) as terminal:
        shown = terminal.text().splitlines()
        assert "Refund order 7" in shown[2]  # critical: due first
        assert "■" in shown[2]
        assert "crit · billing" in shown[3]
        assert shown[-2].split() == ["⏎", "T", "x", "p", "tab"]
        terminal.click(38, 18)  # the outermost cell of the last field
        terminal.wait_for("▸ all queues")
        terminal.wait_for("ana")
        terminal.send("G\r")
        terminal.wait_for("Triage  legal|Triage  billing")
        terminal.send("\x1b")
        terminal.wait_for("Triage  all queues")
        terminal.wait_for("crit · billing")
        until(terminal, lambda: terminal.click(28, 18), "Page ana\\?")
        until(terminal, lambda: terminal.send("y"), r"\A(?![\s\S]*Page ana\?)")
        terminal.wait_for("Paged ana")
        terminal.wait_for("→ana")
        assert "noise" not in terminal.text()
        assert json.loads((tmp_path / "got.json").read_text())["to"] == "ana"
        left(terminal)
        terminal.send("q")
        assert terminal.wait_end() == 0
        raw = bytes(terminal.raw)
        assert leaks(raw) == []
        assert any(len({*found.groups()}) > 1 for found in COLOUR.finditer(raw)) is colour
        assert b"Traceback" not in raw


def test_a_telephone_that_is_turned(home: Path) -> None:
    with opened(home, (40, 20), COLUMNS="", LINES="") as terminal:
        terminal.resize(80, 11)
        terminal.wait_for("risk +due +queue +title")
        terminal.resize(30, 12)
        terminal.wait_for("escal\\.")
        terminal.resize(90, 24)
        terminal.wait_for("Breaching next")
        terminal.wait_for("pending +late +in 1h")
        left(terminal)
        terminal.send("q")
        assert terminal.wait_end() == 0
        assert leaks(bytes(terminal.raw)) == []
