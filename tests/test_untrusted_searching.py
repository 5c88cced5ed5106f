"""Long texts are searched a piece at a time, and nothing is found otherwise for it."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.untrusted import inspect, searching
from reviewer.untrusted.flags import offsets

TRICKY = st.text(
    "ab[@=link \n\r\u0301\u0430\u0440\u0435\u200b\u0e01\ufeff\u202e𝐝\U000e0041\x1b", max_size=60
)


@given(text=TRICKY, size=st.integers(1, 7))
def test_the_flags_are_those_of_the_whole_text(text: str, size: int) -> None:
    whole = inspect(text), offsets(text)
    with patch.object(searching, "PIECE", size):
        assert (inspect(text), offsets(text)) == whole


@pytest.mark.parametrize(
    "lone", ["\x1b", "\r", "[link=", "[@click=x]", "e" + "\u0301" * 9, "p\u0430y"]
)
def test_what_lies_across_the_end_of_a_piece_is_found(lone: str) -> None:
    for shift in range(len(lone) + 2):
        text = "." * (searching.PIECE - shift) + lone + "y\n"
        assert inspect(text), (lone, shift)


def test_a_carriage_return_before_a_newline_is_no_flag_wherever_a_piece_ends() -> None:
    for shift in range(3):
        assert not inspect("x" * (searching.PIECE - shift) + "\r\ny")


def test_no_call_searches_more_than_a_piece() -> None:
    asked: list[int] = []

    class Spy:
        def search(self, _text: str, start: int, end: int) -> None:
            asked.append(end - start)

        def finditer(self, _text: str, start: int, end: int) -> list[None]:
            asked.append(end - start)
            return []

    text = "line\n" * 100_000
    assert not searching.holds(Spy(), text)  # type: ignore[arg-type]
    assert not list(searching.found(Spy(), text))  # type: ignore[arg-type]
    assert max(asked) <= searching.PIECE + 1
