"""Columns fit their room exactly, the important ones first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.config import COLUMNS
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND
from reviewer.tui.columns import RISKS, chips, columns_for, due_text
from reviewer.tui.completion import candidates, complete
from reviewer.tui.widgets.bar import Part, fitting

DEFAULT = ("risk", "due", "agent", "kind", "title", "reasons", "holder", "age")


@given(st.permutations(COLUMNS), st.integers(20, 300))
def test_columns_never_need_more_room_than_there_is(names: list[str], width: int) -> None:
    found = columns_for(tuple(names), width)
    assert sum(column.width + 1 for column in found) <= width
    assert [c.name for c in found] == [n for n in names if n in {c.name for c in found}]
    if width >= 36:
        assert {"risk", "due", "title"} <= {column.name for column in found}


def test_all_room_is_used_and_wide_lists_show_everything() -> None:
    for width in range(40, 250):
        assert sum(column.width + 1 for column in columns_for(DEFAULT, width)) == width
    assert tuple(column.name for column in columns_for(DEFAULT, 110)) == DEFAULT


def test_a_column_gets_its_width_or_what_there_is_of_it() -> None:
    names = ("risk", "due", "title:60", "reasons")
    for width in range(40, 130):
        found = {column.name: column.width for column in columns_for(names, width)}
        used = sum(found.values()) + len(found)
        assert found["title"] == 60 or used == width, width
    assert {c.name: c.width for c in columns_for(names, 57)}["title"] >= 24
    assert {c.name: c.width for c in columns_for(("title:9", "risk"), 80)}["title"] == 9


def test_risk_is_told_by_shape_and_word() -> None:
    assert len({glyph for glyph, _ in RISKS.values()}) == len(RISKS)
    assert len({word for _, word in RISKS.values()}) == len(RISKS)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (-4 * MINUTE, "-0:04"),
        (12 * MINUTE, "0:12"),
        (100 * MINUTE, "1:40"),
        (DAY + 3 * HOUR, "1d 3h"),
        (42 * SECOND, "42 s"),
        (-42 * SECOND, "-42 s"),
    ],
)
def test_deadlines_read_as_people_say_them(left: int, text: str) -> None:
    assert due_text(left) == text


def test_reasons_become_short_words() -> None:
    assert chips(("low_confidence", "rows_over_limit", "low_confidence")) == "conf, rows over limit"
    assert chips((), escalated=True) == "⚑ "


@given(
    st.lists(st.tuples(st.text("abc", max_size=9), st.integers(0, 4)), max_size=9),
    st.integers(0, 60),
)
def test_bars_drop_whole_groups_until_the_rest_fits(
    parts: list[tuple[str, int]], width: int
) -> None:
    every = [Part(text, keep=keep) for text, keep in parts]
    left, right = fitting(every[::2], every[1::2], width)
    assert sum(part.width for part in (*left, *right)) <= width
    for side, kept in ((every[::2], left), (every[1::2], right)):
        levels = {part.keep for part in kept}
        assert kept == [part for part in side if part.keep in levels]


KNOWN = {"agent": ("refund-bot", "crm-sync", "two words", "\x1b[31m"), "queue": ("billing",)}


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("ag", "agent:"),
        ("agent:cr", "agent:crm-sync"),
        ("risk:high -queue:b", "risk:high -queue:billing"),
        ("is:unc", "is:unclaimed"),
        ("agent:refund-bot,c", "agent:refund-bot,crm-sync"),
        ("agent:tw", None),
        ("nothing:x", None),
    ],
)
def test_the_last_term_is_completed(text: str, done: str | None) -> None:
    assert complete(text, KNOWN) == done


def test_values_that_cannot_be_typed_as_they_are_are_not_offered() -> None:
    assert candidates("agent:", KNOWN)[1] == ["agent:refund-bot", "agent:crm-sync"]
