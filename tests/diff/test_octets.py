"""Bytes and lists: every changed byte lies in a region and in a row of the preview."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import binary_diff, list_diff

blobs = st.one_of(
    st.binary(max_size=80), st.lists(st.sampled_from([b"ab", b"\0" * 16, b"\xff"])).map(b"".join)
)
words = st.lists(st.sampled_from(["a@x", "b@x", "c@x", ""]), max_size=6)


@given(blobs, blobs)
def test_regions_replaced_give_the_bytes_after(before: bytes, after: bytes) -> None:
    diff = binary_diff(before, after)
    done, at = b"", 0
    for region in diff.regions:
        done += before[at : region.before_start]
        assert len(done) == region.after_start
        done += after[region.after_start : region.after_end]
        at = region.before_end
        assert at <= len(before)
        assert region.after_end <= len(after)
    assert done + before[at:] == after
    assert diff.changed == (before != after) == bool(diff.regions) == bool(diff.counts)


@given(blobs, blobs)
def test_the_preview_holds_every_byte_of_every_region(before: bytes, after: bytes) -> None:
    diff = binary_diff(before, after)
    rows = list(diff.rows)
    assert rows == diff.rows[:]
    assert b"".join(row.before for row in rows) == b"".join(
        before[r.before_start : r.before_end] for r in diff.regions
    )
    assert b"".join(row.after for row in rows) == b"".join(
        after[r.after_start : r.after_end] for r in diff.regions
    )
    for row in rows:
        assert max(len(row.before), len(row.after)) <= 16
        assert before[row.before_offset :].startswith(row.before)
        assert after[row.after_offset :].startswith(row.after)
    with pytest.raises(IndexError):
        diff.rows[len(rows)]


@given(st.binary(min_size=40, max_size=40), st.sets(st.integers(0, 39)))
def test_regions_of_equal_lengths_are_rows_apart(before: bytes, places: set[int]) -> None:
    after = bytes(byte ^ (at in places) for at, byte in enumerate(before))
    diff = binary_diff(before, after)
    assert sum(r.before_end - r.before_start for r in diff.regions) <= 16 * len(places)
    assert all(one.before_end < other.before_start for one, other in pairwise(diff.regions))


@given(blobs, st.binary(max_size=9), st.binary(max_size=5), blobs)
def test_a_region_of_unequal_lengths_is_as_small_as_can_be(
    head: bytes, gone: bytes, come: bytes, tail: bytes
) -> None:
    before, after = head + gone + tail, head + come + tail
    if len(before) == len(after):
        return
    (region,) = binary_diff(before, after).regions
    start, ends = region.before_start, (region.before_end, region.after_end)
    old, new = before[start : ends[0]], after[start : ends[1]]
    assert old[:1] != new[:1] or not old or not new
    assert old[-1:] != new[-1:] or not old or not new


def test_digests_are_those_of_the_bare_bytes() -> None:
    diff = binary_diff(None, b"abc")
    assert diff.before_digest is None
    assert diff.after_digest == "sha256:" + hashlib.sha256(b"abc").hexdigest()
    assert diff.changed


def test_one_bit_in_megabytes_is_found() -> None:
    before = bytes(5_000_000)
    after = before[:4_000_001] + b"\1" + before[4_000_002:]
    (region,) = binary_diff(before, after).regions
    assert (region.before_start, region.before_end) == (4_000_000, 4_000_016)


@given(words, words)
def test_list_entries_make_both_lists(before: list[str], after: list[str]) -> None:
    diff = list_diff(before, after)
    assert [e.text for e in diff.entries if e.kind != "added"] == before
    assert [e.text for e in diff.entries if e.kind != "removed"] == after
    assert diff.changed == (before != after) == bool(diff.counts)
