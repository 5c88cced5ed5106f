"""The forms on the desk's own edit screen: bursts of keys, and the whole way to the decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Static

from reviewer.tui.screens.dialogs.edited import EditedDialog
from reviewer.tui.screens.edit import EditScreen
from reviewer.tui.screens.left_once import asking
from reviewer.tui.widgets.forms.field_form import FieldForm
from reviewer.tui.widgets.forms.rows_form import RowsForm

from ..review_desk import Desk, desk
from .test_rows_form import ROWS

RECORD = {
    "type": "record",
    "system": "crm",
    "resource": "order/1",
    "before": {},
    "after": {"a": 5, "b": "text", "c": True},
}


async def edited(here: Desk, form: type[Any], **changes: Any) -> tuple[str, Any]:
    """The id of an artifact whose first write is being edited, and its form."""
    id = await here.submit(**changes)
    await here.open(id)
    await here.press("e")
    screen = await here.dialog(EditScreen)
    await here.until(lambda: isinstance(screen.form, form) and screen.ready, form.__name__)
    await here.until(lambda: here.app.focused is not None, "the form is focused")
    return id, screen.form


def burst(here: Desk, *keys: str) -> None:
    """Keys that all come before the first of them is followed."""
    for key in keys:
        here.app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_letters_typed_in_a_burst_are_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with desk(tmp_path, monkeypatch, size=size) as here:
        _, form = await edited(here, FieldForm, writes=[RECORD])
        burst(here, "j", "enter", *"z-u 12")
        await here.until(lambda: '"b": "z-u 12"' in form.text, "the text")
        await here.press("enter")
        burst(here, "k", "enter", *"120")
        await here.until(lambda: '"a": 120' in form.text, "the number")
        assert '"c": true' in form.text


async def test_an_impossible_value_is_never_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id, form = await edited(here, FieldForm, writes=[RECORD])
        await here.press("enter", *"1e400")
        await here.until(lambda: form.wrong, "what is wrong")
        edit = here.app.screen
        await here.press("ctrl+s")
        await here.until(lambda: str(edit.query_one("#wrong", Static).content), "the refusal")
        await here.until(lambda: not asking(edit, "send"), "the end of sending")
        assert here.app.screen is edit
        await here.press("ctrl+z", "enter", *"7", "enter")
        await here.until(lambda: not form.wrong, "nothing is wrong")
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until_status(id, "approved")
        item = await here.queue.get(id)
        assert item is not None


async def test_a_cell_is_typed_and_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id, form = await edited(here, RowsForm, writes=[ROWS | {"system": "db"}])
        await here.until(lambda: form.table is not None, "the rows")
        form.go_to("/inserted/0/name")
        burst(here, "enter", *"Ann")
        await here.until(lambda: '"Ann"' in form.text, "the cell")
        await here.press("enter", "j", "-")
        assert '"id": 1\n' not in form.text
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until_status(id, "approved")
