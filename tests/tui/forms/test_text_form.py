"""Messages and statements: fields and a text."""

from __future__ import annotations

from typing import Any

import pytest

from reviewer.tui.forms.checks import recipient_complaints, request_complaints
from reviewer.tui.widgets.forms.text_form import TextForm

from .form_desk import FormDesk, form_desk, write_of

MESSAGE: dict[str, Any] = {
    "type": "message",
    "channel": "email",
    "to": ["ann@example.com", "bob@example.com"],
    "subject": "Your order",
    "body": "Dear Ann,\n\nit is on its way.\n---\nThe shop\n",
}


def text_form(desk: FormDesk) -> TextForm:
    assert isinstance(desk.form, TextForm)
    return desk.form


def go_to_end(desk: FormDesk, place: str) -> None:
    desk.form.go_to(place)
    area = text_form(desk).area
    area.move_cursor(area.document.end)


async def test_a_message_is_typed_and_read_as_it_was_typed() -> None:
    async with form_desk(write_of(**MESSAGE), size=(60, 24)) as desk:
        given = desk.form.text
        await desk.press("j", "enter", *"x", "enter", "+", *"eve@example.com", "enter")
        desk.form.go_to("/subject")
        await desk.press("enter", "end", *" 7", "enter")
        desk.form.go_to("/body")
        await desk.press(*"Oh. ")
        mine: Any = desk.mine()
        assert mine.to == ["x", "eve@example.com", "bob@example.com"]
        assert mine.subject == "Your order 7"
        assert mine.body == "Oh. " + MESSAGE["body"]
        await desk.press("tab")
        desk.form.load(given)
        assert desk.form.text == given


@pytest.mark.parametrize(
    "body", ["a\r\nb\r\n", "a\r\nb\n", "\u202ea\r", "", "---\n---", "⟨U+202E⟩"]
)
async def test_a_body_keeps_its_line_ends_and_hidden_characters(body: str) -> None:
    async with form_desk(write_of(**MESSAGE | {"body": body})) as desk:
        go_to_end(desk, "/body")
        await desk.press("z")
        assert desk.mine().body == body + "z"  # type: ignore[union-attr]
        await desk.press("backspace")
        assert desk.mine().body == body  # type: ignore[union-attr]


async def test_recipients_are_looked_at_while_they_are_typed() -> None:
    async with form_desk(write_of(**MESSAGE), size=(70, 24)) as desk:
        await desk.until(lambda: desk.sees("✓ nothing odd"))
        await desk.press("j", "enter", *"bob@example.com", "enter")
        await desk.until(lambda: desk.sees("stands twice: also in to"))
        await desk.press("enter", "end", *"@", "enter")
        await desk.until(lambda: desk.sees("does not look like an e-mail address"))


@pytest.mark.parametrize(
    ("people", "channel", "place", "why"),
    [
        ({"to": ["a@b"]}, "email", "/to/0", "does not look like an e-mail"),
        ({"to": ["Ann <a@b.example>"], "cc": ["A@B.example"]}, "email", "/cc/0", "twice"),
        ({"to": ["p\u0430ypal@example.com"]}, "email", "/to/0", "pose as"),
        ({"to": ["a\u200b@example.com"]}, "email", "/to/0", "take no room"),
        ({"to": [" a@b.example"]}, "email", "/to/0", "blanks"),
        ({"bcc": [""]}, "email", "/bcc/0", "nobody stands here"),
        ({}, "email", "/to", "nobody gets it"),
        ({"to": ["#ops"]}, "sms", "/to/0", "telephone"),
        ({"to": ["#ops"], "subject": "x\u202e"}, "chat", "/subject", "reorder"),
    ],
)
def test_what_is_odd_about_recipients(people: Any, channel: str, place: str, why: str) -> None:
    found = list(recipient_complaints(people, channel))
    assert [(at, said) for at, said in found if at == place and why in said] != []


def test_nothing_is_odd_about_ordinary_recipients() -> None:
    mail = {"to": ["ann.o'neil+x@mail.example.co.uk", "Jörg Müller <jm@müller.example>"]}
    assert list(recipient_complaints(mail, "email")) == []
    assert list(recipient_complaints({"to": ["#ops", "@ann", "U0123"]}, "slack")) == []
    assert list(recipient_complaints({"to": ["+49 (30) 123-456"]}, "sms")) == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://x.example", "begins with http"),
        ("https:///x", "no host"),
        ("https://[x", "no address"),
        ("https://a b.example", "blanks"),
        ("https://bank.example@evil.example", "evil.example"),
        ("https://x.example:port/", "no address"),
    ],
)
def test_what_is_odd_about_an_address(url: str, why: str) -> None:
    assert any(why in said for _, said in request_complaints({"url": url}))


def test_nothing_is_odd_about_an_ordinary_request() -> None:
    headers = {"Accept": "*/*", "X-Id_2": "a\tb"}
    assert list(request_complaints({"url": "https://x.example/a?b=c#d", "headers": headers})) == []
    twice = {"headers": {"a": "1", "A": "2"}}
    assert any("twice" in said for _, said in request_complaints(twice))


async def test_a_statement_and_its_parameters() -> None:
    write = write_of(type="sql", statement="update t\nset a = :a", parameters={"a": 1, "b": "x"})
    async with form_desk(write, size=(60, 24)) as desk:
        given = desk.form.text
        go_to_end(desk, "/statement")
        await desk.press(*" -- go", "tab", "j", "4", "2", "enter")
        assert desk.mine().statement == "update t\nset a = :a -- go"  # type: ignore[union-attr]
        assert desk.mine().parameters == {"a": 42, "b": "x"}  # type: ignore[union-attr]
        desk.form.go_to("/parameters/b")
        await desk.press("+", *"c", "enter", *"y", "enter")
        assert desk.mine().parameters == {"a": 42, "b": "x", "c": "y"}  # type: ignore[union-attr]
        await desk.press("-")
        desk.form.go_to("/parameters/a")
        await desk.press("u")
        go_to_end(desk, "/statement")
        await desk.press(*["backspace"] * 6)
        assert desk.form.text == given


async def test_a_text_whose_head_is_broken_says_why() -> None:
    async with form_desk(write_of(**MESSAGE), text="to: [\n---\nx") as desk:
        assert "to:" in desk.form.wrong
        assert not text_form(desk).area.display
        assert desk.form.text == "to: [\n---\nx"


async def test_a_read_only_text_stays() -> None:
    async with form_desk(write_of(**MESSAGE)) as desk:
        desk.form.read_only = True
        given = desk.form.text
        desk.form.go_to("/body")
        await desk.press("x", "enter")
        assert desk.form.text == given
