"""What was written piece by piece is what a whole repaint shows, through a real terminal."""

from __future__ import annotations

import re
import zlib
from os import environ
from pathlib import Path

from tests.support.hostile import TYPES, naughty
from tests.support.terminal import Terminal

from .hostile_queue import documents, fill, furnish
from .hostile_walk import ESC, PROGRAM, Walk

SEED = zlib.crc32(environ.get("REVIEWER_TEST_SEED", "").encode()) % 10_000
REPAINT = "\x12"
TIMES = re.compile(r"\d+ (?:s|min|h)\b|\d+:\d\d|\d+\.\ds|\d+ +│")


def cells(terminal: Terminal) -> list[tuple[str, list[tuple[object, ...]]]]:
    """The text of each line, without times and the counts of tabs, and the look of its cells."""
    rows = []
    for y, text in enumerate(terminal.screen.display):
        row = terminal.screen.buffer[y]
        looks = [tuple(row[x][1:]) for x in range(terminal.screen.columns)]
        rows.append((TIMES.sub("#", text), looks))
    return rows


def same_when_repainted(walk: Walk) -> None:
    """Fails where the screen is not what it is when all of it is written anew."""
    walk.terminal.settle(0.4)
    before, written = cells(walk.terminal), len(walk.terminal.raw)
    walk.keys(REPAINT)
    walk.terminal.settle(0.4)
    columns, rows = walk.terminal.screen.columns, walk.terminal.screen.lines
    assert len(walk.terminal.raw) - written > columns * rows, "nothing was painted anew"
    for line, (old, new) in enumerate(zip(before, cells(walk.terminal), strict=True)):
        assert old == new, f"line {line} was\n{old[0]}\nand is\n{new[0]}"


def test_hostile_texts_drawn_piece_by_piece_stand_as_if_drawn_at_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    naughty()
    furnish(home, SEED)
    fill(home, documents(range(SEED, SEED + 64), shared=True))
    print(f"REVIEWER_TEST_SEED {environ.get('REVIEWER_TEST_SEED', '')!r}: {SEED}")
    with Walk(home, (120, 40), SEED, PROGRAM) as walk:
        walk.start()
        for keys in ("jjjj", "kk", "G", "kkkjjj", "\x15", "g", "jjjjj JJ", "v jjj", ESC, "ll", "h"):
            walk.keys(*keys)
            same_when_repainted(walk)
        walk.keys("2")
        for kind in TYPES[SEED % 2 :: 2]:
            walk.open_kind(kind)
            for keys in ("jjjj", "nn", "\x04", "N", "kk"):
                walk.keys(*keys)
            same_when_repainted(walk)
            walk.home_again()
            same_when_repainted(walk)
        assert walk.leave() == 0
