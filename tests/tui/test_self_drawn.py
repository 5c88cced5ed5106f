"""Widgets that draw themselves give their lines as Textual would have put them together."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._styles_cache import StylesCache
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from reviewer.tui.widgets.self_drawn import SelfDrawn

SIDES = {
    "none": "",
    "padding": "padding: 0 2 0 1;",
    "a border": "border-left: solid red; padding: 0 1;",
    "both sides": "border-left: heavy red; border-right: solid blue;",
    "all around": "border: round red; padding: 1;",
    "a theme": "background: $primary 20%;",
}


class Words(SelfDrawn):
    """A few lines."""

    COMPONENT_CLASSES = {"words--loud"}

    def render_line(self, y: int) -> Strip:
        style = self.component("words--loud") if y % 2 else self.ground
        return Strip([Segment(f"line {y} "), Segment("dim", style)])


class Alone(App[None]):
    """An app with one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Words()

    def compose(self) -> ComposeResult:
        yield self.words


def one(css: str) -> Alone:
    loud = "& > .words--loud { color: red; } &:focus > .words--loud { color: green; }"
    found: Alone = type("One", (Alone,), {"CSS": f"Words {{ {css} {loud} }}"})()
    return found


def looks(strips: list[Strip]) -> list[list[tuple[str, str]]]:
    """Each cell and how it looks; of a blank one nobody sees in which colour it is written."""

    def look(char: str, style: Style | None) -> str:
        seen = style or Style()
        if char == " ":
            seen = Style(bgcolor=seen.bgcolor)
        return Strip.render_ansi(seen, ColorSystem.TRUECOLOR)

    return [[(char, look(char, style)) for text, style, _ in strip for char in text]
            for strip in strips]  # fmt: skip


@pytest.mark.parametrize("css", SIDES.values(), ids=list(SIDES))
async def test_lines_are_put_together_as_by_textual(css: str) -> None:
    app = one(css)
    async with app.run_test(size=(40, 8)) as pilot:
        words = app.words
        for size in ((40, 8), (23, 5)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            for crop in (Region(0, 0, *size), Region(3, 1, 9, 3)):
                mine = words.render_lines(crop)
                assert looks(mine) == looks(StylesCache().render_widget(words, crop))


async def test_a_line_that_stays_is_the_same_object() -> None:
    app = one("padding: 0 1;")
    async with app.run_test(size=(40, 8)):
        whole = Region(0, 0, 40, 8)
        before = app.words.render_lines(whole)
        app.words.refresh(Region(0, 2, 40, 1))
        after = app.words.render_lines(whole)
        assert [y for y in range(8) if before[y] is not after[y]] == [2]


async def test_a_component_has_its_colours_of_now() -> None:
    app = one("")
    app.words.can_focus = True
    async with app.run_test(size=(40, 8)) as pilot:
        app.set_focus(None)
        await pilot.pause()
        before = app.words.component("words--loud")
        assert app.words.component("words--loud") is before
        app.words.focus()
        await pilot.pause()
        assert app.words.component("words--loud").color != before.color
