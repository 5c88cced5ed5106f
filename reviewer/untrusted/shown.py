"""What is shown of a text: every hidden character made visible, nothing left out.

An ordinary text is shown as it is.  In any other text
- controls are shown as `^[`, everything else without ink as `⟨U+202E⟩`: C1 controls, bidirectional
  controls, zero-width and tag characters, fillers, private and unassigned code points, surrogates;
- ZWNJ and ZWJ between letters of scripts that spell with them, and ZWJ within an emoji sequence,
  are shown as `¦` and `⁀`; anywhere else (Latin words, code, identifiers) by their number.  An
  emoji's variation selector is shown as `ᵛ` (or `ᵗ`).  None of them reaches the terminal itself,
  because terminals disagree about the width of what they join;
- a flag is shown by its letters, `⟨DE⟩`: of regional indicators, too, the width is in dispute;
- blanks that are not the space have glyphs: no-break `⍽`, narrow no-break `⎵`, ideographic `␣␣`;
- a combining mark without a base sits on `◌`, and marks beyond the sixth are shown by number, so
  that none can climb into other lines.

Letters written from right to left are passed on as they are, in logical order, and no invisible
isolates are put around them: most terminals draw cells from left to right.  A terminal that
reorders by itself would also move the neutral cells and digits beside such letters; the desk asks
those terminals not to (see `reviewer.tui.guard`).

Terminals agree about the width of everything that comes out, but for the spacing vowel signs of
Indic scripts, which some give a cell of their own.

Literal text such as `⟨U+202E⟩` or `^[` is shown unchanged, so plain output cannot tell it from a
made-visible character; in `show` only the latter is styled.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from rich.cells import cell_len

from .characters import (
    BLANKS,
    CIRCLE,
    JOINERS,
    MAX_MARKS,
    NEWLINE_GLYPH,
    SELECTORS,
    TAB_GLYPH,
    Kind,
    code,
    indicator,
    is_base,
    is_hangul,
    joiner_fits,
    kind,
    ordinary,
    selector_fits,
    suspects,
)

Newlines = Literal["keep", "show"]
Tabs = Literal["expand", "show"]
TAB = 4
SHORT = 256
"""Characters of a line up to which all beyond ASCII are looked at one by one.

