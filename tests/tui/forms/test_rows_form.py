"""The form of rows: cells are typed, rows left out and taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.tui.forms import form_of
from reviewer.tui.forms.json_text import JsonText
from reviewer.tui.forms.table import Table
from reviewer.tui.widgets.forms import grid, rows_form
from reviewer.tui.widgets.forms.grid import cell_text
from reviewer.tui.widgets.forms.rows_form import RowsForm

from ...domain.strategies import json_values, texts
from .form_desk import FormDesk, form_desk, write_of

ROWS: dict[str, Any] = {
    "type": "rows",
    "resource": "customers",
    "key_columns": ["id"],
    "inserted": [{"id": 9, "name": "New", "code": "007", "active": True}],
    "updated": [
        {"key": {"id": n}, "before": {"country": None}, "after": {"country": "DE", "score": n}}
        for n in range(1, 5)
    ],
    "deleted": [{"id": 99, "name": "old"}],
}


def rows_of(desk: FormDesk) -> RowsForm:
    assert isinstance(desk.form, RowsForm)
    return desk.form


def typed(desk: FormDesk) -> Any:
    return json.loads(desk.form.text)


async def test_a_cell_is_typed_and_nothing_else_changes() -> None:
    async with form_desk(write_of(**ROWS)) as desk:
        given = desk.form.text
        desk.form.go_to("/updated/1/after/country")
        await desk.press("enter", *"AT", "enter")
        assert desk.form.text == given.replace(
            '"country": "DE",\n        "score": 2', '"country": "AT",\n        "score": 2'
        )
        assert desk.sees("proposed: DE", "before: ∅")
        await desk.until(lambda: desk.sees("~ 1 changed"))
        await desk.press("u")
        assert desk.form.text == given


async def test_a_row_is_left_out_and_taken_back() -> None:
    async with form_desk(write_of(**ROWS), size=(70, 20)) as desk:
        given = desk.form.text
        await desk.press("j", "-", "j", "delete", "G", "-")
        assert [row["key"]["id"] for row in typed(desk)["updated"]] == [3, 4]
        assert typed(desk)["deleted"] == []
        await desk.until(lambda: desk.sees("− 3 left out"))
        await desk.press("u", "g", "j", "-", "j", "u")
        assert desk.form.text == given


async def test_a_draft_without_some_rows_shows_them_as_left_out() -> None:
    mine = {name: ROWS[name] for name in ("inserted", "updated", "deleted")}
    text = json.dumps(mine | {"updated": ROWS["updated"][1:3]}, indent=2)
    async with form_desk(write_of(**ROWS), text=text, size=(80, 20)) as desk:
        assert desk.form.text == text
        assert desk.sees("− 2 left out")
        await desk.press("j", "u")
        assert [row["key"]["id"] for row in typed(desk)["updated"]] == [1, 2, 3]


async def test_a_row_is_added_and_goes_again() -> None:
    async with form_desk(write_of(**ROWS), size=(70, 20)) as desk:
        given = desk.form.text
        await desk.press("+", "1", "0", "tab", *"Ann", "enter")
        assert typed(desk)["inserted"][1] == {"id": 10, "name": "Ann", "code": None, "active": None}
        assert desk.mine().inserted[1]["name"] == "Ann"  # type: ignore[union-attr]
        await desk.press("-")
        assert desk.form.text == given


async def test_keys_and_deleted_rows_stay_as_they_are() -> None:
    async with form_desk(write_of(**ROWS)) as desk:
        given = desk.form.text
        await desk.press("j", "enter", "7", "z", "G", "enter", "z", "l", "space")
        assert desk.form.text == given
        assert not rows_of(desk).input.display


async def test_types_are_kept_and_changed_only_on_purpose() -> None:
    async with form_desk(write_of(**ROWS)) as desk:
        desk.form.go_to("/inserted/0/code")
        await desk.press("enter", *"042", "enter")
        assert typed(desk)["inserted"][0]["code"] == "042"
        await desk.press("l", "space", "z")
        assert typed(desk)["inserted"][0]["active"] is None
        await desk.press("u")
        desk.form.go_to("/updated/0/after/score")
        await desk.press("enter", *"1e400", "enter")
        assert "score: " in desk.form.wrong
        assert typed(desk)["updated"][0]["after"]["score"] == 1
        await desk.press("ctrl+z")
        assert desk.form.wrong == ""
        await desk.press("t")
        assert typed(desk)["updated"][0]["after"]["score"] == "1"


async def test_a_cell_that_was_not_there_comes_and_goes() -> None:
    async with form_desk(write_of(**ROWS)) as desk:
        given = desk.form.text
        desk.form.go_to("/updated/0/after/name")
        await desk.press("enter", *"Ann", "enter")
        assert typed(desk)["updated"][0]["after"]["name"] == "Ann"
        await desk.press("u")
        assert json.loads(desk.form.text) == json.loads(given)


async def test_every_row_left_out_is_wrong() -> None:
    async with form_desk(write_of(**ROWS | {"updated": [], "deleted": []})) as desk:
        await desk.press("-")
        assert "Every row" in desk.form.wrong


async def test_columns_scroll_and_keys_stand_still() -> None:
    wide = {"id": 1} | {f"column {n}": f"value {n}" for n in range(30)}
    async with form_desk(write_of(**ROWS | {"inserted": [wide]}), size=(40, 12)) as desk:
        assert not desk.sees("value 29")
        desk.form.go_to("/inserted/0/column 29")
        await desk.pilot.pause()
        assert desk.sees("value 29", "id", "◂")
        await desk.press("^")
        assert desk.sees("value 0")


async def test_a_large_table_is_read_beside_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_form, "LARGE", 10)
    async with form_desk(write_of(**ROWS)) as desk:
        given = desk.form.text
        desk.form.go_to("/updated/2/after/country")
        await desk.until(lambda: rows_of(desk).table is not None and desk.sees("row 4"))
        assert desk.form.text == given
        await desk.press("enter", *"AT", "enter")
        assert typed(desk)["updated"][2]["after"]["country"] == "AT"


async def test_the_mouse_types_into_a_cell() -> None:
    async with form_desk(write_of(**ROWS)) as desk:
        form = rows_of(desk)
        place = next(at for number, at, _ in form.grid.layout_columns() if number == 1)
        await desk.pilot.click(form.grid, offset=(place, 0))
        await desk.pilot.click(form.grid, offset=(place, 0), times=2)
        await desk.until(lambda: desk.app.focused is form.input)
        await desk.press("x", "enter")
        assert typed(desk)["inserted"][0]["name"] == "x"


async def test_a_broken_text_says_why() -> None:
    async with form_desk(write_of(**ROWS), text='{"updated": [1]}') as desk:
        assert "rows" in desk.form.wrong
        assert desk.form.text == '{"updated": [1]}'


async def test_a_read_only_table_stays() -> None:
    async with form_desk(write_of(**ROWS)) as desk:
        desk.form.read_only = True
        given = desk.form.text
        await desk.press("-", "+", "7", "enter", "x", "z", "t", "u", "space")
        assert desk.form.text == given


def test_a_cell_tells_texts_from_numbers() -> None:
    node = JsonText('["007", 7, "", null, "true", "a b", "∅"]').root
    shown = [cell_text(part.node) for part in node.parts]
    assert shown == ['"007"', "7", '""', "∅", '"true"', "a b", '"∅"']
    assert len(set(grid.SECTION)) == 3


cells = st.dictionaries(texts.filter(bool), json_values, min_size=1, max_size=4)


@given(st.lists(cells, min_size=1, max_size=5), st.lists(cells, max_size=3), st.data())
def test_whatever_is_done_to_rows_only_that_differs(
    inserted: list[dict[str, Any]], deleted: list[dict[str, Any]], data: st.DataObject
) -> None:
    write = write_of(**ROWS | {"inserted": inserted, "deleted": deleted, "updated": []})
    text = form_of(write).text(write)
    table = Table(JsonText(text), JsonText(text), ["id"])
    wanted = {"inserted": [dict(row) for row in inserted], "updated": [], "deleted": deleted}
    number = data.draw(st.integers(0, len(inserted) - 1))
    column, new = data.draw(texts.filter(bool)), data.draw(json_values)
    table.put(table.rows[number], column, json.dumps(new))
    wanted["inserted"][number][column] = new
    assert json.loads(table.text) == wanted
    out = data.draw(st.integers(0, len(table.rows) - 1))
    row = table.rows[out]
    table.leave_out(out)
    where = "inserted" if out < len(inserted) else "deleted"
    rest = list(wanted[where])
    del rest[out - (0 if where == "inserted" else len(inserted))]
    assert json.loads(table.text) == wanted | {where: rest}
    table.restore(row, column)
    if table.changed(table.rows[number], column):
        table.restore(table.rows[number], column)
    expected = {"inserted": inserted, "updated": [], "deleted": deleted}
    assert json.loads(table.text) == expected
