"""The diff as it is drawn: nothing that changed is missing from it, however it is laid out."""

from __future__ import annotations

import re
import threading
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.app import App, ComposeResult

from reviewer.diff import diff_write, line_diff
from reviewer.diff.model import Section, WriteDiff
from reviewer.domain.artifact import parse
from reviewer.tui.widgets.diff_draw import Painter, Styles
from reviewer.tui.widgets.diff_layout import BLOCKS_AT_ONCE
from reviewer.tui.widgets.diff_rows import DiffRows, FoldRow, Options, dotted
from reviewer.tui.widgets.diff_view import DiffView
from reviewer.tui.widgets.ink import CHUNK, Ink, Looks
from reviewer.untrusted import visible

from ..support.hostile import hostile_artifact

PLAIN = Style()
STYLES = Styles(**dict.fromkeys(
    ["text", "dim", "number", "added", "removed", "added_word", "removed_word", "fold", "head",
     "alert", "path"], PLAIN), looks=Looks(PLAIN, PLAIN))  # fmt: skip
alphabet = st.sampled_from("ab \t\r\n\u200b\u202e日e\u0301é⟨") | st.characters(
    exclude_categories=["Cs"]
)
lines = st.lists(st.text(alphabet, max_size=12), max_size=8).map("\n".join)


def painter(room: int, split: bool) -> Painter:
    return Painter(STYLES, room, 3, split, lambda *_: ())


def text_diff(left: str, right: str) -> WriteDiff:
    return WriteDiff("document", "t", "before", (), (Section("text", line_diff(left, right)),))


def drawn(diff: WriteDiff, room: int, *, split: bool, wrapped: bool) -> list[str]:
    """Every line of the screen, with everything scrolled through."""
    paint = painter(room, split)
    found = []
    for row in DiffRows(diff, Options(split, None)):
        panes = paint.panes(row)
        if wrapped:
            height = max(pane.height(room) for pane in panes)
            found += [paint.strip(panes, 0, part).text for part in range(height)]
        else:
            width = max(pane.ink.width for pane in panes) + 1
            steps = range(0, width, max(1, min(pane.text_width(room) for pane in panes) - 1))
            found.append("".join(paint.strip(panes, x, None).text for x in steps))
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(lines, lines)
def test_every_changed_character_is_drawn(left: str, right: str) -> None:
    diff = text_diff(left, right)
    body = diff.sections[0].body
    for split in (False, True):
        rows = "".join(drawn(diff, 4000, split=split, wrapped=False))
        for block in body.blocks:  # type: ignore[union-attr]
            if block.kind == "same":
                continue
            for line in (
                *body.left[block.left_start : block.left_end],  # type: ignore[union-attr]
                *body.right[block.right_start : block.right_end],  # type: ignore[union-attr]
            ):
                text = line.rstrip("\r\n") if line.endswith(("\n", "\r")) else line
                assert squeezed(visible(text, newlines="show", tabs="show")) in squeezed(rows)


@given(lines, lines)
def test_a_changed_line_end_is_drawn(left: str, right: str) -> None:
    rows = "\n".join(drawn(text_diff(left + "\r\n", left + "\n"), 200, split=False, wrapped=False))
    assert "␍␊" in rows
    rows = "\n".join(drawn(text_diff(right + "x\n", right + "x"), 200, split=True, wrapped=False))
    assert "␊" in rows  # the side that has one shows it; a fact says that the other has none


