"""Settings: themes are tried, columns chosen, keys changed with every clash told; all live."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.actions import ACTIONS, check_keymap, keys_of
from reviewer.actions.remap import clashes, problems, remappable, reserved, with_key
from reviewer.config import load
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.settings import SettingsScreen
from reviewer.tui.screens.settings_columns import ColumnsEdit
from reviewer.tui.screens.settings_keys import KeysEdit

from .review_desk import Desk, desk
from .test_inbox import fill, here, inbox, text


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_everything_with_a_key_can_be_changed() -> None:
    assert {one.id for one in remappable()} == {action.id for action in ACTIONS}
    approve = next(one for one in remappable() if one.id == "approve")
    assert {"inbox", "review"} <= set(approve.places)
    assert approve.matches("approve shown", {})
    assert approve.matches("f5", {"approve": "f5"})
    assert not approve.matches("reject", {})


@given(st.sampled_from(ACTIONS), st.sampled_from(ACTIONS))
def test_a_key_of_another_is_told_where_both_are_live(one: object, other: object) -> None:
    key = keys_of(other)[0]  # type: ignore[arg-type]
    candidate = with_key({}, one.id, key)  # type: ignore[attr-defined]
    found = check_keymap(candidate)
    assert problems({}, candidate) == found
    told = clashes({}, candidate, one.id)  # type: ignore[attr-defined]
    assert bool(told) == bool(found)
    for sentence in found:
        place = sentence.partition(" in the ")[2]
        assert not place or any(place in line for line in told)


def test_keys_are_added_beside_or_in_place() -> None:
    assert with_key({}, "approve", "f5") == {"approve": "f5"}
    assert with_key({}, "approve", "f5", more=True) == {"approve": "a,f5"}
    assert with_key({"approve": "f5"}, "approve", "f5", more=True) == {"approve": "f5"}
    assert with_key({}, "settings", "comma") == {"settings": "comma"}
    assert check_keymap(with_key({}, "settings", "f11", more=True)) == []
    assert reserved("escape")
    assert not reserved("f5")


async def opened(running: Desk, *keys: str) -> SettingsScreen:
    await running.press(*keys)
    screen = await running.dialog(SettingsScreen)
    assert isinstance(screen, SettingsScreen)
    return screen


async def pick(running: Desk, screen: SettingsScreen, id: str) -> KeysEdit:
    """Puts the cursor on an action of the keys page."""
    edit = screen.query_one(KeysEdit)
    row = next(n for n, one in enumerate(edit._rows) if not isinstance(one, str) and one.id == id)
    edit.go_row(row)
    await running.pilot.pause()
    return edit


async def test_a_key_is_changed_saved_and_live_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 5)
        screen = await opened(running, "comma", "3")
        edit = await pick(running, screen, "down")
        await running.press("enter", "a")
        await running.until(lambda: "a is 'approve' in inbox, review" in text(running), "the clash")
        assert edit.catching == "down"
        assert not (tmp_path / "home" / "config.toml").exists()
        await running.press("f5")
        await running.until(lambda: "'down' is on f5 now; saved." in text(running), "it is saved")
        assert load().keymap == {"down": "f5"}
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")
        await running.press("f5", "j")
        assert here(running) == "Refund order 8801"
        assert running.session.config.name == "mia"

        screen = await opened(running, "comma", "3")
        await pick(running, screen, "down")
        await running.press("backspace")
        await running.until(lambda: load().keymap == {}, "its own keys")
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")
        await running.press("j", "f5")
        assert here(running) == "Refund order 8802"


async def test_while_a_key_is_caught_nothing_else_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await opened(running, "comma", "3")
        edit = await pick(running, screen, "preview")
        await running.press("enter", "escape")
        assert running.app.screen is screen
        assert edit.catching == ""
        await running.press("enter", "ctrl+c")
        await running.until(lambda: "says how to leave" in text(running), "that it is reserved")
        await running.press("q")  # the key that leaves everywhere else
        await running.until(
            lambda: "q is 'quit' in inbox" in text(running), "the clash with leaving"
        )
        assert running.app.screen is screen
        await running.press("f11")
        await running.until(lambda: load().keymap == {"preview": "f11"})


async def test_all_keys_are_given_back_after_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await opened(running, "comma", "3")
        await pick(running, screen, "preview")
        await running.press("enter", "f11")
        await running.until(lambda: load().keymap == {"preview": "f11"})
        await running.press("plus", "f10")
        await running.until(lambda: load().keymap == {"preview": "f11,f10"})
        await running.press("X", "n")
        assert load().keymap == {"preview": "f11,f10"}
        await running.press("X", "y")
        await running.until(lambda: load().keymap == {})
        assert running.app._keymap == {}


async def test_keys_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await opened(running, "comma", "3")
        edit = screen.query_one(KeysEdit)
        every = edit.row_count
        await running.press("slash", *"snooze", "enter")
        await running.until(lambda: edit.row_count < every and edit.has_focus, "what was found")
        assert edit.here is not None
        assert edit.here.id.startswith("snooze")
        assert running.app.screen is screen


async def test_columns_for_all_views_and_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await fill(running, 3)
        screen = await opened(running, "L")
        edit = screen.query_one(ColumnsEdit)
        before = edit.columns
        await running.press("G", "space", "g", "J", "greater_than_sign")
        await running.until(lambda: "mode" in load().columns, "mode is saved")
        assert load().columns[1] == "risk:12"
        assert load().column_names == (before[1], before[0], *before[2:], "mode")
        assert inbox(running).list.names == load().columns
        await running.press("v", "g", "space")
        await running.until(lambda: inbox(running).views.changed, "the view is changed")
        assert load().column_names[0] == before[1]
        assert before[1] not in {name.partition(":")[0] for name in inbox(running).list.names}
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")
        assert "changed · V saves" in text(running)
        other = inbox(running).views.here % 7 + 2
        await running.press(str(other))
        await running.until(lambda: inbox(running).list.names == load().columns, "another view")


async def test_a_theme_is_tried_with_a_sample_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, theme="reviewer") as running:
        await fill(running, 3)
        await opened(running, "comma")
        assert "sleep(backoff(i))" in text(running)
        await running.press("G", "g", "j", "2", "1")
        await running.until(lambda: running.app.theme != "reviewer", "another theme")
        chosen = running.app.theme
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen), "the inbox")
        assert load().theme == chosen
        assert inbox(running).list.names == running.session.config.columns


async def test_the_mouse_opens_pages_and_chooses_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await opened(running, "comma")
        line = next(line for line in text(running).splitlines() if "2 Columns" in line)
        y = text(running).splitlines().index(line)
        await running.pilot.click(offset=(line.index("Columns"), y))
        edit = screen.query_one(ColumnsEdit)
        await running.until(lambda: edit.has_focus, "the page")
        await running.pilot.click(edit, offset=(5, 0))
        await running.until(lambda: load().column_names[0] != "risk", "risk is left out")
        await running.pilot.click(offset=(line.index("Keys"), y))
        await running.until(lambda: screen.query_one(KeysEdit).has_focus, "the keys")
