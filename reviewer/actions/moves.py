"""Moving in lists and texts."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Action, one


def moves() -> Iterable[Action]:
    """Lines and pages."""
    for id, keys, sentence in (
        ("down", "j down", "Next line."),
        ("up", "k up", "Line before."),
        ("top", "g home", "First line."),
        ("bottom", "G end", "Last line."),
        ("half_page_down", "ctrl+d", "Half a page down."),
        ("half_page_up", "ctrl+u", "Half a page up."),
        ("page_down", "pagedown ctrl+f", "A page down."),
        ("page_up", "pageup ctrl+b", "A page up."),
    ):
        yield one("move", "Move", id, keys, "", sentence, call=f"move('{id}')")
