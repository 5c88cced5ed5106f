"""What keys of the review screen do not do: work of which the answer is there, or in the loop."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.geometry import Region

from reviewer.tui import opened as opened_module
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.widgets.diff_layout import Plan
from reviewer.tui.widgets.diff_view import DiffView

from .review_desk import desk


async def test_the_colours_of_a_write_that_was_shown_are_in_its_first_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await running.open(await running.submit())
        await running.until(lambda: screen.diff.syntax is not None and screen.diff.syntax.complete)
        first = screen.diff.syntax
        await running.press("]")
        await running.until(lambda: screen.index == 1 and screen.diff.rows is not None)
        again: list[object] = []
        recolour = DiffView.recolour
        monkeypatch.setattr(
            DiffView, "recolour", lambda *given: (again.append(given), recolour(*given))
        )
        screen.show_write(0)
        assert screen.diff.syntax is first
        await running.until(lambda: screen.diff.rows is not None)
        await running.press("j", "k")
        assert screen.diff.syntax is first
        assert not again


async def test_code_has_the_colours_of_the_theme_also_where_that_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def colours(screen: ReviewScreen) -> set[str]:
        view = screen.diff
        strips = view.render_lines(Region(0, 0, *view.outer_size))
        return {style.color.name for strip in strips for _, style, _ in strip
                if style and style.color}  # fmt: skip

    async with desk(tmp_path, monkeypatch) as running:
        screen = await running.open(await running.submit())
        seen: dict[str, set[str]] = {}
        for theme in ("reviewer", "reviewer-light", "reviewer", "reviewer-light"):
            running.app.theme = theme
            await running.pilot.pause()
            await running.until(lambda: screen.diff.syntax is not None)
            await running.until(lambda: screen.diff.syntax.complete)
            await running.pilot.pause(0.05)
            assert colours(screen) == seen.setdefault(theme, colours(screen))
        assert not seen["reviewer"] & seen["reviewer-light"]


async def test_keys_that_move_lay_nothing_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await running.open(await running.submit())
        laid: list[Plan] = []
        run = Plan.run
        monkeypatch.setattr(
            Plan, "run", lambda plan, *more: (laid.append(plan), run(plan, *more))[1]
        )
        await running.press("j", "k", "ctrl+d", "ctrl+u", "G", "g", "n", "N")
        assert not laid
        before = screen.diff.rows
        await running.press("left_curly_bracket")
        await running.until(lambda: screen.diff.rows is not before, "a layout where one is needed")
        assert screen.diff.rows is not None


async def test_an_artifact_is_looked_through_beside_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[threading.Thread] = []
    find = opened_module.find

    def noted(artifact: object) -> object:
        there.append(threading.current_thread())
        return find(artifact)  # type: ignore[arg-type]

    monkeypatch.setattr(opened_module, "find", noted)
    async with desk(tmp_path, monkeypatch) as running:
        await running.open(await running.submit())
        assert there
        assert threading.main_thread() not in there
