"""How a row of a diff looks: gutters with `+`, `-` and line numbers, words marked, both sides.

A row becomes one pane, or two side by side.  The sign in the gutter tells what colour tells, too.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ...diff.model import Line, Side
from . import diff_rows as rows
from .ink import CHUNK, Ink, Looks, Overlay

Inks: TypeAlias = MutableMapping[tuple[str, bool], Ink]
"""Long lines that are laid out already, by text and whether tabs are shown by a glyph."""
Colours: TypeAlias = Callable[[int, str, int], Sequence[Overlay]]
"""Syntax colours of (section, `left` or `right`, line number from 1), as far as they are there."""

ENDINGS: Final = {"\r\n": "␍␊", "\n": "␊", "\r": "␍", "": " ⟨no newline at the end⟩"}
LONG: Final = 16 * CHUNK
"""Lines of more characters are laid out once and kept."""
_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~", "moved": "»", "same": " "}
_ROW_SIGNS: Final = {"inserted": "+", "deleted": "-", "updated": "~"}


@dataclass(frozen=True)
class Styles:
    """The styles of a diff, resolved from the theme; `mark` tells changed words without colour."""

    text: Style
    dim: Style
    number: Style
    added: Style
    removed: Style
    added_word: Style
    removed_word: Style
    fold: Style
    head: Style
    alert: Style
    path: Style
    looks: Looks


@dataclass(frozen=True)
class Pane:
    """One side of a row: a gutter that stands still and a text that scrolls or wraps."""

    gutter: Strip
    ink: Ink
    base: Style
    overlays: Sequence[Overlay] = ()
    width: int = 0
    """The whole pane, cells; 0 for all the room."""

    def text_width(self, room: int) -> int:
        """The cells for text."""
        return max(2, (self.width or room) - self.gutter.cell_length)

    def height(self, room: int) -> int:
        """The rows that it takes when wrapped."""
        return len(self.ink.breaks(self.text_width(room)))


@dataclass
class Painter:
    """Turns rows into panes for a given room; `digits` is the width of line numbers.

    `inks` is taken from and added to; of one painter only one thread may ask.
    """

    styles: Styles
    room: int
    digits: int
    split: bool
    colours: Colours
    inks: Inks = field(default_factory=dict)
    _empty: Ink = field(default_factory=lambda: Ink(""))

    def panes(self, row: rows.Row) -> tuple[Pane, ...]:
        """The pane of a row, or its two panes."""
        if isinstance(row, rows.TextRow):
            return self._text(row)
        return (self._other(row),)

    def height(self, row: rows.Row) -> int:
        """The lines of the screen that a row takes when wrapped; no pane is made for a text."""
        if not isinstance(row, rows.TextRow):
            return max(pane.height(self.room) for pane in self.panes(row))
        line = row.line
        tabs = line.kind != "same"
        if self.split:
            half = (self.room - 1) // 2
            gutter = self.digits + 4
            sides = [(line.left, half - gutter - 1), (line.right, self.room - 1 - half - gutter)]
        else:
            side = line.left if line.kind == "removed" else line.right or line.left
            sides = [(side, self.room - 2 * self.digits - 5)]
        return max(self._rows_of(side, tabs, max(2, width)) for side, width in sides)

    def _rows_of(self, side: Side | None, tabs: bool, width: int) -> int:
        if side is None:
            return 1
        text = side.text + ENDINGS[side.ending] if side.show_ending else side.text
        if text.isascii() and text.isprintable():
            return max(1, -(-len(text) // width))
        return len(self._ink(text, tabs).breaks(width))

    def _ink(self, text: str, tabs: bool) -> Ink:
        if len(text) <= LONG:
            return Ink(text, tabs=tabs)
        known = self.inks.get((text, tabs))
        if known is None:
            known = self.inks[(text, tabs)] = Ink(text, tabs=tabs)
        return known

    def strip(self, panes: Sequence[Pane], x: int, part: int | None) -> Strip:
        """A row drawn: scrolled by `x` cells, or its wrapped `part` (None: not wrapped)."""
        strips: list[Strip] = []
        for number, pane in enumerate(panes):
            if number:
                strips.append(Strip([Segment("│", self.styles.fold)], 1))
            width = pane.text_width(self.room)
            start, stop = x, x + width
            gutter = pane.gutter
            if part is not None:
                breaks = pane.ink.breaks(width)
                start = breaks[part] if part < len(breaks) else pane.ink.width
                stop = breaks[part + 1] if part + 1 < len(breaks) else start + width
                gutter = gutter if part == 0 else _blank_like(gutter)
            text = pane.ink.strip(start, stop, pane.base, pane.overlays, self.styles.looks)
            if part is None and len(panes) == 2 and pane.ink.reaches(stop):
                text = text.crop_extend(0, width - 1, pane.base) + Strip(
                    [Segment("›", self.styles.number)], 1
                )
            strips += [gutter, text.adjust_cell_length(width, pane.base)]
        return Strip.join(strips)

    # ------------------------------------------------------------------ lines of text

    def _text(self, row: rows.TextRow) -> tuple[Pane, ...]:
        line = row.line
        if not self.split:
            return (self._unified(line, row.section),)
        half = (self.room - 1) // 2
        left = self._half(line, line.left, "left", row.section, half)
        right = self._half(line, line.right, "right", row.section, self.room - 1 - half)
        return (left, right)

    def _half(self, line: Line, side: Side | None, name: str, section: int, width: int) -> Pane:
        lead = " " if name == "left" else ""
        if side is None:
            gutter = Strip([Segment(lead + " " * (self.digits + 4), self.styles.dim)])
            return Pane(gutter, self._empty, self.styles.dim, width=width)
        changed = line.kind != "same"
        sign = (" ", "-", "+")[0 if not changed else 1 if name == "left" else 2]
        base = self._base(sign)
        gutter = Strip(
            [
                Segment(f"{lead} {side.number:>{self.digits}} ", self.styles.number),
                Segment(f"{sign} ", base),
            ]
        )
        ink, overlays = self._line(line, side, sign, section, name)
        return Pane(gutter, ink, base, overlays, width)

    def _unified(self, line: Line, section: int) -> Pane:
        sign = {"removed": "-", "added": "+"}.get(line.kind, " ")
        side = line.left if line.kind == "removed" else line.right or line.left
        assert side is not None
        base = self._base(sign)
        old = f"{line.left.number:>{self.digits}}" if line.left else " " * self.digits
        new = f"{line.right.number:>{self.digits}}" if line.right else " " * self.digits
        gutter = Strip([Segment(f" {old} {new} ", self.styles.number), Segment(f"{sign} ", base)])
        name = "left" if line.kind == "removed" else "right"
        ink, overlays = self._line(line, side, sign, section, name)
        return Pane(gutter, ink, base, overlays)

    def _line(
        self, line: Line, side: Side, sign: str, section: int, name: str
    ) -> tuple[Ink, list[Overlay]]:
        text, size = side.text, len(side.text)
        overlays = list(self.colours(section, name, side.number))
        word = self.styles.removed_word if sign == "-" else self.styles.added_word
        overlays += [Overlay(start, min(end, size), word) for start, end in side.marks]
        if side.show_ending:
            text += ENDINGS[side.ending]
            changed = any(end > size for _, end in side.marks)
            overlays.append(Overlay(size, len(text), word if changed else self.styles.looks.quiet))
        return self._ink(text, line.kind != "same"), overlays

    def _base(self, sign: str) -> Style:
        return {"-": self.styles.removed, "+": self.styles.added}.get(sign, self.styles.text)

    # ------------------------------------------------------------------ everything else

    def _other(self, row: rows.Row) -> Pane:
        styles = self.styles
        if isinstance(row, rows.FoldRow):
            return self._rule(f" {row.fold.count:,} unchanged ")
        if isinstance(row, rows.FieldFoldRow):
            return self._rule(f" {row.count:,} unchanged ")
        if isinstance(row, rows.FieldRow):
            return self._field(row)
        if isinstance(row, rows.ValueRow):
            base = self._base(row.op)
            return Pane(Strip([Segment(f"   {row.op} ", base)]), Ink(row.text, tabs=True), base)
        if isinstance(row, rows.CellsRow):
            return self._cells(row)
        if isinstance(row, rows.EntryRow):
            sign = _SIGNS[row.entry.kind]
            base = self._base(sign)
            return Pane(Strip([Segment(f" {sign} ", base)]), Ink(row.entry.text), base)
        if isinstance(row, rows.FactRow):
            return self._fact(row)
        if isinstance(row, rows.BytesRow):
            return self._bytes(row)
        if isinstance(row, rows.HeadRow):
            counts = row.section.body.counts
            text = row.section.name.replace("_", " ")
            more = [f"+{counts.added:,}"] * bool(counts.added)
            more += [f"-{counts.removed:,}"] * bool(counts.removed)
            more += [f"~{counts.changed:,}"] * bool(counts.changed)
            said = "  ".join([text, *more]) if more else f"{text}  unchanged"
            return self._said(said, styles.head)
        if isinstance(row, rows.ColumnsRow):
            return self._columns(row)
        if isinstance(row, rows.SaidRow):
            return self._said(row.sentence, styles.dim)
        return self._said("", styles.text)

    def _said(self, text: str, style: Style) -> Pane:
        return Pane(Strip([Segment(" ", style)]), Ink(text), style)

    def _rule(self, said: str) -> Pane:
        width = max(0, self.room - 2 - len(said))
        left = min(width // 2, 24)
        text = "╌" * left + said + "╌" * (width - left)
        return Pane(Strip([Segment("  ", self.styles.fold)]), Ink(text), self.styles.fold)

    def _fact(self, row: rows.FactRow) -> Pane:
        fact, styles = row.fact, self.styles
        mark = "⚑" if fact.alert else "~" if fact.before != fact.after else "·"
        style = styles.alert if fact.alert else styles.dim
        pieces: list[tuple[str, Style]] = [(fact.sentence, style)]
        if fact.before is not None or fact.after is not None:
            pieces.append(("  ", styles.text))
            before = "∅" if fact.before is None else fact.before
            after = "∅" if fact.after is None else fact.after
            if fact.before == fact.after:
                pieces.append((after, styles.text))
            else:
                pieces += [(before, styles.removed), (" → ", styles.dim), (after, styles.added)]
        return self._pieces(f" {mark} ", style, pieces)

    def _pieces(self, gutter: str, style: Style, pieces: list[tuple[str, Style]]) -> Pane:
        text, overlays = "", []
        for piece, own in pieces:
            overlays.append(Overlay(len(text), len(text) + len(piece), own))
            text += piece
        return Pane(
            Strip([Segment(gutter, style)]), Ink(text, tabs=True), self.styles.text, overlays
        )

    def _field(self, row: rows.FieldRow) -> Pane:
        change, styles = row.change, self.styles
        sign, path = _SIGNS[change.op], rows.path_text(change)
        pieces = [(path + " " * max(0, row.pad - cell_len(path)), styles.path), ("  ", styles.text)]
        if change.op == "same":
            pieces = [(piece, styles.dim) for piece, _ in pieces]
        if row.short:
            before, after = rows.value_text(change.before), rows.value_text(change.after)
            if change.op in ("same", "moved"):
                pieces.append((after, styles.dim))
            else:
                pieces += [
                    (before, styles.dim if before == "∅" else styles.removed),
                    (" → ", styles.dim),
                    (after, styles.dim if after == "∅" else styles.added),
                ]
        return self._pieces(f" {sign} ", styles.dim, pieces)

    def _columns(self, row: rows.ColumnsRow) -> Pane:
        text = "  ".join(
            f"{name}{' ' * max(0, width - cell_len(name))}"
            for name, width in zip(row.names, row.widths, strict=True)
        )
        return Pane(Strip([Segment("   ", self.styles.head)]), Ink(text), self.styles.head)

    def _cells(self, row: rows.CellsRow) -> Pane:
        sign = _ROW_SIGNS[row.change.kind]
        base = self._base(sign)
        pieces: list[tuple[str, Style]] = []
        for cell, width in zip(row.cells, row.widths, strict=True):
            text = "" if cell is None else rows.cell_text(cell)
            changed = cell is not None and cell.changed and sign == "~"
            pieces.append((text, self.styles.added_word if changed else base))
            pieces.append((" " * max(2, width - cell_len(text) + 2), base))
        return self._pieces(f" {sign} ", base, pieces)

    def _bytes(self, row: rows.BytesRow) -> Pane:
        styles, bytes_row = self.styles, row.row
        pieces: list[tuple[str, Style]] = []
        for offset, raw, style in (
            (bytes_row.before_offset, bytes_row.before, styles.removed),
            (bytes_row.after_offset, bytes_row.after, styles.added),
        ):
            readable = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in raw)
            text = f"{offset:08x}  {raw.hex(' '):<47}  {readable:<16}" if raw else " " * 75
            pieces += [(text, style if raw else styles.dim), ("   ", styles.text)]
        return self._pieces(" ~ ", styles.text, pieces)


def _blank_like(gutter: Strip) -> Strip:
    segments = list(gutter)
    style = segments[-1].style if segments else None
    return Strip([Segment(" " * gutter.cell_length, style)], gutter.cell_length)