It needs no tables: to make those would hold up the first paint.
"""
_BEYOND = re.compile("[^ -~]+")
_ASCII_SUSPECT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Piece(NamedTuple):
    """A stretch of source, by offsets in characters, and what is shown of it.

    `kind` is `text` (as it is, or a tab's spaces), `quiet` (a glyph for a blank, tab, newline or
    legitimate joiner) or `hidden` (a character that would not have been seen, or not here).
    """

    start: int
    end: int
    shown: str
    kind: Literal["text", "quiet", "hidden"] = "text"

    @property
    def flagged(self) -> bool:
        """Whether something else is shown than what stands in the source."""
        return self.kind != "text"


@dataclass(frozen=True)
class Shown:
    """A text as it is shown, and the way between its offsets and the source's."""

    pieces: tuple[Piece, ...]

    @cached_property
    def text(self) -> str:
        """All that is shown."""
        return "".join(piece.shown for piece in self.pieces)

    @cached_property
    def _sources(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    @cached_property
    def _offsets(self) -> list[int]:
        offsets, total = [], 0
        for piece in self.pieces:
            offsets.append(total)
            total += len(piece.shown)
        return offsets

    def at(self, source: int) -> int:
        """The offset in `text` of what is shown of the source's character at `source`.

        The source's length maps to the length of `text`, so a span maps by its two ends.
        """
        index = bisect_right(self._sources, source) - 1
        if index < 0:
            return 0
        piece = self.pieces[index]
        if source >= piece.end:
            return self._offsets[index] + len(piece.shown)
        inside = source - piece.start
        return self._offsets[index] + (inside if len(piece.shown) == piece.end - piece.start else 0)

    def source(self, offset: int) -> int:
        """The source's character that is shown at `offset` of `text`."""
        index = bisect_right(self._offsets, offset) - 1
        if index < 0:
            return 0
        piece = self.pieces[index]
        inside = offset - self._offsets[index]
        if len(piece.shown) == piece.end - piece.start:
            return piece.start + inside
        return piece.start if inside < len(piece.shown) else piece.end

    def column(self, source: int) -> int:
        """The cell, counted from 0, where the source's character at `source` begins (one line)."""
        return cell_len(self.text[: self.at(source)])


def visible(
    text: str, *, newlines: Newlines = "keep", tabs: Tabs = "expand", tab: int = TAB
) -> str:
    """The text with every hidden character made visible; tabs stop every `tab` cells.

    The result holds printable characters only and, where newlines are kept, LF; showing it again
    changes nothing.
    """
    if newlines == "keep" and text.isascii() and not _ASCII_SUSPECT.search(text):
        if "\t" not in text:
            return text
        if tabs == "expand":
            return text.expandtabs(tab)
    if newlines == "keep" and not text.isascii() and ordinary(text):
        return text
    return "".join(piece.shown for piece in _pieces(text, newlines, tabs, tab))


plain = visible


def lay_out(
    text: str, *, newlines: Newlines = "keep", tabs: Tabs = "expand", tab: int = TAB
) -> Shown:
    """The text as it is shown, with the mapping that word marks and syntax colours need."""
    return Shown(pieces(text, newlines=newlines, tabs=tabs, tab=tab))


def pieces(
    text: str, *, newlines: Newlines = "keep", tabs: Tabs = "expand", tab: int = TAB
) -> tuple[Piece, ...]:
    """The pieces of which the shown text is made; together they cover the source without a gap."""
    return tuple(_pieces(text, newlines, tabs, tab))


def one_line(text: str, limit: int | None = None) -> str:
    """The text on one line for a title or cell, at most `limit` cells wide.

    Newlines are shown as `↵`, tabs as `⇥`; where something was cut the line ends in `…`.
    """
    return "".join(piece.shown for piece in line_pieces(text, limit))


def line_pieces(text: str, limit: int | None = None) -> tuple[Piece, ...]:
    """The pieces of `one_line`; the ellipsis is a piece of its own, and names are never cut."""
    if limit is None:
        return tuple(_pieces(text, "show", "show", 1))
    if limit <= 0:
        return ()
    # A base carries at most so many marks: this much source overfills the line, or is all there is.
    head = text[: (limit + 1) * (MAX_MARKS + 1) + 1]
    every = tuple(_pieces(head, "show", "show", 1, _BEYOND if len(head) <= SHORT else None))
    if sum(cell_len(piece.shown) for piece in every) <= limit:
        return every
    kept, room = [], limit - 1
    for piece in every:
        width = cell_len(piece.shown)
        if width > room:
            fits = _fitting(piece.shown, room) if piece.kind == "text" else 0
            if fits:
                kept.append(Piece(piece.start, piece.start + fits, piece.shown[:fits]))
            break
        kept.append(piece)
        room -= width
    return (*kept, Piece(kept[-1].end if kept else 0, len(text), "…", "quiet"))


def _fitting(text: str, room: int) -> int:
    """How many leading characters fit into `room` cells, never parting a mark from its base."""
    total = 0
    for index, char in enumerate(text):
        total += cell_len(char)
        if total > room:
            return index
    return len(text)


def _pieces(
    text: str, newlines: Newlines, tabs: Tabs, tab: int, looked: re.Pattern[str] | None = None
) -> Iterator[Piece]:
    """Walks over the suspects, or over all that is `looked` for, which is more than those.

    `ink` is where the stretch began that is shown as it is, `seat` the character shown last if it
    was shown as it is, `marks` how many marks it carries.
    """
    if text.isascii() and text.isprintable():
        # the most common text needs no table; making the tables would hold up the first paint
        if text:
            yield Piece(0, len(text), text)
        return
    measured = "\t" in text
    ink = column = 0
    for run in (looked or suspects(newlines == "show")).finditer(text):
        at, stop = run.span()
        seat, marks, half = text[at - 1 : at] if at else "", 0, False
        for index in range(at, stop):
            char = text[index]
            what = kind(char)
            marks = marks + 1 if what in (Kind.MARK, Kind.VOWEL) else 0
            if what is Kind.PLAIN or (marks and _seated(what, seat, marks)):
                seat = char
                continue
            if ink < index:
                yield Piece(ink, index, text[ink:index])
            if measured:
                column = _advanced(column, text[ink:index])
            if what is Kind.TAB:
                piece = _tab(index, tab - column % tab, tabs)
            elif what is Kind.INDICATOR:
                piece = _indicator(text, index, half)
                half = piece.shown.startswith("⟨") and len(piece.shown) == 2
            else:
                piece = _special(text, index, what, marks)
            yield piece
            seat = char if piece.shown[0] == CIRCLE else ""
            if measured:
                column = _advanced(column, piece.shown)
            ink = index + 1
    if ink < len(text):
        yield Piece(ink, len(text), text[ink:])


def _advanced(column: int, shown: str) -> int:
    """The cell that is reached from `column` after this."""
    newline = shown.rfind("\n")
    return cell_len(shown[newline + 1 :]) if newline >= 0 else column + cell_len(shown)


def _seated(what: Kind, seat: str, marks: int) -> bool:
    """Whether a mark may be shown as it is on what stands before it."""
    if marks > MAX_MARKS:
        return False
    return is_hangul(seat) if what is Kind.VOWEL else is_base(seat)


def _tab(at: int, width: int, tabs: Tabs) -> Piece:
    if tabs == "expand":
        return Piece(at, at + 1, " " * width)
    return Piece(at, at + 1, TAB_GLYPH + " " * (width - 1), "quiet")


def _indicator(text: str, at: int, half: bool) -> Piece:
    """One letter of a flag; a lone indicator is no flag."""
    if half:
        return Piece(at, at + 1, indicator(text[at]) + "⟩", "quiet")
    if at + 1 < len(text) and kind(text[at + 1]) is Kind.INDICATOR:
        return Piece(at, at + 1, "⟨" + indicator(text[at]), "quiet")
    return Piece(at, at + 1, code(text[at]), "hidden")


def _special(text: str, at: int, what: Kind, marks: int) -> Piece:
    char = text[at]
    if what is Kind.NEWLINE:
        return Piece(at, at + 1, NEWLINE_GLYPH, "quiet")
    if what is Kind.BLANK:
        return Piece(at, at + 1, BLANKS[char], "quiet")
    if what is Kind.JOINER and joiner_fits(text, at):
        return Piece(at, at + 1, JOINERS[char], "quiet")
    if what is Kind.SELECTOR and selector_fits(text, at):
        return Piece(at, at + 1, SELECTORS[char], "quiet")
    if what is Kind.MARK and marks <= MAX_MARKS:
        return Piece(at, at + 1, CIRCLE + char, "hidden")
    return Piece(at, at + 1, code(char), "hidden")
