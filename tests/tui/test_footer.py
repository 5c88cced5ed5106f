"""The footer: a sentence keeps its meaning where there is little room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.tui.widgets.footer import shortened

LOCKED = "The queue file /srv/very/long/way/to/the/place/of/the/queue.db is locked by another."


def test_long_paths_give_way_to_what_is_wrong() -> None:
    assert shortened(LOCKED, 200) == LOCKED
    assert shortened(LOCKED, 60) == "The queue file …/queue.db is locked by another."
    two = "No way from /a/b/c/d/long.db to sqlite:////home/mia/x/y/z/other.db"
    assert shortened(two, 60) == "No way from /a/b/c/d/long.db to …/other.db"
    assert shortened(two, 10) == "No way from …/long.db to …/other.db"


@given(st.text("ab /.:", max_size=60), st.integers(1, 80))
def test_it_never_gets_longer_and_what_fits_stays(sentence: str, room: int) -> None:
    shorter = shortened(sentence, room)
    assert len(shorter) <= len(sentence)
    if len(sentence) <= room:
        assert shorter == sentence
