"""The filter language: what it reads, and what it says of what it cannot read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.errors import QueryError
from reviewer.domain.instant import HOUR, MINUTE
from reviewer.domain.query import FIELDS, Op, Query, Term, parse


def one(text: str) -> Term:
    query = parse(text)
    assert len(query.terms) == 1
    return query.terms[0]


def test_the_example_of_the_design() -> None:
    text = (
        "agent:refund-bot kind:refund risk:>=high due:<1h reason:low_confidence "
        'is:unclaimed "free text"'
    )
    query = parse(text)
    assert [term.field for term in query.terms] == ["agent", "kind", "risk", "due", "reason", "is"]
    assert query.terms[2] == Term("risk", Op.GE, (2,))
    assert query.terms[3] == Term("due", Op.LT, (HOUR,))
    assert query.words == ("free text",)
    assert query.text == text


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("kind:a,b", Term("kind", Op.EQ, ("a", "b"))),
        ("-queue:billing", Term("queue", Op.EQ, ("billing",), True)),
        ("agent:refund*", Term("agent", Op.PREFIX, ("refund",))),
        ('agent:"two words"', Term("agent", Op.EQ, ("two words",))),
        ("risk:crit", Term("risk", Op.EQ, (3,))),
        ("risk:low,med", Term("risk", Op.EQ, (0, 1))),
        ("due:-5m", Term("due", Op.LE, (-5 * MINUTE,))),
        ("age:>1h30m", Term("age", Op.GT, (90 * MINUTE,))),
        ("is:mine", Term("is", Op.EQ, ("mine",))),
        ("STATUS:approved", Term("status", Op.EQ, ("approved",))),
    ],
)
def test_terms(text: str, term: Term) -> None:
    assert one(text) == term


def test_sorts_words_and_emptiness() -> None:
    assert parse("") == Query()
    assert parse("  sort:newest  ").sort == "newest"
    assert parse("12:30 refund").words == ("12:30", "refund")
    assert parse('"open').words == ("open",)
    assert parse("is:mine").has("is", "mine")
    assert not parse("is:mine").has("is", "open")
    assert not parse("").has("is")


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("nope:1", 0, "no field 'nope'"),
        ("  a kind:", 4, "needs a value"),
        ("is:tired", 0, "not a value"),
        ("kind:a risk:huge", 7, "not a risk"),
        ("risk:>low,high", 0, "one risk"),
        ("due:soon", 0, "not a duration"),
        ("kind:a*,b", 0, "stands alone"),
        ("x -word", 2, "cannot be negated"),
        ("sort:best", 0, "not a value"),
    ],
)
def test_errors_point_at_their_term(text: str, at: int, why: str) -> None:
    with pytest.raises(QueryError, match=why) as caught:
        parse(text)
    assert caught.value.at == at


def test_what_to_write_instead_is_a_sentence_of_its_own() -> None:
    with pytest.raises(QueryError) as caught:
        parse("due:<1x")
    assert str(caught.value) == "'1x' is not a duration. Write it like 30m, 1h30m or 2d."


@given(st.text(max_size=40) | st.text('agentis:-<>="* 1hm,', max_size=30))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        query: Query | QueryError = parse(text)
    except QueryError as error:
        query = error
    if isinstance(query, QueryError):
        assert 0 <= query.at <= len(text)
        assert query.sentence
    else:
        assert all(term.field in FIELDS for term in query.terms)
        assert parse(query.text) == query
