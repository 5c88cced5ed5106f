"""The context as beats, bodies, lines and places found: pure, and exact about hostile text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import parse
from reviewer.tui.widgets.context_layout import Fold, Wish, lay_out
from reviewer.tui.widgets.context_rows import LONG_LINE, Beat, beats
from reviewer.tui.widgets.context_story import Clock, Story, since_words, took
from reviewer.tui.widgets.finding import Match, find, pattern
from reviewer.tui.widgets.json_lines import JsonLines, as_json, brief, inline, split_lines

from .review_desk import document

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def story_of(context: list[dict[str, Any]], **more: Any) -> Story:
    return Story.of(parse(document(context=context, **more)))


def wish_of(told: list[Beat], width: int = 60, **more: Any) -> Wish:
    folds = more.pop("folds", {})
    return Wish(told, range(len(told)), folds, more.pop("all", None), width, width)


def test_calls_meet_their_results() -> None:
    artifact = parse(
        document(
            context=[
                {"type": "tool_call", "name": "a", "id": "1"},
                {"type": "tool_call", "name": "b"},
                {"type": "tool_result", "id": "1", "output": "one", "error": True},
                {"type": "tool_result", "name": "b", "output": {"two": 2}},
                {"type": "tool_result", "name": "c", "output": "alone"},
                {"type": "tool_call", "name": "d"},
            ]
        )
    )
    story = beats(artifact.context)
    assert [(beat.who, beat.index) for beat in story] == [("a", 0), ("b", 1), ("c", 4), ("d", 5)]
    assert story[0].failed
    assert story[1].body.lines == ["⇒ {two: 2}"]
    assert story[3].note == "no result"
    told = Story.of(artifact, evidence=[3])
    assert told.places == (0, 1, 0, 1, 2, 3)
    assert told.evidence == {1}


def test_a_long_line_is_folded_and_says_how_long_it_is() -> None:
    from reviewer.tui.widgets.context_heads import more

    text = "x" * (3 * LONG_LINE)
    (beat,) = beats(parse(document(context=[{"type": "note", "text": text}])).context)
    assert beat.hides
    assert beat.opening == ["x" * LONG_LINE]
    assert more(beat, Fold.OPENING) == f"{2 * LONG_LINE:,} c"
    assert beat.body.lines == [text]


def test_a_result_is_told_by_size_first_line_or_keys() -> None:
    outputs: list[Any] = [
        "one\ntwo\nthree", {"id": 7, "status": "open"}, [1, 2, 3], '{"a": 1.10, "b": [2]}', "", 5,
        '{"a": 1, "a": 2}',
    ]  # fmt: skip
    context = [{"type": "tool_result", "name": "t", "output": output} for output in outputs]
    assert [beat.result for beat in story_of(context).beats] == [
        "3 l  one", "2 fields: id, status", "3 items", "2 fields: a, b", "", "5",
        '{"a": 1, "a": 2}',
    ]  # fmt: skip


def test_a_value_is_lines_with_paths() -> None:
    made = JsonLines()
    made.add({"order": "8841"})
    value = {"items": [{"id": n, "deep": {"x": [n, {"y": "a\nb"}]}} for n in range(2)], "n-1": None}
    made.add(value, "⇒ ", "result")
    assert made.lines[:10] == [
        'order: "8841"', "⇒ 2 fields", "  items: 2 items", "    [0] 2 fields", "      id: 0",
        "      deep: 1 field", "        x: 2 items", "          [0] 0", "          [1] 1 field",
        "            y: 2 lines",
    ]  # fmt: skip
    assert made.path(0) == "order"
    assert made.path(9) == "result.items[0].deep.x[1].y"
    assert made.lines[10:12] == ["            │ a", "            │ b"]
    assert made.path(11) == made.path(9)
    assert made.copied(11) == "b"
    assert made.path(len(made.lines) - 1) == "result.n-1"


def test_numbers_in_a_text_of_json_stay_as_they_are_written() -> None:
    value = as_json('{"price": 1.10, "big": 1e400, "whole": 12345678901234567890}')
    assert inline(value) == "{price: 1.10, big: 1e400, whole: 12345678901234567890}"
    assert as_json('{"a": 1, "a": 2}') is None
    assert as_json("[" * 5000) is None
    assert as_json("plain") is None


@given(JSON)
def test_every_scalar_of_a_value_is_in_its_lines(value: Any) -> None:
    made = JsonLines()
    made.add(value, "⇒ ", "result")
    text = "\n".join(made.lines)

    def scalars(one: Any) -> list[str]:
        if isinstance(one, dict):
            return [s for inner in one.values() for s in scalars(inner)]
        if isinstance(one, list):
            return [s for inner in one for s in scalars(inner)]
        return one.split("\n") if isinstance(one, str) else []

    for piece in scalars(value):
        assert piece.replace("\\", "\\\\").replace('"', '\\"') in text or f"│ {piece}" in text
    assert all("\n" not in line for line in made.lines)
    assert all(made.path(line).startswith("result") for line in range(len(made.lines)))
    assert len(brief(value, 40)) <= 40


@given(st.text(alphabet="ab\n", max_size=60), st.integers(1, 9))
def test_lines_are_split_alike_in_blocks(text: str, block: int) -> None:
    from reviewer.tui.widgets import json_lines

    kept, json_lines._BLOCK = json_lines._BLOCK, block  # type: ignore[misc]
    try:
        assert split_lines(text) == text.split("\n")
    finally:
        json_lines._BLOCK = kept  # type: ignore[misc]


@given(
    st.lists(st.text(alphabet="aAbß. \t\u202e", max_size=30), max_size=8),
    st.text(alphabet="aAb.", min_size=1, max_size=3),
)
def test_everything_is_found_once_and_in_order(lines: list[str], needle: str) -> None:
    found = find(needle, [(0, 0, lines), (3, -1, lines[:1]), (3, 0, lines[1:])])
    assert found is not None
    flags = 0 if any(char.isupper() for char in needle) else re.IGNORECASE
    assert found.matches == sorted(found.matches)
    here = [(m.line, m.start, m.end) for m in found.matches if m.part == 0]
    assert here == [
        (number, *match.span())
        for number, line in enumerate(lines)
        for match in re.finditer(re.escape(needle), line, flags)
    ]
    for number in range(len(lines)):
        inside = [found.matches[n] for n in found.between(0, number, number + 1)]
        assert inside == [m for m in found.matches if (m.part, m.line) == (0, number)]


def test_a_search_minds_capitals_only_where_some_are_typed() -> None:
    assert pattern("ab").search("xABx")
    assert not pattern("Ab").search("xabx")
    assert pattern("[a").search("[A")


def test_a_long_line_is_searched_over_the_seams_of_its_blocks() -> None:
    line = "x" * 65_530 + "needle" + "x" * 65_530 + "needle" * 3
    found = find("needle", [(0, 0, [line])])
    assert found is not None
    assert [m.start for m in found.matches] == [m.start() for m in re.finditer("needle", line)]


def test_a_search_stops_and_says_that_there_is_more() -> None:
    assert find("a", [(0, 0, ["a"] * 9000)], lambda: False) is None
    found = find("a", [(0, 0, ["aaa"] * 9)], most=10)
    assert found is not None
    assert (len(found.matches), found.said(2)) == (10, "3 of 10+")


@pytest.mark.parametrize("width", [9, 30, 200])
def test_every_line_shows_a_row_and_every_row_has_a_line(width: int) -> None:
    context = [
        {"type": "message", "role": "user", "text": "word " * 40},
        {"type": "message", "role": "agent", "text": "short"},
        {"type": "tool_call", "name": "t", "id": "1", "arguments": {"a": "日本語" * 30, "b": [1]}},
        {"type": "tool_result", "id": "1", "output": "x" * (2 * LONG_LINE + 1) + "\nend"},
        {"type": "note", "text": "n\n" * 30},
    ]
    told = list(story_of(context).beats)
    layout = lay_out(wish_of(told, width, all=Fold.WHOLE))
    assert layout is not None
    spots = [layout.spot(line) for line in range(layout.count)]
    assert spots == sorted(spots)
    assert len(set(spots)) == len(spots)
    assert [layout.line_of(*spot) for spot in spots] == list(range(layout.count))
    rows = layout.rows[2]
    assert [rows.text(row) for row in range(3, 7)] == [
        "│ " + "x" * (LONG_LINE - 2), "x" * LONG_LINE, "xxx", "│ end",
    ]  # fmt: skip
    assert rows.row_of(3, LONG_LINE) == 4
    again = lay_out(wish_of(told, width, all=Fold.WHOLE, folds={0: Fold.FOLDED}), layout)
    assert again is not None
    assert again.rows[2] is rows
    assert 0 not in again.rows


def test_the_gutter_tells_times_or_numbers() -> None:
    times = ["10:00:00", "10:00:03", "10:07:03"]
    context = [
        {"type": "message", "role": "user", "text": "x", "at": f"2026-11-20T{time}Z"}
        for time in times
    ]
    context.insert(2, {"type": "note", "text": "no time"})
    told = story_of(context)
    assert [told.time(n, Clock.START) for n in range(4)] == ["+0.0s", "+3.0s", "", "+7m"]
    assert [told.time(n, Clock.STEP) for n in range(4)] == ["+0.0s", "+3.0s", "", "+7m"]
    local = datetime(2026, 11, 20, 10, 7, tzinfo=UTC).astimezone()
    assert told.time(3, Clock.TIME) == f"{local:%H:%M}"
    untimed = story_of([{"type": "note", "text": "a"}, {"type": "note", "text": "b"}])
    assert [untimed.time(n, Clock.TIME) for n in range(2)] == ["1", "2"]
    edge = story_of([{"type": "note", "text": "a", "at": "0001-01-01T00:00:00+14:00"}])
    assert len(edge.time(0, Clock.TIME)) <= 5


@given(st.floats(-1e9, 1e9))
def test_times_since_fit_the_gutter(seconds: float) -> None:
    assert len(since_words(seconds)) <= 5


def test_durations_and_totals() -> None:
    assert [took(s) for s in (0.04, 3.14, 14.2, 59.6, 125, 3600, 3840)] == [
        "40 ms", "3.1 s", "14 s", "1 min", "2 min 5 s", "1 h", "1 h 4 min",
    ]  # fmt: skip
    cost = {"usd": 0.031, "input_tokens": 9120, "output_tokens": 811, "seconds": 14.2, "steps": 7}
    assert story_of([], cost=cost).total == "14 s · 7 steps · 9,120→811 tokens · $0.03"
    context = [
        {"type": "message", "role": "user", "text": "x", "at": "2026-11-20T10:00:00Z"},
        {"type": "tool_call", "name": "t", "at": "2026-11-20T10:00:30Z"},
        {"type": "tool_result", "name": "t", "at": "2026-11-20T10:02:05Z"},
    ]
    told = story_of(context, cost={})
    assert told.total == "2 min 5 s · 1 step"
    assert told.beats[1].seconds == 95
    assert Match(1, -1, 0, 2) < Match(1, 0, 0, 1)
