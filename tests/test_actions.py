"""The registry of actions: complete, without clashes, and strict with custom keymaps."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.actions import (
    ACTIONS,
    GUARDS,
    PLACES,
    actions,
    bindings,
    by_id,
    check_keymap,
    display,
    key_table_markdown,
    keys_of,
    normal,
    place,
)

DESK = {
    "inbox": "j k up down g G ctrl+d ctrl+u enter escape / ctrl+p : ? a e r c m z x u A E R C M Z X"
    " space v * ctrl+@ f b 1 2 3 4 5 6 7 8 9 y q f1",
    "review": "j k g G ctrl+d ctrl+u escape ctrl+p : ? a e r c m z x u A R M Z X n N ] [ { } w s t"
    " o y . f q",
}


@pytest.mark.parametrize("name", DESK)
def test_every_key_of_the_desk_does_something(name: str) -> None:
    bound = {key for action in place(name) for key in keys_of(action)}
    assert set(DESK[name].split()) - bound == set()


@pytest.mark.parametrize("name", PLACES)
def test_no_two_actions_of_a_place_share_a_key(name: str) -> None:
    found = [key for action in place(name) for key in keys_of(action)]
    assert len(found) == len(set(found))


def test_ids_are_unique_within_a_scope_and_guards_are_known() -> None:
    seen = [(action.scope, action.id) for action in ACTIONS]
    assert len(seen) == len(set(seen))
    assert {name for action in ACTIONS for name in action.guards} <= set(GUARDS)
    assert {action.scope for action in ACTIONS} == {s for scopes in PLACES.values() for s in scopes}


def test_shift_stays_where_the_plain_key_goes_on() -> None:
    for action in actions("decide"):
        if not action.id.endswith(".stay"):
            stays = by_id(f"{action.id}.stay")
            assert stays.keys == (action.keys[0].upper(),)
            assert stays.call == action.call.replace("True", "False")


def test_the_default_keymap_is_good() -> None:
    assert check_keymap({}) == []


@pytest.mark.parametrize(
    ("keymap", "words"),
    [
        ({"approve": "r"}, "'r' is bound to both 'approve' and 'reject' in the inbox"),
        ({"mark": "question_mark"}, "'?' is bound to both"),
        ({"aprove": "b"}, "did you mean 'approve'"),
        ({"approve": "blub"}, "'blub' is no key"),
        ({"dialog.confirm": "enter"}, "'enter' cannot confirm"),
        ({"dialog.confirm": "a"}, "cannot both be 'approve' and confirm"),
        ({"dialog.confirm": "3"}, "a digit cannot confirm"),
        ({"mark": "ctrl+c"}, "'ctrl+c' says how to leave"),
        ({"typing.done": "a"}, "'a' is typed in a field"),
    ],
)
def test_a_bad_keymap_is_refused_with_a_sentence(keymap: dict[str, str], words: str) -> None:
    assert any(words in sentence for sentence in check_keymap(keymap))


@pytest.mark.parametrize(
    "keymap",
    [
        {"approve": "r", "reject": "a"},
        {"undo": "ctrl+z"},
        {"filter": "slash,f3"},
        {"settings": ","},
        {"clear_marks": "ctrl+space"},
    ],
)
def test_a_good_keymap_passes(keymap: dict[str, str]) -> None:
    assert check_keymap(keymap) == []


@given(st.sampled_from([a.id for a in place("inbox")]), st.sampled_from(place("inbox")))
def test_taking_the_key_of_another_is_always_found(id: str, other: object) -> None:
    key = other.keys[0]  # type: ignore[attr-defined]
    clash = other.id != id  # type: ignore[attr-defined]
    assert bool(check_keymap({id: key if key != "," else "comma"})) is clash


def test_keys_have_one_spelling() -> None:
    assert normal("question_mark") == normal("?") == "?"
    assert normal("slash") == "/"
    assert normal("shift+a") == "A"
    assert normal("space") == "space"
    assert display("escape") == "esc"
    assert display("ctrl+@") == "ctrl+space"


def test_bindings_carry_the_ids_and_the_custom_keys() -> None:
    bound = {row.id: row for row in bindings("decide", keymap={"approve": "f5"})}
    assert bound["approve"].keys == "f5"
    assert bound["approve"].call == "decide('approve', True)"
    assert bound["reject"].show
    assert not bound["reject.stay"].show


def test_the_key_table_names_every_action() -> None:
    table = key_table_markdown()
    for action in ACTIONS:
        assert f"| `{action.id}` |" in table


def test_the_registry_imports_no_widget() -> None:
    code = "import sys, reviewer.actions; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
