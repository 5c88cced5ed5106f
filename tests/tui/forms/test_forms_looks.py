"""Pictures of every form, narrow and wide, and in colours that do not matter."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from reviewer.domain.writes import Write
from reviewer.tui.widgets.forms.field_form import FieldForm
from reviewer.tui.widgets.forms.rows_form import RowsForm

from ..review_desk import followed
from .form_desk import FormApp, form_desk, write_of
from .test_field_form import AFTER
from .test_fields import ORDER
from .test_rows_form import ROWS
from .test_text_form import MESSAGE

ORDER_OF_ANN = AFTER | {"note": "a\u202eb [red]x[/]", "amount": 512, "code": None}
WRITES: dict[str, tuple[Write, tuple[str, ...]]] = {
    "record": (
        write_of(
            type="record", resource="order/1", before={}, after=ORDER_OF_ANN, json_schema=ORDER
        ),
        ("space", "j", "j", "j", "-", "k", "k", "enter", "9"),
    ),
    "rows": (write_of(**ROWS), ("l", "enter", *"Ann", "enter", "j", "-", "j", "l", "enter", "A")),
    "message": (
        write_of(**MESSAGE | {"cc": ["bob@@example", "p\u0430ypal@example.com"]}),
        ("j", "enter", "x", "enter"),
    ),
    "request": (
        write_of(type="request", method="POST", url="https://api.example.com/orders/7",
                 headers={"Accept": "*/*", "X-Id": "7"}, body={"status": "open", "n": [1, 2]}),
        ("right", "j", "j", "j", "-"),
    ),
    "sql": (
        write_of(type="sql", statement="update orders\nset status = :status\nwhere id = :id",
                 parameters={"status": "open", "id": 7}),
        ("j", "enter", "x"),
    ),
}  # fmt: skip


async def settled(app: FormApp, pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    """The form after these keys, with everything found out that is wrong."""
    for key in keys:
        await pilot.press(key)
        await followed(pilot)
    form: Any = app.form
    for _ in range(1500):
        if isinstance(form, RowsForm):
            if form.table is not None and form._counts == form.table.counts():
                break
        else:
            sheet = form.sheet
            if not sheet.checking.busy and sheet.fields is not None:
                break
        await pilot.pause(0.02)
    for field in app.query("Input"):
        field.cursor_blink = False  # type: ignore[attr-defined]
    await pilot.pause()


@pytest.mark.parametrize("size", [(60, 20), (100, 30)])
@pytest.mark.parametrize("name", WRITES)
def test_snapshot(snap_compare: object, name: str, size: tuple[int, int]) -> None:
    write, keys = WRITES[name]
    app = FormApp(write)

    async def run(pilot: Pilot[None]) -> None:
        await settled(app, pilot, keys)

    assert snap_compare(app, terminal_size=size, run_before=run)  # type: ignore[operator]


@pytest.mark.parametrize("name", WRITES)
async def test_nothing_is_told_by_colour_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was changed, and what is wrong, has a sign; half of 80 columns is enough for it."""
    monkeypatch.setenv("NO_COLOR", "1")
    write, keys = WRITES[name]
    async with form_desk(write, size=(40, 20)) as desk:
        await settled(desk.app, desk.pilot, keys)
        form = desk.form
        signs = {line[1] for line in desk.shown() if len(line) > 1}
        assert "~" in signs
        if (
            isinstance(form, FieldForm)
            and form.sheet.fields is not None
            and form.sheet.fields.wrong
        ):
            assert desk.sees("✗")
