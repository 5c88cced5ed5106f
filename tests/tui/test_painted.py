"""What is written of a frame makes that frame, on terminals that disagree about widths too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from reviewer.tui.frame import BROAD, Changes
from reviewer.tui.painted import Painted
from tests.support.terminal import leaks

FIELD, FIELDS = 4, 3
SEAM, WIDTH = FIELD * FIELDS, 2 * FIELD * FIELDS
STYLES = (None, Style(), Style(bold=True), Style(color="#ff0000", bgcolor="#000000"))
ASCII = "abc 019"
ALONE = "é■│●…→日本👍ع"
OTHERS = ALONE + "🏽\u0301"
"""Ambiguous, wide, and such as go together with what stands before them."""
TOKEN = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[(\d+)C|\x1b\[([\d;]*)m|([^\x1b]+)")

Line = list[Segment]
Frame = list[tuple[Line, Line]]
Cell = tuple[str, str]
BLANK: Cell = (" ", "")


class Model:
    """A terminal that gives each character that is not ASCII the cells that it likes.

    Of one that is too wide for the end of a line it shows nothing there.
    """

    def __init__(self, lines: int, width_of: Callable[[str], int]) -> None:
        self.width_of = width_of
        self.rows: list[list[Cell]] = [[BLANK] * WIDTH for _ in range(lines)]

    def write(self, data: str) -> None:
        """Takes what is written; a line that is full takes nothing more."""
        x = y = 0
        look = ""
        for token in TOKEN.finditer(data):
            line, column, onward, sgr, text = token.groups()
            if line:
                x, y = int(column) - 1, int(line) - 1
            elif onward:
                x += int(onward)
            elif text is None:
                look = "" if sgr == "0" else sgr
            for char in text or "":
                width = 1 if char.isascii() else self.width_of(char)
                if width and x + width <= WIDTH:
                    self._put(x, y, width, char, look)
                elif width == 2 and x + 1 == WIDTH:
                    self._put(x, y, 1, " ", look)
                x += width
        assert not look, "no style may go on after a frame"

    def _put(self, x: int, y: int, width: int, char: str, look: str) -> None:
        row = self.rows[y]
        for at in (x, x + width - 1):  # half of a wide character is none
            if row[at][0] == "":
                self._blank(row, at)
        if x + width < WIDTH and row[x + width][0] == "":
            row[x + width] = BLANK
        row[x] = (char, look)
        if width == 2:
            row[x + 1] = ("", look)

    def _blank(self, row: list[Cell], at: int) -> None:
        row[at] = row[at - 1] = BLANK


def fields(letters: str) -> st.SearchStrategy[Segment]:
    """A text in exactly four cells; often the same one again."""

    def fit(text: str, style: Style | None) -> Segment:
        while cell_len(text) > FIELD:
            text = text[:-1]
        return Segment(text + " " * (FIELD - cell_len(text)), style)

    end = st.sampled_from(letters).map(lambda char: "ab " + char)
    texts = st.sampled_from(("    ", "abc ", "abcd")) | st.text(letters, max_size=4) | end
    return st.builds(fit, texts, st.sampled_from(STYLES))


def frames(letters: str) -> st.SearchStrategy[list[Frame]]:
    """Frames of lines, each with a part on either side of a seam; one differs a little or a lot
    from the one before.
    """
    field = fields(letters)
    part = st.lists(field, min_size=FIELDS, max_size=FIELDS)
    edits = st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, FIELDS - 1), field),
        min_size=1, max_size=4,
    )  # fmt: skip

    def made(first: Frame, steps: list[list[tuple[int, int, int, Segment]]]) -> list[Frame]:
        found = [first]
        for step in steps:
            frame = [(left.copy(), right.copy()) for left, right in found[-1]]
            for y, side, at, segment in step:
                frame[y][side][at] = segment
            found.append(frame)
        return found

    first = st.lists(st.tuples(part, part), min_size=2, max_size=2)
    return st.builds(made, first, st.lists(edits, min_size=1, max_size=5))


def painted() -> Painted:
    return Painted(lambda strip: strip, ColorSystem.TRUECOLOR)


def whole(frame: Frame) -> LayoutUpdate:
    lines: list[Iterable[Strip]] = [[Strip(part) for part in line] for line in frame]
    return LayoutUpdate(lines, Region(0, 0, WIDTH, len(frame)))


def changed(frame: Frame, spans: list[tuple[int, int, int]], seam: int = SEAM) -> ChopsUpdate:
    """What Textual asks to draw; where its widgets are cut may be elsewhere than before."""
    chops = []
    for left, right in frame:
        one, other = Strip([*left, *right]).divide([seam, WIDTH])
        chops.append({0: one, seam: other})
    return ChopsUpdate(chops, spans, [[seam, WIDTH]] * len(frame))


def sent(changes: Changes) -> str:
    return changes.render_segments(Console())


def everywhere(frame: Sequence[Any]) -> list[tuple[int, int, int]]:
    return [(y, 0, WIDTH) for y in range(len(frame))]


def shown(frame: Frame) -> list[list[tuple[str, str]]]:
    """What may stand in each cell of a frame, and its look."""
    rows = []
    for line in frame:
        row: list[tuple[str, str]] = []
        for text, style, _ in (segment for part in line for segment in part):
            look = Strip.render_ansi(style, ColorSystem.TRUECOLOR) if style else ""
            plain = text.isascii()
            row += [(text[n] if plain else f"{text} ", look) for n in range(cell_len(text))]
        rows.append(row)
    return rows


@given(frames(ASCII + OTHERS), st.data())
def test_every_ascii_cell_stands_where_it_should_whatever_width_others_have(
    drawn: list[Frame], data: st.DataObject
) -> None:
    widths: dict[str, int] = {}

    def width_of(char: str) -> int:
        if char not in widths:
            widths[char] = data.draw(st.integers(1 if BROAD.fullmatch(char) else 0, 2))
        return widths[char]

    screen, known = Model(2, width_of), painted()
    screen.write(sent(known.whole(whole(drawn[0]))))
    for frame in drawn[1:]:
        update = changed(frame, everywhere(frame))
        every = data.draw(st.booleans())
        written = sent(known.whole(whole(frame)) if every else known.changed(update))
        assert leaks(written.encode()) == []
        screen.write(written)
        for row, line in zip(screen.rows, shown(frame), strict=True):
            for (char, look), (possible, wanted) in zip(row, line, strict=True):
                assert char in possible
                assert look == wanted or len(possible) > 1


@given(frames(ASCII + "é■│"), st.data())
def test_the_terminal_shows_the_frame_cell_by_cell(drawn: list[Frame], data: st.DataObject) -> None:
    screen, known = Model(2, lambda _: 1), painted()
    now = list(drawn[0])
    screen.write(sent(known.whole(whole(now))))
    for frame in drawn[1:]:
        y, side = data.draw(st.integers(0, 1)), data.draw(st.integers(0, 2))
        left, right = frame[y]
        now[y] = (now[y][0] if side == 1 else left, right if side else now[y][1])
        seam = data.draw(st.sampled_from((SEAM, SEAM, SEAM - FIELD, SEAM + 1)))
        span = [(0, SEAM), (SEAM, WIDTH), (0, WIDTH)][side]
        update = changed(now, [(y, *span)], seam)
        every = data.draw(st.booleans())
        screen.write(sent(known.whole(whole(now)) if every else known.changed(update)))
        fresh = Model(2, lambda _: 1)
        fresh.write(sent(painted().whole(whole(now))))
        assert screen.rows == fresh.rows


@given(frames(ASCII + ALONE))
def test_what_stands_there_is_not_written_again(drawn: list[Frame]) -> None:
    known = painted()
    known.whole(whole(drawn[0]))
    for before, after in pairwise(drawn):
        assert known.changed(changed(before, everywhere(before))).runs == []
        assert known.whole(whole(before)).runs == []
        known.changed(changed(after, everywhere(after)))


def test_of_a_number_that_is_another_only_the_digits_are_written() -> None:
    def frame(amount: str) -> Frame:
        bold = Style(bold=True)
        left = [Segment("■ ", bold), Segment(f"pay {amount}  ")]
        return [(left, [Segment("│ the same  ")])]

    known = painted()
    known.whole(whole(frame("1200")))
    changes = known.changed(changed(frame("1350"), everywhere([0])))
    assert sent(changes) == "\x1b[1;8H35"


def test_a_mark_on_the_cell_before_it_goes_when_it_is_gone() -> None:
    def frame(mark: str) -> Frame:
        return [([Segment("pay 5"), Segment(mark), Segment(" EUR   ")], [Segment("b" * SEAM)])]

    known = painted()
    known.whole(whole(frame("\u0336")))
    assert "pay 5" in sent(known.changed(changed(frame(""), everywhere([0]))))
    data = sent(painted().whole(whole(frame("\u0336"))))
    assert data.index("pay 5") < data.index("\u0336"), "else it goes onto what stood there before"


def test_what_others_wrote_over_is_written_whole() -> None:
    frame: Frame = [([Segment("a" * SEAM)], [Segment("b" * SEAM)])]
    known = painted()
    known.whole(whole(frame))
    known.forget()
    assert sent(known.changed(changed(frame, everywhere(frame)))) == (
        f"\x1b[1;1H{'a' * SEAM}{'b' * SEAM}"
    )


def test_a_whole_screen_is_whole_where_only_a_part_of_a_line_is_known() -> None:
    frame: Frame = [([Segment("a" * SEAM)], [Segment("b" * SEAM)])]
    known = painted()
    known.changed(changed(frame, [(0, 0, SEAM)]))
    assert "b" * SEAM in sent(known.whole(whole(frame)))


def test_a_style_is_told_once_for_all_the_texts_that_have_it() -> None:
    def frame(number: int) -> Frame:
        quiet, bold = Style(color="#868d95"), Style(bold=True)
        return [
            ([Segment(f"{number}", bold), Segment(f"  row {number:>4} ", quiet)],
             [Segment("│", quiet), Segment(f"{number:>11}", bold)])
            for number in range(number, number + 3)
        ]  # fmt: skip

    known = painted()
    known.whole(whole(frame(0)))
    data = sent(known.changed(changed(frame(5), everywhere(range(3)))))
    assert len(re.findall(r"\x1b\[[\d;]+m", data.replace("\x1b[0m", ""))) == 2
    assert "\x1b[22C" in data, "to another number in the same line it is not far"
    model = Model(3, cell_len)
    model.write(sent(painted().whole(whole(frame(0)))) + data)
    assert ["".join(char for char, _ in row).rstrip() for row in model.rows] == [
        f"{number}  row {number:>4} │{number:>11}" for number in range(5, 8)
    ]


def test_a_style_is_told_once_for_texts_that_are_not_ascii_as_well() -> None:
    rule = Style(color="#868d95")
    frame: Frame = [([Segment("abc ")], [Segment("│", rule), Segment("┃", rule)]) for _ in range(3)]
    data = sent(painted().whole(whole(frame)))
    assert len(re.findall(r"\x1b\[[\d;]+m", data.replace("\x1b[0m", ""))) == 1
    assert leaks(data.encode()) == []


def test_a_step_through_a_list_writes_a_fraction_of_what_textual_writes() -> None:
    quiet, bold = Style(color="#868d95", bgcolor="#14181d"), Style(bold=True, bgcolor="#14181d")

    def frame(top: int) -> ChopsUpdate:
        rows = [
            Strip(
                [
                    Segment(" ■ high ", bold), Segment("0:12 ", bold),
                    Segment(f"agent-{n % 7:<4}", quiet), Segment(f"Refund order {n:<20}", bold),
                    Segment(f"reason-{n * 7 % 11:<10}", quiet), Segment("│", quiet),
                ]
            )
            for n in range(top, top + 40)
        ]  # fmt: skip
        width = rows[0].cell_length
        spans = [(y, 0, width) for y in range(40)]
        return ChopsUpdate([{0: row} for row in rows], spans, [[width]] * 40)

    known, console = painted(), Console(color_system="truecolor")
    known.changed(frame(100))
    theirs = len(frame(101).render_segments(console))
    assert 0 < len(sent(known.changed(frame(101)))) < theirs / 2
