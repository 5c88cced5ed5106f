"""A walk through the whole desk in a real terminal, with hostile text in everything it shows."""

from __future__ import annotations

import base64
import os
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from reviewer.untrusted.characters import NEVER
from tests.support.shared import ROOT
from tests.support.terminal import Terminal, leaks

from .hostile_queue import payload

WATCHED = (sys.executable, "-m", "tests.tui.watched")
PROGRAM = (sys.executable, "-m", "reviewer")
ESC = "\x1b"
NO_DIALOG = r"\A(?![\s\S]*╭)"
# What Textual writes when the person copies with `y`; its text is checked, not waved through.
_COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


class Walk:
    """One sitting at the desk of a home; use it as a context manager."""

    def __init__(
        self, home: Path, size: tuple[int, int], seed: int, command: Sequence[str] = WATCHED,
        pace: float = 1.0,
    ) -> None:  # fmt: skip
        self.home, self.seed, self.pace = home, seed, pace
        self.guard_log = home / "guard.log"
        around = {"REVIEWER_HOME": str(home), "GUARD_LOG": str(self.guard_log), "ESCDELAY": "25"}
        for name in ("REVIEWER_QUEUE", "VISUAL", "EDITOR"):
            os.environ.pop(name, None)
        self.terminal = Terminal(command, size, around, cwd=str(ROOT))

    def __enter__(self) -> Walk:
        return self

    def __exit__(self, *_: object) -> None:
        self.terminal.close()

    # ------------------------------------------------------------------ hands and eyes

    def keys(self, *keys: str, quiet: float = 0.06) -> None:
        """Presses keys one after the other, each drawn before the next."""
        for key in keys:
            if not self.terminal.process.isalive():
                raise AssertionError(f"the desk is gone before {key!r}:\n{self.terminal.text()}")
            self.terminal.send(key)
            # an escape is one by itself only after a while
            self.terminal.settle(0.16 if key == ESC else quiet * self.pace, 5.0)

    def wait(self, pattern: str) -> None:
        """Waits for words of ours on the screen."""
        self.terminal.wait_for(pattern, 30.0)

    def until(self, key: str, pattern: str, quiet: float = 0.4) -> bool:
        """Presses a key until it shows: what was not on screen for long enough is refused, rightly.

        Answers whether it did; some artifacts do not allow everything.
        """
        for _ in range(5):
            self.terminal.settle(quiet, 5.0)
            self.terminal.send(key)
            try:
                self.terminal.wait_for(pattern, 4.0)
            except AssertionError:
                if not self.terminal.process.isalive():
                    raise
                continue
            return True
        return False

    def paste(self, text: str) -> None:
        """Pastes a text as terminals do, between brackets."""
        self.keys(f"\x1b[200~{text.replace(ESC + '[201~', '')}\x1b[201~")

    def click_all(self, step: int, first: int = 0) -> None:
        """Clicks every `step`th cell of the screen but for the footer, whose words are buttons.

        From the bottom up: the desk's own bars on top open other things, over which nothing of
        the rest could be clicked any more.
        """
        columns = self.terminal.screen.columns
        for row in reversed(range(self.terminal.screen.lines - 1)):
            for start in range(first, columns, step * 40):
                for column in range(start, min(columns, start + step * 40), step):
                    self.terminal.click(column, row)
                self.terminal.settle(0.02, 5.0)

    def home_again(self) -> None:
        """Back to the inbox without a filter, whatever is open.

        Thousands of clicks that nothing answers are still on their way when the last was sent.
        """
        end = time.monotonic() + 90
        while time.monotonic() < end:
            self.keys(ESC, ESC)
            text = self.terminal.text()
            if "╭" not in text and re.search("/ filter .*(by deadline|newest|oldest)", text):
                return
        raise AssertionError(f"the inbox is out of reach:\n{text}")

    # ------------------------------------------------------------------ the inbox

    def start(self) -> None:
        """Waits for the first list, with the cursor on its first line."""
        self.wait("▌")
        self.terminal.settle(0.3)

    def inbox(self) -> None:
        """All tabs, moving, columns in all orders, the preview, marks."""
        for view in "23456789":
            self.keys(view)
        self.keys("1", "l", "h", "j", "k", "J", "K", "G", "g", "\x04", "\x15", "s", "s", "s")
        self.keys("p", "p", " ", "v", "j", "v", "*", ESC, "y", "f", "b", "\x12")

    def run_down(self, steps: int) -> None:
        """Looks at one artifact after the other in the preview, to its end."""
        for _ in range(steps):
            self.keys("j", "J", "J", quiet=0.02)

    def filter(self) -> None:
        """Hostile filters: typed, pasted, refused, kept, and recalled from the history."""
        for number in range(2):
            self.keys("/", quiet=0.3)
            self.paste(payload(self.seed + number * 5))
            self.keys("\r", quiet=0.1)
            self.home_again()
        self.keys("/", quiet=0.3)
        self.keys(*"nofield:x", "\x1b[200~\x1b[31m\u202e\x1b[201~", "\r", ESC, quiet=0.08)
        self.keys("/", quiet=0.3)
        self.keys("\x1b[A", "\x1b[A", "\x1b[B", "\t", ESC, quiet=0.08)
        self.home_again()

    # ------------------------------------------------------------------ review

    def open_kind(self, kind: str) -> None:
        """Opens the first artifact of a kind of write."""
        self.keys("/")
        self.wait("esc drops it|kind:|risk:>=high")
        self.keys("\x15")  # a click may have opened the field before
        self.paste(f"kind:hostile-{kind}")
        self.keys("\r")
        self.wait(f"/ kind:hostile-{kind}")
        self.terminal.settle(0.25)
        self.keys("\r", quiet=0.25)
        self.wait("Writes|Context|change")

    def review(self) -> None:
        """All that the review screen can show of one artifact."""
        self.keys("n", "n", "N", "s", "s", "t", "l", "h", "t", "w", "w", "{", "{", "}", "}", "\r")
        self.keys("]", "[", ".", "G", "g", "\x04", "\x15")
        for _ in range(4):  # each pane: its end, unfolded, maximised
            self.keys("\t", "G", "\r", "k", "\r", "+", "l", "h", "+", "g", "y")
        self.keys("p", "G", "p", "o", quiet=0.1)
        self.keys(ESC, quiet=0.15)

    def read_it(self) -> None:
        """Has every line of the diff on screen, as an approve needs."""
        self.keys("g", *["\x1b[6~"] * 12, "G", quiet=0.04)

    def edit(self) -> None:
        """The editor: typed and pasted, compared, dropped, confirmed and left."""
        self.keys("e", quiet=0.3)
        self.keys("\x1b[B", *"x\u2067", quiet=0.05)
        self.paste(payload(self.seed + 50))
        self.keys("\x1b[6~", "\x1bOQ", "\x1b[19~", "\x1b[19~", "\x1b[17~", "\x13", quiet=0.3)
        self.keys(ESC, ESC, quiet=0.2)
        self.wait("approve")

    def dialogs(self, which: str = "rcmxz") -> None:
        """Each question of a decision, refused for what is missing, with hostile words, left."""
        first = {"r": "9\t", "z": "\t"}
        for number, key in enumerate(which):
            before = first.get(key, "")
            self.keys(key, quiet=0.3)
            self.keys("\x13", *before)
            self.paste(payload(self.seed + 60 + number))
            self.keys("\t")
            self.paste(payload(self.seed + 70 + number))
            self.keys("\t")
            self.keys(ESC, quiet=0.2)
            if key in "rc":  # what was typed is a draft that comes back
                self.keys(key, quiet=0.3)
                self.keys(ESC, quiet=0.2)

    def rooms(self) -> None:
        """Help, guide, settings and the palette."""
        self.keys("?", "G", ESC, quiet=0.2)
        self.keys(",", "\x1b[B", "\x1b[A", ESC, quiet=0.2)
        self.keys("\x10", quiet=0.2)
        self.paste(payload(self.seed + 80))
        self.keys(ESC, ESC, quiet=0.2)

    def governing(self) -> None:
        """The policy's pages, the agents and their hostile names; one is stopped and goes on."""
        self.until("P", "Policy .* in force")
        self.keys("G", "2", "\r", "G", ESC, "j", "d", "G", ESC, "3", "c", quiet=0.15)
        self.keys(ESC, ESC, quiet=0.2)
        self.home_again()
        self.until("B", "Agents .* lead")
        self.keys("j", "G", "g", "v", "\t", "G", ESC, quiet=0.15)
        if self.until("!", "Stop an agent"):
            self.paste(payload(self.seed + 130))
            self.until("\x13", NO_DIALOG)
            self.wait("1 stopped")
            self.keys("g", quiet=0.3)
            self.until("R", "Resume")
            self.until("y", NO_DIALOG)
        self.home_again()

    # ------------------------------------------------------------------ deciding

    def decide(self) -> None:
        """Decides for good what is open: each kind with a note that names the hostile title."""
        self.read_it()
        self.until("A", "u undo")
        self.until("u", "Taken back")
        if self.until("R", "╭"):
            self.keys("9", "\t")
            self.paste(payload(self.seed + 90))
            self.until("\x13", NO_DIALOG)
        self.keys("u", quiet=0.4)

    def hand_on(self) -> None:
        """Gives away what is under the cursor of the inbox, to hostile names."""
        for number, (key, before, after) in enumerate(
            (("m", "", ""), ("x", "", "\t\t"), ("z", "1", ""))
        ):
            if not self.until(key, "╭"):
                continue
            self.keys(*before)
            if key != "z":
                self.paste("queue:" * (number % 2) + payload(self.seed + 100 + number))
                self.keys(*(after or "\t\t"))
                self.paste(payload(self.seed + 110 + number))
            self.until("\x13" if key != "z" else "y", NO_DIALOG)
            self.keys(ESC, quiet=0.15)

    def bulk(self) -> None:
        """Many at once: the list of what it touches, then for good, then taken back."""
        self.keys(" ", " ", " ", quiet=0.1)
        self.keys("r", quiet=0.4)
        self.keys("\t", "G", "g", "9", "\t", "\t", quiet=0.1)
        self.paste(payload(self.seed + 120))
        self.keys("\x13", quiet=0.5)
        self.keys("u", quiet=0.4)
        self.home_again()

    # ------------------------------------------------------------------ the end

    def leave(self) -> int:
        """Leaves the desk; its exit status."""
        self.keys(ESC, ESC, ESC, quiet=0.12)
        self.terminal.send("q")
        return self.terminal.wait_end(30)

    def found(self) -> list[str]:
        """Everything that should not have been: leaks, guarded strips, tracebacks, logs."""
        raw = bytes(self.terminal.raw)
        wrong = []
        for copied in _COPIED.findall(raw):
            text = base64.b64decode(copied).decode("utf-8", "replace")
            if NEVER.search(text.replace("\n", "")):
                wrong.append(f"copied: {text!a}")
        wrong += leaks(_COPIED.sub(b"", raw))
        if b"Traceback" in raw:
            wrong.append("a traceback")
        if self.guard_log.exists():
            wrong += [f"guarded: {line}" for line in self.guard_log.read_text().splitlines()]
        for log in (self.home / "log").glob("*"):
            wrong.append(f"logged: {log.read_text()[-3000:]}")
        return wrong
