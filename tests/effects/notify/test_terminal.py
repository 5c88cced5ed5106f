"""Notes on desks: for those whom the step reached, in our words only."""

from __future__ import annotations

from reviewer.effects.notify.terminal import note

FACTS = {"desk": True, "people": ["ana", "ben"], "why": "not decided by its due time; goes to ana"}


def test_a_note_is_for_the_people_of_the_step() -> None:
    assert note(FACTS, "ana") == "Escalated to you: not decided by its due time; goes to ana."
    assert note(FACTS, "ben")
    assert note(FACTS, "cy") == ""
    assert note(FACTS | {"desk": False}, "ana") == ""
    assert note({}, "ana") == ""


def test_nothing_hidden_is_in_it() -> None:
    assert note(FACTS | {"why": "a\x1b]9;x\x07b\u202e"}, "ana").isprintable()
