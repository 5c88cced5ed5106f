"""A real terminal for tests: a program in a pseudo-terminal, its screen, and a strict reader of
everything it wrote.
"""

from __future__ import annotations

import codecs
import os
import re
import select
import time
import unicodedata
from collections.abc import Mapping, Sequence
from types import TracebackType

import ptyprocess
import pyte
from wcwidth import wcswidth, wcwidth

_ANSWERS = {  # what the program asks, what a modern terminal says
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[0c": b"\x1b[?62;22c",
    b"\x1b[>c": b"\x1b[>0;276;0c",
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}
_QUERY = re.compile(b"|".join(re.escape(query) for query in _ANSWERS))
# Sequences that pyte does not know and would partly print.
_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=][\d;]*[A-Za-z]|\x1b\[\?[\d;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_UNFINISHED = re.compile(rb"\x1b(\[[^@-~]*|\][^\x07\x1b]*\x1b?)?\Z")
_CUT = re.compile(rb"\x1b(\[[?>\d;]*)?\Z")


class Screen(pyte.Screen):
    """A screen on which signs without a width of their own join the cell before them.

    pyte drops the rest of a text at such a sign where its combining class is 0, as that of most
    Indic vowel signs is.
    """

    def draw(self, data: str) -> None:
        plain = ""
        for char in data:
            if wcwidth(char) == 0 and not unicodedata.combining(char):
                super().draw(plain)
                plain = ""
                self._join(char)
            else:
                plain += char
        super().draw(plain)

    def _join(self, char: str) -> None:
        line, at = self.buffer[self.cursor.y], self.cursor.x - 1
        while at > 0 and not line[at].data:  # the right half of a wide cell
            at -= 1
        if at >= 0:
            line[at] = line[at]._replace(data=line[at].data + char)


class Terminal:
    """Runs a program in a pseudo-terminal and shows its screen.

    `size` is (columns, rows).  Use it as a context manager: the program is gone afterwards.
    """

    def __init__(
        self,
        command: Sequence[str],
        size: tuple[int, int] = (120, 40),
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> None:
        columns, rows = size
        self.screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._answered = 0
        self.raw = bytearray()
        around = {k: v for k, v in os.environ.items() if not k.startswith(("TEXTUAL", "NO_COLOR"))}
        around |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        around |= {"COLUMNS": str(columns), "LINES": str(rows), **(env or {})}
        self.process = ptyprocess.PtyProcess.spawn(
            list(command), dimensions=(rows, columns), env=around, cwd=cwd
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the program, by force where it does not go."""
        self.process.terminate(force=True)
        self.process.close(force=True)

    def read(self, timeout: float = 0.05) -> bool:
        """Takes in what the program wrote within `timeout` seconds; False once it has ended."""
        ready, _, _ = select.select([self.process.fd], [], [], timeout)
        if not ready:
            return True
        try:
            data = os.read(self.process.fd, 1 << 16)
        except OSError:
            return False
        if not data:
            return False
        self.raw += data
        self._answer()
        self._feed(data)
        return True

    def _answer(self) -> None:
        for query in _QUERY.finditer(self.raw, self._answered):
            os.write(self.process.fd, _ANSWERS[query.group()])
            self._answered = query.end()
        # a query may still be cut off at the end; the rest need not be searched again
        self._answered = max(self._answered, len(self.raw) - max(map(len, _ANSWERS)) + 1)

    def _feed(self, data: bytes) -> None:
        data = self._held + data
        unfinished = _UNFINISHED.search(data[-4096:])
        held = len(unfinished.group()) if unfinished else 0
        data, self._held = data[: len(data) - held], data[len(data) - held :]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))

    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, pattern: str, limit: float = 20.0) -> re.Match[str]:
        """The first match of `pattern` on the screen; fails after `limit` seconds, showing it."""
        end = time.monotonic() + limit
        while True:
            found = re.search(pattern, self.text())
            if found:
                return found
            if not self.read():
                raise AssertionError(f"the program ended before {pattern!r}:\n{self.text()}")
            if time.monotonic() > end:
                raise AssertionError(f"{pattern!r} did not appear in {limit} s:\n{self.text()}")

    def settle(self, quiet: float = 0.2, limit: float = 10.0) -> str:
        """Waits until nothing was written for `quiet` seconds; the screen then."""
        end = time.monotonic() + limit
        before = -1
        while len(self.raw) != before and time.monotonic() < end:
            before = len(self.raw)
            if not self.read(quiet):
                break
        return self.text()

    def send(self, keys: str | bytes) -> None:
        """Types keys (text or raw sequences)."""
        os.write(self.process.fd, keys.encode() if isinstance(keys, str) else keys)

    def click(self, column: int, row: int) -> None:
        """Clicks the left button on a cell, counted from 0."""
        self.send(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m")

    def resize(self, columns: int, rows: int) -> None:
        """Changes the size of the terminal."""
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def wait_end(self, limit: float = 20.0) -> int:
        """The exit status once the program has ended (negative: the signal that ended it)."""
        end = time.monotonic() + limit
        while self.read():
            if time.monotonic() > end:
                raise AssertionError(f"the program did not end in {limit} s:\n{self.text()}")
        self.process.wait()
        status = self.process.exitstatus
        return -self.process.signalstatus if status is None else status


# All that Textual 8.2.8 writes on Linux, read from its drivers, strip and compositor, the guard's
# mode 8, the desk's title, its bell (behind the title) and its note.  A style's sequence opens
# texts, each further down or to the right than the one before, that only `CSI 0 m` closes.
_OPEN = r"\x1b\[(?:\d+)(?:;\d+)*m"
_CLOSE = "\x1b[0m"
_POINTERS = (
    "default|help|pointer|progress|wait|cell|crosshair|text|vertical-text|alias|copy|no-drop|"
    "not-allowed|grab|grabbing|[a-z]{1,4}-resize|col-resize|row-resize|all-scroll|zoom-in|zoom-out|move"
)
_BETWEEN = (
    r"\x1b\[\d+;\d+H|\x1b\[\d+C"
    r"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    r"|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[8[hl]"
    r"|\x1b\[>\d{1,2}u|\x1b\[<u"
    r"|\x1b\]2;reviewer(?: · [\d,.k+]+ (?:escalated to you|[a-z]+))*\x1b\\\x07?"
    r"|\x1b\]9;reviewer · \d+ (?:breaching|escalated to you)\x1b\\"
    rf"|\x1b\]22;(?:{_POINTERS})?\x07"
)
_TOKEN = re.compile(rf"(?P<open>{_OPEN})|(?P<between>{_BETWEEN})|(?P<text>[^\x1b]+)|(?P<bad>\x1b)")
_PART = r"(?:\d|21|5[123]|[34][0-79]|9[0-7]|10[0-7]|[34]8;2;\d+;\d+;\d+|[34]8;5;\d+)"
_STYLE = re.compile(rf"{_PART}(?:;{_PART})*")
_VISIBLE_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
_INKLESS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U00016fe4"


def leaks(raw: bytes) -> list[str]:
    """Whatever in the program's output is not Textual's own, each with its place in characters.

    Nothing but texts and ways onward may stand within a style, so that even a colour that came from
    a text is found, and a cursor that goes back to where something was written.  What is cut off at
    the end of the output is left out.
    """
    raw = _CUT.sub(b"", raw)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError as error:
        return [f"byte {error.start}: not UTF-8: {raw[error.start : error.start + 8]!r}"]
    found: list[str] = []
    styled = written = False
    at = 0, 0
    for token in _TOKEN.finditer(text):
        what, place = token.group(), token.start()
        if token["text"]:
            at, written = (at[0], at[1] + max(0, wcswidth(what))), True
            found += [f"{place}: {char!a} in {what[:60]!a}" for char in _hidden(what)]
        elif what == _CLOSE:
            if not styled:
                found.append(f"{place}: a style ends that never began")
            styled = False
        elif token["open"]:
            if styled or not _is_style(what):
                found.append(f"{place}: a style from a text: {what!a}")
            styled, written = True, False
        elif token["between"]:
            to = _placed(what, at)
            if styled and (to is None or (written and to < at)):
                found.append(f"{place}: {what!a} within a style")
            at = to or at
        elif token["bad"]:
            found.append(f"{place}: {text[place : place + 40]!a}")
    return found


def _placed(sequence: str, at: tuple[int, int]) -> tuple[int, int] | None:
    """Where a sequence places the cursor, which is `at` a line and column."""
    found = re.fullmatch(r"\x1b\[(\d+);(\d+)H", sequence)
    if found:
        return int(found[1]), int(found[2])
    onward = re.fullmatch(r"\x1b\[(\d+)C", sequence)
    return (at[0], at[1] + int(onward[1])) if onward else None


def _is_style(sequence: str) -> bool:
    return _STYLE.fullmatch(sequence[2:-1]) is not None


def _hidden(text: str) -> list[str]:
    """Characters of a text that are controls or without ink; line ends are the terminal's own."""
    text = text.replace("\r\n", "")
    if text.isascii() and text.isprintable():
        return []
    return [char for char in text if _is_hidden(char)]


def _is_hidden(char: str) -> bool:
    number = ord(char)
    if number in _VISIBLE_FORMATS:
        return False
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or char in _INKLESS:
        return True
    selectors = 0x180B <= number <= 0x180F or 0xFE00 <= number <= 0xFE0F
    planes = 0xE0000 <= number <= 0xE0FFF or number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF
    return selectors or planes
