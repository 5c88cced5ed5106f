"""What comes in: pastes are texts, whatever they hold and however they arrive."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from reviewer.tui.keyboard import END, ESCAPE_SIGN, START, PasteFilter, spelled
from reviewer.tui.spelling import take_back
from reviewer.untrusted.characters import NEVER
from tests.support.shared import ROOT
from tests.support.terminal import Terminal

from .hostile_queue import fill, own_artifact, standing
from .hostile_walk import PROGRAM

PIECES = st.sampled_from(
    [START, END, "\x1b", "\x1b[", "\x1b[20", "[201~", "\x1b[A", "a", "y", "日"]
)


@given(st.lists(PIECES).map("".join), st.data())
def test_cutting_the_input_changes_nothing(whole: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    clean = PasteFilter()
    edges = [0, *cuts, len(whole)]
    parts = "".join(clean(whole[a:b]) for a, b in pairwise(edges))
    assert parts == PasteFilter()(whole)


@given(st.lists(PIECES).map("".join))
def test_no_escape_is_left_within_a_paste(text: str) -> None:
    inner = text.replace(END, "")
    out = PasteFilter()(f"k{START}{inner}{END}\x1b[A")
    assert out == f"k{START}{inner.replace(chr(27), ESCAPE_SIGN)}{END}\x1b[A"


def test_keys_pass_at_once() -> None:
    clean = PasteFilter()
    assert [clean(key) for key in ("\x1b", "[", "2", "0", "0", "~")] == list("\x1b[200~")
    assert clean("\x1bx") == f"{ESCAPE_SIGN}x"


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [("می\u200cخواهم", "می\u200cخواهم"), ("a\u202eb\r\nc\rd", "a\u202eb\nc\nd"), ("é", "é")],
)
def test_a_paste_is_spelled_out_and_taken_back(pasted: str, meant: str) -> None:
    event = spelled(events.Paste(pasted))
    assert isinstance(event, events.Paste)
    assert not NEVER.search(event.text.replace("\n", ""))
    assert take_back(event.text) == meant


def test_a_key_without_ink_is_spelled_out_and_others_are_not() -> None:
    event = spelled(events.Key("variation_selector_16", "\ufe0f"))
    assert isinstance(event, events.Paste)
    assert event.text == "⟨U+FE0F⟩"
    for key in (events.Key("a", "a"), events.Key("tab", "\t"), events.Key("escape", "\x1b")):
        assert spelled(key) is key


@pytest.mark.parametrize("burst", ["/agent:x", "/a", ":a", ",a", "?a"])
def test_what_comes_in_one_burst_is_for_what_it_opens(tmp_path: Path, burst: str) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    ids = fill(home, [own_artifact(number) for number in range(24)])
    before = standing(home, ids)
    with Terminal(PROGRAM, (100, 30), {"REVIEWER_HOME": str(home)}, cwd=str(ROOT)) as terminal:
        terminal.wait_for("pending")
        terminal.settle(0.5)
        terminal.send(burst)
        if burst.startswith("/"):
            terminal.wait_for(f"(?m)^ {burst[1:]}")
        terminal.settle(0.3)
        terminal.send("\x1b")
        terminal.settle(0.2)
        terminal.send("q")
        terminal.settle(0.2)
        terminal.send("q")
        assert terminal.wait_end() == 0
    assert standing(home, ids) == before
