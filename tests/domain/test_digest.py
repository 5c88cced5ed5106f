"""Canonical bytes: the fast way and the library's way never differ."""

from __future__ import annotations

from unittest.mock import patch

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import digest
from reviewer.domain.digest import canonical

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [0.0, -0.0, 1.0, 1e-4, 9.9e-5, 1e-7, 0.1, 1e15 + 0.5, 1e16, 1e21, 1e22, 123.25]
    ),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(
            st.one_of(TEXT, st.sampled_from(["a", "B", "_", "é", "\U0001f600", "\ufb33"])), inner
        ),
    ),
    max_leaves=20,
)


@given(VALUES)
def test_canonical_bytes_are_those_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES, st.integers(9, 60))
def test_a_large_value_is_written_in_pieces_and_alike(value: object, size: int) -> None:
    with patch.object(digest, "_PIECE", size):
        assert canonical(value) == rfc8785.dumps(value)


def test_no_call_writes_much_more_than_a_piece() -> None:
    long = {"a": "x" * 1_000_000, "b": [{"n": n, "t": "text"} for n in range(50_000)], "c": 1}
    written = list(digest._written(long))
    assert "".join(written).encode() == rfc8785.dumps(long)
    assert max(map(len, written)) < 3 * digest._PIECE


def test_every_control_and_special_character_is_written_alike() -> None:
    for code in (*range(0x100), 0x2028, 0x2029, 0xFEFF, 0xFFFF, 0x1F600):
        assert canonical(chr(code)) == rfc8785.dumps(chr(code))


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), "\ud800", {"\udfff": 1}, {1: 2}])
def test_what_the_library_refuses_is_refused(value: object) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, ValueError)):
        canonical(value)