@given(st.text(alphabet, max_size=60), st.integers(2, 30))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    ink = Ink(text)
    whole = ink.strip(0, ink.width, PLAIN, (), STYLES.looks).text
    assert squeezed(whole) == squeezed(visible(text, newlines="show"))
    for words in (False, True):
        breaks = [*ink.breaks(width, words=words), ink.width]
        parts = [
            ink.strip(start, stop, PLAIN, (), STYLES.looks).text for start, stop in pairwise(breaks)
        ]
        assert "".join(parts) == whole
        assert all(cell_len(part.rstrip(" ")) <= width for part in parts)


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["a", "日", "e\u0301", "\u200b", "\t", " "]), min_size=1))
def test_a_long_line_is_the_same_in_chunks(pieces: list[str]) -> None:
    text = "".join(pieces) * (3 * CHUNK // len(pieces))
    ink = Ink(text)
    step = 777
    parts = [
        ink.strip(x, min(x + step, ink.width), PLAIN, (), STYLES.looks)
        for x in range(0, ink.width, step)
    ]
    assert sum(part.cell_length for part in parts) == ink.width
    shown = squeezed("".join(part.text for part in parts))
    assert shown.count("⟨U+200B⟩") <= text.count("\u200b")
    assert shown.count("a") == text.count("a")


@pytest.mark.parametrize("number", range(0, 96, 3))
def test_hostile_writes_of_every_type_are_drawn(number: int) -> None:
    for write in parse(hostile_artifact(number)).writes:
        diff = diff_write(write)
        for split in (False, True):
            for line in drawn(diff, 120, split=split, wrapped=True):
                assert visible(line) == line
                assert "\n" not in line


def test_sides_differ_only_in_layout() -> None:
    before = "".join(f"line {n}\n" for n in range(100))
    after = before.replace("line 50\n", "line fifty\n").replace("line 70\n", "")
    diff = text_diff(before, after)
    rows = DiffRows(diff, Options(True, 3))
    assert [type(rows[i]) for i in (0, len(rows) - 1)] == [FoldRow, FoldRow]
    assert len(rows.changes) == 2
    assert rows.next_change(rows.changes[0]) == rows.changes[1]
    assert rows.next_change(rows.changes[1]) is None
    assert rows.previous_change(rows.changes[0]) is None
    assert rows.change_at(rows.changes[1]) == 2


def test_paths_for_people_are_not_ambiguous() -> None:
    assert dotted("/refund/amount") == "refund.amount"
    assert dotted("/items/2/sku") == "items[2].sku"
    assert dotted("/a.b/c~1d") == '["a.b"].c/d'
    assert dotted("") == "(all)"


class Shown(App[None]):
    def __init__(self, left: str, right: str) -> None:
        super().__init__()
        self.texts = (left, right)

    def compose(self) -> ComposeResult:
        yield DiffView()

    @property
    def view(self) -> DiffView:
        return self.query_one(DiffView)

    async def ready(self, pilot: Any) -> None:
        left, right = self.texts
        self.view.show("key", lambda _: text_diff(left, right), len(left) + len(right))
        for _ in range(500):
            if self.view.rows is not None:
                return
            await pilot.pause(0.02)
        raise AssertionError("it never came")


BEFORE = "".join(f"line {n}\n" for n in range(60))
AFTER = BEFORE.replace("line 10\n", "line ten\n").replace("line 40\n", "line forty\n")


async def test_changes_folds_and_context() -> None:
    app = Shown(BEFORE, AFTER)
    async with app.run_test(size=(120, 30)) as pilot:
        await app.ready(pilot)
        view = app.view
        assert view.change == (1, 2)
        assert view.next_change()
        assert view.change == (2, 2)
        assert not view.next_change()
        assert view.previous_change()
        folded = view.line_count
        view.widen_context(True)
        assert view.line_count > folded
        assert view.change == (1, 2)
        view.context = 3
        view.cursor = 0
        assert view.unfold()
        assert view.line_count > folded
        assert view.unfold()
        assert view.line_count == folded


async def test_a_frame_before_the_new_width_is_told_makes_nothing_too_wide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DiffView, "on_resize", lambda _self: None)
    app = Shown(BEFORE, AFTER)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.ready(pilot)
        await pilot.pause()
        view = app.view
        assert not view.show_vertical_scrollbar
        await pilot.resize_terminal(120, view.line_count - 1)
        await pilot.pause()
        assert view.show_vertical_scrollbar
        assert not view.show_horizontal_scrollbar


async def test_sides_go_with_the_room() -> None:
    app = Shown(BEFORE, AFTER)
    async with app.run_test(size=(120, 30)) as pilot:
        await app.ready(pilot)
        view = app.view
        assert view.is_split
        split = view.line_count
        view.split = False
        assert view.line_count == split + 2
        view.split = True
        await pilot.resize_terminal(80, 30)
        await pilot.pause()
        assert not view.is_split
        assert view.line_count == split + 2
        assert view.change == (1, 2)


async def test_wrapping_keeps_the_place() -> None:
    long = "x" * 500
    app = Shown(BEFORE, AFTER.replace("line forty", long))
    async with app.run_test(size=(80, 30)) as pilot:
        await app.ready(pilot)
        view = app.view
        view.last_change()
        rows = view.line_count
        view.wrapped = True
        assert view.line_count > rows
        assert view.change == (2, 2)
        view.wrapped = False
        assert view.line_count == rows


