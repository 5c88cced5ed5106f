"""The forms of the edit screen: fields and cells, and the value that is being typed."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Action, one


def forms() -> Iterable[Action]:
    """Where one stands on a field or a cell."""
    for id, keys, sentence in (
        ("down", "j down", "Next field or row."),
        ("up", "k up", "Field or row before."),
        ("left", "h left", "Choice before, fold, or the column to the left."),
        ("right", "l right", "Next choice, unfold, or the column to the right."),
        ("top", "g home", "First field or row."),
        ("bottom", "G end", "Last field or row."),
        ("half_page_down", "ctrl+d pagedown", "Half a page down."),
        ("half_page_up", "ctrl+u pageup", "Half a page up."),
        ("first_column", "^", "First column."),
        ("last_column", "$", "Last column."),
        ("edit", "enter", "Type another value; fold or unfold what has parts."),
        ("choose", "space", "Next choice; fold or unfold what has parts."),
        ("add", "+ insert", "Add this field, an item after this one, or a row."),
        ("remove", "- delete", "Remove this field or item; leave this row out."),
        ("null", "z", "Make it null."),
        ("type", "t", "Make it a value of the next type that may stand here."),
        ("restore", "u", "Make it what was proposed; take a removed one back."),
        ("next", "n", "Next field that is wrong or changed."),
        ("previous", "N", "The one before that is wrong or changed."),
    ):
        yield one("form", "Form", f"form.{id}", keys, "", sentence, call=f"form('{id}')")
    for digit in range(1, 10):
        sentence = f"Type over a number, beginning with {digit}."
        call = f"form('{digit}')"
        yield one("form", "Form", f"form.digit.{digit}", str(digit), "", sentence, call=call)


def typing() -> Iterable[Action]:
    """While a value is typed."""
    for id, keys, sentence in (
        ("done", "enter", "Done; what was typed is kept."),
        ("next", "tab", "Done, and type into the next field."),
        ("previous", "shift+tab", "Done, and type into the field before."),
        ("down", "down", "Done, and to the next field or row."),
        ("up", "up", "Done, and to the field or row before."),
        ("undo", "ctrl+z", "Make it what it was before you typed here."),
    ):
        yield one("typing", "Typing", f"typing.{id}", keys, "", sentence, call=f"typing('{id}')")
