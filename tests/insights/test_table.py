"""The table: one row a number, and a CSV that any reader reads back and no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.instant import HOUR, parse_iso
from reviewer.domain.views import Count, Fact, QueueLoad
from reviewer.insights.counted import Counted
from reviewer.insights.periods import Unit
from reviewer.insights.table import HEAD, Row, csv_text, harmless, rows
from reviewer.untrusted import one_line

from .made import NOON, fact, facts

BERLIN = ZoneInfo("Europe/Berlin")
LOAD = QueueLoad(
    "billing", 12, 1, 2, Count(3), Count(9), Count(4), Count(5), Count(0), NOON - HOUR, NOON
)


def table(*some: Fact) -> list[Row]:
    counted = Counted(Unit.HOUR, BERLIN)
    counted.add_all(some)
    return list(rows(counted, NOON - HOUR, NOON + HOUR, [LOAD]))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_the_numbers_of_one_decision() -> None:
    found = {(row.measure, row.span): row for row in table(fact())}
    assert found["approve", "period"].value == 1
    assert found["decided_per_hour", "period"].value == 0.5
    assert found["time_to_decision_p50", "bucket"].value == 600
    within = found["within_sla", "bucket"]
    assert (within.value, within.of, within.high) == (1.0, 1, 1.0)
    assert found["cost_per_success", "period"].value == 0.03
    assert found["open_breaching", "now"].value == 4


def test_csv_is_rfc_4180_with_offsets() -> None:
    text = csv_text(table(fact()), BERLIN)
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    first = read(text)[0]
    assert tuple(first) == HEAD
    assert parse_iso(first["from"]) == NOON
    assert first["from"].endswith("+02:00")


@given(st.text(max_size=20))
def test_no_name_becomes_a_formula_and_every_name_survives(name: str) -> None:
    row = Row("decided", "number", "period", NOON, NOON, 1, agent=name, queue='a",\n"b')
    read_back = read(csv_text([row], BERLIN))[0]
    assert read_back["agent"] in (name, f"'{name}")
    assert read_back["agent"][:1] not in {*"=+-@\t\r\n＝＋－＠"} - {""}
    assert read_back["queue"] == 'a",\n"b'
    assert read_back["value"] == "1"
    shown = read(csv_text([row], BERLIN, one_line))[0]
    assert shown["agent"].isprintable()


def test_what_begins_like_a_formula_gets_an_apostrophe() -> None:
    for text in ('=HYPERLINK("x")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1"):
        assert harmless(text) == f"'{text}"
    assert harmless("refund-bot") == "refund-bot"


@given(st.lists(facts(), min_size=1, max_size=30))
def test_buckets_sum_up_to_the_period(some: list[Fact]) -> None:
    found = table(*some)
    for measure in ("approve", "edit", "reject", "respond", "decided_in_bulk", "moved_on"):
        sums = {
            span: sum(r.value for r in found if r.measure == measure and r.span == span)
            for span in ("bucket", "period")
        }
        assert sums["bucket"] == sums["period"]
    assert len(read(csv_text(found, BERLIN, one_line))) == len(found)
