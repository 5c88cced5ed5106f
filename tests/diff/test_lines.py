"""The line diff: exact to the byte, bounded, and telling where it is not the smallest."""

from __future__ import annotations

import itertools
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.diff import LineDiff, line_diff, split_lines
from reviewer.diff import lines as lines_module
from reviewer.diff.matching import MAX_SLICED, increasing, matching

from .strategies import pairs, texts


def replayed(diff: LineDiff) -> tuple[str, str]:
    """Both texts, made from the blocks alone; asserts that the blocks are well formed."""
    left: list[str] = []
    right: list[str] = []
    at = to = 0
    before = ""
    for block in diff.blocks:
        assert (block.left_start, block.right_start) == (at, to)
        at, to = block.left_end, block.right_end
        gone = list(diff.left[block.left_start : at])
        come = list(diff.right[block.right_start : to])
        assert (block.kind in ("same", "changed")) == bool(gone and come)
        assert (block.kind == "removed") == (not come)
        assert (block.kind == "added") == (not gone)
        kind = "same" if block.kind == "same" else "change"
        assert kind != before, "two changes or two runs touch"
        before = kind
        if block.kind == "same" and not diff.whitespace_ignored:
            assert gone == come
        left += gone
        right += gone if block.kind == "same" else come
    assert (at, to) == (len(diff.left), len(diff.right))
    return "".join(left), "".join(right)


@given(pairs)
def test_the_blocks_lead_from_one_text_to_the_other_byte_for_byte(pair: tuple[str, str]) -> None:
    diff = line_diff(*pair)
    assert "".join(diff.left) == pair[0]
    assert replayed(diff) == pair
    assert diff.changed == (pair[0] != pair[1])
    assert not diff.coarse


@given(texts)
def test_lines_end_at_lf_crlf_and_cr_and_nowhere_else(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert all(lines)
    for line in lines[:-1]:
        assert line.endswith(("\n", "\r"))
    for line in lines:
        inner = line.removesuffix("\n").removesuffix("\r")
        assert "\n" not in inner
        assert "\r" not in inner
    for one, other in itertools.pairwise(lines):
        assert not (one.endswith("\r") and other.startswith("\n"))


@pytest.mark.parametrize("char", "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
def test_what_python_calls_a_line_end_is_none_here(char: str) -> None:
    assert split_lines(f"a{char}b\nc") == [f"a{char}b\n", "c"]


@given(st.text("ab\r\n\x0c\u2028", max_size=40), st.integers(0, 6))
def test_a_long_text_is_split_in_pieces_and_alike(text: str, size: int) -> None:
    whole = split_lines(text)
    with patch.object(lines_module, "_PIECE", size):
        assert split_lines(text) == whole


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("a\nb", "a\nb\n"),
        ("a\n", "a\r\n"),
        ("a\rb\n", "a\nb\n"),
        ("a", ""),
        ("", "\n"),
        ("a\n", "a \n"),
        ("a\n", "a\u200b\n"),
        ("e\u0301\n", "é\n"),
    ],
)
def test_what_other_diffs_hide_is_a_change(left: str, right: str) -> None:
    diff = line_diff(left, right)
    assert diff.changed
    assert diff.counts


@given(pairs)
def test_ignoring_whitespace_counts_what_it_hides(pair: tuple[str, str]) -> None:
    diff = line_diff(*pair, ignore_whitespace=True)
    assert "".join(diff.left) == pair[0]
    assert "".join(diff.right) == pair[1]
    replayed(diff)
    apart = [
        (diff.left[block.left_start + n], diff.right[block.right_start + n])
        for block in diff.blocks
        if block.kind == "same"
        for n in range(block.left_end - block.left_start)
        if diff.left[block.left_start + n] != diff.right[block.right_start + n]
    ]
    assert diff.hidden == len(apart)
    for one, other in apart:
        assert _bare(one) == _bare(other)
    assert diff.changed == (pair[0] != pair[1])


def _bare(line: str) -> str:
    return "".join(char for char in line if char not in " \t\r\n\x0b\x0c")


def test_ignored_whitespace_is_ascii_whitespace_only() -> None:
    assert line_diff("a b\n", "ab\r\n", ignore_whitespace=True).blocks[0].kind == "same"
    diff = line_diff("a b\n", "a\u00a0b\n", ignore_whitespace=True)
    assert diff.blocks[0].kind == "changed"


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_the_match_is_a_longest_common_subsequence(left: list[int], right: list[int]) -> None:
    matches, coarse = matching(left, right)
    assert not coarse
    assert sum(match.size for match in matches) == _lcs(left, right)
    at = to = 0
    for match in matches:
        assert match.size
        assert match.left >= at
        assert match.right >= to
        assert (
            left[match.left : match.left + match.size]
            == (right[match.right : match.right + match.size])
        )
        at, to = match.left + match.size, match.right + match.size


