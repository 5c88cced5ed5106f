"""The window of pages over a long list, and where the cursor goes when the list changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reviewer.tui.window import PAGES, Loaded, Window, follow


@dataclass(frozen=True)
class Page:
    """A page as a queue answers, over a list of numbers."""

    entries: tuple[Any, ...]
    next: str | None
    previous: str | None


SIZE = 10


def page(total: int, start: int) -> Any:
    end = min(total, start + SIZE)
    entries = tuple(range(max(0, start), end))
    return Page(entries, str(end) if end < total else None, str(start) if start > 0 else None)


@given(st.integers(1, 400), st.lists(st.sampled_from(["after", "before"]), max_size=60))
def test_any_walk_keeps_a_contiguous_part_of_bounded_size(total: int, walk: list[str]) -> None:
    window = Window()
    window.start([Loaded(page(total, 0))])
    for side in walk:
        before = list(window.rows)
        if side == "after" and window.next is not None:
            at = int(window.next)
            dropped = window.append(Loaded(page(total, at), ("after", str(at))))
            assert window.rows[: len(before) - dropped] == before[dropped:]
        elif side == "before" and window.previous is not None:
            at = int(window.previous)
            came = window.prepend(Loaded(page(total, at - SIZE), ("before", str(at))))
            assert window.rows[came : came + len(before)] == before[: len(window.rows) - came]
        assert window.rows == list(range(window.base, window.base + len(window.rows)))
        assert len(window.rows) <= PAGES * SIZE


@given(st.lists(st.text(min_size=1, max_size=2), unique=True, max_size=30), st.data())
def test_the_cursor_stays_with_its_artifact(ids: list[str], data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, max(0, len(ids) - 1)))
    kept = data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    new = [id for id in ids if id in kept]
    at = follow(ids, new, cursor)
    if not new:
        assert at == 0
    elif ids[cursor] in new:
        assert new[at] == ids[cursor]
    else:
        later = [id for id in ids[cursor:] if id in new]
        assert new[at] == (later[0] if later else new[-1])


def test_pages_are_wanted_before_they_are_needed() -> None:
    window = Window()
    window.start([Loaded(page(400, 0))])
    assert window.wants(0, 5) == "after"
    window.start([Loaded(page(5, 0))])
    assert window.wants(0, 5) is None
