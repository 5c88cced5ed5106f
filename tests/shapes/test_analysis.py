"""What is the same, what varies, and who is lifted out of a group, and why."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact
from reviewer.shapes.analysis import Analysis, analyse
from reviewer.shapes.numbers import BINS, Spread, far_out, quantile, spread
from reviewer.shapes.rare import rare
from reviewer.shapes.series import Categories, Texts, number_written, plain, written
from reviewer.shapes.texts import lines_of, number_of, template
from tests.domain.strategies import artifact_documents
from tests.shapes.groups import items, message, record, refund
from tests.support.hostile import count, hostile

amounts = st.floats(1, 10)


def group(artifacts: list[Artifact]) -> Analysis:
    """The analysis of these artifacts."""
    analysis = analyse(items(artifacts))
    assert analysis is not None
    return analysis


def lifted(artifacts: list[Artifact]) -> dict[str, tuple[str, ...]]:
    """Who is lifted out, by title, and why."""
    return {artifacts[o.at].title: o.sentences for o in group(artifacts).outliers}


def alike(number: int = 20) -> list[Artifact]:
    """Refunds between 20 and 29."""
    return [refund(1000 + at, 20.0 + at % 10) for at in range(number)]


# ------------------------------------------------------------------------------------ properties


@given(st.integers(1, 60), artifact_documents())
@settings(max_examples=30)
def test_a_group_of_identical_members_has_no_outlier_and_no_column(
    number: int, document: dict[str, Any]
) -> None:
    from reviewer.domain.artifact import parse

    document["writes"] = [w | {"resource": "thing/1"} for w in document["writes"]]
    analysis = group([parse(document)] * number)
    for outlier in analysis.outliers:  # its own text may be flagged, whatever the others are
        assert all(why.startswith("flagged text: ") for why in outlier.sentences)
    assert not analysis.columns


@given(
    st.lists(amounts, min_size=3, max_size=60), st.integers(0, 60), st.integers(0, 40), st.data()
)
@settings(max_examples=200)
def test_a_number_a_thousand_times_away_is_lifted_and_more_members_alike_never_unlift_it(
    others: list[float], place: int, more: int, data: st.DataObject
) -> None:
    far = max(others) * 1000
    values = [*others[:place], far, *others[place:]]
    assert values.index(far) in far_out(values)
    values += [data.draw(st.sampled_from(others))] * more
    assert values.index(far) in far_out(values)


@given(st.lists(amounts, min_size=4, max_size=60), st.integers(-900, 900))
def test_a_number_is_judged_by_its_distance_not_by_its_unit(
    values: list[float], power: int
) -> None:
    assert far_out([value * 2.0**power for value in values]) == far_out(values)
    assert far_out([-value for value in values]) == far_out(values)


@given(st.lists(st.sampled_from("abcdef"), max_size=80), st.integers(0, 50))
def test_what_is_rare_stays_rare_when_common_values_are_added(values: list[str], more: int) -> None:
    found = rare(values)
    common = [value for value in values if value not in found]
    assert 3 * sum(value in found for value in values) <= len(values)
    if found:
        assert common
        usual = max(set(common), key=common.count)
        assert found <= rare([*values, *[usual] * more])


@given(st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_members_changes_nothing(rng: Random) -> None:
    members = [*alike(30), refund(7, 9e6), refund(8, 21, writes=[record(8, 21, currency="USD")])]
    first = group(members)
    mixed = rng.sample(members, len(members))
    second = group(mixed)

    def named(analysis: Analysis, some: list[Artifact]) -> object:
        return (
            [(some[o.at].title, o.sentences) for o in analysis.outliers],
            analysis.template,
            [(c.name, c.kind, c.distribution) for c in analysis.columns],
            [{some[at].title: cell for at, cell in enumerate(c.cells)} for c in analysis.columns],
        )

    assert named(first, members) == named(second, mixed)


@given(st.lists(artifact_documents(), min_size=1, max_size=8))
@settings(max_examples=40)
def test_any_artifacts_can_be_compared(documents: list[dict[str, Any]]) -> None:
    from reviewer.domain.artifact import parse

    analysis = group([parse(document) for document in documents])
    for column in analysis.columns:
        assert len(column.cells) == len(documents)
        assert not column.order or len(column.order) == len(documents)
    assert len({outlier.at for outlier in analysis.outliers}) == len(analysis.outliers)


@pytest.mark.parametrize("at", range(0, 24_000, 1_997))
def test_hostile_text_is_compared_and_what_is_flagged_is_lifted(at: int) -> None:
    text = hostile(at % count(), 400)
    members = [*alike(6), refund(1, 20, writes=[record(1, 20, note=text)])]
    analysis = group(members)
    assert 6 in {outlier.at for outlier in analysis.outliers}


# ------------------------------------------------------------------------------------ each rule


def test_a_number_out_of_range_says_where_the_others_lie() -> None:
    found = lifted([*alike(), refund(1, 2_500.0)])
    assert found == {"Refund order 1": ("refund is 2,500; others 20 to 29, median 24.5",)}


def test_the_only_number_that_differs_in_a_small_group_is_lifted() -> None:
    same = [refund(at, 20) for at in range(1, 4)]
    assert lifted([*same, refund(9, 21)]) == {"Refund order 9": ("refund is 21; all others 20",)}
    assert lifted([*same[:2], refund(9, 21)]) == {}


def test_a_rare_recipient_a_domain_that_nobody_else_has_and_a_rare_category() -> None:
    odd = refund(1, 21, writes=[record(1, 21, to="x@elsewhere.example")])
    assert lifted([*alike(), odd]) == {
        "Refund order 1": ("mail goes to elsewhere.example, which no other has",)
    }
    dollars = refund(2, 21, writes=[record(2, 21, currency="USD")])
    assert lifted([*alike(), dollars])["Refund order 2"] == ("currency is USD; all others EUR",)


def test_values_that_everybody_has_of_their_own_are_not_rare() -> None:
    assert lifted(alike(50)) == {}
    assert lifted([refund(at, 20 + at / 7) for at in range(5)]) == {}


def test_a_field_that_others_lack_and_one_that_others_have() -> None:
    more = refund(1, 21, writes=[record(1, 21, gift=True)])
    assert lifted([*alike(), more]) == {"Refund order 1": ("has gift, which 20 others lack",)}
    with_field = [refund(at, 21, writes=[record(at, 21, gift=True)]) for at in range(100, 110)]
    assert lifted([*with_field, refund(1, 21)]) == {
        "Refund order 1": ("lacks gift, which 10 others have",)
    }


def test_a_type_that_differs() -> None:
    odd = refund(1, 21, writes=[record(1, 21, currency=978)])
    assert lifted([*alike(), odd]) == {
        "Refund order 1": ("currency is a number where others have a text",)
    }


def test_a_state_before_that_differs_and_a_missing_precondition() -> None:
    write = record(1, 21)
    write["before"] = write["before"] | {"status": "disputed"}
    bare = record(2, 21)
    del bare["precondition"]
    found = lifted([*alike(), refund(1, 21, writes=[write]), refund(2, 21, writes=[bare])])
    assert found == {
        "Refund order 1": ("status before is disputed; all others open",),
        "Refund order 2": ("lacks precondition version, which 21 others have",),
    }


def test_confidence_far_below_but_not_above_and_risk_above_but_not_below() -> None:
    sure = [refund(at, 20, confidence=round(0.9 + at % 5 / 100, 2)) for at in range(100, 120)]
    assert lifted([*sure, refund(1, 20, confidence=0.2)]) == {
        "Refund order 1": ("confidence is 0.2; others 0.9 to 0.94, median 0.92",)
    }
    low = [refund(at, 20, confidence=0.2 + at % 5 / 1000) for at in range(100, 120)]
    assert lifted([*low, refund(1, 20, confidence=0.99)]) == {}
    assert lifted([*alike(), refund(1, 21, risk="critical")]) == {
        "Refund order 1": ("risk is critical; all others low",)
    }
    high = [refund(at, 20, risk="high") for at in range(100, 120)]
    assert lifted([*high, refund(1, 20, risk="low")]) == {}


def test_flagged_text_is_lifted_however_many_have_it() -> None:
    members = [refund(at, 20, title=f"r{at}", summary="pay\u200bpal") for at in range(5)]
    found = lifted(members)
    assert len(found) == 5
    assert all(why[0].startswith("flagged text: ") for why in found.values())


def test_more_entries_than_the_others() -> None:
    def lines(number: int, count: int) -> Artifact:
        return refund(number, 20, writes=[record(number, 20, lines=[{"p": 1}] * count)])

    members = [lines(at, 1 + at % 2) for at in range(100, 120)]
    assert lifted([*members, lines(1, 40)])["Refund order 1"] == (
        "lines has 40 entries; others 1 to 2, median 1.5",
    )


def test_a_text_is_compared_by_its_lines_and_the_numbers_in_them() -> None:
    def letter(number: int, amount: float, close: str = "Kind regards") -> Artifact:
        body = f"Dear customer {number},\n\nyou owe us {amount:.2f} EUR.\n\n{close}\nAccounts"
        return refund(number, 1, writes=[message(number, body)])

    members = [letter(at, 20 + at % 10) for at in range(100, 120)]
    threat = letter(121, 21, "Pay today or else we come to see you")
    found = lifted([*members, letter(120, 99_000.5), threat])
    assert found["Refund order 120"] == ("body “owe us …” is 99,000.5; others 20 to 29, median 24",)
    assert "body lacks a line of the others: Kind regards" in found["Refund order 121"]
    same = next(entry for entry in group([*members, threat]).template if entry.name == "body")
    assert same.lines == (
        "Dear customer ‹n›,", "you owe us ‹n› EUR.", "Kind regards", "Accounts",
    )  # fmt: skip


def test_what_is_too_large_to_compare_is_lifted() -> None:
    large = refund(1, 20, writes=[record(1, 20, many=[{"x": at} for at in range(4_000)])])
    assert "too large to be compared in full" in lifted([*alike(), large])["Refund order 1"]


# ----------------------------------------------------------------------- template and columns


def test_the_template_holds_what_is_the_same_and_columns_what_varies() -> None:
    analysis = group([*alike(), refund(1, 9_999)])
    told = {entry.name: (entry.before, entry.after, entry.changed) for entry in analysis.template}
    assert told["status"] == ("open", "refunded", True)
    assert told["currency"] == (None, "EUR", False)
    columns = {column.name: column for column in analysis.columns}
    assert list(columns) == ["refund", "resource", "mail"]
    refunds = columns["refund"].distribution
    assert isinstance(refunds, Spread)
    # who is lifted out has a cell, and does not change what the others are like
    assert (refunds.low, refunds.median, refunds.high) == (20, 24.5, 29)
    assert columns["refund"].cells[20] == "9999"
    mails = columns["mail"].distribution
    assert isinstance(mails, Categories)
    assert mails.distinct == 20


def test_long_texts_have_a_distribution_of_their_lengths() -> None:
    members = [refund(at, 1, writes=[message(at, f"Hello {'x' * at}\nBye")]) for at in (1, 2, 3)]
    column = next(c for c in group(members).columns if c.name == "body")
    assert column.distribution == Texts(11, 13, 3)
    assert column.cells == ("Hello x", "Hello xx", "Hello xxx")


def test_numbers_within_a_text_that_all_share_are_columns() -> None:
    members = [
        refund(at, 1, writes=[message(at, f"Hello\nyou owe us {at}.5 EUR\nBye {'x' * 60}")])
        for at in (1, 2, 3)
    ]
    columns = {column.name: column for column in group(members).columns}
    assert columns["body “owe us …”"].cells == ("1.5", "2.5", "3.5")
    assert columns["body “owe us …”"].order == (1.5, 2.5, 3.5)


def test_working_out_can_be_stopped() -> None:
    assert analyse(items(alike()), lambda _done: False) is None


# ----------------------------------------------------------------------------------- its parts


@given(st.lists(st.floats(-1e308, 1e308), min_size=1))
def test_a_spread_holds_all_values(values: list[float]) -> None:
    made = spread(values)
    assert sum(made.bins) == len(values)
    assert len(made.bins) == BINS
    assert made.low <= made.first <= made.median <= made.third <= made.high


def test_quartiles_are_between_values() -> None:
    assert quantile([1, 2, 3, 4], 0.25) == 1.75
    assert quantile([5], 0.75) == 5


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.50", 1234.5), ("1.234,50", 1234.5), ("12,5", 12.5), ("1,234", 1234), ("7", 7),
     ("2024.05.17", 20240517), ("9" * 400, 1e300)],
)  # fmt: skip
def test_numbers_in_texts(text: str, number: float) -> None:
    assert number_of(text) == number


@given(st.text(st.sampled_from("0123456789.,"), min_size=1).filter(lambda t: t[0].isdigit()))
def test_any_number_in_a_text_has_a_meaning(text: str) -> None:
    lines_of(text)


@given(st.integers(1 - 2**53, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False))
def test_a_value_is_written_with_every_digit(number: float) -> None:
    assert float(written(number).replace(",", "")) == number
    assert float(plain(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [(21200, "21,200"), (0.0412, "0.0412"), (12.5, "12.5"), (1e20, "1e+20"), (-3, "-3"),
     (0, "0"), (1e-9, "1e-09"), (48.365, "48.37"), (0.62, "0.62"), (True, "true"), (None, "∅")],
)  # fmt: skip
def test_numbers_for_people(number: float | None, text: str) -> None:
    made = written(number) if number is None or number is True else number_written(number)
    assert made == text


def test_a_template_shows_gaps() -> None:
    texts = [lines_of("a\nb 1\nx\nz"), lines_of("a\nb 2\ny\nz")]
    assert template(texts) == ["a", "b ‹n›", "…", "z"]
    assert template([]) == []