async def test_whitespace_is_ignored_on_request_only_and_said() -> None:
    left, right = "a b\nc\n", "a  b\nc\n"
    app = Shown(left, right)
    async with app.run_test(size=(120, 20)) as pilot:
        app.view.show(
            "key",
            lambda ignoring: WriteDiff(
                "document", "t", "before", (),
                (Section("text", line_diff(left, right, ignoring)),),
            ),
            10,
        )  # fmt: skip
        await pilot.pause()
        assert app.view.change == (1, 1)
        app.view.ignoring = True
        await pilot.pause()
        assert app.view.change == (0, 0)
        assert "1 line differs in whitespace only" in app.view.draw_line(0, 0, 100).text


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_line_of_a_megabyte_scrolls_to_its_end(wrapped: bool) -> None:
    text = "word " * 200_000
    app = Shown(text + "a\n", text + "\u202eb\n")
    async with app.run_test(size=(100, 20)) as pilot:
        await app.ready(pilot)
        view = app.view
        view.wrapped = wrapped
        await pilot.pause()
        if wrapped:
            for _ in range(200):
                if view.line_count > 10_000:
                    break
                await pilot.pause(0.05)
            view.move("bottom")
            line = view.draw_line(view.line_count - 1, 0, 100).text
        else:
            line = view.draw_line(1, 5 * 200_000 - 20, 100).text
        assert "⟨U+202E⟩b" in line


async def test_ten_thousand_lines_can_be_walked_through() -> None:
    before = "".join(f"line {n} of many\n" for n in range(10_000))
    after = before.replace("7 of", "seven of")
    app = Shown(before, after)
    async with app.run_test(size=(160, 50)) as pilot:
        await app.ready(pilot)
        view = app.view
        total = view.change[1]
        assert total == 1000
        view.context = None
        assert view.line_count == 10_000
        for _ in range(20):
            assert view.next_change()
        view.move("bottom")
        assert view.change == (total, total)
        view.wrapped = True
        await pilot.pause()
        assert view.lines_seen < 1000


@given(lines, lines, st.integers(30, 90), st.booleans())
def test_a_row_is_measured_as_it_is_drawn(left: str, right: str, room: int, split: bool) -> None:
    paint = painter(room, split)
    for row in DiffRows(text_diff(left, right), Options(split, None)):
        assert paint.height(row) == max(pane.height(room) for pane in paint.panes(row))


@given(st.text(alphabet, max_size=60), st.integers(0, 80))
def test_reaching_beyond_a_cell_is_being_wider(text: str, cell: int) -> None:
    assert Ink(text).reaches(cell) == (Ink(text).width > cell)


def _numbered(count: int, other: int = -1) -> str:
    return "".join(
        f"line {n} {'b' if n % 7 == other else 'a'} of many {'x' * 50}\n" for n in range(count)
    )


_LINE = "word 日本 " * 130_000


@pytest.mark.parametrize(
    ("left", "right"),
    [(_numbered(150_000), _numbered(150_000, 3)), (_LINE + "a\n", _LINE + "\u202eb\n")],
    ids=["10 MB with many changes", "a line of a megabyte"],
)
async def test_long_work_is_never_done_in_the_event_loop(
    left: str, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, here = threading.get_ident(), {"rows": 0, "breaks": 0, "laid": 0}
    height, breaks, lay = Painter.height, Ink._breaks, DiffRows.__init__

    def counted(name: str, weight: int) -> None:
        if threading.get_ident() == loop:
            here[name] += weight

    def measured(self: Painter, row: Any) -> int:
        counted("rows", 1)
        return height(self, row)

    def broken(self: Ink, width: int, words: bool) -> Any:
        counted("breaks", len(self.text))
        return breaks(self, width, words)

    def laid(self: DiffRows, diff: WriteDiff, options: Options) -> None:
        counted("laid", sum(len(s.body.blocks) for s in diff.sections))  # type: ignore[union-attr]
        lay(self, diff, options)

    monkeypatch.setattr(Painter, "height", measured)
    monkeypatch.setattr(Ink, "_breaks", broken)
    monkeypatch.setattr(DiffRows, "__init__", laid)
    app = Shown("", "")
    compared: list[int] = []

    def source(ignoring: bool) -> WriteDiff:
        compared.append(threading.get_ident())
        return WriteDiff(
            "document", "t", "before", (), (Section("text", line_diff(left, right, ignoring)),)
        )

    async with app.run_test(size=(120, 30)) as pilot:
        await app.ready(pilot)
        view = app.view
        here.update(dict.fromkeys(here, 0))
        view.show("long", source, len(left) + len(right))
        before: object = None
        for change in (
            lambda: None,
            lambda: view.widen_context(False),
            lambda: setattr(view, "split", False),
            lambda: setattr(view, "wrapped", True),
        ):
            before = view.rows, view._visual
            change()
            for _ in range(600):
                if view.rows is not None and (view.rows, view._visual) != before:
                    break
                await pilot.pause(0.02)
            else:
                raise AssertionError("it never came")
            view.move("bottom")
            await pilot.pause()
    assert loop not in compared
    assert here["rows"] == 0
    assert here["laid"] <= BLOCKS_AT_ONCE * 4
    assert here["breaks"] <= 100_000
