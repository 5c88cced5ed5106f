"""Plots in text: they keep to their room, and what is drawn is as great as what it stands for."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from textual.content import Content

from reviewer.tui.screens.insights_words import TICKS
from reviewer.tui.widgets.columned import Col, table
from reviewer.tui.widgets.plots import (
    EIGHTHS,
    bars,
    columns,
    fold,
    meter,
    nice,
    ranges,
    short,
    stacked,
    trend,
)

LOOKS = (("█", "$success"), ("▓", "$primary"), ("░", "$error"), ("▒", "$warning"))
widths, heights = st.integers(1, 130), st.integers(1, 30)
values = st.lists(st.floats(0, 1e7, allow_nan=False), max_size=150).map(tuple)
many = st.lists(st.tuples(*[st.integers(0, 50)] * 4), max_size=150).map(tuple)
pairs = st.lists(
    st.none() | st.tuples(st.floats(0, 1e13), st.floats(1, 100)).map(lambda p: (p[0], p[0] * p[1])),
    max_size=150,
).map(tuple)


def named(number: int) -> tuple[str, ...]:
    return tuple(f"{n}:00" for n in range(number))


def fits(lines: tuple[Content, ...], width: int, height: int) -> None:
    """At most as high as asked, but for the axes; as wide, but for a label that needs more."""
    assert len(lines) == max(1, height - 2) + 2
    assert max(line.cell_length for line in lines) <= max(width, 9)


@given(values, widths, heights)
@example((5e-324,), 1, 1)
def test_bars_keep_to_their_room(some: tuple[float, ...], width: int, height: int) -> None:
    fits(bars(some, named(len(some)), width, height, running=bool(some)), width, height)


@given(many, widths, heights)
def test_columns_keep_to_their_room(
    some: tuple[tuple[int, ...], ...], width: int, height: int
) -> None:
    fits(columns(some, LOOKS, named(len(some)), width, height), width, height)


@given(pairs, widths, heights)
def test_ranges_keep_to_their_room(
    some: tuple[tuple[float, float] | None, ...], width: int, height: int
) -> None:
    fits(ranges(some, TICKS, named(len(some)), width, height), width, height)


def eighths(lines: tuple[Content, ...], column: int) -> int:
    """How many eighths of a cell are inked in a column."""
    return sum(max(0, EIGHTHS.find(line.plain[column])) for line in lines[:-2])


def test_bars_are_as_high_as_their_values() -> None:
    lines = bars((0.0, 1.0, 5.0, 10.0, 0.01), named(5), 8, 12)
    assert [line.plain[0:3] for line in lines[:1]] == ["10┤"]
    assert [eighths(lines, 3 + n) for n in range(5)] == [0, 8, 40, 80, 1]


def test_a_whole_axis_has_no_half_of_a_decision() -> None:
    ticks = [line.plain.split("┤")[0].strip() for line in bars((1.0,), ("",), 20, 9)]
    assert [tick for tick in ticks if tick and tick[0].isdigit()] == ["1", "0"]


def test_columns_show_every_part_of_a_whole() -> None:
    lines = columns(((50, 25, 20, 5),), LOOKS, ("",), 20, 22)
    drawn = [line.plain[5] for line in lines[:-2]]
    assert drawn == ["▒"] + ["░"] * 4 + ["▓"] * 5 + ["█"] * 10


def test_low_columns_are_true_to_the_shares() -> None:
    lines = columns(((64, 20, 11, 5),), LOOKS, ("",), 20, 7)
    assert "".join(line.plain[5] for line in lines[:-2]) == "░▓███"


def test_ranges_mark_the_half_and_reach_to_nine_tenths() -> None:
    lines = ranges(((60e6, 3600e6),), TICKS, ("",), 20, 13)
    column = lines[0].plain.index("┬")
    assert [line.plain[column] for line in lines[:-2]] == ["┬", *"│" * 9, "●"]
    assert lines[0].plain.strip().startswith("1 h")
    assert lines[-3].plain.strip().startswith("1 min")


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6), st.integers(0, 80))
def test_parts_fill_the_width_and_none_is_lost(parts: list[int], width: int) -> None:
    cells = stacked(parts, width)
    assert sum(cells) == (width if sum(parts) else 0)
    assert all(n >= 0 for n in cells)
    if width >= len(parts) and sum(parts):
        assert all(bool(part) == bool(n) for part, n in zip(parts, cells, strict=True))


@given(st.floats(0, 1), st.integers(1, 60))
def test_a_meter_is_full_only_at_the_whole(share: float, width: int) -> None:
    text = meter(share, width, "").plain
    assert len(text) == width
    assert ("━" in text or "╸" in text) == (share > 0)


@given(st.floats(1e-6, 1e9))
def test_axes_end_at_round_numbers_near_by(value: float) -> None:
    top = nice(value)
    assert value <= top * (1 + 1e-9)
    assert top <= value * 1.5 * (1 + 1e-9)


def test_small_things() -> None:
    assert [short(v) for v in (0.05, 12, 1500, 2_500_000)] == ["0.05", "12", "1.5k", "2.5M"]
    assert trend((0, 1, 8), 10) == "·▁█"
    assert trend((0, 0), 10) == "··"
    assert fold((1.0, 3.0, 5.0), 2) == [2.0, 5.0]


@given(st.integers(0, 40), st.integers(14, 100), st.integers(1, 20), st.integers(0, 50))
def test_tables_keep_to_their_room_and_show_the_chosen_row(
    count: int, width: int, height: int, cursor: int
) -> None:
    chosen = min(cursor, count - 1) if count else None
    cols = [Col(f"c{n}", 5, n, lambda row: f"{row}") for n in range(8)]
    lines = table(
        cols,
        lambda row, wide: Content(f"row {row}".ljust(wide)[:wide]),
        count,
        width,
        height,
        head="name",
        cursor=chosen,
    )
    assert len(lines) <= height
    assert all(line.cell_length <= width for line in lines)
    marked = [line.plain for line in lines if line.plain.startswith("▌")]
    assert [line.split()[1] for line in marked] == ([f"{chosen}"] if count else [])
    if count > height >= 2:
        assert "↓" in lines[0].plain or "↑" in lines[0].plain
