"""A plot of two numbers over time: bars for now, a ring on each for then; told by shape."""

from __future__ import annotations

from functools import lru_cache

from textual.content import Content

from .plots import EIGHTHS, KEPT, Frame, joined, nice, short


@lru_cache(maxsize=KEPT)
def then_now(
    pairs: tuple[tuple[int, int], ...], labels: tuple[str, ...], width: int, height: int
) -> tuple[Content, ...]:
    """Bars from 0 for the second number of each pair, a ring where the first stands."""
    top = nice(max((max(pair) for pair in pairs), default=0))
    rows = max(1, height - 2)
    ticks = {0: short(top), rows - 1: "0"} if rows > 1 else {0: short(top)}
    frame = Frame(width, height, len(pairs), ticks, labels)
    thens = [value or 0.0 for value in frame.fold([float(then) for then, _ in pairs])]
    nows = [value or 0.0 for value in frame.fold([float(now) for _, now in pairs])]
    lines = []
    for row in range(frame.rows):
        foot = frame.rows - 1 - row
        pieces: list[tuple[str, str]] = []
        for index, (then, now) in enumerate(zip(thens, nows, strict=True)):
            eighths = max(round(now / top * frame.rows * 8), 1 if now > 0 else 0)
            glyph = EIGHTHS[max(0, min(8, eighths - foot * 8))]
            at = min(frame.rows - 1, int(then / top * frame.rows)) if then > 0 else -1
            if at == foot:
                pieces.append((frame.dot(index, "○"), "bold $text-warning"))
            else:
                pieces.append((frame.cell(index, glyph), "$primary"))
        lines.append(joined(pieces))
    return tuple(frame.lines(lines))
