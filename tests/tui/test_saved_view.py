"""Saving what is shown as a view; renaming, moving, deleting, sharing; sorting; the mouse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import MouseScrollDown

from reviewer.config import DEFAULT_VIEWS, View, load
from reviewer.saved_views import SORTS, from_toml
from reviewer.tui.screens.dialogs.base import Wrong
from reviewer.tui.screens.dialogs.saved_view import Change, SavedViewDialog, apply
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.shown_view import ShownViews, arrow, next_sort, sort_by

from .review_desk import Desk, desk, footer
from .test_inbox import fill, here, inbox, text

COLUMNS = ("risk", "due", "title")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def shown(first: str = "Mine", **changes: object) -> ShownViews:
    views = ShownViews.of(DEFAULT_VIEWS, COLUMNS, first)
    views.set(**changes)
    return views


def test_what_is_shown_is_the_view_and_what_was_changed() -> None:
    views = shown("Breaching", filter="kind:refund", sort="oldest")
    assert views.text("billing") == 'is:breaching queue:"billing" kind:refund sort:oldest'
    assert views.as_view("x") == View("x", "is:breaching kind:refund", "oldest")
    assert views.changed
    views.here = 0
    assert views.text() == "is:mine"
    assert not views.changed
    assert views.columns == COLUMNS


def test_a_change_is_made_to_the_view_that_is_open() -> None:
    views = shown("Stuck", filter="kind:refund", columns=("title:40",))
    new, name, _ = apply(DEFAULT_VIEWS, views, Change("new", "Refunds"))
    assert new == (*DEFAULT_VIEWS, View("Refunds", "is:stuck kind:refund", "", ("title:40",)))
    assert name == "Refunds"
    new, name, _ = apply(DEFAULT_VIEWS, views, Change("replace"))
    assert new[-1] == View("Stuck", "is:stuck kind:refund", "", ("title:40",))
    new, name, _ = apply(DEFAULT_VIEWS, views, Change("rename", "stuck"))
    assert (new[-1], name) == (View("stuck", "is:stuck"), "stuck")
    new, name, _ = apply(DEFAULT_VIEWS, views, Change("delete"))
    assert new == DEFAULT_VIEWS[:-1]
    new, name, _ = apply(DEFAULT_VIEWS, views, Change("left"))
    assert [view.name for view in new[-2:]] == ["Stuck", "Decided"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("new", ""), "Give it a name"),
        (Change("new", "mine"), "already"),
        (Change("rename", "Mine"), "already"),
        (Change("right"), "last one"),
    ],
)
def test_what_cannot_be_done_is_said(change: Change, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        apply(DEFAULT_VIEWS, shown("Stuck"), change)


def test_nine_is_the_limit_the_last_one_stays_and_filters_must_be_readable() -> None:
    nine = (*DEFAULT_VIEWS, View("8"), View("9"))
    with pytest.raises(Wrong, match="room for 9"):
        apply(nine, ShownViews.of(nine, COLUMNS), Change("new", "10"))
    one = (View("only"),)
    with pytest.raises(Wrong, match="stays"):
        apply(one, ShownViews.of(one, COLUMNS), Change("delete"))
    with pytest.raises(Wrong, match="no field 'kin'"):
        apply(DEFAULT_VIEWS, shown(filter="kin:x"), Change("replace"))


@given(st.sampled_from(SORTS))
def test_orders_go_round_and_show_their_arrow(order: str) -> None:
    assert next_sort(next_sort(next_sort(order))) == order
    assert sum(bool(arrow(column, order)) for column in ("due", "age", "title")) == 1
    assert sort_by("age", sort_by("age", order)) != sort_by("age", order)
    assert sort_by("due", order) == "deadline"
    assert sort_by("agent", order) == ""


async def change(running: Desk, number: str, name: str = "") -> None:
    """Goes through the dialog."""
    await running.ask("V", SavedViewDialog)
    await running.press(number, *name, "ctrl+s" if name else "y")


async def test_a_view_is_saved_opened_renamed_and_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 5)
        await running.press("/", *"kind:change", "enter", "s")
        await running.until(lambda: "newest first" in text(running), "the order")
        assert "changed · V saves" in text(running)
        await change(running, "1", "Changes")
        await running.until(lambda: "8 Changes" in text(running), "the tab")
        saved = load().views
        assert saved == (*DEFAULT_VIEWS, View("Changes", "kind:change", "newest"))
        assert inbox(running).views.view.name == "Changes"
        assert "changed · V saves" not in text(running)
        assert "Saved as 'Changes', 8 opens it." in footer(inbox(running))
        await running.until(lambda: inbox(running).list.row_count == 5, "the list")
        assert here(running) == "Refund order 8804"

        await change(running, "3", "All changes")
        await running.until(lambda: "8 All changes" in text(running), "the new name")
        await change(running, "5")
        await running.until(lambda: "7 All changes" in text(running), "the new place")
        assert [view.name for view in load().views][-2:] == ["All changes", "Stuck"]
        await change(running, "4")
        await running.until(lambda: load().views == DEFAULT_VIEWS, "it is gone")
        assert running.session.config.name == "mia"


async def test_a_view_is_copied_as_a_line_that_can_be_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 2)
        await running.press("/", *"kind:change", "enter")
        await change(running, "7")
        await running.until(lambda: running.app.clipboard, "the clipboard")
        assert from_toml(running.app.clipboard) == (View("My queues", "kind:change"),)
        assert "\n" not in running.app.clipboard


async def test_a_head_sorts_and_the_order_shows_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(160, 40)) as running:
        await fill(running, 5)
        assert "due ↑" in text(running)
        await running.press("p")
        await running.until(lambda: "age" in text(running), "room for all columns")
        await click_head(running, "age")
        await running.until(lambda: "age ↑" in text(running), "newest first")
        assert here(running) == "Refund order 8804"
        await click_head(running, "age")
        await running.until(lambda: "age ↓" in text(running), "oldest first")
        assert here(running) == "Refund order 8800"
        await click_head(running, "agent")
        assert "The queue is not ordered by agent" in footer(inbox(running))
        await click_head(running, "due")
        await running.until(lambda: "due ↑" in text(running), "by deadline")


async def click_head(running: Desk, name: str) -> None:
    rows = inbox(running).list
    line = text(running).splitlines()[rows.region.y]
    found = re.search(rf"\b{name}\b", line)
    assert found is not None
    await running.pilot.click("#list", offset=(found.start(), 0))
    await running.pilot.pause()


async def test_a_click_on_the_mark_marks_and_a_double_click_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 60)
        rows = inbox(running).list
        await running.pilot.click("#list", offset=(1, 3))
        await running.pilot.click("#list", offset=(0, 5))
        assert [entry.title[-4:] for entry in rows.marks] == ["8802", "8804"]
        assert "2 marked" in text(running)
        await running.pilot.click("#list", offset=(1, 3))
        assert [entry.title[-4:] for entry in rows.marks] == ["8804"]
        await running.pilot._post_mouse_events([MouseScrollDown], "#list", (20, 8), 0)
        await running.until(lambda: rows.top == 3, "three rows further")
        await running.pilot.click("#list", offset=(30, 4), times=2)
        await running.until(lambda: isinstance(running.app.screen, ReviewScreen), "the review")
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")
        line = text(running).splitlines()[2]
        await running.pilot.click("#filter", offset=(line.index("by deadline"), 0))
        await running.until(lambda: "newest first" in text(running), "the other order")
        await running.pilot.click("#filter", offset=(3, 0))
        await running.until(lambda: inbox(running).filter_bar.editing, "the filter")


async def test_what_a_click_would_do_is_underlined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 2)
        tabs = inbox(running).tabs

        def underlined() -> str:
            strip = tabs.render_line(0)
            return "".join(part.text for part in strip if part.style and part.style.underline)

        assert underlined() == ""
        at = text(running).splitlines()[1].index("Stuck")
        await running.pilot.hover("#tabs", offset=(at, 0))
        await running.until(lambda: "Stuck" in underlined(), "the line under it")
        assert "Decided" not in underlined()
        assert tabs.render_line(0).cell_length == 120
        await running.pilot.hover("#list", offset=(10, 5))
        await running.until(lambda: underlined() == "", "no line any more")
