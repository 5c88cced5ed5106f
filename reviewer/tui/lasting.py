"""The terminal's file, on which every frame arrives whole, and none fails."""

from __future__ import annotations

import os
import select
from typing import Any


class Lasting:
    """The terminal's file: what is written arrives whole, and where nobody is left, nowhere.

    Python's own loses the rest of a frame that the terminal took a part of: without buffers
    (`PYTHONUNBUFFERED`, usual in containers) where a signal comes meanwhile, as when a window's
    size changes; with them where another program left the terminal non-blocking.  And a terminal
    that is gone is an error there: Textual's writing thread would die of it and the app wait for
    the thread for ever, with its claims, when a window is closed or a connection breaks.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self._held: list[str] = []

    def write(self, text: str) -> None:
        """Takes a text; it goes out with the next `flush`."""
        self._held.append(text)

    def flush(self) -> None:
        """Writes what was taken, where there is still something to write to."""
        text = "".join(self._held)
        self._held.clear()
        try:
            if os.name == "nt":  # its console takes no bytes
                self._file.write(text)
                self._file.flush()
            else:
                self._write_all(text)
        except OSError:
            return

    def _write_all(self, text: str) -> None:
        data = memoryview(text.encode(self._file.encoding or "utf-8", "replace"))
        number = self._file.fileno()
        while data:
            try:
                data = data[os.write(number, data) :]
            except BlockingIOError:
                select.select([], [number], [])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