def _lcs(left: list[int], right: list[int]) -> int:
    row = [0] * (len(right) + 1)
    for one in left:
        last = row
        row = [0]
        for at, other in enumerate(right):
            row.append(last[at] + 1 if one == other else max(last[at + 1], row[at]))
    return row[-1]


@given(st.permutations(range(12)))
def test_the_longest_growing_chain(places: list[int]) -> None:
    chain = increasing(list(enumerate(places)))
    assert chain == sorted(chain)
    assert [j for _, j in chain] == sorted(j for _, j in chain)
    longest = [1] * len(places)
    for at, place in enumerate(places):
        longest[at] += max((longest[n] for n in range(at) if places[n] < place), default=0)
    assert len(chain) == max(longest)


def _large() -> Iterator[tuple[str, str, str, bool]]:
    """Name, both texts, and whether the search may have been cut short."""
    rng = random.Random(7)

    def few(size: int) -> str:
        return "".join(rng.choice(("}\n", "\n", "x\n")) for _ in range(size))

    yield "few distinct lines", few(6_000), few(6_000), False
    yield "too many of few distinct lines", few(30_000), few(30_000), True
    yield (
        "all different",
        *("".join(f"{rng.random()}\n" for _ in range(60_000)) for _ in "ab"),
        False,
    )
    lines = [f"{rng.random()}\n" for _ in range(30_000)]
    shuffled = rng.sample(lines, len(lines))
    yield "shuffled", "".join(lines), "".join(shuffled), False
    yield "one long line", "x" * 3_000_000, "x" * 2_999_999 + "y", False
    yield "beyond all bounds", few(MAX_SLICED), few(MAX_SLICED), True


@pytest.mark.parametrize("case", list(_large()), ids=lambda case: case[0])
def test_large_inputs_stay_exact_and_say_when_coarse(case: tuple[str, str, str, bool]) -> None:
    _, left, right, coarse = case
    diff = line_diff(left, right)
    assert replayed(diff) == (left, right)
    assert diff.coarse == coarse


def test_an_edit_in_a_huge_file_stays_small() -> None:
    lines = [f"line {n}\n" for n in range(30_000)]
    edits = dict.fromkeys(range(500, 30_000, 3_000), "edited\n")
    after = [edits.get(n, line) for n, line in enumerate(lines)]
    diff = line_diff("".join(lines), "".join(after))
    assert diff.counts.added == diff.counts.removed == len(edits)
    assert not diff.coarse


def test_a_block_slides_to_where_it_reads_best() -> None:
    before = "def a():\n    x\n\n\ndef c():\n    x\n"
    after = "def a():\n    x\n\n\ndef b():\n    x\n\n\ndef c():\n    x\n"
    diff = line_diff(before, after)
    block = next(block for block in diff.blocks if block.kind == "added")
    assert diff.right[block.right_start] == "def b():\n"
    assert replayed(diff) == (before, after)


@given(pairs)
def test_no_diff_is_smaller(pair: tuple[str, str]) -> None:
    diff = line_diff(*pair)
    kept = sum(b.left_end - b.left_start for b in diff.blocks if b.kind == "same")
    assert kept == _lcs(*_numbered(*pair))


def _numbered(left: str, right: str) -> tuple[list[int], list[int]]:
    ids: dict[str, int] = {}
    one, other = (
        [ids.setdefault(line, len(ids)) for line in split_lines(t)] for t in (left, right)
    )
    return one, other


def test_counts_agree_with_git(tmp_path: Path) -> None:
    rng = random.Random(3)
    before = [f"line {n}\n" for n in range(800)]
    after = [line if rng.random() > 0.05 else f"new {rng.random()}\n" for line in before]
    del after[100:110]
    (tmp_path / "a").write_text("".join(before), encoding="utf-8")
    (tmp_path / "b").write_text("".join(after), encoding="utf-8")
    command = ["git", "diff", "--no-index", "--minimal", "--numstat", "a", "b"]
    out = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    added, removed = map(int, out.split()[:2])
    counts = line_diff("".join(before), "".join(after)).counts
    assert (counts.added, counts.removed) == (added, removed)
