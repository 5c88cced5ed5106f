"""Masking: nothing that a pattern matches survives, whatever the order; shapes and keys stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import re2
from hypothesis import given
from hypothesis import strategies as st

from reviewer.policy.masking import MARK, Masker

from .documents import policy

PATTERNS = (
    r"\d{3,}", r"a.*b", r"^a", r"b$", r"\ba", "masked", "›x", r"x‹", ".", r"[^a]+", "(?i)SECRET",
    r"a.{0,3}b", "x*", r"\d", "‹masked›.", "é", "[a-c]{2}",
)  # fmt: skip
texts = st.text(st.sampled_from("abx1é ‹›\n"), max_size=14) | st.lists(
    st.sampled_from([MARK, "a", "b", "x", "12345", "secret", "masked"]), max_size=6
).map("".join)
leaves = st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-10, 10) | texts
names = st.sampled_from(["iban", "name", "a/b", "~"])
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
)
patterns = st.lists(st.sampled_from(PATTERNS), max_size=3)
fields = st.lists(st.sampled_from(["/iban", "/*/iban", "/**/name", "/a~1b", "**"]), max_size=2)


def masker(*patterns: str, fields: Any = ()) -> Masker:
    return Masker.of(policy(masking={"fields": list(fields), "patterns": list(patterns)}))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else None


def survives(pattern: str, text: str) -> bool:
    """Whether the pattern matches anything beside the marks: in the whole, or in what is left."""
    compiled = re2.compile(pattern)
    ends = [i for i in range(len(text)) if text.startswith(MARK, i)]
    for found in compiled.finditer(text):
        start, end = found.span()
        if end > start and not any(i <= start and end <= i + len(MARK) for i in ends):
            return True
    return any(
        found.end() > found.start()
        for piece in text.split(MARK)
        for found in compiled.finditer(piece)
    )


@given(values, patterns, fields)
def test_nothing_that_a_pattern_matches_survives(
    value: Any, chosen: list[str], hidden: list[str]
) -> None:
    told = masker(*chosen, fields=hidden).value(value)
    assert shape(told) == shape(value), "keys and lengths stay"
    for text in strings(told):
        assert not any(survives(pattern, text) for pattern in chosen)


@given(values, patterns, fields)
def test_masking_twice_is_masking_once(value: Any, chosen: list[str], hidden: list[str]) -> None:
    found = masker(*chosen, fields=hidden)
    told = found.value(value)
    count = found.count
    assert found.value(told) == told
    assert found.count == count
    assert (told == value) or count


@given(values)
def test_without_masking_everything_is_as_it_was(value: Any) -> None:
    for found in (Masker.of(None), Masker.of(policy()), masker("never there")):
        assert found.value(value) == value
        assert found.count == 0
    assert Masker.of(policy()).value(value) is value


@given(st.data(), patterns)
def test_the_order_of_patterns_hides_nothing(data: st.DataObject, chosen: list[str]) -> None:
    text = data.draw(texts)
    covered: set[int] = set()
    for pattern in chosen:
        for found in re2.compile(pattern).finditer(text):
            covered |= set(range(*found.span()))
    left = "".join(masker(*chosen).text(text).split(MARK))
    original = "".join(char for i, char in enumerate(text) if i not in covered)
    kept = iter(original)
    assert all(char in kept for char in left), "what any pattern matched at first is gone"


def test_a_mark_tells_no_length_and_carries_no_number() -> None:
    card = masker(r"\d{4}( ?\d{4}){3}")
    assert card.text("card 4111 1111 1111 1111 and 4111111111111111.") == (
        f"card {MARK} and {MARK}."
    )
    assert card.value({"n": 4111111111111111, "m": 41}) == {"n": MARK, "m": 41}
    smuggled = masker(r"\d+").text("‹masked 4111 characters›")
    assert smuggled == f"‹masked {MARK} characters›"


def test_under_a_masked_field_every_leaf_goes_and_every_key_stays() -> None:
    found = masker(fields=["/customer", "/lines/*/iban"])
    told = found.value(
        {
            "customer": {"name": "Ana", "age": 41, "vip": True, "note": None, "tags": ["a"]},
            "lines": [{"iban": "DE89", "amount": 3}],
            "iban": "DE90",
        }
    )
    assert told == {
        "customer": {"name": MARK, "age": MARK, "vip": MARK, "note": MARK, "tags": [MARK]},
        "lines": [{"iban": MARK, "amount": 3}],
        "iban": "DE90",
    }
    assert found.count == 6
    assert found.hidden("/customer/name/first")
    assert not found.hidden("/customers")


def test_a_text_that_goes_on_matching_is_masked_as_a_whole() -> None:
    text = "a" * 400 + "b" * 400
    assert masker(r"a.{0,8}b").text(text) == MARK
    assert masker("x").text("half a pair \ud800") == MARK


def test_marks_that_an_agent_wrote_are_no_shelter() -> None:
    assert masker(r"\d+").text(f"{MARK}7{MARK}") == MARK
    assert masker("masked").text(f"{MARK} masked") == f"{MARK} {MARK}"


def test_a_number_is_masked_in_each_way_that_it_may_be_written() -> None:
    found = masker("^777$", r"^41110{12,}$", "e-7$")
    told = found.value([777, 777.0, 7770, 4.111e18, 1e-7, True, "777", "x777"])
    assert told == [MARK, MARK, 7770, MARK, MARK, True, MARK, "x777"]
