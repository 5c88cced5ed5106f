"""What was made last is kept, and no more of it than was said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.tui.newest import Newest

steps = st.lists(st.tuples(st.sampled_from(("put", "use", "few")), st.integers(0, 9)))


@given(st.integers(1, 5), steps)
def test_the_newest_are_kept_in_order(most: int, done: list[tuple[str, int]]) -> None:
    kept: Newest[int, str] = Newest(most)
    wanted: list[int] = []
    for what, number in done:
        if what == "put":
            kept[number] = str(number)
            wanted = wanted if number in wanted else [*wanted, number][-most:]
        elif what == "use" and number in kept:
            kept.move_to_end(number)
            wanted = [each for each in wanted if each != number] + [number]
        elif what == "few":
            kept.keep_few(number)
            wanted = wanted[-number:] if number else []
        assert list(kept) == wanted
        assert all(kept[key] == str(key) for key in wanted)
