"""Facts and rulings keep their values when they are stored as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import Risk
from reviewer.domain.state import Added, Alert, Charge, Course, Mode, Ruling
from reviewer.policy.facts import Facts, Spread, Standing, Used
from reviewer.policy.stored import facts_of, plain, ruling_of

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
counts = st.integers(0, 10**9)
amounts = st.floats(0, 1e12)
shares = st.floats(0, 1)


def several(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(inner, max_size=3).map(tuple)


facts = st.builds(
    Facts,
    shape_decided=counts,
    shape_rejected=counts,
    standing=st.builds(Standing, decided=counts, mistakes=counts, version_decided=counts),
    used=st.dictionaries(texts, st.builds(Used, counts, counts, amounts, amounts), max_size=3),
    spreads=st.dictionaries(texts, st.builds(Spread, counts, amounts, amounts), max_size=3),
    stopped=texts,
    cap=texts,
    draw=shares,
    flags=st.none() | counts,
)
rulings = st.builds(
    Ruling,
    queue=texts,
    risk=st.sampled_from(Risk),
    due_at=counts,
    quorum=st.integers(1, 9),
    reasons=several(st.builds(Added, texts, texts, texts, st.none() | amounts)),
    policy=texts,
    course=st.sampled_from(Course),
    mode=st.sampled_from(Mode),
    sentence=texts,
    needs=several(texts),
    charges=several(st.builds(Charge, texts, counts, amounts)),
    alerts=several(
        st.builds(Alert, counts, counts, counts, texts, st.booleans(), several(texts))
    ),
    why=several(texts),
    rules=several(texts),
)  # fmt: skip


@given(facts)
def test_facts_come_back(value: Facts) -> None:
    stored = json.loads(json.dumps(plain(value)))
    assert facts_of(stored) == value
    assert facts_of(json.loads(json.dumps(asdict(value)))) == value


@given(rulings)
def test_rulings_come_back(value: Ruling) -> None:
    stored = json.loads(json.dumps(plain(value)))
    assert ruling_of(stored) == value
    assert ruling_of(json.loads(json.dumps(asdict(value)))) == value


def test_what_is_not_said_or_not_known_does_not_matter() -> None:
    assert plain(Facts()) == {}
    assert facts_of({"a_newer_fact": 1}) == Facts()
    stored = {"queue": "q", "risk": "low", "due_at": 1, "newer": True}
    assert ruling_of(stored) == Ruling("q", Risk.LOW, 1)
