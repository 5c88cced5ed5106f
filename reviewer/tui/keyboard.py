"""What comes in from the terminal: a pasted text is a text, and never keys.

Terminals put a paste between `CSI 200 ~` and `CSI 201 ~` (xterm, "bracketed paste"), and not all of
them take escape characters out of it.  Textual 8.2.8 reads an escape within a paste as the start of
a key: what follows it would be typed, so that a copied text could press `a`.  It also ends with a
traceback at the first byte that is not UTF-8.  Here escapes within a paste become the sign `␛`
before Textual sees them, bytes that are not UTF-8 become `�`, and hidden characters that were
pasted or typed are spelled out before they reach a field.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import events
from textual._xterm_parser import XTermParser

from reviewer.untrusted.characters import NEVER

from .spelling import spell_out

if TYPE_CHECKING:
    from textual.driver import Driver

START, END = "\x1b[200~", "\x1b[201~"
ESCAPE_SIGN = "␛"
CHUNK = 4096


class PasteFilter:
    """Takes the escape characters out of pastes, however the input is cut into pieces."""

    def __init__(self) -> None:
        self._inside = False
        self._before = ""  # the last that was passed on outside a paste
        self._held = ""  # what may be the beginning of the paste's end

    def __call__(self, data: str) -> str:
        out = []
        while data:
            step = self._paste if self._inside else self._keys
            passed, data = step(data)
            out.append(passed)
        return "".join(out)

    def _keys(self, data: str) -> tuple[str, str]:
        known = self._before + data
        at = known.find(START)
        if at < 0:
            self._before = known[-len(START) + 1 :]
            return data, ""
        end = at + len(START) - len(self._before)
        self._before, self._inside = "", True
        return data[:end], data[end:]

    def _paste(self, data: str) -> tuple[str, str]:
        data, self._held = self._held + data, ""
        text, end, rest = data.partition(END)
        if end:
            self._inside = False
            return text.replace("\x1b", ESCAPE_SIGN) + end, rest
        for length in range(min(len(END) - 1, len(text)), 0, -1):
            if text.endswith(END[:length]):
                text, self._held = text[:-length], text[-length:]
                break
        return text.replace("\x1b", ESCAPE_SIGN), ""


def spelled(event: events.Event) -> events.Event:
    """The event itself, or a paste that holds no hidden character in place of one that does."""
    if isinstance(event, events.Paste):
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        return events.Paste(spell_out(text).text)
    if isinstance(event, events.Key) and event.is_printable and NEVER.search(event.character or ""):
        return events.Paste(spell_out(event.character or "").text)
    return event


class Reading:
    """For a driver of Textual's on POSIX: reads the keyboard through the filter."""

    if TYPE_CHECKING:
        fileno: int
        exit_event: Any
        process_message: Callable[[Any], None]
        _app: Any
        _debug: bool

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:  # the terminal is gone
            self._app.call_later(self._app.exit)
        except Exception as error:  # a thread's error would be lost
            self._app.call_later(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Reads and dispatches until the driver stops; what is not UTF-8 is replaced."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        clean, parser = PasteFilter(), XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    raw = os.read(self.fileno, CHUNK)
                    if not raw:
                        raise OSError("nothing is at the other end any more")
                    text = clean(decode(raw))
                    for event in parser.feed(text) if text else ():  # "" would end the parser
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)


def reads_here(base: type[Driver]) -> bool:
    """Whether a driver reads as `Reading` does."""
    return hasattr(base, "run_input_thread") and base.__module__.endswith("linux_driver")
