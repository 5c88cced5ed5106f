"""What stands on the terminal, so that a frame writes the cells that changed and no others.

Textual writes every line of a widget that has to be drawn again, 20 KB for one step through a list
that scrolls.  Over a slow line, and in a slow terminal, that is most of what a key costs; most of
the cells are the same as before.

Terminals disagree about the width of characters that are not ASCII (UAX #11 "ambiguous", new
emoji).  A change put between cells that stand elsewhere than thought would make a text that
nobody wrote, as a sum of money with a digit too many.  So the cursor is placed anew after each
text that is not ASCII, what such a text may have run over is written again, and where it may be
narrower than thought its cells are blanked first: everything else stands where it should.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from .frame import Changes, Run, marks, reach, sgr

NOTHING = Segment("")
UNKNOWN = "\0"
"""Stands for a cell of which nothing is known but that it is there."""


class Part(NamedTuple):
    """A part of a line as it stands there: the column after it, and the strip, raw and clean."""

    end: int
    raw: Strip
    clean: Strip


class Painted:
    """The lines of the terminal as far as they are known; what is drawn is cleaned by `clean`."""

    def __init__(self, clean: Callable[[Strip], Strip], colours: ColorSystem) -> None:
        self._clean, self._colours = clean, colours
        self._lines: dict[int, dict[int, Part]] = {}

    def forget(self) -> None:
        """Something else may have written there: nothing is known any more."""
        self._lines.clear()

    def whole(self, update: LayoutUpdate) -> Changes:
        """What differs in the whole screen, its lines divided elsewhere maybe; remembers it."""
        runs: list[Run] = []
        for y, line in enumerate(update.strips, update.region.y):
            begin = x = update.region.x
            segments: list[Segment] = []
            before = self._lines.get(y, {})
            known: dict[int, Part] = {}
            for raw in line:
                strip = self._clean(raw)
                segments += strip._segments
                _note(known, x, Part(x + strip.cell_length, raw, strip))
                x += strip.cell_length
            self._lines[y] = known
            differ = differences(_line(before, begin), segments, self._colours)
            runs += (Run(begin + at, y, found) for at, found in differ)
        return Changes(runs, self._colours)

    def changed(self, update: ChopsUpdate) -> Changes:
        """What differs in these parts of the screen; remembers them."""
        runs: list[Run] = []
        for y, x1, x2 in update.spans:
            known = self._lines.setdefault(y, {})
            ends = update.chop_ends[y]
            for end, (x, raw) in zip(ends, update.chops[y].items(), strict=False):
                if raw is None or x >= x2 or end <= x1:
                    continue
                old = known.get(x)
                if old is not None and old.raw is raw:
                    continue
                strip = self._clean(raw)
                if old is None or old.end != end:
                    _drop(known, x, end)
                    found = [Run(x, y, strip._segments)]
                else:
                    before, after = old.clean._segments, strip._segments
                    differ = differences(before, after, self._colours)
                    found = [Run(x + at, y, segments) for at, segments in differ]
                _note(known, x, Part(end, raw, strip))
                runs += found
                runs += _overrun(known, y, end, max((run.reach for run in found), default=0))
        return Changes(runs, self._colours)


def differences(
    old: Sequence[Segment], new: Sequence[Segment], colours: ColorSystem
) -> list[tuple[int, list[Segment]]]:
    """The runs in which a line is another one now, each with the cell at which it begins.

    The line of before may be known up to some cell only.
    """
    flat, stretches, units = _flat(old)
    runs = _Runs()
    at = until = spoiled = 0
    was: Style | None = None
    for segment in new:
        text, style, _ = segment
        if not text.isascii():
            unit, width = units.get(at), cell_len(text)
            text_before, style_before, _ = unit or NOTHING
            other = text_before != text or _other(style, style_before, colours)
            if other or at < spoiled:
                runs.add(at, width, segment)
                spoiled = max(spoiled, reach(at, text))
            at += width
            continue
        begin, stop = at, at + len(text)
        while at < stop:
            while until <= at:
                until, was = next(stretches, (stop, None))
            end = min(stop, until)
            piece = text[at - begin : end - begin]
            first, last = 0, len(piece)
            if at >= spoiled and not _other(style, was, colours):
                first, last = _between(flat[at:end], piece)
            if first < last:
                runs.add(at + first, last - first, Segment(piece[first:last], style))
            at = end
    return runs.found


class _Runs:
    """Runs of segments, those that touch each other as one."""

    def __init__(self) -> None:
        self.found: list[tuple[int, list[Segment]]] = []
        self._end = -1

    def add(self, at: int, width: int, segment: Segment) -> None:
        if at == self._end:
            self.found[-1][1].append(segment)
        else:
            self.found.append((at, [segment]))
        self._end = at + width


def _flat(
    segments: Sequence[Segment],
) -> tuple[str, Iterator[tuple[int, Style | None]], dict[int, Segment]]:
    """A line's cells, where each style ends, and the texts that are not ASCII by their cell."""
    cells: list[str] = []
    ends: list[tuple[int, Style | None]] = []
    units: dict[int, Segment] = {}
    at = 0
    for segment in segments:
        text, style, _ = segment
        if not text.isascii():
            units[at] = segment
            text = UNKNOWN * cell_len(text)
        at += len(text)
        cells.append(text)
        ends.append((at, style))
    return "".join(cells), iter(ends), units


def _between(old: str, new: str) -> tuple[int, int]:
    """Where a text begins to differ from one of the same length and where it has done with it."""
    if old == new:
        return 0, 0
    if len(old) != len(new):
        return 0, len(new)
    first, last = 0, len(new)
    while old[first] == new[first]:
        first += 1
    while old[last - 1] == new[last - 1]:
        last -= 1
    return first, last


def _other(style: Style | None, old: Style | None, colours: ColorSystem) -> bool:
    return style is not old and sgr(style, colours) != sgr(old, colours)


def _line(known: dict[int, Part], x: int) -> list[Segment]:
    """All that stands from a column on, as far as it is known."""
    found: list[Segment] = []
    while x in known:
        found += known[x].clean
        x = known[x].end
    return found


def _note(known: dict[int, Part], x: int, part: Part) -> None:
    """Remembers a part of a line, but for one with a mark that goes onto the cell before it."""
    if any(marks(text) for text, _, _ in part.clean):
        known.pop(x, None)
    else:
        known[x] = part


def _overrun(known: dict[int, Part], y: int, x: int, until: int) -> Iterator[Run]:
    """What stands from a column on, as far as something to the left of it may reach."""
    while x < until and x in known:
        begin, segments = x, []
        for segment in known[begin].clean:
            if x >= until:
                break
            segments.append(segment)
            until = max(until, reach(x, segment.text))
            x += segment.cell_length
        yield Run(begin, y, segments)


def _drop(known: dict[int, Part], x: int, end: int) -> None:
    """Nothing is known any more of what lies between two columns."""
    for start in [start for start, part in known.items() if start < end and part.end > x]:
        del known[start]
