"""Answers on stdout.  Artifact text goes through `untrusted`; JSON is written in ASCII."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
    "alert": "1;33",
    "removed": "31",
    "added": "32",
    "removed word": "31;7",
    "added word": "32;7",
}


def colours() -> bool:
    """Whether to colour: a terminal, and nobody said no (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def styled(text: str, style: str) -> str:
    """The text in a style of `STYLES` where colours are on; `text` is safe already."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if style and text and colours() else text


def width() -> int | None:
    """The cells of a line, or None where the output is no terminal and needs no cutting."""
    return max(20, shutil.get_terminal_size((100, 24)).columns) if sys.stdout.isatty() else None


def say(text: str = "", style: str = "") -> None:
    """A line on stdout; `text` is ours or has been through `untrusted`."""
    sys.stdout.write(styled(text, style) + "\n")


def say_marked(text: str, style: str, marks: Sequence[tuple[int, int]] = ()) -> None:
    """A line with stretches of it in reverse video where colours are on."""
    if not marks or not style or not colours():
        say(text, style)
        return
    parts, at = [], 0
    for start, end in marks:
        parts += [styled(text[at:start], style), styled(text[start:end], f"{style} word")]
        at = end
    sys.stdout.write("".join(parts) + styled(text[at:], style) + "\n")


def json_text(value: Any, *, indent: int | None = None) -> str:
    """JSON in printable ASCII: nothing of it can act on a terminal."""
    return json.dumps(value, ensure_ascii=True, indent=indent).replace("\x7f", "\\u007f")


def say_json(value: Any, *, lines: bool = False) -> None:
    """A JSON answer: one line among many (`lines`), or one readable document."""
    sys.stdout.write(json_text(value, indent=None if lines else 2) + "\n")


class Table:
    """Lines of a table whose columns keep the widths that the first rows gave them.

    A column is its title and its greatest width in cells; `room` is the width of the whole, None
    for any.  Cells are text that has been through `untrusted`.
    """

    def __init__(self, columns: Sequence[tuple[str, int]], room: int | None) -> None:
        self._columns, self._room = columns, room
        self._widths: list[int] = []

    def add(self, rows: Sequence[Sequence[str]]) -> Iterable[tuple[str, str]]:
        """The lines of these rows with their style; a head goes before the first."""
        titles = [title for title, _ in self._columns]
        if not self._widths:
            self._widths = self._measured([titles, *rows])
            yield self._line(titles), "dim"
        for row in rows:
            yield self._line(row), ""

    def _line(self, row: Sequence[str]) -> str:
        cells = (_cell(text, wide) for text, wide in zip(row, self._widths, strict=True))
        return "  ".join(cells).rstrip()

    def _measured(self, rows: Sequence[Sequence[str]]) -> list[int]:
        from rich.cells import cell_len

        widths = [
            min(most, max(cell_len(row[i]) for row in rows))
            for i, (_, most) in enumerate(self._columns)
        ]
        least = [max(4, cell_len(title)) for title, _ in self._columns]
        while self._room is not None and sum(widths) + 2 * (len(widths) - 1) > self._room:
            spare = [wide - low for wide, low in zip(widths, least, strict=True)]
            index = max(range(1, len(widths)), key=spare.__getitem__)  # ids are never cut
            if spare[index] <= 0:
                break
            widths[index] -= 1
        return widths


def _cell(text: str, wide: int) -> str:
    from rich.cells import cell_len

    from ..untrusted import one_line

    cut = text if cell_len(text) <= wide else one_line(text, wide)
    return cut + " " * (wide - cell_len(cut))
