"""The form of fields, at the keyboard: records, tool calls, requests."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from textual.widgets import Input

from reviewer.domain.strict_json import loads
from reviewer.tui.forms import spell_out, take_back
from reviewer.tui.forms.json_text import JsonText
from reviewer.tui.widgets.forms.field_form import FieldForm

from .form_desk import FormDesk, form_desk, write_of
from .test_fields import ORDER

AFTER: dict[str, Any] = {
    "status": "open",
    "amount": 12.50,
    "code": "007",
    "paid": True,
    "address": {"zip": "10115", "city": None},
    "lines": [{"sku": "A", "n": 2}, {"sku": "B", "n": 1}],
}


def record(after: dict[str, Any] = AFTER, schema: Any = ORDER, **more: Any) -> Any:
    return write_of(
        type="record", resource="order/1", before={}, after=after, json_schema=schema, **more
    )


def fields(desk: FormDesk) -> FieldForm:
    assert isinstance(desk.form, FieldForm)
    return desk.form


def typed(desk: FormDesk) -> Any:
    return loads(take_back(desk.form.text))


async def checked(desk: FormDesk, count: int) -> None:
    """Waits until everything was looked at, and so many things are found to be wrong."""
    sheet = fields(desk).sheet

    def found() -> int:
        return sum(map(len, sheet.fields.wrong.values())) if sheet.fields else -1

    await desk.until(lambda: not sheet.checking.busy and found() == count, f"{count} wrong")


async def test_a_value_is_typed_and_nothing_else_changes() -> None:
    async with form_desk(record()) as desk:
        given = desk.form.text
        await desk.press("j", "enter", "9", ".", "5", "0", "enter")
        assert desk.form.text == given.replace('"amount": 12.5', '"amount": 9.50')
        assert desk.app.heard == 4
        assert desk.app.focused is fields(desk).sheet.lines
        await desk.press("u")
        assert desk.form.text == given


async def test_letters_are_letters_while_a_text_is_typed() -> None:
    async with form_desk(record()) as desk:
        await desk.press("j", "j", "enter", *"jk+-zunNth", "space", "enter")
        assert typed(desk) == AFTER | {"code": "jk+-zunNth "}


async def test_a_text_that_looks_like_a_number_stays_a_text() -> None:
    async with form_desk(record()) as desk:
        await desk.press("j", "j", "enter", "0", "4", "2", "enter")
        assert typed(desk)["code"] == "042"


async def test_a_digit_begins_a_number_and_only_a_number() -> None:
    async with form_desk(record()) as desk:
        await desk.press("4", "j", "4", "2", "enter", "j", "1")
        assert typed(desk) == AFTER | {"amount": 42}


@pytest.mark.parametrize("number", ["1e400", "NaN", "1,5", "9007199254740993", "0x10", ""])
async def test_an_impossible_number_is_said_and_holds_the_field(number: str) -> None:
    async with form_desk(record()) as desk:
        await desk.press("j", "enter", "delete", *number, "enter")
        sheet = fields(desk).sheet
        assert desk.form.wrong.startswith("amount: ")
        assert desk.app.focused is sheet.input
        assert desk.sees("✗")
        await desk.press("ctrl+z")
        assert desk.form.wrong == ""
        assert typed(desk) == AFTER


async def test_what_the_schema_forbids_is_said_while_one_types() -> None:
    async with form_desk(record()) as desk:
        await checked(desk, 0)
        await desk.until(lambda: desk.sees("✓ nothing wrong"))
        await desk.press("j", "enter", "9", "9", "9")
        await checked(desk, 1)
        await desk.until(lambda: desk.sees("✗ 1 wrong", "maximum of 200"))
        await desk.press("backspace")
        await checked(desk, 0)
        assert typed(desk)["amount"] == 99


async def test_choices_are_chosen_and_never_typed() -> None:
    async with form_desk(record()) as desk:
        await desk.press("space", "right", "right", "right")
        assert typed(desk)["status"] == "refunded"
        await desk.press("left", "left", "j", "j", "j", "space")
        assert typed(desk) == AFTER | {"status": "closed", "paid": False}


async def test_fields_and_items_are_added_and_removed() -> None:
    async with form_desk(record(), size=(70, 30)) as desk:
        await desk.press("G", "enter")  # the absent `method`, as the schema has it
        assert typed(desk)["method"] == {"kind": "bank", "iban": ""}
        desk.form.go_to("/lines/0")
        await desk.press("+")
        assert [line["sku"] for line in typed(desk)["lines"]] == ["A", "", "B"]
        await desk.press("k")
        desk.form.go_to("/lines/2")
        await desk.press("-")
        assert [line["sku"] for line in typed(desk)["lines"]] == ["A", ""]
        desk.form.go_to("/code")
        await desk.press("delete")
        assert "code" not in typed(desk)
        assert desk.sees('∅ removed, was "007"')
        await desk.press("u")
        assert typed(desk)["code"] == "007"


async def test_a_field_of_any_name_is_added_and_typed() -> None:
    async with form_desk(record(schema=None)) as desk:
        desk.form.go_to("/address/zip")
        await desk.press("+", *"no 7", "enter", *"x y", "enter")
        assert typed(desk)["address"] == {"zip": "10115", "city": None, "no 7": "x y"}
        await desk.press("+", *"zip", "enter")
        assert typed(desk)["address"]["zip"] == "10115"


async def test_null_and_other_types() -> None:
    async with form_desk(record(schema=None)) as desk:
        desk.form.go_to("/code")
        await desk.press("t")
        assert typed(desk)["code"] == 7 or typed(desk)["code"] == 0
        await desk.press("z")
        assert typed(desk)["code"] is None
        await desk.press("enter", "7", "enter")
        assert typed(desk)["code"] == "7"


async def test_what_has_parts_folds() -> None:
    async with form_desk(record()) as desk:
        desk.form.go_to("/address")
        await desk.press("enter")
        assert not desk.sees("10115")
        await desk.press("right")
        assert desk.sees("10115")
        await desk.press("j", "left", "left")
        assert not desk.sees("10115")
        desk.form.go_to("/address/zip")
        await desk.pilot.pause()
        assert desk.sees("10115")


async def test_a_long_text_is_typed_in_an_area() -> None:
    text = "Dear Ann,\n\nhello"
    async with form_desk(record({"note": text}, None), size=(60, 24)) as desk:
        await desk.press("enter", *"Oh.", "enter", "tab")
        assert typed(desk) == {"note": "Oh.\n" + text}
        assert desk.app.focused is fields(desk).sheet.lines
        await desk.press("u")
        assert typed(desk) == {"note": text}


async def test_tab_goes_from_field_to_field() -> None:
    async with form_desk(record()) as desk:
        await desk.press("j", "enter", "7", "tab", "x", "enter")
        assert typed(desk) == AFTER | {"amount": 7, "code": "x"}
        await desk.press("enter", "y", "shift+tab", "8", "down")
        assert typed(desk) == AFTER | {"amount": 8, "code": "y"}


async def test_n_goes_to_what_is_wrong_or_changed() -> None:
    async with form_desk(record(AFTER | {"amount": 500}), size=(60, 30)) as desk:
        await checked(desk, 1)
        form = fields(desk)
        await desk.press("n")
        assert form.sheet.lines.line.path == ("amount",)  # type: ignore[union-attr]
        await desk.press("j", "j", "space", "g", "N")
        assert form.sheet.lines.line.path == ("paid",)  # type: ignore[union-attr]


async def test_the_cursor_stays_on_its_field_when_something_above_is_wrong() -> None:
    async with form_desk(record()) as desk:
        await checked(desk, 0)
        sheet = fields(desk).sheet
        await desk.press("j", "j", "enter", "8")
        sheet._take([("", "all of it"), ("/status", "no"), ("/address/zip", "too long")])
        await desk.press("9", "enter")
        assert sheet.lines.line.path == ("code",)  # type: ignore[union-attr]
        assert typed(desk) == AFTER | {"code": "89"}


async def test_what_is_wrong_within_a_fold_is_counted_and_found() -> None:
    async with form_desk(record()) as desk:
        await checked(desk, 0)
        desk.form.go_to("/address")
        await desk.press("enter")
        fields(desk).sheet._take([("/address/zip", "too long"), ("/address/city", "no")])
        await desk.pilot.pause()
        assert desk.sees("✗ 2 wrong")
        await desk.press("g", "n")
        assert fields(desk).sheet.lines.line.path == ("address",)  # type: ignore[union-attr]


async def test_another_text_ends_what_is_typed() -> None:
    async with form_desk(record()) as desk:
        await desk.press("j", "enter", "7")
        other = json.dumps(AFTER | {"amount": 1}, indent=2)
        desk.form.load(desk.form.text)
        assert desk.app.focused is fields(desk).sheet.input
        desk.form.load(other)
        await desk.press("8", "enter")
        assert typed(desk)["amount"] == 8
        assert desk.app.focused is fields(desk).sheet.lines


async def test_a_broken_text_says_why_and_a_good_one_comes_back() -> None:
    async with form_desk(record(), text='{"status": ') as desk:
        assert "not JSON" in desk.form.wrong
        assert desk.form.text == '{"status": '
        assert desk.sees("not JSON")
        desk.form.load('{"status":"open"}')
        await desk.pilot.pause()
        assert desk.form.wrong == ""
        assert desk.sees("status")
        assert desk.form.text == '{"status":"open"}'
        desk.form.load("[1]")
        assert "object" in desk.form.wrong


async def test_a_draft_is_marked_against_the_proposal() -> None:
    mine = json.dumps(AFTER | {"status": "closed"}, indent=2)
    async with form_desk(record(), text=mine) as desk:
        assert desk.form.text == mine
        await desk.until(lambda: desk.sees("~ 1 changed"))
        assert desk.sees("~  status", 'proposed: "open"')
        await desk.press("u")
        assert typed(desk) == AFTER
        assert desk.form.text == json.dumps(AFTER, indent=2)


async def test_nothing_can_be_changed_while_it_is_read_only() -> None:
    async with form_desk(record()) as desk:
        given = desk.form.text
        desk.form.read_only = True
        await desk.press("space", "enter", "j", "7", "enter", "8", "z", "-", "+", "t", "u")
        assert desk.form.text == given
        assert desk.app.heard == 0
        desk.form.read_only = False
        await desk.press("7", "enter")
        assert typed(desk)["amount"] == 7


async def test_the_mouse_does_it_too() -> None:
    async with form_desk(record()) as desk:
        lines = fields(desk).sheet.lines
        await desk.pilot.click(lines, offset=(20, 2))
        assert lines.line.path == ("code",)  # type: ignore[union-attr]
        await desk.pilot.click(lines, offset=(20, 2), times=2)
        await desk.until(lambda: desk.app.focused is fields(desk).sheet.input)
        await desk.press("4", "enter")
        assert typed(desk)["code"] == "4"
        await desk.pilot.click(lines, offset=(3, 4))
        assert not desk.sees("10115")


async def test_hidden_characters_are_seen_and_come_back() -> None:
    after = {"a": "x\u202ey", "b": "⟨U+202E⟩", "c": "p\tq\x1b[31m"}
    async with form_desk(record(after, None)) as desk:
        given = desk.form.text
        await desk.press("enter", "end", "z", "enter")
        assert desk.mine().after == after | {"a": "x\u202eyz"}  # type: ignore[union-attr]
        await desk.press("j", "enter", "end", "z", "j", "enter", "j", "enter", "end", "!", "enter")
        assert desk.mine().after == {  # type: ignore[union-attr]
            "a": "x\u202eyz", "b": "⟨U+202E⟩zj", "c": "p\tq\x1b[31m!"
        }  # fmt: skip
        await desk.press("u", "k", "u", "k", "u")
        assert desk.form.text == given


async def test_a_paste_of_several_lines_is_one_text() -> None:
    from textual import events

    async with form_desk(record({"a": ""}, None)) as desk:
        await desk.press("enter")
        desk.app.post_message(events.Paste("one\ntwo"))
        await desk.until(lambda: typed(desk) == {"a": "one\ntwo"})


async def test_a_hostile_schema_does_not_hold_the_form_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from reviewer.tui.widgets.forms import checking, field_form

    monkeypatch.setattr(checking, "PATIENCE", 0.05)
    monkeypatch.setattr(field_form, "violated", lambda *_: time.sleep(0.5) or [])
    async with form_desk(record()) as desk:
        await desk.until(lambda: desk.sees("? not checked"))
        await desk.press("j", "7", "enter")
        assert typed(desk)["amount"] == 7


async def test_a_request() -> None:
    write = write_of(
        type="request", method="POST", url="https://api.example.com/x", body={"a": [1]},
        headers={"Accept": "*/*"},
    )  # fmt: skip
    async with form_desk(write) as desk:
        given = desk.form.text
        await desk.press("right", "j", "enter", "end", *"/y", "enter")
        mine = desk.mine()
        assert (mine.method, mine.url) == ("PUT", "https://api.example.com/x/y")  # type: ignore[union-attr]
        desk.form.go_to("/headers/Accept")
        await desk.press("+", *"X-Id", "enter", *"7 7", "enter")
        desk.form.go_to("/url")
        await desk.press("-")
        assert desk.mine().headers == {"Accept": "*/*", "X-Id": "7 7"}  # type: ignore[union-attr]
        desk.form.go_to("/body")
        await desk.press("z")
        assert desk.mine().body is None  # type: ignore[union-attr]
        await desk.press("u")
        for place, key in (("/headers/X-Id", "-"), ("/url", "u"), ("/method", "u")):
            desk.form.go_to(place)
            await desk.press(key)
        assert desk.form.text == given


async def test_what_is_odd_about_a_request_is_said() -> None:
    url, headers = "https://me@evil\u0430.example/", {"a b": "x\r\ny"}
    write = write_of(type="request", method="GET", url=url, headers=headers)
    async with form_desk(write, size=(80, 20)) as desk:
        await checked(desk, 4)
        assert desk.sees("is no host", "cannot be the name of a header", "no line ends")


async def test_unicode_keys_and_numbers_keep_their_spelling() -> None:
    text = '{"é": 1.50, "\\u00e9x": 1E2,\n "日本": {"a":-0.0}, "z": "A"}'
    async with form_desk(record({"z": "A"}, None), text=spell_out(text).text) as desk:
        assert JsonText(text).text == text
        await desk.press("G", "enter", "b", "enter")
        assert desk.form.text == text.replace('"A"', '"b"')


async def test_every_input_is_off_when_typing_is_over() -> None:
    async with form_desk(record()) as desk:
        await desk.press("j", "enter", "7", "enter")
        assert not desk.app.query_one("#field-input", Input).display
