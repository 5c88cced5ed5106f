"""What is being edited, without a screen: hunks, carrying over, drafts of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reviewer.diff.hunks import patch
from reviewer.domain.artifact import parse
from reviewer.domain.errors import InputError
from reviewer.tui.carrying import Restored, restore
from reviewer.tui.drafts import Draft
from reviewer.tui.editing import Editing

from ..diff.strategies import pairs
from .review_desk import CODE, document


class Item:
    """All that editing asks of an item."""

    def __init__(self, *writes: dict[str, Any]) -> None:
        self.artifact = parse(document(writes=list(writes)))


def editing(*writes: dict[str, Any]) -> Editing:
    return Editing(Item(*writes))  # type: ignore[arg-type]


def text_write(before: str | None, after: str, **more: Any) -> dict[str, Any]:
    return {"type": "document", "resource": "d", "before": before, "after": after, **more}


def file_write(before: str | None, after: str | None, **more: Any) -> dict[str, Any]:
    action = "create" if before is None else "delete" if after is None else "modify"
    sides = {"before": before, "after": after}
    found = {side: {"text": text} for side, text in sides.items() if text is not None}
    return {"type": "file", "resource": "a/b.py", "action": action, **found, **more}


def kept(made: Editing, digest: str = "old") -> Draft:
    return made.draft("a_1", digest, 1, {})


# ------------------------------------------------------------------ hunks


@given(pairs, st.sets(st.integers(0, 40)))
@example(("a\r\nb\r\n", "a\nb\r\n"), {0})
@example(("a\nb\n", "a\r\nc\r\n"), {0})
@example(("a\r\nb", "x\r\nb"), {0})
def test_leaving_hunks_out_gives_exactly_the_other_changes(
    pair: tuple[str, str], out: set[int]
) -> None:
    before, after = pair
    made = editing(text_write(before, after))
    numbers = range(len(patch(before, after).pieces))
    assert made.leave_out(0, frozenset(out & {*numbers})) == ""
    expected = patch(before, after).text({*numbers} - out)
    assert made.read(0).after == expected  # type: ignore[union-attr]
    # and a draft of it comes back as it was
    again = editing(text_write(before, after))
    restore(again, kept(made, "same"), "same")
    assert again.read(0).after == expected  # type: ignore[union-attr]
    assert again.left_out == made.left_out
    # and all of it can be taken back in
    assert again.leave_out(0, frozenset()) == ""
    assert again.read(0).after == after  # type: ignore[union-attr]
    assert not again.changed(0)


AFTER = CODE.replace("call(7)", "call(seven)").replace("call(30)", "call(thirty)")


def test_what_was_typed_besides_stays_when_hunks_go_and_come() -> None:
    made = editing(file_write(CODE, AFTER))
    made.put(0, made.text(0).replace("call(20)", "call(mine)"))
    assert made.leave_out(0, frozenset({0})) == ""
    assert made.text(0) == AFTER.replace("seven", "7").replace("call(20)", "call(mine)")
    assert made.leave_out(0, frozenset({1})) == ""
    assert made.text(0) == AFTER.replace("thirty", "30").replace("call(20)", "call(mine)")
    assert made.leave_out(0, frozenset()) == ""
    assert made.text(0) == AFTER.replace("call(20)", "call(mine)")


def test_a_hunk_stays_where_something_typed_stands_in_the_way() -> None:
    made = editing(file_write(CODE, AFTER))
    made.put(0, made.text(0).replace("seven", "mine"))
    text = made.text(0)
    assert "stands in the way" in made.leave_out(0, frozenset({0}))
    assert made.text(0) == text
    assert made.left_out == {}


def test_a_write_of_which_nothing_is_left_is_dropped() -> None:
    made = editing(file_write(CODE, AFTER), file_write(None, "new\n", resource="new"))
    made.leave_out(0, frozenset({0, 1}))
    made.leave_out(1, frozenset({0}))
    assert made.writes() == (None, None)
    made.leave_out(0, frozenset({0}))
    assert made.dropped == {1}
    made.drop(1)
    assert made.writes()[1] is made.proposed[1]


def test_a_mode_that_changes_is_left_where_all_hunks_go() -> None:
    made = editing(file_write("a\n", "b\n") | {"after": {"text": "b\n", "mode": "100755"}})
    made.leave_out(0, frozenset({0}))
    assert made.dropped == set()
    assert made.read(0).after.text == "a\n"  # type: ignore[union-attr]


def test_a_file_is_deleted_whole_or_not_at_all() -> None:
    made = editing(file_write("a\nb\n", None), text_write("x", "y"))
    assert "whole or not at all" in made.leave_out(0, frozenset({0}))
    assert made.leave_out(0, frozenset({0, 1})) == ""
    assert made.writes()[0] is None
    assert made.leave_out(0, frozenset()) == ""
    assert made.writes()[0] is made.proposed[0]


@pytest.mark.parametrize("base64", [True, False])
def test_hunks_are_for_texts(base64: bool) -> None:
    bytes_write = file_write("a", "b") | {"after": {"base64": "AAAA"}}
    made = editing(bytes_write if base64 else {"type": "record", "resource": "r", "after": {}})
    assert ("bytes" if base64 else "files and documents") in made.why_no_hunks(0)


# ------------------------------------------------------------------ carrying over

RECORD = {"status": "open", "amount": 10, "note": "x", "lines": [{"id": 1, "n": 2}]}


def record(**changes: Any) -> dict[str, Any]:
    return {"type": "record", "system": "crm", "resource": "r", "after": RECORD | changes}


def carried(
    old: list[dict[str, Any]], new: list[dict[str, Any]], typed: dict[int, tuple[str, str]]
) -> tuple[Editing, Restored]:
    """An edit that replaces texts in the old proposal, on the new one."""
    first = editing(*old)
    for index, (this, that) in typed.items():
        assert this in first.text(index)
        first.put(index, first.text(index).replace(this, that))
    second = editing(*new)
    return second, restore(second, kept(first), "new")


def test_an_edit_is_carried_over_to_what_the_agent_changed_besides() -> None:
    made, what = carried([record()], [record(status="done")], {0: ('"x"', '"mine"')})
    assert made.read(0).after == RECORD | {"status": "done", "note": "mine"}  # type: ignore[union-attr]
    assert (what.renewed, what.conflicted) == ((0,), ())
    assert "without conflicts" in what.sentence
    assert '"open"' in made.earlier[0]


def test_a_conflict_is_open_until_a_side_is_chosen() -> None:
    made, what = carried([record()], [record(amount=11)], {0: ("10", "12")})
    assert what.conflicted == (0,)
    assert "F9" in what.sentence
    with pytest.raises(InputError, match="write 1: 1 place where your edit meets"):
        made.writes()
    assert not made.put(0, "something else")
    assert not made.settle(0)
    made.conflicted[0].choices[0] = "theirs"
    assert made.settle(0)
    assert made.read(0).after == RECORD | {"amount": 11}  # type: ignore[union-attr]
    assert not made.changed(0)


def test_choices_and_what_was_mine_survive_in_the_draft() -> None:
    old, new = [record()], [record(amount=11, status="done")]
    made, _ = carried(old, new, {0: ("10", "12")})
    made.conflicted[0].choices[0] = "mine"
    again = editing(*new)
    what = restore(again, kept(made, "new"), "new")
    assert what.conflicted == (0,)
    assert again.conflicted[0].open == ()
    assert again.settle(0)
    assert again.read(0).after == RECORD | {"amount": 12, "status": "done"}  # type: ignore[union-attr]


def test_a_write_is_found_by_its_target_where_it_has_another_number() -> None:
    other = {"type": "document", "resource": "other", "after": "o"}
    made, what = carried([record(), other], [other, record()], {0: ("10", "12"), 1: ("o", "p")})
    assert what == Restored()
    assert made.read(0).after == "p"  # type: ignore[union-attr]
    assert made.read(1).after == RECORD | {"amount": 12}  # type: ignore[union-attr]


def test_an_edit_without_a_place_is_said_to_be_lost() -> None:
    other = {"type": "document", "resource": "other", "after": "o"}
    made, what = carried([record()], [other], {0: ("10", "12")})
    assert what.lost == ("record crm r",)
    assert "not in it any more" in what.sentence
    assert not made.touched


def test_a_dropped_write_stays_dropped() -> None:
    first = editing(record(), text_write("a", "b"))
    first.drop(1)
    second = editing(text_write("a", "c"), record())
    restore(second, kept(first), "new")
    assert second.dropped == {0}


def test_a_draft_without_what_it_was_made_on_is_a_conflict_not_a_guess() -> None:
    made = editing(text_write("a", "theirs\n"))
    what = restore(made, Draft("a_1", "old", 1, {0: "mine\n"}), "new")
    assert what.conflicted == (0,)
    (place,) = made.conflicted[0].merge.places
    assert (place.mine, place.theirs) == ("mine\n", "theirs\n")


def test_hidden_characters_stay_spelled_out_when_merged() -> None:
    old, new = record(note="a\u202eb ⟨U+0041⟩"), record(note="a\u202eb ⟨U+0041⟩", status="done")
    made, _ = carried([old], [new], {0: ("10", "12")})
    assert "⟨U+202E⟩" in made.text(0)
    assert made.read(0).after == RECORD | {  # type: ignore[union-attr]
        "note": "a\u202eb ⟨U+0041⟩", "status": "done", "amount": 12,
    }  # fmt: skip
