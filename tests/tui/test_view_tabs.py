"""The tabs of the saved views: none disappears without being counted."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reviewer.config import DEFAULT_VIEWS
from reviewer.tui.widgets.bar import Part
from reviewer.tui.widgets.view_tabs import ViewTabs

NAMES = [view.name for view in DEFAULT_VIEWS]


def drawn(names: list[str], counts: dict[int, str], here: int, width: int) -> list[Part]:
    tabs = ViewTabs()
    tabs.tell(names, counts, here)
    return tabs.fitted(tabs._left, (), width)[0]


def text(parts: list[Part]) -> str:
    return "".join(str(part.text) for part in parts)


def test_the_tabs_that_find_no_room_at_80_cells_are_counted() -> None:
    counts = {index: "0" for index in range(len(NAMES)) if NAMES[index] != "Decided"}
    shown = text(drawn(NAMES, counts, 1, 79))
    assert len(shown) <= 79
    assert shown.endswith("│ … 3 more ")
    assert text(drawn(NAMES, counts, 1, 119)).count("more") == 0


@given(
    st.lists(st.text("abcdefgh ", min_size=1, max_size=20), min_size=1, max_size=9),
    st.integers(0, 8),
    st.integers(48, 200),
    st.booleans(),
)
def test_every_view_has_a_tab_or_is_counted(
    names: list[str], here: int, width: int, counted: bool
) -> None:
    here = min(here, len(names) - 1)
    counts = dict.fromkeys(range(len(names)), "10,000+") if counted else {}
    parts = drawn(names, counts, here, width)
    tabs = {part.action for part in parts if part.action.startswith("screen.view(")}
    more = re.search(r"… (\d) more", text(parts))
    assert sum(part.width for part in parts) <= width
    assert f"screen.view({here + 1})" in tabs
    assert len(tabs) + (int(more[1]) if more else 0) == len(names)
