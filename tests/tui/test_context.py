"""The context pane of the review screen: folds, filters, searches, evidence, and large ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.artifact import parse
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.widgets.context_layout import Fold
from reviewer.tui.widgets.context_view import ContextView
from reviewer.tui.widgets.search_bar import SearchBar

from ..support.hostile import hostile_artifact
from .review_desk import AGENT, Desk, desk

Patch = pytest.MonkeyPatch

RUN: list[dict[str, Any]] = [
    {"type": "message", "role": "user", "text": "Please refund order 8841",
     "at": "2026-11-20T10:00:00Z"},
    {"type": "message", "role": "thought", "text": "Look at the order.\nThen at the charge.",
     "at": "2026-11-20T10:00:01Z"},
    {"type": "tool_call", "name": "get_order", "id": "1", "arguments": {"order": 8841},
     "at": "2026-11-20T10:00:02Z"},
    {"type": "tool_result", "id": "1", "at": "2026-11-20T10:00:05Z",
     "output": {"order": 8841,
                "lines": [{"sku": "HS-1", "price": 9.5}, {"sku": "Needle", "price": 2}]}},
    {"type": "tool_call", "name": "run_checks", "id": "2", "arguments": {}},
    {"type": "tool_result", "id": "2", "output": "needle in the log\nfailed", "error": True},
    {"type": "document", "title": "Policy", "text": "a needle\n" * 40},
    {"type": "message", "role": "agent", "text": "Done.\n" + "More. " * 5},
]  # fmt: skip


def shown(screen: ReviewScreen) -> list[str]:
    """The lines of the context pane."""
    view = screen.context
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


async def opened(here: Desk, **changes: Any) -> ReviewScreen:
    screen = await here.open(await here.submit(**changes))
    screen.context.focus()
    await here.until(lambda: screen.context.line_count > 1, "the context")
    return screen


async def test_the_run_is_a_timeline(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        screen = await opened(here, context=RUN)
        lines = shown(screen)
        assert "  user  Please refund order 8841" in lines[0]
        assert "▸ thought  Look at the order. 1 l" in lines[1]
        assert "▸ get_order(order: 8841) 3.0 s ⇒ 2 fields: " in lines[2]
        assert "▸ run_checks ✗ failed ⇒ 2 l  needle in the log" in lines[3]
        assert "▸ Policy  a needle 39 l" in lines[4]
        assert "▾ agent" in lines[5]
        assert lines[6].strip() == "Done."
        await here.press("j", "j", "enter")
        assert 'price: 9.5, sku: "HS-1"' in "\n".join(shown(screen))
        await here.press("j", "j", "j", "j")
        assert screen.context.path == "result.lines[0]"
        await here.until(lambda: "result.lines[0]" in screen_line(screen, "#context-head"), "path")
        await here.press("enter")
        await here.press("g")
        assert shown(screen)[1:] == lines[1:]


def screen_line(screen: ReviewScreen, selector: str) -> str:
    return str(screen.query_one(selector).render_line(0).text)


async def test_all_folds_filters_and_clocks(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        screen = await opened(here, context=RUN)
        first = screen.context.line_count
        await here.press("-")
        assert screen.context.line_count == 6
        await here.press("-")
        assert screen.context.line_count > 50
        await here.press("-")
        assert screen.context.line_count == first
        kinds = []
        for _ in range(5):
            await here.press("F")
            beats = screen.context.story.beats
            order = screen.context._layout.wish.order
            kinds.append(sorted({beats[at].kind for at in order}))
        assert kinds == [
            ["agent", "user"], ["tool"], ["thought"], ["document"],
            ["agent", "document", "thought", "tool", "user"],
        ]  # fmt: skip
        await here.press("@")
        assert "+2.0s ▸ get_order" in "\n".join(shown(screen))
        await here.press("@")
        assert "+1.0s ▸ get_order" in "\n".join(shown(screen))
        assert "14 s · 7 steps · $0.03" in screen_line(screen, "#context-head")


async def test_a_search_opens_what_is_folded_and_counts(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        screen = await opened(here, context=RUN)
        view = screen.context
        await here.press("/", *"needl")
        assert view.found.said(view.current) == "1 of 42"
        await here.press("e", "enter")
        assert screen.focused is view
        assert "/needle  1 of 42" in screen_line(screen, "#context-title")
        line = view.render_line(view.cursor - view.scroll_offset.y)
        assert "Needle" in line.text
        assert line.text.lstrip(" ▌").startswith("»")
        marked = [s for s in line if s.style is not None and s.style.reverse]
        assert "".join(s.text for s in marked) == "Needle"
        assert "›40 found" in "\n".join(shown(screen))
        await here.press("n")
        assert "needle in the log" in view.line_text()
        assert "found" not in shown(screen)[3]
        await here.press("N", "N")
        assert view.found.said(view.current) == "42 of 42"
        assert view.line_text() == "a needle"
        assert screen.index == 0
        await here.press("escape")
        assert not view.found.needle
        assert screen.opened is not None
        await here.press("n", "n")
        assert screen.index == 1


async def test_a_capital_makes_the_search_exact_and_escape_ends_it(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(120, 40)) as here:
        screen = await opened(here, context=RUN)
        screen.diff.focus()
        await here.press("/", *"Needle")
        assert screen.context.found.said(0) == "1 of 1"
        await here.press("escape")
        assert not screen.query(SearchBar)
        assert screen.focused is screen.diff
        assert not screen.context.found.needle
        await here.press("/", *"zzz")
        assert screen.context.found.said(0) == "nothing found"


@pytest.mark.parametrize("size", [(120, 40), (60, 12)])
async def test_letters_of_a_search_decide_nothing(
    tmp_path: Path, monkeypatch: Patch, size: tuple[int, int]
) -> None:
    """At 60×12 the context has no place of its own: it gets all the room."""
    async with desk(tmp_path, monkeypatch, size=size) as here:
        id = await here.submit(context=RUN)
        screen = await here.open(id)
        await here.pilot.press("/", *"ayArRuxz")  # as fast as a person types at most
        await here.until(lambda: screen.context.found.needle == "ayArRuxz", "all is typed")
        assert here.app.screen is screen
        assert screen.query_one(SearchBar).region
        assert await here.status(id) == "pending"


@pytest.mark.parametrize("size", [(200, 60), (120, 40), (80, 24), (60, 12)])
async def test_an_escalation_leads_to_its_evidence(
    tmp_path: Path, monkeypatch: Patch, size: tuple[int, int]
) -> None:
    escalations = [
        {"code": "no_evidence", "detail": "a feeling"},
        {"code": "odd_price", "detail": "9.5 is odd", "evidence": 3},
        {"code": "gone", "detail": "nowhere", "evidence": 99},
    ]
    async with desk(tmp_path, monkeypatch, size=size) as here:
        screen = await opened(here, context=RUN, escalations=escalations)
        view = screen.context
        screen.reasons.focus()
        await here.press("enter")
        await here.until(lambda: "Nothing was given as evidence" in here.toasts(), "it is said")
        if size == (200, 60):
            screen.reasons.go_row(1)
            await here.press("enter")
        else:
            screen.diff.focus()
            await here.press("p", "'")  # from the precedents, too
        await here.until(lambda: screen.focused is view and view.region, "the context")
        assert view.pinned == 2
        assert view.spot is not None
        assert view.spot.beat == 2
        assert view._wish().fold_of(2) is Fold.WHOLE
        assert "⚑" in view.render_line(view.cursor - view.scroll_offset.y).text
        await here.press("'")
        await here.until(lambda: "not in the context" in here.toasts(), "it is said")


async def test_without_any_evidence_the_key_says_so(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await opened(here, context=RUN, escalations=[{"code": "a"}])
        await here.press("'")
        await here.until(lambda: "No escalation points to evidence." in here.toasts(), "it is said")


async def test_a_large_context_is_folded_and_unfolds(tmp_path: Path, monkeypatch: Patch) -> None:
    items = [{"type": "message", "role": "user", "text": f"message {n}"} for n in range(1500)]
    items.append({"type": "document", "title": "big", "text": "word " * 100_000})
    async with desk(tmp_path, monkeypatch) as here:
        screen = await here.open(await here.submit(context=items))
        view = screen.context
        await here.until(lambda: view.line_count >= 1500, "the beats")
        view.focus()
        await here.press("G", "enter")
        await here.until(lambda: view.line_count > 9_000, "it unfolds")
        await here.press("/", *"message 1499", "enter")
        await here.until(lambda: view.line_text() == "message 1499", "it is found")


async def test_a_scrollbar_that_comes_or_goes_cuts_nothing_off(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    text = " ".join(f"word{n}" for n in range(400))
    items = [{"type": "message", "role": "user", "text": text}]
    async with desk(tmp_path, monkeypatch, size=(80, 24)) as here:
        screen = await opened(here, context=[*items, *RUN[:1]])
        view = screen.context
        bars = set()
        for _ in range(6):
            await here.press("enter")
            await here.pilot.pause(0.1)
            bars.add(view.show_vertical_scrollbar)
            assert view._layout.wish.body_room == view._wish().body_room
            assert all(len(line) <= view.room for line in shown(screen))
        assert bars == {True, False}


async def test_a_result_that_is_one_long_line_or_many(tmp_path: Path, monkeypatch: Patch) -> None:
    rows = [{"id": n, "name": f"item {n}", "tags": ["a", "b"]} for n in range(4000)]
    items = [
        {"type": "tool_result", "name": "rows", "output": rows},
        {"type": "tool_result", "name": "line", "output": "é" * 300_000 + "end"},
    ]
    async with desk(tmp_path, monkeypatch) as here:
        screen = await opened(here, context=items)
        view = screen.context
        await here.press("enter")
        await here.until(lambda: view.line_count > 8_000, "many lines")
        await here.press("/", *"item 3999", "enter")
        await here.until(lambda: "item 3999" in view.line_text(), "found")
        assert view.path == "result[3999].name"
        await here.press("escape", "G", "enter")
        await here.until(lambda: view.line_count > 18_000, "the long line")
        await here.press("G")
        assert shown(screen)[-1].endswith('éend"')
        assert view.line_text().endswith('éend"')


async def test_lines_cut_at_the_edge_are_drawn_without_colour(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    calls = [
        {"type": "tool_call", "name": f"search{n}", "arguments": {"words": "many " * 60}}
        for n in range(2)
    ]
    async with desk(tmp_path, monkeypatch) as here:
        screen = await opened(here, context=calls)
        await here.until(lambda: any("…" in line for line in shown(screen)), "the cut line")
        await here.press("j", "semicolon", "escape")
        assert here.app.is_running


async def test_another_artifact_ends_what_was_meant_for_the_last(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    big = [{"type": "note", "text": f"note {n}"} for n in range(2000)]
    async with desk(tmp_path, monkeypatch) as here:
        first = await here.submit(context=big)
        second = await here.submit(key="a2", context=[{"type": "note", "text": "the only one"}])
        screen = await here.open(first)
        screen.context.search("note")
        screen.open(second)
        await here.shown(second)
        await here.until(lambda: "the only one" in "\n".join(shown(screen)), "the second")
        assert not screen.context.found.needle
        assert screen.context.line_count == 1


@pytest.mark.parametrize(("size", "first"), [((80, 24), 0), ((120, 40), 3), ((200, 60), 6)])
async def test_hostile_contexts_stay_text(
    tmp_path: Path, monkeypatch: Patch, size: tuple[int, int], first: int
) -> None:
    """`desk` asserts at its end that the guard had nothing to do."""
    async with desk(tmp_path, monkeypatch, size=size) as here:
        parsed = parse(hostile_artifact(first))
        id = (await here.queue.submit(parsed, AGENT)).artifact_id
        screen = ReviewScreen(id)
        here.app.push_screen(screen)
        await here.until(lambda: screen.opened is not None and screen.diff.rows is not None)
        await here.press("'", "-", "-", "/", "e", "down", "down", "enter", "n", "y")
        while screen.context.cursor < screen.context.line_count - 1:
            screen.context.move("page_down")
            await here.pilot.pause()
        await here.press("F", "@", "F", "escape", "escape", "escape", "escape")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "left")


def test_a_pane_that_was_never_filled_says_so() -> None:
    assert ContextView()._nothing() == "…"
