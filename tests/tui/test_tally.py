"""The summary of a sitting: what was done, without what was taken back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.tui.tally import WORDS, Tally

from .review_desk import desk

Patch = pytest.MonkeyPatch
_OPS = st.dictionaries(
    st.text(max_size=4), st.tuples(st.sampled_from(list(WORDS)), st.integers(0, 9))
)


@given(_OPS, st.lists(st.text(max_size=4)))
def test_what_is_taken_back_is_not_counted(
    done: dict[str, tuple[str, int]], undone: list[str]
) -> None:
    tally, expected = Tally(), Counter[str]()
    for id, (kind, number) in done.items():
        tally.note(id, kind, number)
        tally.note(id, kind, number)  # a lost reply: sent again
        if id not in undone:
            expected[kind] += number
    for id in undone:
        tally.undo(id, done.get(id, ("", 0))[1])
    assert +tally.counts == +expected


def test_the_sentence_says_what_there_is() -> None:
    tally = Tally()
    assert tally.sentence(5, 0) == ""
    assert tally.sentence(5, 2) == "2 drafts are kept."
    tally.note("op-1", "approve", 1200)
    tally.note("op-2", "edit")
    tally.note("op-3", "reject", 2)
    tally.undo("op-3", 1)
    assert tally.sentence(600, 1, "op-2") == (
        "In 10 min: 1,200 approved, 1 edited and approved, 1 rejected, 1 taken back."
        " 1 draft is kept. The last can still be taken back: reviewer undo op-2"
    )


async def test_the_desk_counts_what_it_decides(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        first, second = await here.submit(), await here.submit(key="other")
        await here.open(first)
        await here.press("A")
        await here.until_status(first, "approved")
        assert "s: 1 approved. The last can still be taken back" in here.session.summary()
        assert "reviewer undo op-" in here.session.summary()
        await here.press("u")
        await here.until_status(first, "pending")
        await here.until(lambda: here.session.summary().endswith("s: 1 taken back."))
        assert await here.status(second) == "pending"
