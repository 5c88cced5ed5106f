"""An exported audit chain: whatever is done to it at one place is found, and the place named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.audit.chain import GENESIS, Broken, Row, link, verify
from reviewer.audit.verify import verify_export

from .chains import chain, chains, lines

FIELDS = ("seq", "record", "previous", "hash")


@given(chains)
def test_a_whole_chain_is_sound(rows: list[Row]) -> None:
    report = verify_export(lines(rows))
    assert report.sound
    assert (report.records, report.head) == (len(rows), (rows[-1][0], rows[-1][3]))
    assert list(verify(rows)) == []


@given(chains, st.data())
def test_any_changed_character_of_a_line_is_found(rows: list[Row], data: st.DataObject) -> None:
    text = lines(rows)
    which = data.draw(st.integers(0, len(text) - 1))
    place = data.draw(st.integers(0, len(text[which]) - 1))
    new = data.draw(st.characters(exclude_categories=["Cs"]))
    changed = text[which][:place] + new + text[which][place + 1 :]
    try:
        same = json.loads(changed) == json.loads(text[which])
    except ValueError:
        same = False
    report = verify_export([*text[:which], changed, *text[which + 1 :]])
    # an insignificant change (a space for a space, an escape of the same character) is none
    assert report.sound is same
    assert report.line == (None if same else which + 1)
    assert report.records == (len(rows) if same else which)


@given(chains, st.data())
def test_any_changed_value_is_found(rows: list[Row], data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.integers(0, 3))
    value: Any = data.draw(st.integers(-1, 10) if field == 0 else st.text(max_size=70))
    changed = (*rows[which][:field], value, *rows[which][field + 1 :])
    if changed == rows[which]:
        return
    report = verify_export(lines([*rows[:which], changed, *rows[which + 1 :]]))
    assert report.broken is not None
    assert report.line == which + 1
    assert report.broken.seq == (value if field == 0 else which + 1)


@given(chains, st.data())
def test_a_record_rewritten_with_its_hash_is_found_at_the_next(
    rows: list[Row], data: st.DataObject
) -> None:
    which = data.draw(st.integers(0, len(rows) - 1))
    seq, record, previous, _ = rows[which]
    forged = record.replace('"ann"', '"eve"')
    row = (seq, forged, previous, link(previous, forged))
    altered = lines([*rows[:which], row, *rows[which + 1 :]])
    head = (rows[-1][0], rows[-1][3])
    if which < len(rows) - 1:
        assert verify_export(altered).line == which + 2
    # the last one has no next: only a head that was kept elsewhere tells
    assert not verify_export(altered, known=[head]).sound


@given(chains, st.data())
def test_a_dropped_record_is_named(rows: list[Row], data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(rows) - 1))
    rest = lines([*rows[:which], *rows[which + 1 :]])
    last = which == len(rows) - 1
    report = verify_export(rest, known=[(rows[-1][0], rows[-1][3])])
    assert report.broken is not None
    assert report.line == which + 1
    assert f"record {rows[which][0]}" in report.broken.why
    assert verify_export(rest).sound is last


@given(chains, st.data())
def test_swapped_records_are_found(rows: list[Row], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(rows) - 2))
    second = data.draw(st.integers(first + 1, len(rows) - 1))
    swapped = list(rows)
    swapped[first], swapped[second] = rows[second], rows[first]
    assert verify_export(lines(swapped)).line == first + 1


@given(chains, st.data())
def test_an_inserted_record_is_found(rows: list[Row], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rows)))
    other = data.draw(chains)
    inserted = data.draw(st.sampled_from([*rows, *other]))
    grown = lines([*rows[:at], inserted, *rows[at:]])
    before = rows[at - 1][3] if at else GENESIS
    if (inserted[0], inserted[2]) != (at + 1, before):
        assert verify_export(grown).line == at + 1
    elif at < len(rows):
        # what could have stood here is found by the record that stood here
        assert verify_export(grown).line == at + 2


def test_an_export_may_begin_where_another_ended() -> None:
    rows = chain([{}, {"a": 1}, {"b": 2}, {}])
    first = verify_export(lines(rows[:2]))
    assert verify_export(lines(rows[2:]), start=first.head).sound
    assert verify_export(lines(rows[3:]), start=first.head).broken == Broken(
        4, "record 3 is missing"
    )
    assert not verify_export(lines(rows[2:])).sound


def test_every_known_head_must_be_on_the_way() -> None:
    rows = chain([{}, {}, {}])
    heads = [(row[0], row[3]) for row in rows]
    assert verify_export(lines(rows), known=heads).sound
    report = verify_export(lines(rows), known=[(2, "f" * 64)])
    assert report.broken is not None
    assert (report.broken.seq, report.line) == (2, 2)
    assert "kept elsewhere" in report.broken.why


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        "1",
        '{"seq":1}',
        '{"seq":true,"record":"","previous":"","hash":""}',
        '{"seq":1,"seq":1,"record":"","previous":"","hash":""}',
        '{"seq":1,"record":{},"previous":"","hash":""}',
        '{"seq":1,"record":"","previous":"","hash":"","more":1}',
        b"\xff",
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_record_is_named(line: str | bytes) -> None:
    rows = chain([{}, {}])
    report = verify_export([lines(rows)[0], line])
    assert report.broken is not None
    assert (report.broken.seq, report.line, report.records) == (2, 2, 1)


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"seq":"1"}', '{"seq":true}', "[" * 9999])
def test_a_hashed_text_that_is_no_record_is_found(text: str) -> None:
    row = (1, text, GENESIS, link(GENESIS, text))
    assert list(verify([row])) == [Broken(1, "its number was changed")]


def test_blank_lines_and_an_empty_export_are_no_break() -> None:
    rows = chain([{}, {}])
    assert verify_export([]).sound
    assert verify_export(["\n", *lines(rows), "", "\n"]).records == 2
    report = verify_export([], known=[(2, rows[1][3])])
    assert report.broken == Broken(1, "the export ends here, but record 2 was there before")
